/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records and lines out of judgements. */
#include "control/publish.h"
#include "control/journal/record.h"
#include "control/journal/rfc5424.h"
#include "control/journal/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct result {
	uint64_t time_ns;
	struct case_id id;
	char *json; /* owned */
};

struct publisher {
	struct publisher_tools tools;
	char host[256];
	uint8_t *report;          /* room to encode a report, REPORT_MAX bytes */
	struct result *results;   /* of this capture, or not yet committed */
	size_t count, size;
	uint64_t failed;
};

int publisher_new(const struct publisher_tools *tools, struct publisher **ret)
{
	struct publisher *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->report = malloc(REPORT_MAX)) == NULL) {
		free(p);
		return -ENOMEM;
	}
	p->tools = *tools;
	if (gethostname(p->host, sizeof(p->host) - 1) < 0)
		p->host[0] = 0;
	*ret = p;
	return 0;
}

static void results_drop(struct publisher *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->results[i].json);
	p->count = 0;
}

void publisher_free(struct publisher *p)
{
	if (p == NULL)
		return;
	results_drop(p);
	free(p->results);
	free(p->report);
	free(p);
}

static int results_add(struct publisher *p, const struct open_case *c, char *json)
{
	if (p->count == p->size) {
		size_t size = p->size == 0 ? 256 : 2 * p->size;
		struct result *grown = reallocarray(p->results, size, sizeof(*grown));

		if (grown == NULL)
			return -ENOMEM;
		p->results = grown;
		p->size = size;
	}
	p->results[p->count++] = (struct result){ c->time_ns, c->id, json };
	return 0;
}

/* The record whole if a line can carry it, else its short form, else a sentence. */
static int write_line(struct publisher *p, const struct record_facts *f, const char *json, struct sink *s)
{
	const struct line_facts line = {
		.time_ns = record_time_ns(f->record), .verdict = f->judgement->verdict,
		.priority = f->judgement->priority, .id = f->id, .reason = reason_name(f->judgement->reason),
		.revision = f->revision, .final = f->judgement->final, .tuple = record_tuple(f->record, f->codes),
		.host = p->host,
	};
	char sentence[JUDGE_DETAIL_MAX + 256], *brief = NULL;
	const struct sink empty = *s;
	struct bytes done;
	int r;

	line_write(s, &line, bytes_text(json));
	if (sink_done(s, &done) == 0)
		return 0;
	if ((r = record_write(f, RECORD_SHORT, &brief)) < 0)
		return r;
	*s = empty;
	line_write(s, &line, bytes_text(brief));
	free(brief);
	if (sink_done(s, &done) == 0)
		return 0;
	*s = empty;
	line_write(s, &line, bytes_text(line_sentence(&line, f->judgement->detail, sentence, sizeof(sentence))));
	return sink_done(s, &done);
}

/* Reports that our workers made are kept once, under the key that their cases name. */
static int store_reports(struct publisher *p, const struct open_case *c, struct store_record *record)
{
	for (unsigned i = 0; i < c->codes->count; i++) {
		struct traces *t = c->traces[i];
		struct sink s = sink_over(p->report, REPORT_MAX);
		struct bytes encoded;
		int r;

		if (t == NULL || t->state != TRACES_READY)
			continue;
		memcpy(record->keys[i], t->key, TRACES_KEY_SIZE);
		if (!t->emulated)
			continue;
		report_encode(&s, t->report);
		if (sink_done(&s, &encoded) < 0)
			continue;
		if ((r = store_put_trace(p->tools.store, t->key, encoded)) < 0)
			return r;
		t->emulated = false; /* it is in the store now */
	}
	record->keys_count = c->codes->count;
	return 0;
}

static int put(struct publisher *p, const struct open_case *c, const struct record_facts *f, const char *json)
{
	uint8_t buf[LINE_MAX_BYTES];
	struct sink line = sink_over(buf, sizeof(buf));
	struct bytes text = bytes_of(NULL, 0);
	struct store_record record = {
		.id = c->id, .time_ns = c->time_ns, .revision = c->revision, .verdict = (uint8_t)f->judgement->verdict,
		.priority = (uint8_t)f->judgement->priority, .final = f->judgement->final, .json = bytes_text(json),
	};
	int r;

	if (!p->tools.replay && p->tools.settings->syslog_count > 0) {
		if ((r = write_line(p, f, json, &line)) < 0 || (r = sink_done(&line, &text)) < 0)
			return r;
	}
	if ((r = store_reports(p, c, &record)) < 0)
		return r;
	return store_put_record(p->tools.store, &record, c->file->bytes, text);
}

int publish(void *publisher, const struct open_case *c)
{
	struct publisher *p = publisher;
	char id[CASE_ID_TEXT], *json = NULL;
	const struct record_facts facts = {
		.id = case_id_format(&c->id, id), .revision = c->revision, .record = &c->file->record, .codes = c->codes,
		.reports = c->reports, .judgement = &c->judgement, .cached = c->cached, .repeatable = p->tools.replay,
		.excerpt_bytes = p->tools.settings->excerpt_bytes,
	};
	int r = record_write(&facts, RECORD_WHOLE, &json);

	if (r == 0 && p->tools.store != NULL) {
		r = put(p, c, &facts, json);
		if (r < 0)
			fprintf(stderr, "konseki-control: a verdict could not be stored: %s\n", strerror(-r));
		if (p->tools.replay)
			r = 0; /* the result line is what a replay is for */
	}
	if (r == 0)
		r = results_add(p, c, json);
	if (r < 0) {
		p->failed++;
		free(json);
	}
	return r;
}

void publisher_committed(struct publisher *p)
{
	if (p->tools.replay)
		return;
	for (size_t i = 0; i < p->count; i++)
		if (p->tools.committed != NULL)
			p->tools.committed(p->tools.context, bytes_text(p->results[i].json));
	results_drop(p);
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

int publisher_line(struct publisher *p, const char *json)
{
	int r;

	if (p->tools.results < 0)
		return 0;
	r = write_all(p->tools.results, json, strlen(json));
	return r < 0 ? r : write_all(p->tools.results, "\n", 1);
}

static int by_request(const void *a, const void *b)
{
	const struct result *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->id.flow_id != y->id.flow_id)
		return x->id.flow_id < y->id.flow_id ? -1 : 1;
	return x->id.tx_id < y->id.tx_id ? -1 : x->id.tx_id > y->id.tx_id;
}

int publisher_end_capture(struct publisher *p, struct bytes name, uint64_t packets, struct bytes error)
{
	json_t *o;
	char *text;
	int r = 0;

	if (p->count > 0)
		qsort(p->results, p->count, sizeof(*p->results), by_request);
	for (size_t i = 0; i < p->count && r == 0; i++)
		r = publisher_line(p, p->results[i].json);
	o = json_pack("{s:{s:o, s:I, s:I, s:o}}", "capture", "name", text_shown(name),
	              "packets", (json_int_t)packets, "records", (json_int_t)p->count, "error",
	              text_shown(error));
	results_drop(p);
	text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (r == 0)
		r = text == NULL ? -ENOMEM : publisher_line(p, text);
	free(text);
	return r;
}

uint64_t publisher_failed(const struct publisher *p)
{
	return p->failed;
}
