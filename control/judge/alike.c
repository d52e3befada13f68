/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the other attempts at the place say about this one: it was answered just like others of which more is known, each
 * one's own value apart.
 */
#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/judge/mask.h"
#include "control/judge/ruling.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	SERVERS_MIN = 2,  /* emulated servers that show the same text */
	BITS_RAN = 20,    /* code that breaks out this way ran here: what is left must only tell that this did */
	OPENER_MAX = 2,   /* signs by which template languages begin a tag */
	VALUE_MAX = 4096, /* bytes of a value as it was sent; of longer ones the extraction's form is compared */
};

#define DIGEST_START 0xcbf29ce484222325u

static uint64_t digest(uint64_t h, struct bytes b)
{
	for (size_t i = 0; i < b.left; i++)
		h = (h ^ b.at[i]) * 0x100000001b3u;
	return (h ^ 0x100u) * 0x100000001b3u;
}

static uint64_t digest_number(uint64_t h, uint64_t n)
{
	return digest(h, bytes_of(&n, sizeof(n)));
}

/* Does the value name something that the server fetches and shows, so that no code breaks out of anything? */
static bool names_resource(const struct attack_code *code)
{
	static const char *const classes[] = { "path", "include", "ssrf" };

	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		if (strcmp(code->class_name, classes[i]) == 0)
			return true;
	}
	return code->language == LANGUAGE_PATH || code->language == LANGUAGE_URL;
}

/* Is the value a page's own text, evaluated where it is shown? */
static bool is_template(const struct attack_code *code)
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
	return len > 0 ? digest(DIGEST_START, bytes_of(text.at + at, len)) | 1 : 0;
}

/* The signs with which SQL leaves the value that it stands in, up to its first word. */
static uint64_t sql_breakout(struct bytes value)
{
	size_t first = mask_base(value).left, end = first;

	while (end < value.left && !isalnum(value.at[end]))
		end++;
	return end < value.left ? mask_around(bytes_of(value.at, end + 1), bytes_of(value.at + end, 1)) : 0;
}

static bool is_sql(const struct attack_code *code)
{
	return strcmp(code->class_name, "sql") == 0;
}

static uint64_t around_of(const struct attack_code *code)
{
	/* machine code over a raw stream takes the one way that the service's fault leaves it */
	uint64_t around = code->sink == SINK_STREAM ? 1 : is_template(code) ? opener(code->text) :
		is_sql(code) ? sql_breakout(code->value) : mask_around(code->value, code->text);

	return around == 0 ? 0 : digest_number(digest_number(DIGEST_START, around), code->contexts) | 1;
}

/*
 * The value as the application got it: what the extraction undid beyond that, the application may not undo. In room, or
 * the extraction's own.
 */
static struct bytes value_of(const struct attack_code *code, uint8_t *room)
{
	struct sink out = sink_over(room, VALUE_MAX);

	if (code->raw.left > VALUE_MAX || (code->part != PART_REQUEST_HEAD && code->part != PART_REQUEST_BODY))
		return code->value;
	if (!decode_url.undo(code->raw, &out))
		return code->raw;
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
	struct bytes *cut = code->part == PART_REQUEST_BODY ? &body : &line, rest = line;
	uint64_t h = DIGEST_START;

	line = http_split(&rest, '\n');
	if (code->offset + code->raw.left <= cut->left) {
		h = digest(h, bytes_of(cut->at, code->offset));
		*cut = bytes_of(cut->at + code->offset + code->raw.left, cut->left - code->offset - code->raw.left);
	}
	return digest(digest(h, line), body);
}

/* Fills in what the value and its copies in the answer say. */
static void compare(const struct ruling *r, const struct attack_code *code, struct attempt *a)
{
	uint8_t room[VALUE_MAX];
	struct bytes value = value_of(code, room);
	bool numbers = code->sink == SINK_STREAM; /* lengths and counts of what was sent */
	struct masked answer, other;

	a->value = digest(DIGEST_START, value);
	a->shape = mask_shape(value);
	a->rest = rest_of(r, code);
	a->base = digest(DIGEST_START, mask_base(value)) | 1;
	a->broken = mask_broken(value);
	if (!mask_answer(r, value, numbers, &answer))
		return;
	if (answer.copies == 0 && mask_answer(r, code->value, numbers, &other) && other.copies > 0)
		answer = other;
	a->answer = answer.digest;
	a->copies = answer.copies;
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

void attempts_begin(struct ruling *r)
{
	const struct case_record *record = r->in->record;

	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct attack_code *code = &r->in->codes->codes[i];
		const struct report *report = r->in->reports[i];
		const struct sight *s = &r->sights[i];
		struct attempt *a = &r->attempts[i];

		*a = (struct attempt){ .time_ns = record->request_last_ns, .class_name = code->class_name,
		                       .language = code->language, .status = (uint16_t)r->views.status,
		                       .late_ns = s->late_ns, .around = around_of(code), .truth = truth_of(report) };
		/* several codes of one value that differ in how far it was decoded are one attempt */
		a->transaction = digest_number(digest_number(DIGEST_START, record->flow_id), record->tx_id);
		a->transaction = digest_number(digest_number(a->transaction, a->around), a->language);
		a->waits = s->delay_wanted;
		a->contact_missing = s->network_wanted && !s->contact;
		a->shown = s->found && s->where == REASON_TRACE_IN_RESPONSE;
		if (!s->found && !s->weak && !s->explained)
			a->missing_bits = bits_known(report);
		compare(r, code, a);
	}
}

void attempts_end(struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		struct place *p = place_of(r, i);
		struct attempt *a = &r->attempts[i];

		if (p == NULL || a->answer == 0)
			continue;
		a->end = r->sights[i].found ? END_RAN : proven_not_run(r, i) ? END_NOT_RUN : END_OPEN;
		series_note(&p->series, a);
	}
}

