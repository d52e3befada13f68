/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The triage object. */
#include "control/journal/triage.h"
#include "control/journal/stamp.h"
#include "control/journal/text.h"
#include "control/journal/told.h"

#include <math.h>
#include <nettle/base16.h>
#include <string.h>

enum {
	TRACES_TOLD = 64,     /* of one record; those that evidence names are always told */
	SHORT_TEXT = 512,     /* bytes of a code in the short form */
	BLOCKS_PER_MS = 30000,/* what a warm emulated server executes in a millisecond; turns work into a stable time */
};

/* Where each told trace stands in the list; index[code][trace], -1: not told. */
struct told {
	int16_t index[EXTRACT_CODES_MAX][REPORT_TRACES_MAX];
};

static double tenth(double v)
{
	return round(v * 10) / 10;
}

/* "a\0b\0" -> ["a", "b"] */
static void put_words(struct writer *w, struct bytes words)
{
	writer_open(w, '[');
	while (words.left > 0) {
		const uint8_t *end = memchr(words.at, 0, words.left);
		size_t len = end == NULL ? words.left : (size_t)(end - words.at);

		text_write_shown(w, bytes_of(words.at, len));
		len += end != NULL;
		words.at += len;
		words.left -= len;
	}
	writer_close(w, ']');
}

/* A trace's members, its brackets apart. */
static void put_trace(struct writer *w, const struct trace *t)
{
	writer_key_text(w, "kind", trace_kind_name(t->kind));
	writer_key_text(w, "place", trace_place_name(t->place));
	text_write(w, "pattern", "pattern_base64", t->pattern);
	writer_key_real(w, "bits", tenth(t->bits));
	writer_key_bool(w, "must_show", t->must_show);
	writer_key(w, "depends_on");
	writer_open(w, '[');
	for (uint32_t i = 0; i < t->depends_count; i++)
		text_write_shown(w, t->depends_on[i]);
	writer_close(w, ']');
	writer_key(w, "profiles");
	put_words(w, t->profiles);
}

json_t *trace_json(const struct trace *t)
{
	struct writer w = { 0 };
	struct bytes text;
	json_t *ret = NULL;

	writer_open(&w, '{');
	put_trace(&w, t);
	writer_close(&w, '}');
	if (writer_done(&w, &text) == 0)
		ret = json_loadb((const char *)text.at, text.left, JSON_ALLOW_NUL, NULL);
	writer_fini(&w);
	return ret;
}

static void put_code(struct writer *w, const struct attack_code *code, enum record_form form)
{
	struct bytes text = code->text;
	char digest[2 * sizeof(code->digest) + 1];
	bool cut = form == RECORD_SHORT && text.left > SHORT_TEXT;

	if (cut)
		text = text_whole(bytes_of(text.at, SHORT_TEXT));
	writer_open(w, '{');
	writer_key_text(w, "language", language_name(code->language));
	writer_key(w, "decoding");
	writer_open(w, '[');
	for (unsigned i = 0; i < code->layers_count; i++)
		writer_text(w, bytes_text(code->layers[i]));
	writer_close(w, ']');
	writer_key(w, "where");
	text_write_shown(w, bytes_text(code->where));
	text_write(w, "text", "base64", text);
	base16_encode_update(digest, sizeof(code->digest), code->digest);
	digest[sizeof(digest) - 1] = '\0';
	writer_key_text(w, "sha256", digest);
	if (cut || code->cut)
		writer_key_bool(w, "cut", true);
	writer_close(w, '}');
}

static bool is_evidence(const struct judgement *j, unsigned code, unsigned trace)
{
	for (unsigned i = 0; i < j->evidence_count; i++)
		if (j->evidence[i].code == code && j->evidence[i].trace == trace)
			return true;
	return false;
}

static void put_traces(struct writer *w, const struct record_facts *f, enum record_form form, struct told *told)
{
	int16_t count = 0;

	writer_open(w, '[');
	for (unsigned c = 0; f->codes != NULL && c < f->codes->count; c++) {
		const struct report *r = f->reports[c];

		for (unsigned t = 0; r != NULL && t < r->traces_count && t < REPORT_TRACES_MAX; t++) {
			told->index[c][t] = -1;
			if (!is_evidence(f->judgement, c, t) && (form == RECORD_SHORT || count >= TRACES_TOLD))
				continue;
			writer_open(w, '{');
			told_write(f->told, f->report_keys != NULL ? f->report_keys[c] : NULL, r, t, w, put_trace);
			writer_key_integer(w, "code", c);
			writer_close(w, '}');
			told->index[c][t] = count++;
		}
	}
	writer_close(w, ']');
}

