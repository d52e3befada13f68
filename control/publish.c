/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records and lines out of judgements. */
#include "control/publish.h"
#include "control/journal/lines.h"
#include "control/journal/text.h"
#include "control/journal/told.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* Bytes of verdicts that wait for a store that takes nothing, a full disk say; beyond it the oldest are lost, counted. */
enum { UNSETTLED_MAX = 64 << 20 };
enum { LINES_AT_ONCE = 64 };
static const uint64_t again_ns = UINT64_C(1000000000);

struct result {
	uint64_t time_ns;
	struct case_id id;
	char *json; /* owned, json_len bytes and a line's end */
	size_t json_len;
	/* live: what the store was given, owned, until it is committed */
	struct store_record *record;
	struct bytes case_bytes, line;
};

struct publisher {
	struct publisher_tools tools;
	char host[256];
	struct line_maker lines;
	struct writer whole;      /* the record being told */
	struct told_texts *told;  /* NULL without memory */
	uint8_t *report;          /* room to encode a report, REPORT_MAX bytes */
	struct result *results;   /* of this capture, or not yet committed */
	size_t count, size;
	size_t unsettled_bytes;
	bool again;               /* the store did not take them: they are put again at retry_ns */
	uint64_t retry_ns;
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
	p->told = told_new();
	if (gethostname(p->host, sizeof(p->host) - 1) < 0)
		p->host[0] = 0;
	p->lines.host = p->host;
	if (!tools->replay)
		line_forms(tools->settings, p->lines.forms);
	*ret = p;
	return 0;
}

static size_t result_cost(const struct result *r)
{
	return r->record == NULL ? 0 : sizeof(*r->record) + r->json_len + r->case_bytes.left + r->line.left;
}

static void result_fini(struct result *r)
{
	free(r->json);
	free(r->record); /* what follows it is in the same block */
}

static void results_drop(struct publisher *p)
{
	for (size_t i = 0; i < p->count; i++)
		result_fini(&p->results[i]);
	p->count = 0;
	p->unsettled_bytes = 0;
	p->again = false;
}

static void oldest_lose(struct publisher *p)
{
	p->failed++;
	p->unsettled_bytes -= result_cost(&p->results[0]);
	result_fini(&p->results[0]);
	memmove(&p->results[0], &p->results[1], --p->count * sizeof(*p->results));
}

void publisher_free(struct publisher *p)
{
	if (p == NULL)
		return;
	results_drop(p);
	free(p->results);
	free(p->report);
	told_free(p->told);
	writer_fini(&p->whole);
	writer_fini(&p->lines.brief);
	free(p);
}

static int results_add(struct publisher *p, const struct open_case *c, struct bytes json)
{
	char *line;

	if (p->count == p->size) {
		size_t size = p->size == 0 ? 256 : 2 * p->size;
		struct result *grown = reallocarray(p->results, size, sizeof(*grown));

		if (grown == NULL)
			return -ENOMEM;
		p->results = grown;
		p->size = size;
	}
	if ((line = malloc(json.left + 1)) == NULL)
		return -ENOMEM;
	memcpy(line, json.at, json.left);
	line[json.left] = '\n';
	p->results[p->count++] = (struct result){ .time_ns = c->time_ns, .id = c->id, .json = line, .json_len = json.left };
	return 0;
}

