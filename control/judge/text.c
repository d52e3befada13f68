/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text traces in the response: found, explained, weak, or half there. */
#include "control/extract/http.h"
#include "control/judge/ruling.h"
#include "control/judge/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MATCHES_MAX = 64,   /* occurrences of one trace weighed in one view */
	LINE_MIN = 6,       /* letters and digits of an output's line that is worth a near miss */
	LINE_MAX = 1024,
	PLACE_BITS = 20,    /* a place that showed a result before shows the next one: what is left must only tell them apart */
	FRAME_MIN = 4,      /* bytes on both sides by which the place of a result is known again */
	BITS_MIN = 8,       /* less is no evidence even there */
	ECHO_BITS = 26,     /* where the value or a result of it is to stand, and nothing but running the code puts this there */
	ECHO_MIN = 5,
	GAPS = 4,           /* places of a page that change with the value, where one is known by what stands around it */
	GAP_MAX = 4096,     /* bytes that stood there before */
};

bool trace_is_text(const struct trace *t)
{
	return t->kind == TRACE_TEXT || t->kind == TRACE_DATA;
}

double bits_searched(double n)
{
	return n > 1 ? log2(n) : 0;
}

static struct place *place_here(const struct ruling *r, const struct attack_code *code)
{
	return place_of(r, (unsigned)(code - r->in->codes->codes));
}

/* The part of this response in which it differs from the last one of the same place; all of it where none is known. */
static struct bytes changed_part(const struct ruling *r, const struct attack_code *code)
{
	const struct place *p = place_here(r, code);
	struct bytes b = r->views.body;
	size_t front = 0, back = 0;

	if (p == NULL || p->body == NULL)
		return b;
	while (front < b.left && front < p->body_len && b.at[front] == p->body[front])
		front++;
	while (back < b.left - front && back < p->body_len - front && b.at[b.left - 1 - back] == p->body[p->body_len - 1 - back])
		back++;
	return bytes_of(b.at + front, b.left - front - back);
}

/* Does the match stand where a value that was data stood, all of it? */
static bool stands_in_echo(const struct place *p, const struct view *v, struct bytes body, size_t start, size_t end)
{
	if (p != NULL && p->echo_alone && v->plain && v->text.at == body.at && is_all(v->text, start, end))
		return true;
	return p != NULL && v->plain && v->text.at == body.at && p->echo_before_len >= FRAME_MIN && p->echo_after_len >= FRAME_MIN &&
		start >= p->echo_before_len && v->text.left - end >= p->echo_after_len &&
		memcmp(v->text.at + start - p->echo_before_len, p->echo_before, p->echo_before_len) == 0 &&
		memcmp(v->text.at + end, p->echo_after, p->echo_after_len) == 0;
}

/* Is the match all that stands where ordinary requests see their value again? */
static bool stands_for_ordinary(struct ruling *r, unsigned code, struct bytes match)
{
	struct bytes *region = &r->regions[code];

	if (r->echoed[code] == NOT_ASKED) {
		*region = echo_of(r, code).region;
		*region = region->at != NULL ? bytes_trim(*region) : *region;
		r->echoed[code] = ASKED_YES;
	}
	return region->left > 0 && region->at == match.at && region->left == match.left;
}

/* Does what stands around the match stand in the place's last response too, around something else? */
static bool stands_in_gap(const struct place *p, struct bytes text, size_t start, size_t end)
{
	size_t before = start < PLACE_FRAME_MAX ? start : PLACE_FRAME_MAX;
	size_t after = text.left - end < PLACE_FRAME_MAX ? text.left - end : PLACE_FRAME_MAX;
	struct bytes front = bytes_of(text.at + start - before, before), back = bytes_of(text.at + end, after), rest;
	ptrdiff_t at;

	if (p == NULL || p->body == NULL || before < FRAME_MIN || after < FRAME_MIN ||
	    (at = bytes_find(bytes_of(p->body, p->body_len), front)) < 0)
		return false;
	rest = bytes_of(p->body + at + before, p->body_len - (size_t)at - before);
	if (bytes_find(rest, front) >= 0)
		return false;
	if (rest.left > GAP_MAX + after)
		rest.left = GAP_MAX + after;
	at = bytes_find(rest, back);
	return at >= 0 && !bytes_equal(bytes_of(rest.at, (size_t)at), bytes_of(text.at + start, end - start));
}

/*
 * How much was looked at for this match: one place where results of this parameter stand, or what changed since the
 * last response of the place, or all views.
 */