/* Did code that breaks out the same way run here? Then this one may have, whatever its answer. */
static bool ran_so(const struct place *p, const struct attempt *a)
{
	for (unsigned i = 0; i < p->series.count; i++) {
		const struct attempt *o = &p->series.at[i];

		if (o->end == END_RAN && o->around == a->around)
			return true;
	}
	return false;
}

/* The trace that says what the code asks. */
static unsigned truth_trace(const struct report *report)
{
	unsigned i = 0;

	while (i < report->traces_count && report->traces[i].kind != TRACE_TRUTH)
		i++;
	return i;
}

void truth_look(struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct attempt *a = &r->attempts[code];
	struct sight *s = &r->sights[code];
	struct evidence e = { .code = code, .packet = r->in->record->response_first_packet,
	                      .time_ns = r->in->record->response_first_ns };

	if (a->truth == TRUTH_NONE)
		return;
	s->truth_wanted = true;
	e.bits = p == NULL ? 0 : series_truth_bits(&p->series, a);
	if (e.bits <= 0)
		return;
	e.trace = truth_trace(r->in->reports[code]);
	e.found = e.bits + (ran_so(p, a) ? BITS_RAN : 0) >= r->in->success_bits && !s->found;
	snprintf(e.where, sizeof(e.where), "http.response");
	e.excerpt_len = (size_t)snprintf((char *)e.excerpt, sizeof(e.excerpt),
	                                 "one of several requests that are answered by what they ask, status %u, %zu bytes",
	                                 r->views.status, r->views.body.left);
	ruling_evidence(r, &e);
	s->weak |= !e.found && !s->found;
	if (e.found) {
		s->found = true;
		s->where = REASON_ANSWERS_FOLLOW;
	}
}

/* What the attempts that were answered like this one are, this one included. */
struct alike {
	unsigned others;
	bool ran, not_run;     /* with one of them; not_run: that breaks out like this one */
	bool contact_missing;
	double missing_bits;   /* of any */
	double missing_family; /* of this one, or of those that break out like it */
};

static struct alike alike_of(const struct place *p, const struct attempt *a)
{
	struct alike ret = { .contact_missing = a->contact_missing, .missing_bits = a->missing_bits,
	                     .missing_family = a->missing_bits };

	for (const struct attempt *o = series_alike(&p->series, a, NULL); o != NULL; o = series_alike(&p->series, a, o)) {
		bool family = o->around != 0 && o->around == a->around && o->language == a->language;

		ret.others++;
		ret.ran |= o->end == END_RAN;
		ret.not_run |= family && o->end == END_NOT_RUN;
		ret.contact_missing |= o->contact_missing;
		if (o->missing_bits > ret.missing_bits)
			ret.missing_bits = o->missing_bits;
		if (family && o->missing_bits > ret.missing_family)
			ret.missing_family = o->missing_bits;
	}
	return ret;
}

static bool comparable(const struct ruling *r, unsigned code, const struct place *p)
{
	return p != NULL && r->attempts[code].answer != 0 && r->in->codes->codes[code].sink != SINK_HEADER;
}

bool value_came_back(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	struct alike alike;

	if (!comparable(r, code, p) || !is_template(&r->in->codes->codes[code]) || r->attempts[code].copies == 0)
		return false;
	alike = alike_of(p, &r->attempts[code]);
	return alike.others > 0 && !alike.ran && alike.missing_family > 0;
}

bool value_refused(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	struct alike alike;

	if (!comparable(r, code, p) || !names_resource(&r->in->codes->codes[code]) || !status_refuses(r->views.status))
		return false;
	alike = alike_of(p, &r->attempts[code]);
	return alike.others > 0 && !alike.ran && (alike.contact_missing || alike.missing_bits >= r->in->success_bits);
}

/* Does the place show what it fetched without saying the value again? Then what says it is about the value. */
static bool shows_unquoted(const struct place *p, const struct attempt *a)
{
	bool unquoted = false;

	for (unsigned i = 0; i < p->series.count; i++) {
		const struct attempt *o = &p->series.at[i];

		if (!o->shown || o->rest != a->rest)
			continue;
		if (o->copies > 0)
			return false;
		unquoted = true;
	}
	return unquoted;
}

bool nothing_fetched(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	struct bytes between;
	struct alike alike;

	if (!comparable(r, code, p) || !names_resource(&r->in->codes->codes[code]) ||
	    series_shown(&p->series, &r->attempts[code]) == 0 ||
	    r->views.status / 100 != p->status_class || (framed(r, p, &between) && http_trim(between).left == 0))
		return false;
	alike = alike_of(p, &r->attempts[code]);
	return alike.others > 0 && !alike.ran &&
		(alike.missing_bits >= r->in->success_bits || (r->attempts[code].copies > 0 && shows_unquoted(p, &r->attempts[code])));
}

bool failed_alike(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct attempt *a = &r->attempts[code];
	const struct attack_code *c = &r->in->codes->codes[code];
	struct alike alike;

	/* SQL that one engine does not know says nothing of SQL that it knows */
	if (!comparable(r, code, p) || names_resource(c) || a->around == 0 || is_sql(c) || ran_so(p, a))
		return false;
	alike = alike_of(p, a);
	return !alike.ran && alike.not_run;
}

bool base_decides(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return comparable(r, code, p) && is_sql(&r->in->codes->codes[code]) &&
		series_base_decides(&p->series, &r->attempts[code]);
}

bool others_followed(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return comparable(r, code, p) && is_sql(&r->in->codes->codes[code]) &&
		series_follows_others(&p->series, &r->attempts[code]);
}

bool ran_alike(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return p != NULL && ran_so(p, &r->attempts[code]);
}
