/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stored case for people: the verdict and its reason, the request and the answer, and of each code how it was found, run and looked for. */
#include "control/cli/case.h"
#include "control/cli/case_text.h"
#include "control/cli/clean.h"
#include "control/extract/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BRIEF_MAX = 512,        /* bytes of one run's output */
	PATTERN_MAX = 160,      /* of a trace's pattern */
	TRACES_MAX = 8,         /* of one code, the found ones first; */
	EVIDENCE_MAX = 6,       /* --json has all of them */
	DEPENDS_MAX = 4,
	LAYER_MAX = 256 << 10,  /* bytes of a value while it is decoded */
};

static const char *text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s == NULL ? "" : s;
}

static long long number_of(const json_t *o, const char *name)
{
	return (long long)json_integer_value(json_object_get(o, name));
}

static const json_t *triage_of(const struct stored_case *c)
{
	return json_object_get(c->record, "triage");
}

static void print_part(FILE *to, const struct case_record *c, enum part_kind k)
{
	const struct case_part *p = &c->parts[k];

	if (!p->present)
		return;
	fprintf(to, "\n%s: %llu bytes", part_name(k), (unsigned long long)p->seen);
	if (p->marks_count > 0) {
		unsigned long long first = p->marks[0].packet, last = p->marks[p->marks_count - 1].packet;

		fprintf(to, first == last ? ", packet %llu" : ", packets %llu to %llu", first, last);
	}
	for (unsigned i = 0; part_gap_name(i) != NULL; i++)
		if ((p->gaps >> i & 1) != 0)
			fprintf(to, "; %s", part_gap_name(i));
	fputc('\n', to);
	case_text_brief(to, p->head, CASE_SHOWN_MAX, "    ");
	if (p->tail.left > 0) {
		fprintf(to, "    ... %llu bytes not kept ...\n", (unsigned long long)(p->seen - p->head.left - p->tail.left));
		case_text_brief(to, p->tail, CASE_SHOWN_MAX, "    ");
	}
}

/* Each step of the decoding and what it made of the value. Does the last of it equal what would run? */
static bool print_layers(FILE *to, const struct attack_code *code)
{
	uint8_t *rooms[2] = { malloc(LAYER_MAX), malloc(LAYER_MAX) };
	struct bytes text = code->raw;
	bool same;

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
		case_text_brief(to, text, CASE_SHOWN_MAX, "    ");
	}
	same = bytes_equal(text, code->text);
	free(rooms[0]);
	free(rooms[1]);
	return same;
}

static bool runs_alike(const struct run *a, const struct run *b)
{
	return bytes_equal(a->output, b->output) && a->stopped_by == b->stopped_by && a->exit_status == b->exit_status &&
		a->events_count + a->events_left == b->events_count + b->events_left;
}

/* What the code did in each emulated server; servers in which it did the same are told together. */
static void print_runs(FILE *to, const struct report *r)
{
	for (uint32_t k = 0; k < r->runs_count; k++) {
		const struct run *run = &r->runs[k];
		unsigned events = run->events_count + run->events_left, count = 0;
		bool told = false;

		for (uint32_t i = 0; i < k; i++)
			told |= runs_alike(&r->runs[i], run);
		if (told)
			continue;
		fputs("    ran in", to);
		for (uint32_t i = k; i < r->runs_count; i++)
			if (runs_alike(&r->runs[i], run) && r->runs[i].profile.left > 0)
				fprintf(to, "%s %.*s", count++ > 0 ? "," : "", (int)r->runs[i].profile.left, (const char *)r->runs[i].profile.at);
		fprintf(to, ": ended by %s, exit status %d, %u event%s%s\n", stopped_by_name(run->stopped_by), run->exit_status, events,
		        events == 1 ? "" : "s", run->output.left > 0 ? ", printed:" : "");
		case_text_brief(to, run->output, BRIEF_MAX, "      ");
	}
}

/* The piece of evidence that a trace of the record was found by; NULL: none. */
static const json_t *evidence_of(const json_t *triage, size_t trace)
{
	const json_t *e;
	size_t i;

	json_array_foreach(json_object_get(triage, "evidence"), i, e)
	{
		if ((size_t)number_of(e, "trace") == trace && json_is_true(json_object_get(e, "found")))
			return e;
	}
	return NULL;
}

/* A trace's pattern to read: "\\s{1,8}", any blanks, is a blank. */
static void print_pattern(FILE *to, const char *pattern)
{
	static const char blanks[] = "\\s{1,";
	char plain[PATTERN_MAX + 1];
	size_t len = 0;

	while (*pattern != '\0' && len < PATTERN_MAX) {
		const char *end = strncmp(pattern, blanks, sizeof(blanks) - 1) == 0 ? strchr(pattern, '}') : NULL;

		plain[len++] = end != NULL ? ' ' : *pattern;
		pattern = end != NULL ? end + 1 : pattern + 1;
	}
	plain[len] = '\0';
	fputs("      ", to);
	case_text_wrap(to, plain, 6, "      ");
	if (*pattern != '\0')
		fprintf(to, "      ... %zu more bytes; --json has all\n", strlen(pattern));
}