/* The latest result keeps what the store is given, in one block with the record. */
static int result_keep(struct publisher *p, const struct store_record *record, struct bytes case_bytes, struct bytes line)
{
	struct result *r = &p->results[p->count - 1];
	uint8_t *at;

	r->record = malloc(sizeof(*record) + case_bytes.left + line.left);
	if (r->record == NULL)
		return -ENOMEM;
	*r->record = *record;
	at = (uint8_t *)(r->record + 1);
	if (case_bytes.left > 0)
		memcpy(at, case_bytes.at, case_bytes.left);
	if (line.left > 0)
		memcpy(at + case_bytes.left, line.at, line.left);
	r->case_bytes = bytes_of(at, case_bytes.left);
	r->line = bytes_of(at + case_bytes.left, line.left);
	p->unsettled_bytes += result_cost(r);
	while (p->unsettled_bytes > UNSETTLED_MAX && p->count > 1)
		oldest_lose(p);
	return 0;
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

static int put(struct publisher *p, const struct open_case *c, const struct record_facts *f, struct bytes json)
{
	uint8_t buf[ENTRY_MAX];
	struct sink line = sink_over(buf, sizeof(buf));
	struct bytes text = bytes_of(NULL, 0);
	struct store_record record = {
		.id = c->id, .time_ns = c->time_ns, .revision = c->revision, .verdict = (uint8_t)f->judgement->verdict,
		.priority = (uint8_t)f->judgement->priority, .final = f->judgement->final, .json = json,
	};
	int r;

	if (!p->tools.replay && p->tools.settings->syslog_count > 0) {
		if ((r = lines_write(&p->lines, f, json, &line)) < 0 || (r = sink_done(&line, &text)) < 0)
			return r;
	}
	/* what is put again must name its traces as well, so they go first, and their loss is none of the verdict's */
	r = store_reports(p, c, &record);
	if (!p->tools.replay) {
		int kept = result_keep(p, &record, c->file->bytes, text);

		if (kept < 0 || p->again)
			return kept; /* behind those that wait already, in their order */
	}
	return r < 0 ? r : store_put_record(p->tools.store, &record, c->file->bytes, text);
}

/* The store took nothing of the open transaction: said once, until it works again. */
static void put_again_later(struct publisher *p, uint64_t now_ns, int r)
{
	if (!p->again)
		fprintf(stderr, "konseki-control: the store takes nothing: %s; verdicts wait and are put again\n", store_why(r));
	p->again = true;
	p->retry_ns = now_ns + again_ns;
}

int publish(void *publisher, const struct open_case *c)
{
	struct publisher *p = publisher;
	char id[CASE_ID_TEXT];
	const uint8_t *keys[EXTRACT_CODES_MAX];
	struct bytes json;
	const struct record_facts facts = {
		.id = case_id_format(&c->id, id), .revision = c->revision, .record = &c->file->record, .codes = c->codes,
		.reports = c->reports, .judgement = &c->judgement, .cached = c->cached, .repeatable = p->tools.replay,
		.excerpt_bytes = p->tools.settings->excerpt_bytes, .told = p->told, .report_keys = keys,
	};
	int r;

	/* what a worker's death left is the report of this case alone */
	for (unsigned i = 0; i < c->codes->count; i++)
		keys[i] = c->traces[i] != NULL && !c->traces[i]->of_worker ? c->traces[i]->key : NULL;
	r = record_write(&facts, RECORD_WHOLE, &p->whole, &json);
	if (r == 0)
		r = results_add(p, c, json);
	if (r < 0) {
		p->failed++;
		fprintf(stderr, "konseki-control: a verdict could not be told: %s\n", strerror(-r));
		return r;
	}
	if (p->tools.store == NULL || (r = put(p, c, &facts, json)) == 0)
		return 0;
	if (p->tools.replay) /* the result line is what a replay is for */
		fprintf(stderr, "konseki-control: a verdict could not be stored: %s\n", store_why(r));
	else
		put_again_later(p, 0, r);
	return 0;
}

static int put_all_again(struct publisher *p)
{
	int r = 0;

	for (size_t i = 0; i < p->count && r == 0; i++) {
		struct result *at = &p->results[i];

		if (at->record != NULL) {
			at->record->json = bytes_of(at->json, at->json_len);
			r = store_put_record(p->tools.store, at->record, at->case_bytes, at->line);
		}
	}
	return r;
}

int publisher_settle(struct publisher *p, uint64_t now_ns)
{
	bool waited = p->again;
	int r = 0;

	if (waited && now_ns < p->retry_ns)
		return -EAGAIN;
	if (waited)
		r = put_all_again(p);
	if (r == 0)
		r = store_commit(p->tools.store);
	if (r < 0) {
		if (p->count > 0)
			put_again_later(p, now_ns, r);
		return r;
	}
	for (size_t i = 0; i < p->count; i++)
		if (p->tools.committed != NULL)
			p->tools.committed(p->tools.context, bytes_of(p->results[i].json, p->results[i].json_len));
	results_drop(p);
	if (waited)
		fputs("konseki-control: the store takes verdicts again\n", stderr);
	return 0;
}

size_t publisher_unsettled(const struct publisher *p)
{
	return p->again ? p->count : 0;
}

static int write_all(int fd, struct iovec *v, int count)
{
	while (count > 0) {
		ssize_t n = writev(fd, v, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		for (; count > 0 && (size_t)n >= v->iov_len; v++, count--)
			n -= (ssize_t)v->iov_len;
		if (count > 0) {
			v->iov_base = (char *)v->iov_base + n;
			v->iov_len -= (size_t)n;
		}
	}
	return 0;
}

int publisher_line(struct publisher *p, const char *json)
{
	char end = '\n';
	struct iovec v[2] = { { (void *)(uintptr_t)json, strlen(json) }, { &end, 1 } };

	return p->tools.results < 0 ? 0 : write_all(p->tools.results, v, 2);
}

/* The lines of all results, many in one call of the kernel. */
static int results_write(const struct publisher *p)
{
	struct iovec v[LINES_AT_ONCE];
	int r = 0, count = 0;

	for (size_t i = 0; i < p->count && r == 0 && p->tools.results >= 0; i++) {
		v[count++] = (struct iovec){ p->results[i].json, p->results[i].json_len + 1 };
		if (count < LINES_AT_ONCE && i + 1 < p->count)
			continue;
		r = write_all(p->tools.results, v, count);
		count = 0;
	}
	return r;
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
	int r;

	if (p->count > 0)
		qsort(p->results, p->count, sizeof(*p->results), by_request);
	r = results_write(p);
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
