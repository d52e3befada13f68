/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a code and its answer is compared with other attempts at the place. */
#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/judge/digest.h"
#include "control/judge/mask.h"
#include "control/judge/quoting.h"
#include "control/judge/ruling.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	SERVERS_MIN = 2,  /* emulated servers that show the same text */
	OPENER_MAX = 2,   /* signs by which template languages begin a tag */
};

/* Is the value a page's own text, evaluated where it is shown? */
bool code_is_template(const struct attack_code *code)
{
	return code->language >= LANGUAGE_TEMPLATE && code->language <= LANGUAGE_MVEL;
}

/* The first signs of a template's code: its tag, as no other engine writes it. */
static uint64_t opener(struct bytes text)
{
	size_t at = 0, len = 0;

	while (at < text.left && !ispunct(text.at[at]))
		at++;
	while (len < OPENER_MAX && at + len < text.left && ispunct(text.at[at + len]))
		len++;
	return len > 0 ? digest_run(DIGEST_START, bytes_of(text.at + at, len)) | 1 : 0;
}

/* The signs with which SQL leaves the value that it stands in, up to its first word. */
static uint64_t sql_breakout(struct bytes value)
{
	size_t first = mask_base(value).left, end = first;

	while (end < value.left && !isalnum(value.at[end]))
		end++;
	return end < value.left ? mask_around(bytes_of(value.at, end + 1), bytes_of(value.at + end, 1)) : 0;
}

bool code_is_sql(const struct attack_code *code)
{
	return strcmp(code->class_name, "sql") == 0;
}

static uint64_t around_of(const struct attack_code *code)
{
	/* machine code over a raw stream takes the one way that the service's fault leaves it */
	uint64_t around = code->sink == SINK_STREAM && code->language == LANGUAGE_MACHINE ? 1 : code_is_template(code) ? opener(code->text) :
		code_is_sql(code) ? sql_breakout(code->value) : mask_around(code->value, code->text);

	return around == 0 ? 0 : digest_number(digest_number(DIGEST_START, around), code->contexts) | 1;
}

/* Of a path the beginning that names the place is no part of the value. */
struct bytes attempt_raw(const struct ruling *r, const struct attack_code *code)
{
	struct bytes path = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).path, raw = code->raw;
	size_t place = place_path(r->in->record, code).left;

	if (code->part != PART_REQUEST_HEAD || raw.at != path.at || place >= raw.left)
		return raw;
	return bytes_of(raw.at + place, raw.left - place);
}

/* What the extraction undid beyond the value's own coding, the application may not undo. */
struct bytes attempt_value(const struct ruling *r, const struct attack_code *code, uint8_t room[static ATTEMPT_VALUE_MAX])
{
	struct sink out = sink_over(room, ATTEMPT_VALUE_MAX);
	struct bytes raw = attempt_raw(r, code);

	if (raw.left > ATTEMPT_VALUE_MAX || (code->part != PART_REQUEST_HEAD && code->part != PART_REQUEST_BODY))
		return code->value;
	if (!decode_url.undo(raw, &out))
		return raw;
	return bytes_of(out.at, out.used);
}

/* The answer without the copies of the value. False: it was not seen whole, or is too long to compare. */
static bool mask_answer(const struct ruling *r, struct bytes value, bool numbers, struct masked *ret)
{
	struct bytes head = r->in->record->parts[PART_RESPONSE_HEAD].head;
	struct bytes where = http_header_find(http_response_of(head).headers, "location");
	struct masked location = { 0 };

	if (!response_whole(r) || r->views.body.left > PLACE_BODY_MAX || !mask_value(r->views.body, value, numbers, ret) ||
	    !mask_value(where, value, numbers, &location))
		return false;
	ret->digest = digest_number(digest_number(digest_number(DIGEST_START, r->views.status), ret->digest), location.digest) | 1;
	return true;
}