static void print_trace(FILE *to, const json_t *t, size_t index, const json_t *evidence)
{
	const json_t *depends = json_object_get(t, "depends_on"), *name;
	size_t i;

	fprintf(to, "    trace %zu%s: %s, in %s, %.1f bits%s\n", index, evidence != NULL ? ", found" : "", text_of(t, "kind"), text_of(t, "place"),
	        json_number_value(json_object_get(t, "bits")), json_is_true(json_object_get(t, "must_show")) ? ", every success shows it" : "");
	print_pattern(to, text_of(t, json_object_get(t, "pattern") != NULL ? "pattern" : "pattern_base64"));
	json_array_foreach(depends, i, name)
	{
		if (i == DEPENDS_MAX) {
			fprintf(to, ", and %zu more", json_array_size(depends) - i);
			break;
		}
		fputs(i == 0 ? "      hangs on " : ", ", to);
		clean_put(to, json_string_value(name) == NULL ? "" : json_string_value(name));
	}
	if (i > 0)
		fputc('\n', to);
}

/* What a success of this code would leave: first what was found, then what every success shows, then the rest. */
static void print_traces(FILE *to, const json_t *triage, unsigned code)
{
	const json_t *t;
	size_t i, shown = 0, count = 0, found = 0, refusals = 0;

	json_array_foreach(json_object_get(triage, "traces"), i, t)
	{
		count += (unsigned)number_of(t, "code") == code;
		refusals += (unsigned)number_of(t, "code") == code && strcmp(text_of(t, "kind"), "error") == 0;
		found += (unsigned)number_of(t, "code") == code && evidence_of(triage, i) != NULL;
	}
	if (count == 0) {
		fputs("  expected: nothing that could be looked for\n", to);
		return;
	}
	fprintf(to, "  expected: %zu trace%s of a success", count - refusals, count - refusals == 1 ? "" : "s");
	if (refusals > 0)
		fprintf(to, ", %zu of a refusal (error)", refusals);
	fprintf(to, "; %zu found\n", found);
	for (unsigned rank = 0; rank < 3; rank++)
		json_array_foreach(json_object_get(triage, "traces"), i, t)
		{
			const json_t *evidence = evidence_of(triage, i);

			if ((unsigned)number_of(t, "code") == code && shown < TRACES_MAX &&
			    (evidence != NULL ? 0u : json_is_true(json_object_get(t, "must_show")) ? 1u : 2u) == rank) {
				print_trace(to, t, i, evidence);
				shown++;
			}
		}
	if (shown < count)
		fprintf(to, "    ... %zu more; --json has all\n", count - shown);
}

/* A path as a shell takes it. */
static void print_quoted(FILE *to, const char *path)
{
	fputc('\'', to);
	for (; *path != '\0'; path++)
		if (*path == '\'')
			fputs("'\\''", to);
		else
			fputc(*path, to);
	fputc('\'', to);
}

static void print_command(FILE *to, const struct stored_case *c, const char *verb)
{
	char id[CASE_ID_TEXT];

	fprintf(to, "konseki %s", verb);
	if (strcmp(verb, "case") == 0)
		fprintf(to, " %s", case_id_format(&c->id, id));
	if (c->config != NULL) {
		fputs(" -c ", to);
		print_quoted(to, c->config);
	}
}

/* The command that does it again, as it may be typed. */
static void print_again(FILE *to, const struct stored_case *c, unsigned i)
{
	const struct attack_code *code = &c->codes->codes[i];
	bool request = extract_reads_request(code) && c->captured.parts[PART_REQUEST_HEAD].present;

	fputs("  run it again:\n    ", to);
	if (request) {
		print_command(to, c, "case");
		fputs(" --request >REQUEST &&\n    ", to);
	}
	print_command(to, c, "case");
	fprintf(to, " --code %u |\n    ", i);
	print_command(to, c, "emulate");
	fprintf(to, " --language %s%s -\n", language_name(code->language), request ? " --request REQUEST" : "");
}