static double places_searched(struct ruling *r, unsigned index, const struct view *v, struct bytes changed,
                              size_t start, size_t end)
{
	const struct attack_code *code = &r->in->codes->codes[index];
	double tried = r->texts_tried > 0 ? r->texts_tried : 1;

	if (!v->plain || v->text.at != r->views.body.at)
		return (double)views_size(&r->views) * tried;
	if (stands_in_frame(place_here(r, code), v->text, start, end) ||
	    stands_in_echo(place_here(r, code), v, r->views.body, start, end))
		return tried;
	if (stands_in_gap(place_here(r, code), v->text, start, end))
		return GAPS * tried;
	if (stands_for_ordinary(r, index, bytes_of(v->text.at + start, end - start)))
		return tried;
	if (changed.left > 0 && changed.left < r->views.body.left && v->text.at + start >= changed.at &&
	    v->text.at + start < changed.at + changed.left)
		return (double)changed.left * tried;
	return (double)views_size(&r->views) * tried;
}

static struct evidence evidence_at(const struct view *v, unsigned code, unsigned trace, size_t start, size_t end)
{
	struct evidence e = { .code = code, .trace = trace };
	const struct segment_mark *mark = NULL;
	size_t len = 0;

	e.offset = view_origin(v, start);
	mark = case_part_mark(v->part, e.offset);
	if (mark != NULL) {
		e.packet = mark->packet;
		e.time_ns = mark->time_ns;
	}
	len = strlen(v->where) < sizeof(e.where) ? strlen(v->where) : sizeof(e.where) - 1;
	memcpy(e.where, v->where, len);
	e.excerpt_len = end - start < sizeof(e.excerpt) ? end - start : sizeof(e.excerpt);
	memcpy(e.excerpt, v->text.at + start, e.excerpt_len);
	return e;
}

/* Lines with something in them. */
static unsigned lines_of(struct bytes text)
{
	unsigned n = 0;

	while (text.left > 0)
		n += bytes_trim(http_split(&text, '\n')).left > 0;
	return n;
}

/* Keeps what a success showed of its place: where results stand there. */
static void learn_frame(struct ruling *r, const struct attack_code *code, const struct view *v, size_t start, size_t end)
{
	struct place *p = place_book_take(r->in->places, r->in->record, code);

	if (p == NULL)
		return;
	p->runs_code = p->shows_results = true;
	p->shows_lines |= lines_of(bytes_of(v->text.at + start, end - start)) > 1;
	p->status_class = (uint16_t)(r->views.status / 100);
	if (!v->plain)
		return;
	frame_learn(p, v->text, start, end);
	p->before_len = start < PLACE_FRAME_MAX ? start : PLACE_FRAME_MAX;
	memcpy(p->before, v->text.at + start - p->before_len, p->before_len);
	p->after_len = v->text.left - end < PLACE_FRAME_MAX ? v->text.left - end : PLACE_FRAME_MAX;
	memcpy(p->after, v->text.at + end, p->after_len);
}

/*
 * What is known of a place counts beside the evidence itself: that it ran code and showed the result before, and what
 * other traces left here, too weak each to prove it alone.
 */
static double place_says(const struct ruling *r, const struct attack_code *code, const struct trace *t, struct bytes text)
{
	const struct place *p = place_here(r, code);

	if (p == NULL)
		return 0;
	return p->shows_results ? PLACE_BITS : place_probes_bits(p, t->pattern, text);
}

/* Reads files rather than runs: its errors are told apart from what it shows already. */
static bool is_reading(enum language l)
{
	return l == LANGUAGE_PATH || l == LANGUAGE_URL || l == LANGUAGE_XML;
}

/*
 * Does the match stand where a result of code that breaks out the same way stood, or where a value that is data stands, and
 * the value itself does not? A template is the whole of a value: where others come back as they are, this one was worked out.
 */
static bool in_place_of_value(struct ruling *r, unsigned code, const struct view *v, size_t start, size_t end)
{
	const struct place *p = place_of(r, code);
	bool whole = code_is_template(&r->in->codes->codes[code]), plain = v->plain && v->text.at == r->views.body.at;

	if (r->attempts[code].copies > 0)
		return false;
	if (others_ran_alike(r, code) && plain && stands_in_frame(p, v->text, start, end))
		return true;
	return (whole || others_ran_alike(r, code)) && (stands_in_echo(p, v, r->views.body, start, end) ||
		(plain && stands_for_ordinary(r, code, bytes_of(v->text.at + start, end - start))));
}

/* Is the match strong enough, with what is known of the place? */
static bool is_enough(struct ruling *r, unsigned code, const struct trace *t, const struct view *v, size_t start,
                      size_t end, double bits)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	bool echo = in_place_of_value(r, code, v, start, end);
	double known = place_says(r, c, t, bytes_of(v->text.at + start, end - start));

	if (echo && known < ECHO_BITS)
		known = ECHO_BITS;
	return bits >= (echo ? ECHO_MIN : BITS_MIN) && bits + known >= r->in->success_bits && !response_excerpts(r, code);
}

