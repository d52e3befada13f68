/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where results stood in the answers of a place, and what stands there now: the value itself (R3), or nothing new (R5). */
#include "control/extract/http.h"
#include "control/judge/ruling.h"

#include <ctype.h>
#include <string.h>

enum {
	SOURCE_MAX = 512, /* bytes of a script by which it is known where it is shown */
	FRAME_MIN = 4, /* bytes on both sides by which the place of a result is known again */
	SHOWN_MIN = 3, /* results that a place showed before it is trusted to show the next one */
};

struct place *place_of(const struct ruling *r, unsigned code)
{
	return place_book_at(r->in->places, r->place_keys[code]);
}

bool framed(const struct ruling *r, const struct place *p, struct bytes *ret)
{
	struct bytes body = r->views.body;
	ptrdiff_t at, end;

	if (p->before_len < FRAME_MIN || p->after_len < FRAME_MIN ||
	    (at = bytes_find(body, bytes_of(p->before, p->before_len))) < 0)
		return false;
	body = bytes_of(body.at + at + p->before_len, body.left - (size_t)at - p->before_len);
	if ((end = bytes_find(body, bytes_of(p->after, p->after_len))) < 0)
		return false;
	*ret = bytes_of(body.at, (size_t)end);
	return true;
}

/* Equal, where a digit may stand for any other: times and counts around a result change. */
static bool equal_but_digits(const uint8_t *a, const uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (a[i] != b[i] && !(isdigit(a[i]) && isdigit(b[i])))
			return false;
	}
	return true;
}

static void edge_learn(struct edges *e, struct bytes text)
{
	struct edge *to;

	for (unsigned i = 0; i < e->count && i < EDGES_MAX; i++) {
		if (e->at[i].len == text.left && equal_but_digits(e->at[i].text, text.at, text.left))
			return;
	}
	if (text.left < FRAME_MIN)
		return;
	to = &e->at[e->count++ % EDGES_MAX];
	to->len = text.left;
	memcpy(to->text, text.at, text.left);
}

/* What stands around a result begins behind the blanks beside it: a command's output ends in a line's end, a number in none. */
static void without_blanks(struct bytes text, size_t *start, size_t *end)
{
	while (*start > 0 && isspace(text.at[*start - 1]))
		(*start)--;
	while (*end < text.left && isspace(text.at[*end]))
		(*end)++;
}

void frame_learn(struct place *p, struct bytes text, size_t start, size_t end)
{
	size_t before, after;

	without_blanks(text, &start, &end);
	before = start < PLACE_FRAME_MAX ? start : PLACE_FRAME_MAX;
	after = text.left - end < PLACE_FRAME_MAX ? text.left - end : PLACE_FRAME_MAX;
	p->result_first |= start == 0;
	edge_learn(&p->fronts, bytes_of(text.at + start - before, before));
	edge_learn(&p->backs, bytes_of(text.at + end, after));
}

bool is_all(struct bytes text, size_t start, size_t end)
{
	return start == 0 && bytes_trim(bytes_of(text.at + end, text.left - end)).left == 0;
}

bool stands_in_frame(const struct place *p, struct bytes text, size_t start, size_t end)
{
	bool front, back;

	without_blanks(text, &start, &end);
	/* what is left out of a result that was longer stood behind it: the body's end is as good as any */
	front = p != NULL && p->result_first && start == 0;
	back = end == text.left;
	for (unsigned i = 0; p != NULL && i < EDGES_MAX; i++) {
		const struct edge *f = &p->fronts.at[i], *b = &p->backs.at[i];

		front |= f->len > 0 && start >= f->len && equal_but_digits(text.at + start - f->len, f->text, f->len);
		back |= b->len > 0 && text.left - end >= b->len && equal_but_digits(text.at + end, b->text, b->len);
	}
	return front && back;
}

/* Is a script that the request asks for shown instead of run? Then nothing in the request was run by it either. */
static bool source_shown(const struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct attack_code *c = &r->in->codes->codes[i];
		struct bytes text = bytes_trim(c->text);

		if (c->layers_count == 0 || strcmp(c->layers[0], EXTRACT_UPLOADED) != 0 || text.left == 0)
			continue;
		if (text.left > SOURCE_MAX)
			text.left = SOURCE_MAX;
		for (unsigned v = 0; v < r->views.count; v++) {
			if (bytes_find(r->views.at[v].text, text) >= 0)
				return true;
		}
	}
	return false;
}

bool came_back(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct attack_code *c = &r->in->codes->codes[code];
	struct bytes between;

	if (script_is_inert(r, code) || (c->sink == SINK_RESOURCE && response_whole(r) && source_shown(r)))
		return true;
	return p != NULL && response_whole(r) && c->sink == SINK_RESOURCE && framed(r, p, &between) && between.left > 0 &&
		(bytes_equal(between, c->value) || bytes_equal(between, c->text));
}

/* Equal but for numbers: times and counts change from answer to answer. */
static bool same_line(struct bytes a, struct bytes b)
{
	if (a.left != b.left)
		return false;
	for (size_t i = 0; i < a.left; i++) {
		if (a.at[i] != b.at[i] && !(isdigit(a.at[i]) && isdigit(b.at[i])))
			return false;
	}
	return true;
}

static bool has_line(struct bytes text, struct bytes line)
{
	while (text.left > 0) {
		if (same_line(bytes_trim(http_split(&text, '\n')), line))
			return true;
	}
	return false;
}

/*
 * Does all that stands there come from the request, or from answers that were given to others? Else it may be what the
 * code printed here, though no emulated server prints it so.
 */
static bool nothing_new(const struct ruling *r, const struct place *p)
{
	struct bytes rest;

	if (!framed(r, p, &rest))
		rest = r->views.body;
	while (rest.left > 0) {
		struct bytes line = bytes_trim(http_split(&rest, '\n'));

		if (line.left > 0 && !reflection_explains(r->reflection, line) &&
		    !place_book_knows_line(r->in->places, r->in->record, line) &&
		    !(p->body != NULL && has_line(bytes_of(p->body, p->body_len), line)))
			return false;
	}
	return true;
}

/* What a substitution prints becomes a word of another command, and a background's output may come too late. */
static bool should_show(const struct ruling *r, unsigned code)
{
	return r->sights[code].must_lines > 0 && emulated_to_the_end(r, code) && response_whole(r) &&
		(r->in->codes->codes[code].contexts & (CONTEXT_SUBSTITUTION | CONTEXT_BACKGROUND)) == 0;
}

/*
 * A place may show the first or the last line alone, which may be another command's, unless it showed several before. Where
 * code that breaks out the same way ran, this may have run too and was hidden.
 */
bool shown_trace_missing(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	const struct place *p = place_of(r, code);

	/* one stream carries messages to many places, which it does not tell apart by a path */
	if (c->sink == SINK_STREAM && c->language != LANGUAGE_MACHINE)
		return false;
	return p != NULL && p->shows_lines && series_shown(&p->series, &r->attempts[code]) >= SHOWN_MIN && should_show(r, code) && !ran_alike(r, code) &&
		r->views.status / 100 == p->status_class && nothing_new(r, p);
}