/* Which of the told traces it is of; -1: none. */
static int trace_of(const struct record_facts *f, const struct evidence *e, const struct told *told)
{
	const struct report *r = f->codes != NULL && e->code < f->codes->count ? f->reports[e->code] : NULL;

	return r != NULL && e->trace < r->traces_count && e->trace < REPORT_TRACES_MAX ? told->index[e->code][e->trace] : -1;
}

static void put_evidence(struct writer *w, const struct record_facts *f, const struct evidence *e, const struct told *told)
{
	size_t len = e->excerpt_len < f->excerpt_bytes ? e->excerpt_len : f->excerpt_bytes;
	char text[STAMP_TEXT], peer[ADDRESS_TEXT];
	int trace = trace_of(f, e, told);

	writer_open(w, '{');
	if (trace >= 0)
		writer_key_integer(w, "trace", trace);
	writer_key_bool(w, "found", e->found);
	writer_key_real(w, "bits", tenth(e->bits));
	writer_key(w, "where");
	text_write_shown(w, bytes_text(e->where));
	if (e->packet != 0)
		writer_key_integer(w, "packet", (int64_t)e->packet);
	writer_key_integer(w, "offset", (int64_t)e->offset);
	if (e->peer.family != 0)
		writer_key_text(w, "peer", address_format(&e->peer, peer));
	text_write(w, "excerpt", "excerpt_base64", text_whole(bytes_of(e->excerpt, len)));
	if (e->time_ns != 0)
		writer_key_text(w, "timestamp", stamp_utc(e->time_ns, text));
	writer_close(w, '}');
}

static void put_emulation(struct writer *w, const struct record_facts *f)
{
	uint64_t blocks = 0, host_ns = 0;
	enum stopped_by worst = STOPPED_EXIT;
	bool any = false;
	double ms;

	for (unsigned c = 0; f->codes != NULL && c < f->codes->count; c++) {
		if (f->reports[c] == NULL)
			continue;
		any = true;
		blocks += f->reports[c]->blocks;
		host_ns += f->reports[c]->host_ns;
		if (f->reports[c]->stopped_by > worst)
			worst = f->reports[c]->stopped_by;
	}
	ms = f->repeatable ? (double)blocks / BLOCKS_PER_MS : (double)host_ns / 1e6;
	writer_open(w, '{');
	writer_key_real(w, "ms", round(ms * 1000) / 1000);
	writer_key_bool(w, "cached", f->cached);
	writer_key_text(w, "stopped_by", any ? stopped_by_name(worst) : "not run");
	writer_close(w, '}');
}

void triage_write(struct writer *w, const struct record_facts *f, enum record_form form)
{
	const struct judgement *j = f->judgement;
	struct told told; /* of the traces that there are */

	writer_open(w, '{');
	writer_key_text(w, "id", f->id);
	writer_key_integer(w, "revision", f->revision);
	writer_key_bool(w, "final", j->final);
	writer_key_text(w, "verdict", verdict_name(j->verdict));
	writer_key_text(w, "priority", priority_name(j->priority));
	writer_key_text(w, "reason", reason_name(j->reason));
	writer_key(w, "detail");
	text_write_shown(w, text_whole(bytes_text(j->detail)));
	writer_key_text(w, "class", j->class_name == NULL || j->class_name[0] == 0 ? "other" : j->class_name);
	writer_key(w, "attack_code");
	writer_open(w, '[');
	for (unsigned c = 0; f->codes != NULL && c < f->codes->count; c++)
		put_code(w, &f->codes->codes[c], form);
	writer_close(w, ']');
	writer_key(w, "traces");
	put_traces(w, f, form, &told);
	writer_key(w, "evidence");
	writer_open(w, '[');
	for (unsigned i = 0; i < j->evidence_count; i++)
		put_evidence(w, f, &j->evidence[i], &told);
	writer_close(w, ']');
	writer_key(w, "emulation");
	put_emulation(w, f);
	writer_close(w, '}');
}