static void print_code(FILE *to, const struct stored_case *c, unsigned i)
{
	const struct attack_code *code = &c->codes->codes[i];
	const struct report *r = i < c->reports_count ? c->reports[i].report : NULL;

	fprintf(to, "\nattack code %u: %s, from ", i, language_name(code->language));
	clean_put(to, code->where); /* a parameter's name is the attacker's */
	if (code->parameter[0] != '\0') {
		fputs(" parameter ", to);
		clean_put(to, code->parameter);
	}
	fprintf(to, ", byte %llu of %s\n", (unsigned long long)code->offset, part_name(code->part));
	if (code->offset == 0 && code->raw.left == c->captured.parts[code->part].seen) {
		fputs("  as it stood: all of that\n", to);
	} else {
		fputs("  as it stood:\n", to);
		case_text_brief(to, code->raw, CASE_SHOWN_MAX, "    ");
	}
	if (print_layers(to, code)) {
		fputs("  what would run: all of it\n", to);
	} else {
		fputs("  what would run:\n", to);
		case_text_brief(to, code->text, CASE_SHOWN_MAX, "    ");
	}
	if (r == NULL) {
		fputs("  emulation: none kept\n", to);
		return;
	}
	fprintf(to, "  emulation: ended by %s%s\n", stopped_by_name(r->stopped_by), r->runs_count > 0 ? "" : ", no emulated server runs this");
	print_runs(to, r);
	print_traces(to, triage_of(c), i);
	if (r->runs_count > 0)
		print_again(to, c, i);
}

static void print_evidence(FILE *to, const json_t *triage)
{
	const json_t *every = json_object_get(triage, "evidence"), *e;
	size_t i;

	json_array_foreach(every, i, e)
	{
		const char *excerpt = text_of(e, json_object_get(e, "excerpt") != NULL ? "excerpt" : "excerpt_base64");

		if (i == EVIDENCE_MAX) {
			fprintf(to, "  ... %zu more pieces of evidence; --json has all\n", json_array_size(every) - i);
			break;
		}
		fprintf(to, "  evidence %zu: trace %lld %s in ", i, number_of(e, "trace"), json_is_true(json_object_get(e, "found")) ? "found" : "not found");
		clean_put(to, text_of(e, "where"));
		if (json_object_get(e, "packet") != NULL)
			fprintf(to, ", packet %lld", number_of(e, "packet"));
		fprintf(to, ", offset %lld, %.1f bits", number_of(e, "offset"), json_number_value(json_object_get(e, "bits")));
		if (json_object_get(e, "timestamp") != NULL)
			fprintf(to, "\n    at %s", text_of(e, "timestamp"));
		fputs(":\n", to);
		case_text_lines(to, bytes_text(excerpt), "    ");
	}
}

static void print_end(FILE *to, const json_t *record, const char *address, const char *port)
{
	bool brackets = strchr(text_of(record, address), ':') != NULL && json_object_get(record, port) != NULL;

	fprintf(to, brackets ? "[%s]" : "%s", text_of(record, address));
	if (json_object_get(record, port) != NULL)
		fprintf(to, ":%lld", number_of(record, port));
}

static void print_head(FILE *to, const struct stored_case *c)
{
	const json_t *triage = triage_of(c), *alert;
	char id[CASE_ID_TEXT];
	size_t i;

	fprintf(to, "case %s, revision %lld%s\n", case_id_format(&c->id, id), number_of(triage, "revision"),
	        json_is_true(json_object_get(triage, "final")) ? ", final" : ", still open");
	fprintf(to, "  time: %s\n  flow: ", text_of(c->record, "timestamp"));
	print_end(to, c->record, "src_ip", "src_port");
	fputs(" -> ", to);
	print_end(to, c->record, "dest_ip", "dest_port");
	fprintf(to, ", community id %s\n", text_of(c->record, "community_id"));
	fprintf(to, "  verdict: %s, priority %s, class %s\n", text_of(triage, "verdict"), text_of(triage, "priority"), text_of(triage, "class"));
	fprintf(to, "  reason: %s: ", text_of(triage, "reason"));
	case_text_wrap(to, text_of(triage, "detail"), (unsigned)strlen(text_of(triage, "reason")) + 12, "    ");
	if (c->mark != NULL)
		fprintf(to, "  marked by a person: %s\n", c->mark);
	json_array_foreach(json_object_get(c->record, "alerts"), i, alert)
	{
		fprintf(to, "  rule %lld: ", number_of(alert, "signature_id"));
		clean_put(to, text_of(alert, "signature"));
		fputc('\n', to);
	}
	print_evidence(to, triage);
}

void case_print(const struct stored_case *c, FILE *to)
{
	print_head(to, c);
	for (enum part_kind k = 0; k < PART_COUNT; k++)
		print_part(to, &c->captured, k);
	for (unsigned k = 0; c->codes != NULL && k < c->codes->count; k++)
		print_code(to, c, k);
	fprintf(to, "\nkept in %s; as packets, judged again:\n    ", c->folder);
	print_command(to, c, "case");
	fputs(" --pcap FILE.pcap &&\n    ", to);
	print_command(to, c, "replay");
	fputs(" FILE.pcap\n", to);
}