/* A stored page, by its kind no program: nothing of its query chooses what it shows. */
static bool is_page_of_its_own(const struct ruling *r, unsigned code)
{
	static const char *const endings[] = { ".html", ".htm", ".xhtml", ".txt", ".css", ".js", ".json", ".xml", ".md", ".pdf", ".svg" };
	struct bytes path = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).path;

	for (size_t i = 0; r->in->codes->codes[code].parameter[0] != '\0' && i < COUNT_OF(endings); i++) {
		size_t len = strlen(endings[i]);

		if (path.left > len && bytes_equal_fold(bytes_of(path.at + path.left - len, len), bytes_text(endings[i])))
			return true;
	}
	return false;
}

/* The letters and digits of a text are all of another's: it is that one without its signs. */
static bool same_reduced(struct bytes a, struct bytes b)
{
	uint8_t one[LINE_MAX], other[LINE_MAX];
	size_t len = reflection_reduce(a, one, sizeof(one));

	return reflection_reduce(b, other, sizeof(other)) == len && memcmp(one, other, len) == 0;
}

/*
 * Is there another reason why this match stands there? A whole answer that others get too proves nothing, nor does the
 * text of a stored file (which a traversal reads, but no other code prints), nor what the request holds itself, nor what
 * other pages hold. A piece of the value and a line of another page do not stand where all of the value or a result would.
 */
static bool is_explained(struct ruling *r, unsigned code, struct search *s, const struct view *v, size_t start,
                         size_t end)
{
	const struct attack_code *c = &r->in->codes->codes[code];

	if (r->ordinary || r->views.cached || (r->views.stored && (!is_reading(c->language) || is_page_of_its_own(r, code))))
		return true;
	if (in_place_of_value(r, code, v, start, end) && !same_reduced(bytes_of(v->text.at + start, end - start), c->value))
		return false;
	return reflection_explains(r->reflection, bytes_of(v->text.at + start, end - start)) ||
		reflection_mirrors(r->reflection, v->text, start, end) ||
		line_is_ordinary(r, v, start, end) || server_holds(r, s);
}

/* Every occurrence of one trace in one view. True: it was found for good, nothing stronger will come. */
static bool look_in_view(struct ruling *r, unsigned code, unsigned trace, struct search *s, const struct view *v,
                         struct bytes changed)
{
	const struct trace *t = &r->in->reports[code]->traces[trace];
	struct sight *sight = &r->sights[code];
	size_t at = 0, start = 0, end = 0;

	for (unsigned n = 0; n < MATCHES_MAX && search_next(s, v->text, &at, &start, &end); n++) {
		struct bytes match = bytes_of(v->text.at + start, end - start);
		struct evidence e;

		if (is_explained(r, code, s, v, start, end)) {
			sight->explained = true;
			continue;
		}
		e = evidence_at(v, code, trace, start, end);
		e.bits = t->bits - bits_searched(places_searched(r, code, v, changed, start, end));
		e.found = is_enough(r, code, t, v, start, end, e.bits);
		ruling_evidence(r, &e);
		if (e.found) {
			sight->found = true;
			sight->where = t->kind == TRACE_DATA ? REASON_TRACE_ON_OWN_CONNECTION : REASON_TRACE_IN_RESPONSE;
			learn_frame(r, &r->in->codes->codes[code], v, start, end);
			rows_learn(r, code, v, start, end);
			return true;
		}
		sight->weak = true;
		if (e.bits > sight->weak_bits) {
			sight->weak_bits = e.bits;
			sight->weak_pattern = t->pattern;
			sight->weak_text = match;
		}
	}
	return false;
}

/* Does one line of what the code printed stand in the response, however shown? Then something of it may have run. */
static bool near_miss(const struct ruling *r, struct bytes text)
{
	uint8_t line[LINE_MAX];
	bool near = r->reduced == NULL;

	while (text.left > 0 && !near) {
		struct bytes piece = http_split(&text, '\n');
		size_t len = reduced_may_hold(r, piece) ? reflection_reduce(piece, line, sizeof(line)) : 0;

		near = len >= LINE_MIN && reduced_find(r, 0, line, len) != NULL &&
			!reflection_explains(r->reflection, piece);
	}
	return near;
}

static bool left_by(const struct trace *t, struct bytes profile)
{
	struct bytes rest = t->profiles;

	while (rest.left > 0) {
		if (bytes_equal(http_split(&rest, '\0'), profile))
			return true;
	}
	return false;
}

/*
 * Was the error all that came of the code wherever it was printed? Behind or before many an error the rest of a code
 * runs, and a program that complains was run.
 */
static bool nothing_but_error(const struct report *report, const struct trace *t)
{
	unsigned printed = 0;

	for (uint32_t i = 0; i < report->runs_count; i++) {
		const struct run *run = &report->runs[i];

		if (!left_by(t, run->profile))
			continue;
		printed++;
		if (run->out.left > 0 || run->events_count > 0 || run->events_left > 0)
			return false;
	}
	return printed > 0;
}