/* The request line and the body without the value. */
static uint64_t rest_of(const struct ruling *r, const struct attack_code *code)
{
	const struct case_record *record = r->in->record;
	struct bytes line = record->parts[PART_REQUEST_HEAD].head, body = record->parts[PART_REQUEST_BODY].head;
	struct bytes *cut = code->part == PART_REQUEST_BODY ? &body : &line, rest = line, raw = attempt_raw(r, code);
	size_t offset = code->offset + (code->raw.left - raw.left);
	uint64_t h = DIGEST_START;

	line = http_split(&rest, '\n');
	if (offset + raw.left <= cut->left) {
		h = digest_run(h, bytes_of(cut->at, offset));
		*cut = bytes_of(cut->at + offset + raw.left, cut->left - offset - raw.left);
	}
	return digest_run(digest_run(h, line), body);
}

/* Fills in what the value and its copies in the answer say. */
static void compare(const struct ruling *r, const struct attack_code *code, struct attempt *a)
{
	uint8_t room[ATTEMPT_VALUE_MAX];
	struct bytes value = attempt_value(r, code, room);
	bool numbers = code->sink == SINK_STREAM; /* lengths and counts of what was sent */
	struct masked answer, other;

	a->value = digest_run(DIGEST_START, value);
	a->shape = mask_shape(value);
	a->rest = rest_of(r, code);
	a->base = digest_run(DIGEST_START, mask_base(value)) | 1;
	a->leaves = quoting_left(value, mask_base(value));
	a->broken = quoting_broken(value);
	a->unreadable = code_is_sql(code) && quoting_unreadable(value) && quoting_unreadable(code->value);
	if (!mask_answer(r, value, numbers, &answer))
		return;
	if (answer.copies == 0 && mask_answer(r, code->value, numbers, &other) && other.copies > 0)
		answer = other;
	a->answer = answer.digest;
	a->copies = answer.copies;
	a->copy_at = answer.at;
	a->copy_len = answer.len;
}

static bool printed(const struct report *report, struct bytes text)
{
	struct bytes line = http_split(&text, '\n');

	for (uint32_t i = 0; i < report->runs_count; i++) {
		if (bytes_find(report->runs[i].out, line) >= 0)
			return true;
	}
	return report->runs_count == 0;
}

/*
 * Bits of the strongest text that several emulated servers print, and that hangs on nothing but who the server is: any
 * other file or variable may be another one here, or none.
 */
static double bits_known(const struct report *report)
{
	double best = 0;

	for (unsigned i = 0; report != NULL && i < report->traces_count; i++) {
		const struct trace *t = &report->traces[i];
		struct bytes profiles = t->profiles;
		unsigned servers = 0;
		bool known = (t->kind == TRACE_TEXT || t->kind == TRACE_DATA) && t->bits > best && (t->kind == TRACE_DATA || printed(report, t->text));

		for (unsigned d = 0; d < t->depends_count; d++)
			known = known && bytes_equal(t->depends_on[d], bytes_text("identity"));
		while (profiles.left > 0)
			servers += http_split(&profiles, '\0').left > 0;
		if (known && servers >= SERVERS_MIN)
			best = t->bits;
	}
	return best;
}

static enum series_truth truth_of(const struct report *report)
{
	enum series_truth truth = TRUTH_NONE;

	for (unsigned i = 0; report != NULL && i < report->traces_count; i++) {
		const struct trace *t = &report->traces[i];
		enum series_truth said = bytes_equal(t->pattern, bytes_text("true")) ? TRUTH_TRUE :
			bytes_equal(t->pattern, bytes_text("false")) ? TRUTH_FALSE : TRUTH_OPEN;

		if (t->kind == TRACE_TRUTH)
			truth = truth == TRUTH_NONE || truth == said ? said : TRUTH_OPEN;
	}
	return truth;
}

