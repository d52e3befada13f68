/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of the victim's own tables: nobody knows what they hold, but where a result of the same break-out was seen to
 * stand (a made-up row, what a stacked statement gave), they stand too. One statement gives all rows or none, so that a new one says that the code's part ran.
 */
#include "control/extract/http.h"
#include "control/judge/digest.h"
#include "control/judge/ruling.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	CELL_MIN = 4,    /* bytes of what stands before and after a cell's text */
	TEXT_MIN = 4,    /* letters and digits of a text that is worth anything */
	TEXT_MAX = 256,
	TEXTS_MAX = 512, /* cells of one page looked at */
};

/* That the place shows results of this break-out, and that this text is none that it shows to others. */
static const double ROW_BITS = 32;

/* Does it select rows of its own after this word? */
static bool selects_after(const struct attack_code *code, const char *word)
{
	bool joined = false;

	if (!code_is_sql(code))
		return false;
	for (size_t i = 0; i < code->text.left; i++) {
		struct bytes rest = bytes_of(code->text.at + i, code->text.left - i);

		joined |= bytes_starts_fold(rest, bytes_text(word));
		if (joined && bytes_starts_fold(rest, bytes_text("select")))
			return true;
	}
	return false;
}

/* Does it put rows of its own beside those of the statement that it breaks out of? */
static bool is_union(const struct attack_code *code)
{
	return selects_after(code, "union");
}

/* The tags around the text in which this byte stands. */
static bool tags_around(struct bytes body, size_t at, size_t *from, size_t *start, size_t *end, size_t *to)
{
	for (*start = at; *start > 0 && body.at[*start - 1] != '>'; (*start)--) {
		if (body.at[*start - 1] == '<')
			return false;
	}
	for (*from = *start; *from > 0 && body.at[*from] != '<';)
		(*from)--;
	for (*end = at; *end < body.left && body.at[*end] != '<';)
		(*end)++;
	for (*to = *end; *to < body.left && body.at[*to] != '>';)
		(*to)++;
	return *start > 0 && (*to)++ < body.left;
}

/* The quotes around the JSON value in which this byte stands, with the value's name. */
static bool quotes_around(struct bytes body, size_t at, size_t *from, size_t *start, size_t *end, size_t *to)
{
	unsigned quotes = 0;

	for (*start = at; *start > 0 && body.at[*start - 1] != '"';)
		(*start)--;
	for (*from = *start; *from > 0 && quotes < 3;)
		quotes += body.at[--(*from)] == '"';
	for (*end = at; *end < body.left && body.at[*end] != '"';)
		(*end)++;
	*to = *end + 1;
	return *to <= body.left && quotes == 3 && memchr(body.at + *from, ':', *start - *from) != NULL;
}

/* What stands before this byte in its line of plain text; the text goes on to the line's end. */
static bool line_around(struct bytes body, size_t at, size_t *from, size_t *start, size_t *end, size_t *to)
{
	for (*from = *start = at; *from > 0 && body.at[*from - 1] != '\n';)
		(*from)--;
	for (*end = at; *end < body.left && body.at[*end] != '\n';)
		(*end)++;
	*to = *end;
	return true;
}

void rows_learn(const struct ruling *r, unsigned code, const struct view *v, size_t start, size_t end)
{
	struct place *p = place_of(r, code);
	struct bytes body = r->views.body;
	bool (*around)(struct bytes, size_t, size_t *, size_t *, size_t *, size_t *) =
		body.left > 0 && (body.at[0] == '{' || body.at[0] == '[') ? quotes_around :
		memchr(body.at, '<', body.left) != NULL ? tags_around : line_around;
	size_t from, to, last = end, result;
	bool united = is_union(&r->in->codes->codes[code]);

	if (p == NULL || v->text.at != body.at || (!united && !selects_after(&r->in->codes->codes[code], ";")))
		return;
	/* a pattern may hold the signs around the text */
	while (start < last && !isalnum(body.at[start]))
		start++;
	result = start;
	if (start == last || !around(body, start, &from, &start, &end, &to) || (!united && start != result) ||
	    start - from < CELL_MIN || start - from > PLACE_FRAME_MAX || to - end > PLACE_FRAME_MAX)
		return;
	p->cell_before_len = start - from;
	memcpy(p->cell_before, body.at + from, p->cell_before_len);
	p->cell_after_len = to - end;
	memcpy(p->cell_after, body.at + end, p->cell_after_len);
}

