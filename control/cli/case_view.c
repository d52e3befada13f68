/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stored case as text and as JSON. */
#include "control/cli/case.h"
#include "control/cli/clean.h"
#include "control/extract/decode.h"
#include "control/journal/stamp.h"
#include "control/journal/text.h"
#include "control/journal/triage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHOWN_MAX = 4096,       /* bytes of one part or code in the text form; --json has them whole */
	BRIEF_MAX = 512,        /* bytes of one run's output in it */
	LAYER_MAX = 256 << 10,  /* bytes of a value while it is decoded */
};

const char *part_name(enum part_kind k)
{
	static const char *const names[PART_COUNT] = {
		[PART_REQUEST_HEAD] = "http.request_head", [PART_REQUEST_BODY] = "http.request_body",
		[PART_RESPONSE_HEAD] = "http.response_head", [PART_RESPONSE_BODY] = "http.response_body",
		[PART_CLIENT_STREAM] = "stream.client", [PART_SERVER_STREAM] = "stream.server",
	};

	return names[k];
}

static const char *const gap_names[] = { "longer than what is kept", "packets were lost", "the flow ended before it did",
	                                 "still under way", "packets captured short", "not captured",
	                                 "the flow had begun before", "broken framing",
	                                 "other bytes were sent for the same place, too" };

/* Bytes for a terminal: lines stay lines, everything else that is not text becomes \xNN. */
static void print_bytes(FILE *to, struct bytes b, const char *indent)
{
	bool begin = true;

	for (size_t i = 0; i < b.left; i++) {
		uint8_t c = b.at[i];

		if (begin)
			fputs(indent, to);
		begin = c == '\n';
		if (c == '\r' && i + 1 < b.left && b.at[i + 1] == '\n')
			continue;
		if (c == '\n' || c == '\t' || (c >= ' ' && c < 127))
			fputc(c, to);
		else
			fprintf(to, "\\x%02X", c);
	}
	if (!begin)
		fputc('\n', to);
}

static void print_run(FILE *to, struct bytes b)
{
	struct bytes shown = b;

	if (shown.left > SHOWN_MAX)
		shown.left = SHOWN_MAX;
	print_bytes(to, shown, "    ");
	if (shown.left < b.left)
		fprintf(to, "    … %zu more bytes; --json has all\n", b.left - shown.left);
}

static void print_part(FILE *to, const struct case_record *c, enum part_kind k)
{
	const struct case_part *p = &c->parts[k];

	if (!p->present)
		return;
	fprintf(to, "\n%s: %llu bytes", part_name(k), (unsigned long long)p->seen);
	if (p->marks_count > 0)
		fprintf(to, ", packets %llu to %llu", (unsigned long long)p->marks[0].packet,
		        (unsigned long long)p->marks[p->marks_count - 1].packet);
	for (unsigned i = 0; i < COUNT_OF(gap_names); i++)
		if ((p->gaps >> i & 1) != 0)
			fprintf(to, "; %s", gap_names[i]);
	fputc('\n', to);
	print_run(to, p->head);
	if (p->tail.left > 0) {
		fprintf(to, "    … %llu bytes not kept …\n", (unsigned long long)(p->seen - p->head.left - p->tail.left));
		print_run(to, p->tail);
	}
}

static void print_trace(FILE *to, const struct trace *t, unsigned index)
{
	fprintf(to, "    trace %u: %s, in %s, %.1f bits%s: ", index, trace_kind_name(t->kind), trace_place_name(t->place),
	        t->bits, t->must_show ? ", must show" : "");
	print_bytes(to, t->pattern, "");
	for (uint32_t i = 0; i < t->depends_count; i++)
		print_bytes(to, t->depends_on[i], "      hangs on ");
}

/* Each step of the decoding and what it made of the value. */
static void print_layers(FILE *to, const struct attack_code *code)
{
	uint8_t *rooms[2] = { malloc(LAYER_MAX), malloc(LAYER_MAX) };
	struct bytes text = code->raw;

	bool followed = true;

	for (unsigned k = 0; k < code->layers_count; k++) {
		const struct step *step = decode_named(code->layers[k]);
		struct sink out = sink_over(rooms[k % 2], rooms[k % 2] != NULL ? LAYER_MAX : 0);

		fprintf(to, "  decoded by: %s\n", code->layers[k]);
		/* of the whole body, of a piece of what was decoded, of an earlier request: what follows is in "what would run" */
		followed = followed && step != NULL && text.left <= LAYER_MAX && step->undo(text, &out) && !out.overflow;
		if (!followed)
			continue;
		text = bytes_of(out.at, out.used);
		print_run(to, text);
	}
	free(rooms[0]);
	free(rooms[1]);
}