static bool is_plain(const struct attack_code *code, const struct report *report)
{
	bool well = report != NULL && report->runs_count > 0 && strcmp(code->class_name, "shell") == 0 &&
		(code->contexts & (CONTEXT_AFTER | CONTEXT_IF_SUCCESS | CONTEXT_IF_FAILURE)) != 0 &&
		(code->contexts & (CONTEXT_SUBSTITUTION | CONTEXT_ALONE)) == 0;

	for (unsigned i = 0; well && i < report->runs_count; i++)
		well = report->runs[i].exit_status == 0 && report->runs[i].stopped_by == STOPPED_EXIT;
	return well;
}

static uint64_t client_of(const struct case_record *record)
{
	const struct address *a = &record->tuple.src;

	return digest_number(digest_run(DIGEST_START, bytes_of(a->raw, sizeof(a->raw))), a->family);
}

void attempts_begin(struct ruling *r)
{
	const struct case_record *record = r->in->record;
	const size_t size = r->in->codes->count * sizeof(r->attempts[0]);

	if (r->readings->attempts != NULL) {
		memcpy(r->attempts, r->readings->attempts, size);
		return;
	}
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct attack_code *code = &r->in->codes->codes[i];
		struct attempt *a = &r->attempts[i];

		*a = (struct attempt){ .time_ns = record->request_last_ns, .class_name = code->class_name,
		                       .language = code->language, .quiet = code->quiet, .client = client_of(record), .status = (uint16_t)r->views.status,
		                       .around = around_of(code), .truth = truth_of(r->in->reports[i]),
		                       .plain = is_plain(code, r->in->reports[i]) };
		/* several codes of one value that differ in how far it was decoded are one attempt */
		a->transaction = digest_number(digest_number(DIGEST_START, record->flow_id), record->tx_id);
		a->transaction = digest_number(digest_number(a->transaction, a->around), a->language);
		compare(r, code, a);
	}
	if ((r->readings->attempts = malloc(size)) != NULL)
		memcpy(r->readings->attempts, r->attempts, size);
}

void attempts_seen(struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct sight *s = &r->sights[i];
		struct attempt *a = &r->attempts[i];

		a->late_ns = s->late_ns;
		a->waits = s->delay_wanted;
		a->contact_missing = s->far_wanted && !s->contact &&
			(r->in->egress_visible || place_book_egress_seen(r->in->places, &r->in->record->tuple.dst));
		a->shown = s->found && s->where == REASON_TRACE_IN_RESPONSE;
		if (!s->found && !s->weak && !s->explained)
			a->missing_bits = bits_known(r->in->reports[i]);
	}
}

/* Where the place shows a value that is data: there a result would stand. */
static void learn_echo(const struct ruling *r, const struct attempt *a, struct place *p)
{
	struct bytes b = r->views.body;
	size_t end = a->copy_at + a->copy_len;

	p->echo_alone |= a->copy_at == 0 && bytes_trim(bytes_of(b.at + end, b.left - end)).left == 0;
	p->echo_before_len = a->copy_at < PLACE_FRAME_MAX ? a->copy_at : PLACE_FRAME_MAX;
	memcpy(p->echo_before, b.at + a->copy_at - p->echo_before_len, p->echo_before_len);
	p->echo_after_len = b.left - end < PLACE_FRAME_MAX ? b.left - end : PLACE_FRAME_MAX;
	memcpy(p->echo_after, b.at + end, p->echo_after_len);
}

void attempts_end(struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		struct place *p = place_of(r, i);
		struct attempt *a = &r->attempts[i];

		if (p == NULL || a->answer == 0)
			continue;
		a->end = r->sights[i].found ? END_RAN : proven_not_run(r, i) ? END_NOT_RUN : END_OPEN;
		if (a->copies == 1 && !r->sights[i].found)
			learn_echo(r, a, p);
		series_note(&p->series, a);
	}
}

bool attempt_has_company(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return p != NULL && series_has_company(&p->series, &r->attempts[code]);
}
