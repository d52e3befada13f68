/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns from samples, by aligning the tokens of each with those of the first. */
#include "emu/trace/pattern.h"

#include "emu/trace/align.h"
#include "emu/trace/model.h"

#include <stdio.h>
#include <string.h>

_Static_assert((int)LINE_TOKENS_MAX <= (int)ALIGN_MAX, "a line's tokens can be aligned");

struct row {
	struct bytes line;
	unsigned count;
	struct token tokens[LINE_TOKENS_MAX];
	uint16_t partner[LINE_TOKENS_MAX]; /* of the reference's token i: which of these */
};

struct pair {
	const struct row *a, *b;
};

static unsigned token_weight(const void *context, unsigned i, unsigned j)
{
	const struct pair *p = context;
	const struct token *a = &p->a->tokens[i], *b = &p->b->tokens[j];

	if (!token_equal(p->a->line, a, p->b->line, b))
		return 0;
	return a->kind == TOKEN_SPACE ? 1 : a->kind == TOKEN_MARK ? 2 : 2 + 2 * (a->len < 100 ? a->len : 100);
}

/* From the end of token `from` (-1: the line's begin) to the begin of token `to` (count: the line's end). */
static struct bytes between(const struct row *r, int from, unsigned to)
{
	size_t begin = from < 0 ? 0 : r->tokens[from].at + r->tokens[from].len;
	size_t end = to < r->count ? r->tokens[to].at : r->line.left;

	return bytes_of(r->line.at + begin, end > begin ? end - begin : 0);
}

/* Is all of these tokens one name of a server? */
static bool is_name(const struct row *r, int from, unsigned to)
{
	return (unsigned)from + 1 == to && r->tokens[from].kind == TOKEN_NAME;
}

static void add_literal(struct pattern *p, struct bytes part)
{
	struct piece *last = p->count > 0 ? &p->pieces[p->count - 1] : NULL;

	if (part.left == 0)
		return;
	if (last != NULL && last->literal.left > 0 && last->literal.at + last->literal.left == part.at)
		last->literal.left += part.left;
	else if (p->count < PIECES_MAX)
		p->pieces[p->count++] = (struct piece){ .literal = part };
}

/* The gap before the reference's token `to`; last: the token of each row that was literal before it, or -1. */
static void add_gap(struct pattern *p, const struct row *rows, unsigned count, const int *last, unsigned to)
{
	struct bytes samples[64];
	unsigned n = count < COUNT_OF(samples) ? count : COUNT_OF(samples);
	bool something = false, release = true;

	for (unsigned i = 0; i < n; i++) {
		unsigned end = to < rows[0].count ? (i == 0 ? to : rows[i].partner[to]) : rows[i].count;

		samples[i] = between(&rows[i], last[i], end);
		something |= samples[i].left > 0;
		release &= is_name(&rows[i], last[i] + 1, end) && hole_is_version(samples[i]);
	}
	if (something && p->count < PIECES_MAX)
		p->pieces[p->count++] = (struct piece){ .hole = release ? (struct hole){ HOLE_VERSION, 5, VERSION_MAX } : hole_of(samples, n) };
}

static bool partner_everywhere(const struct row *rows, unsigned count, unsigned token)
{
	for (unsigned i = 1; i < count; i++) {
		if (rows[i].partner[token] == ALIGN_NONE)
			return false;
	}
	return true;
}

/* A literal of so little between two holes, a wide one first, agrees by chance. */
static bool is_island(struct bytes literal)
{
	unsigned digits = 0;

	for (size_t i = 0; i < literal.left; i++) {
		if (is_letter(literal.at[i]) || (is_digit(literal.at[i]) && ++digits > 2))
			return false;
	}
	return literal.left > 0;
}

/* Islands become part of the wide hole before them. */
static void absorb_islands(struct pattern *p)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < p->count; i++) {
		const struct piece *q = &p->pieces[i];
		struct piece *last = kept > 0 ? &p->pieces[kept - 1] : NULL;
		bool wide_before = last != NULL && last->literal.left == 0 && last->hole.kind == HOLE_ANYTHING;
		bool hole_after = i + 1 < p->count && p->pieces[i + 1].literal.left == 0;

		if (wide_before && hole_after && is_island(q->literal))
			continue;
		if (wide_before && q->literal.left == 0)
			continue;
		p->pieces[kept++] = *q;
	}
	p->count = kept;
}