/* What the code did in each emulated server. */
static void print_runs(FILE *to, const struct report *r)
{
	for (uint32_t k = 0; k < r->runs_count; k++) {
		const struct run *run = &r->runs[k];
		struct bytes brief = run->output;

		fprintf(to, "    ran in %.*s: ended by %s, exit status %d, %u event%s%s\n", (int)run->profile.left,
		        run->profile.left > 0 ? (const char *)run->profile.at : "", stopped_by_name(run->stopped_by), run->exit_status,
		        run->events_count + run->events_left, run->events_count + run->events_left == 1 ? "" : "s", brief.left > 0 ? ", printed:" : "");
		if (brief.left > BRIEF_MAX)
			brief.left = BRIEF_MAX;
		print_bytes(to, brief, "      ");
	}
}

/* The command that does it again, as it may be typed. */
static void print_again(FILE *to, const struct stored_case *c, unsigned i)
{
	const struct attack_code *code = &c->codes->codes[i];
	const char *language = language_name(code->language);
	char id[CASE_ID_TEXT], by[4300] = "";

	case_id_format(&c->id, id);
	if (c->config != NULL)
		snprintf(by, sizeof(by), " -c '%s'", c->config);
	if (extract_reads_request(code) && c->captured.parts[PART_REQUEST_HEAD].present)
		fprintf(to, "  run it again: konseki case %s%s --request >REQUEST; konseki case %s%s --code %u | konseki emulate%s --language %s --request REQUEST -\n",
		        id, by, id, by, i, by, language);
	else
		fprintf(to, "  run it again: konseki case %s%s --code %u | konseki emulate%s --language %s -\n", id, by, i, by, language);
}

static void print_code(FILE *to, const struct stored_case *c, unsigned i)
{
	const struct attack_code *code = &c->codes->codes[i];
	const struct report *r = i < c->reports_count ? c->reports[i].report : NULL;

	fprintf(to, "\nattack code %u: %s, from ", i, language_name(code->language));
	clean_put(to, code->where); /* a parameter's name is the attacker's */
	fprintf(to, " at byte %llu of %s\n", (unsigned long long)code->offset, part_name(code->part));
	fputs("  as it stood:\n", to);
	print_run(to, code->raw);
	print_layers(to, code);
	fputs("  what would run:\n", to);
	print_run(to, code->text);
	if (r == NULL) {
		fputs("  emulation: none kept\n", to);
		return;
	}
	fprintf(to, "  emulation: ended by %s, %llu blocks; a success would leave %u trace%s\n",
	        stopped_by_name(r->stopped_by), (unsigned long long)r->blocks, r->traces_count,
	        r->traces_count == 1 ? "" : "s");
	print_runs(to, r);
	for (uint32_t k = 0; k < r->traces_count; k++)
		print_trace(to, &r->traces[k], k);
	print_again(to, c, i);
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s == NULL ? "" : s;
}

static void print_evidence(FILE *to, const json_t *triage)
{
	const json_t *e;
	size_t i;

	json_array_foreach(json_object_get(triage, "evidence"), i, e)
	{
		const char *excerpt = text_of(e, json_object_get(e, "excerpt") != NULL ? "excerpt" : "excerpt_base64");

		fprintf(to, "  evidence %zu: %s in ", i, json_is_true(json_object_get(e, "found")) ? "found" : "not found");
		clean_put(to, text_of(e, "where"));
		if (json_object_get(e, "packet") != NULL)
			fprintf(to, ", packet %lld", (long long)json_integer_value(json_object_get(e, "packet")));
		fprintf(to, ", offset %lld, %.1f bits:\n", (long long)json_integer_value(json_object_get(e, "offset")),
		        json_number_value(json_object_get(e, "bits")));
		print_bytes(to, bytes_text(excerpt), "    ");
	}
}