static bool is_sql(enum language l)
{
	return l == LANGUAGE_SQL || (l >= LANGUAGE_SQL_MYSQL && l <= LANGUAGE_SQL_SQLITE);
}

/*
 * What has no program of its own is evaluated: its errors are told apart from what it does already. A database reads a
 * statement to its end, and finds every name in it, before it runs any of it.
 */
static bool is_evaluated(enum language l)
{
	return is_reading(l) || is_sql(l);
}

/* Do a database's words stand in the body at all? That is quicker asked than searched for: there are many of them. */
static bool may_be_there(const struct ruling *r, struct bytes words)
{
	uint8_t line[LINE_MAX];
	size_t len;

	if (!reduced_may_hold(r, words))
		return false;
	len = reflection_reduce(words, line, sizeof(line));
	return r->reduced == NULL || len == 0 || reduced_find(r, 0, line, len) != NULL;
}

/* The interpreter's error that emulation predicted, standing in the response by itself. */
static void look_for_error(struct ruling *r, unsigned code, const struct trace *t)
{
	struct search *s = NULL;
	size_t at = 0, start = 0, end = 0;

	if ((is_sql(r->in->reports[code]->language) && !may_be_there(r, t->text)) ||
	    (!is_evaluated(r->in->reports[code]->language) && !nothing_but_error(r->in->reports[code], t)) ||
	    searches_take(place_book_searches(r->in->places), t->pattern, views_size(&r->views), &s) < 0)
		return;
	for (unsigned i = 0; search_may_match(s, &r->held) && i < r->views.count && !r->sights[code].rejected; i++) {
		const struct view *v = &r->views.at[i];

		at = 0;
		while (!r->sights[code].rejected && search_next(s, v->text, &at, &start, &end)) {
			r->sights[code].rejected =
				!reflection_explains(r->reflection, bytes_of(v->text.at + start, end - start)) &&
				t->bits - bits_searched((double)views_size(&r->views)) >= r->in->success_bits;
		}
	}
	searches_give(s);
}

/* A text that a success leaves in later responses: it is awaited until the window is over, wherever this one stands. */
static void look_later(struct ruling *r, unsigned code, unsigned trace)
{
	const struct trace *t = &r->in->reports[code]->traces[trace];
	struct later *later = place_book_later(r->in->places);
	struct evidence e = { .code = code, .trace = trace };
	const struct awaited *a = NULL;

	r->sights[code].later_wanted = true;
	later_await(later, r->in->record, code, trace, t->pattern, r->window_end_ns);
	if ((a = later_find(later, r->in->record, code, trace)) == NULL)
		return;
	r->sights[code].explained |= a->explained;
	if (!a->found)
		return;
	e.bits = t->bits - bits_searched(a->searched * (r->texts_tried > 0 ? r->texts_tried : 1));
	e.found = e.bits >= r->in->success_bits;
	e.packet = a->packet;
	e.time_ns = a->time_ns;
	e.offset = a->offset;
	snprintf(e.where, sizeof(e.where), "http.response_body");
	e.excerpt_len = a->excerpt_len;
	memcpy(e.excerpt, a->excerpt, a->excerpt_len);
	ruling_evidence(r, &e);
	r->sights[code].weak |= !e.found;
	r->sights[code].found |= e.found;
	if (e.found)
		r->sights[code].where = REASON_TRACE_IN_LATER_RESPONSE;
}

void text_look(struct ruling *r, unsigned code)
{
	const struct report *report = r->in->reports[code];
	struct sight *sight = &r->sights[code];
	struct bytes changed = changed_part(r, &r->in->codes->codes[code]);

	for (unsigned i = 0; report != NULL && i < report->traces_count; i++) {
		const struct trace *t = &report->traces[i];
		struct search *s = NULL;

		if (t->kind == TRACE_ERROR)
			look_for_error(r, code, t);
		if (trace_is_text(t) && t->place == PLACE_LATER_RESPONSE) {
			look_later(r, code, i);
			continue;
		}
		if (!trace_is_text(t))
			continue;
		sight->text_wanted = true;
		sight->must_lines += trace_binds(t) ? lines_of(t->text) : 0;
		if (searches_take(place_book_searches(r->in->places), t->pattern, views_size(&r->views), &s) < 0) {
			sight->gave_up = true;
			continue;
		}
		for (unsigned v = search_may_match(s, &r->held) ? 0 : r->views.count; v < r->views.count && !look_in_view(r, code, i, s, &r->views.at[v], changed); v++)
			;
		sight->gave_up |= search_gave_up(s);
		if (!sight->found && !sight->explained && near_miss(r, t->text))
			sight->weak = true;
		searches_give(s);
	}
}