/* The next cell's text from *at on; false where there is none. */
static bool next_cell(const struct place *p, struct bytes body, size_t *at, struct bytes *ret)
{
	ptrdiff_t found, len;

	while (p->cell_before_len > 0 &&
	       (found = bytes_find(bytes_of(body.at + *at, body.left - *at), bytes_of(p->cell_before, p->cell_before_len))) >= 0) {
		*at += (size_t)found + p->cell_before_len;
		*ret = bytes_of(body.at + *at, body.left - *at < TEXT_MAX ? body.left - *at : TEXT_MAX);
		if (p->cell_after_len == 0) {
			struct bytes line = *ret;

			*ret = bytes_trim(http_split(&line, '\n'));
			return true;
		}
		if ((len = bytes_find(*ret, bytes_of(p->cell_after, p->cell_after_len))) < 0)
			continue;
		ret->left = (size_t)len;
		*at += ret->left;
		return true;
	}
	return false;
}

static bool is_known(const struct place *p, struct bytes text)
{
	for (unsigned i = 0; i < p->cells_count && i < CELLS_MAX; i++) {
		if (p->cells[i] == digest_of(text))
			return true;
	}
	return false;
}

/* Does another answer at this address hold it, that no attack got? */
static bool others_hold(const struct ruling *r, struct bytes text)
{
	struct bytes path = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).path;
	struct memory_cursor c = answers_of(r);
	const struct history *h = NULL;

	while ((h = memory_next(&c)) != NULL) {
		struct bytes target = h->name;

		if (!h->suspect && h->tuple.dport == r->in->record->tuple.dport && bytes_equal(http_split(&target, '?'), path) &&
		    bytes_find(h->sample, text) >= 0)
			return true;
	}
	return false;
}

static bool is_new(const struct ruling *r, const struct place *p, struct bytes text)
{
	unsigned n = 0;

	for (size_t i = 0; i < text.left; i++) {
		n += isalnum(text.at[i]) != 0 || text.at[i] >= 0x80;
		if (text.at[i] == '<')
			return false;
	}
	return n >= TEXT_MIN && !reflection_explains(r->reflection, text) && !is_known(p, text) && !others_hold(r, text);
}

/* Cells of answers to what brings no rows: a word of the page itself may stand in one. */
void rows_note(const struct ruling *r, unsigned code)
{
	struct place *p = place_of(r, code);
	struct bytes text;
	size_t at = 0;

	if (p == NULL || !code_is_sql(&r->in->codes->codes[code]) || is_union(&r->in->codes->codes[code]))
		return;
	for (unsigned n = 0; n < TEXTS_MAX && next_cell(p, r->views.body, &at, &text); n++) {
		if (!is_known(p, text))
			p->cells[p->cells_count++ % CELLS_MAX] = digest_of(text);
	}
}

void rows_look(struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct report *report = r->in->reports[code];
	struct sight *s = &r->sights[code];
	struct evidence e = { .code = code, .bits = ROW_BITS, .found = true };
	const struct segment_mark *mark;
	struct bytes text;
	size_t at = 0;

	if (s->found || s->rejected || p == NULL || report == NULL || report->traces_count == 0 || p->cell_before_len == 0 ||
	    !is_union(&r->in->codes->codes[code]) || !response_whole(r) || r->ordinary ||
	    r->views.status / 100 != p->status_class || !ran_alike(r, code))
		return;
	for (unsigned n = 0; n < TEXTS_MAX && next_cell(p, r->views.body, &at, &text); n++) {
		if (!is_new(r, p, text))
			continue;
		e.offset = (uint64_t)(text.at - r->views.body.at);
		if ((mark = case_part_mark(&r->in->record->parts[PART_RESPONSE_BODY], e.offset)) != NULL) {
			e.packet = mark->packet;
			e.time_ns = mark->time_ns;
		}
		snprintf(e.where, sizeof(e.where), "http.response_body");
		e.excerpt_len = text.left;
		memcpy(e.excerpt, text.at, text.left);
		ruling_evidence(r, &e);
		s->found = true;
		s->where = REASON_TRACE_IN_RESPONSE;
		return;
	}
}