void case_print(const struct stored_case *c, FILE *to)
{
	const json_t *triage = json_object_get(c->record, "triage"), *alert;
	char id[CASE_ID_TEXT];
	size_t i;

	fprintf(to, "case %s, revision %lld%s\n", case_id_format(&c->id, id),
	        (long long)json_integer_value(json_object_get(triage, "revision")),
	        json_is_true(json_object_get(triage, "final")) ? ", final" : ", still open");
	fprintf(to, "  %s: %s:%lld -> %s:%lld, community id %s\n", text_of(c->record, "timestamp"),
	        text_of(c->record, "src_ip"), (long long)json_integer_value(json_object_get(c->record, "src_port")),
	        text_of(c->record, "dest_ip"), (long long)json_integer_value(json_object_get(c->record, "dest_port")),
	        text_of(c->record, "community_id"));
	fprintf(to, "  verdict: %s, priority %s, because %s: ", text_of(triage, "verdict"), text_of(triage, "priority"),
	        text_of(triage, "reason"));
	clean_put(to, text_of(triage, "detail"));
	fputc('\n', to);
	if (c->mark != NULL)
		fprintf(to, "  marked by a person: %s\n", c->mark);
	print_evidence(to, triage);
	json_array_foreach(json_object_get(c->record, "alerts"), i, alert)
	{
		fprintf(to, "  rule %lld: ", (long long)json_integer_value(json_object_get(alert, "signature_id")));
		clean_put(to, text_of(alert, "signature"));
		fputc('\n', to);
	}
	for (enum part_kind k = 0; k < PART_COUNT; k++)
		print_part(to, &c->captured, k);
	for (unsigned k = 0; c->codes != NULL && k < c->codes->count; k++)
		print_code(to, c, k);
	fprintf(to, "\nin %s; as packets: konseki case %s --pcap FILE, then: konseki replay FILE\n", c->folder, id);
}

static json_t *part_json(const struct case_part *p)
{
	json_t *o = json_object(), *gaps = json_array(), *packets = json_array();

	for (unsigned i = 0; i < COUNT_OF(gap_names); i++)
		if ((p->gaps >> i & 1) != 0)
			json_array_append_new(gaps, json_string(gap_names[i]));
	for (uint32_t i = 0; i < p->marks_count; i++) {
		char stamp[STAMP_TEXT];

		json_array_append_new(packets, json_pack("{s:I, s:I, s:s}", "packet", (json_int_t)p->marks[i].packet,
		                                         "offset", (json_int_t)p->marks[i].offset, "timestamp",
		                                         stamp_utc(p->marks[i].time_ns, stamp)));
	}
	json_object_set_new(o, "bytes", json_integer((json_int_t)p->seen));
	json_object_set_new(o, "gaps", gaps);
	if (!text_put(o, "head", "head_base64", p->head) ||
	    (p->tail.left > 0 && !text_put(o, "tail", "tail_base64", p->tail))) {
		json_decref(o);
		json_decref(packets);
		return NULL;
	}
	json_object_set_new(o, "packets", packets);
	return o;
}

static json_t *report_json(const struct report *r)
{
	json_t *traces;

	if (r == NULL)
		return json_null();
	traces = json_array();
	for (uint32_t i = 0; i < r->traces_count; i++)
		json_array_append_new(traces, trace_json(&r->traces[i]));
	return json_pack("{s:s, s:s, s:I, s:o}", "language", language_name(r->language), "stopped_by",
	                 stopped_by_name(r->stopped_by), "blocks", (json_int_t)r->blocks, "traces", traces);
}

json_t *case_json(const struct stored_case *c)
{
	json_t *o = json_object(), *parts = json_object(), *reports = json_array();
	char id[CASE_ID_TEXT];

	json_object_set_new(o, "id", json_string(case_id_format(&c->id, id)));
	if (c->mark != NULL)
		json_object_set_new(o, "mark", json_string(c->mark));
	json_object_set(o, "record", c->record);
	for (enum part_kind k = 0; k < PART_COUNT; k++)
		if (c->captured.parts[k].present)
			json_object_set_new(parts, part_name(k), part_json(&c->captured.parts[k]));
	for (unsigned i = 0; i < c->reports_count; i++)
		json_array_append_new(reports, report_json(c->reports[i].report));
	json_object_set_new(o, "parts", parts);
	json_object_set_new(o, "reports", reports);
	return o;
}
