/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The triage object. */
#include "control/journal/triage.h"
#include "control/journal/stamp.h"
#include "control/journal/text.h"

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
static json_t *words_json(struct bytes words)
{
	json_t *list = json_array();

	while (words.left > 0) {
		const uint8_t *end = memchr(words.at, 0, words.left);
		size_t len = end == NULL ? words.left : (size_t)(end - words.at);

		json_array_append_new(list, text_shown(bytes_of(words.at, len)));
		len += end != NULL;
		words.at += len;
		words.left -= len;
	}
	return list;
}

json_t *trace_json(const struct trace *t)
{
	json_t *o = json_object(), *depends = json_array();

	json_object_set_new(o, "kind", json_string(trace_kind_name(t->kind)));
	json_object_set_new(o, "place", json_string(trace_place_name(t->place)));
	if (!text_put(o, "pattern", "pattern_base64", t->pattern)) {
		json_decref(o);
		json_decref(depends);
		return NULL;
	}
	json_object_set_new(o, "bits", json_real(tenth(t->bits)));
	json_object_set_new(o, "must_show", json_boolean(t->must_show));
	for (uint32_t i = 0; i < t->depends_count; i++)
		json_array_append_new(depends, text_shown(t->depends_on[i]));
	json_object_set_new(o, "depends_on", depends);
	json_object_set_new(o, "profiles", words_json(t->profiles));
	return o;
}

static json_t *code_json(const struct attack_code *code, enum record_form form)
{
	json_t *o = json_object(), *layers = json_array();
	struct bytes text = code->text;
	char digest[2 * sizeof(code->digest) + 1];
	bool cut = form == RECORD_SHORT && text.left > SHORT_TEXT;

	if (cut)
		text = text_whole(bytes_of(text.at, SHORT_TEXT));
	json_object_set_new(o, "language", json_string(language_name(code->language)));
	for (unsigned i = 0; i < code->layers_count; i++)
		json_array_append_new(layers, json_string(code->layers[i]));
	json_object_set_new(o, "decoding", layers);
	json_object_set_new(o, "where", text_shown(bytes_text(code->where)));
	if (!text_put(o, "text", "base64", text)) {
		json_decref(o);
		return NULL;
	}
	base16_encode_update(digest, sizeof(code->digest), code->digest);
	digest[sizeof(digest) - 1] = '\0';
	json_object_set_new(o, "sha256", json_string(digest));
	if (cut || code->cut)
		json_object_set_new(o, "cut", json_true());
	return o;
}

static bool is_evidence(const struct judgement *j, unsigned code, unsigned trace)
{
	for (unsigned i = 0; i < j->evidence_count; i++)
		if (j->evidence[i].code == code && j->evidence[i].trace == trace)
			return true;
	return false;
}

static json_t *traces_json(const struct record_facts *f, enum record_form form, struct told *told)
{
	json_t *list = json_array();

	memset(told, 0xff, sizeof(*told));
	for (unsigned c = 0; f->codes != NULL && c < f->codes->count; c++) {
		const struct report *r = f->reports[c];

		for (unsigned t = 0; r != NULL && t < r->traces_count && t < REPORT_TRACES_MAX; t++) {
			bool named = is_evidence(f->judgement, c, t);
			json_t *o;

			if (!named && (form == RECORD_SHORT || json_array_size(list) >= TRACES_TOLD))
				continue;
			o = trace_json(&r->traces[t]);
			json_object_set_new(o, "code", json_integer(c));
			told->index[c][t] = (int16_t)json_array_size(list);
			json_array_append_new(list, o);
		}
	}
	return list;
}

static json_t *evidence_json(const struct evidence *e, const struct told *told, size_t excerpt_bytes)
{
	json_t *o = json_object();
	size_t len = e->excerpt_len < excerpt_bytes ? e->excerpt_len : excerpt_bytes;
	char text[STAMP_TEXT], peer[ADDRESS_TEXT];

	if (e->code < EXTRACT_CODES_MAX && e->trace < REPORT_TRACES_MAX && told->index[e->code][e->trace] >= 0)
		json_object_set_new(o, "trace", json_integer(told->index[e->code][e->trace]));
	json_object_set_new(o, "found", json_boolean(e->found));
	json_object_set_new(o, "bits", json_real(tenth(e->bits)));
	json_object_set_new(o, "where", text_shown(bytes_text(e->where)));
	if (e->packet != 0)
		json_object_set_new(o, "packet", json_integer((json_int_t)e->packet));
	json_object_set_new(o, "offset", json_integer((json_int_t)e->offset));
	if (e->peer.family != 0)
		json_object_set_new(o, "peer", json_string(address_format(&e->peer, peer)));
	if (!text_put(o, "excerpt", "excerpt_base64", text_whole(bytes_of(e->excerpt, len)))) {
		json_decref(o);
		return NULL;
	}
	if (e->time_ns != 0)
		json_object_set_new(o, "timestamp", json_string(stamp_utc(e->time_ns, text)));
	return o;
}

static json_t *emulation_json(const struct record_facts *f)
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
	return json_pack("{s:f, s:b, s:s}", "ms", round(ms * 1000) / 1000, "cached", f->cached, "stopped_by",
	                 any ? stopped_by_name(worst) : "not run");
}

json_t *triage_json(const struct record_facts *f, enum record_form form)
{
	const struct judgement *j = f->judgement;
	json_t *o = json_object(), *codes = json_array(), *evidence = json_array();
	struct told told;

	json_object_set_new(o, "id", json_string(f->id));
	json_object_set_new(o, "revision", json_integer(f->revision));
	json_object_set_new(o, "final", json_boolean(j->final));
	json_object_set_new(o, "verdict", json_string(verdict_name(j->verdict)));
	json_object_set_new(o, "priority", json_string(priority_name(j->priority)));
	json_object_set_new(o, "reason", json_string(reason_name(j->reason)));
	json_object_set_new(o, "detail", text_shown(text_whole(bytes_text(j->detail))));
	json_object_set_new(o, "class", json_string(j->class_name == NULL || j->class_name[0] == 0 ? "other" : j->class_name));
	for (unsigned c = 0; f->codes != NULL && c < f->codes->count; c++)
		json_array_append_new(codes, code_json(&f->codes->codes[c], form));
	json_object_set_new(o, "attack_code", codes);
	json_object_set_new(o, "traces", traces_json(f, form, &told));
	for (unsigned i = 0; i < j->evidence_count; i++)
		json_array_append_new(evidence, evidence_json(&j->evidence[i], &told, f->excerpt_bytes));
	json_object_set_new(o, "evidence", evidence);
	json_object_set_new(o, "emulation", emulation_json(f));
	return o;
}