/* Rows aligned with rows[0]; -ENOMEM-like false when scratch has no room. */
static bool align_rows(struct row *rows, unsigned count, struct arena *scratch)
{
	for (unsigned i = 1; i < count; i++) {
		const struct pair pair = { &rows[0], &rows[i] };
		const struct align_by by = { token_weight, &pair };
		size_t mark = scratch->used;
		uint32_t *cells = arena_take(scratch, (size_t)(rows[0].count + 1) * (rows[i].count + 1) * sizeof(*cells));

		if (cells == NULL)
			return false;
		align(rows[0].count, rows[i].count, &by, cells, rows[i].partner);
		scratch->used = mark;
	}
	return true;
}

static bool holds_any(struct bytes line, const struct bytes *names, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (bytes_find(line, names[i]) >= 0)
			return true;
	return false;
}

void pattern_of(const struct bytes *samples, unsigned count, const struct bytes *names, unsigned names_count, struct arena *scratch, struct pattern *ret)
{
	size_t mark = scratch->used;
	int last[64];
	struct row *rows;
	bool same = true;

	ret->count = 0;
	count = count < COUNT_OF(last) ? count : COUNT_OF(last);
	for (unsigned i = 1; i < count; i++)
		same &= bytes_equal(samples[0], samples[i]);
	if (same && !holds_any(samples[0], names, names_count)) {
		add_literal(ret, samples[0]);
		return;
	}
	rows = arena_take(scratch, count * sizeof(*rows));
	if (rows == NULL) {
		ret->pieces[ret->count++] = (struct piece){ .hole = { HOLE_ANYTHING, 0, 1024 } };
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		rows[i].line = samples[i];
		rows[i].count = tokens_name(samples[i], rows[i].tokens, tokens_of(samples[i], rows[i].tokens), names, names_count);
		last[i] = -1;
	}
	if (!align_rows(rows, count, scratch)) {
		ret->pieces[ret->count++] = (struct piece){ .hole = { HOLE_ANYTHING, 0, 1024 } };
		scratch->used = mark;
		return;
	}
	for (unsigned t = 0; t < rows[0].count; t++) {
		if (rows[0].tokens[t].kind == TOKEN_NAME || !partner_everywhere(rows, count, t))
			continue;
		add_gap(ret, rows, count, last, t);
		add_literal(ret, bytes_of(samples[0].at + rows[0].tokens[t].at, rows[0].tokens[t].len));
		last[0] = (int)t;
		for (unsigned i = 1; i < count; i++)
			last[i] = rows[i].partner[t];
	}
	add_gap(ret, rows, count, last, rows[0].count);
	absorb_islands(ret);
	scratch->used = mark;
}

/* Marks the places that literal reaches from the places in from. */
static void reach_literal(struct bytes literal, struct bytes line, uint8_t *from, uint8_t *to)
{
	for (size_t start = 0; start <= line.left; start++) {
		size_t at = start, i = 0;

		if (!from[start])
			continue;
		while (i < literal.left) {
			if (is_blank(literal.at[i]) && at < line.left && is_blank(line.at[at])) {
				while (i < literal.left && is_blank(literal.at[i]))
					i++;
				while (at < line.left && is_blank(line.at[at]))
					at++;
			} else if (at < line.left && literal.at[i] == line.at[at]) {
				i++;
				at++;
			} else {
				break;
			}
		}
		if (i == literal.left)
			to[at] = 1;
	}
}

static void reach_hole(const struct hole *h, struct bytes line, const uint8_t *from, uint8_t *to)
{
	for (size_t start = 0; start <= line.left; start++) {
		size_t n = 0;

		if (!from[start])
			continue;
		for (;; n++) {
			if (n >= h->min)
				to[start + n] = 1;
			if (n == h->max || start + n == line.left || !hole_admits(h->kind, line.at[start + n]))
				break;
		}
	}
}

bool pattern_matches(const struct pattern *p, struct bytes line, struct arena *scratch)
{
	size_t mark = scratch->used;
	uint8_t *from = arena_take(scratch, line.left + 1), *to = arena_take(scratch, line.left + 1);
	bool yes = false;

	if (from == NULL || to == NULL)
		goto out;
	from[0] = 1;
	for (unsigned i = 0; i < p->count; i++) {
		uint8_t *swap = from;

		memset(to, 0, line.left + 1);
		if (p->pieces[i].literal.left > 0)
			reach_literal(p->pieces[i].literal, line, from, to);
		else
			reach_hole(&p->pieces[i].hole, line, from, to);
		from = to;
		to = swap;
	}
	yes = from[line.left] != 0;
out:
	scratch->used = mark;
	return yes;
}

bool pattern_is_literal(const struct pattern *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		if (p->pieces[i].literal.left == 0)
			return false;
	}
	return true;
}

bool pattern_says_something(const struct pattern *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		for (size_t k = 0; k < p->pieces[i].literal.left; k++) {
			if (!is_blank(p->pieces[i].literal.at[k]))
				return true;
		}
	}
	return false;
}
