/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verification: do the conditions of one group hold on one buffer? */
#include "dataplane/match/matcher.h"

#include <ctype.h>
#include <string.h>

/* Where one condition of the group stands: where its search began, and where to go on if what follows fails. */
struct step {
	int64_t base; /* where the last match before it ended */
	int64_t from; /* its next search begins here; -1: at its first place */
};

struct verification {
	struct match_scratch *scratch;
	struct bytes buffer;
	bool whole;
};

/* Takes a search's cost off the call's budget. */
static void charge(struct verification *v, int64_t bytes)
{
	unsigned cost = bytes > 0 ? (unsigned)(bytes / STEP_BYTES) : 0;

	v->scratch->steps -= cost < v->scratch->steps ? cost : v->scratch->steps;
}

static bool equal_fold(const uint8_t *text, const uint8_t *folded, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)tolower(text[i]) != folded[i])
			return false;
	return true;
}

/* First place of the content in buffer[from..end), or -1. */
static int64_t search(const struct verification *v, const struct content *c, int64_t from, int64_t end)
{
	const uint8_t *at = v->buffer.at + from;
	size_t len = c->bytes.left, room = (size_t)(end - from);

	if (room < len)
		return -1;
	if (!c->nocase) {
		const uint8_t *found = memmem(at, room, c->bytes.at, len);
		return found == NULL ? -1 : found - v->buffer.at;
	}
	for (size_t i = 0; i + len <= room; i++)
		if (equal_fold(at + i, c->bytes.at, len))
			return from + (int64_t)i;
	return -1;
}

/* Where a content may lie: *from and *end. False where nowhere. */
static bool window(const struct verification *v, const struct condition *c, int64_t base, int64_t *from, int64_t *end)
{
	const struct content *t = &c->content;
	int64_t size = (int64_t)v->buffer.left;

	*from = 0;
	*end = size;
	if (c->relative) {
		*from = base + (t->has_distance ? t->distance : 0);
		if (*from < 0)
			*from = 0;
		if (t->has_within && base + (t->has_distance ? t->distance : 0) + t->within < *end)
			*end = base + (t->has_distance ? t->distance : 0) + t->within;
		if (t->has_offset && t->offset > *from)
			*from = t->offset;
		if (t->has_depth && base + t->depth + t->offset < *end)
			*end = base + t->depth + t->offset;
	} else {
		*from = t->offset;
		if (t->has_depth && (int64_t)t->offset + t->depth < *end)
			*end = (int64_t)t->offset + t->depth;
	}
	return *from <= *end;
}

static bool content_step(struct verification *v, const struct condition *c, struct step *s, int64_t *ret)
{
	const struct content *t = &c->content;
	int64_t from, end, len = (int64_t)t->bytes.left, found = -1;

	if (!window(v, c, s->base, &from, &end))
		return c->negated;
	if (s->from > from)
		from = s->from;
	if (t->ends_with) {
		/* only its last place counts */
		int64_t last = (int64_t)v->buffer.left - len;
		if (v->whole && end == (int64_t)v->buffer.left && last >= from)
			found = search(v, t, last, end);
	} else if (from <= end) {
		found = search(v, t, from, end);
		charge(v, (found < 0 ? end : found) - from);
	}
	if (c->negated) {
		*ret = s->base;
		return found < 0;
	}
	s->from = found + 1;
	*ret = found + len;
	return found >= 0;
}

static bool pcre_step(struct verification *v, const struct condition *c, struct step *s, int64_t *ret)
{
	struct match_scratch *x = v->scratch;
	int64_t base = c->relative ? s->base : 0, size = (int64_t)v->buffer.left;
	int64_t skip = s->from < 0 ? 0 : s->from; /* counted from base */
	int r;

	*ret = s->base;
	if (base > size || base + skip > size)
		return c->negated;
	r = pcre2_jit_match(c->pcre.code, v->buffer.at + base, (PCRE2_SIZE)(size - base), (PCRE2_SIZE)skip, 0, x->found,
	                    x->context);
	charge(v, (size - base - skip) * PCRE_COST);
	if (r == PCRE2_ERROR_MATCHLIMIT || r == PCRE2_ERROR_JIT_STACKLIMIT) {
		x->counts.pcre_ended++;
		return false; /* undecided is no match, negated or not */
	}
	if (c->negated)
		return r == PCRE2_ERROR_NOMATCH;
	if (r < 0)
		return false;
	const PCRE2_SIZE *where = pcre2_get_ovector_pointer(x->found);
	s->from = (int64_t)where[0] + 1;
	*ret = base + (int64_t)where[1];
	return true;
}

static bool size_holds(const struct verification *v, const struct condition *c)
{
	uint64_t n = v->buffer.left;

	switch (c->size.relation) {
	case SIZE_EQUAL:
		return v->whole && n == c->size.low;
	case SIZE_LESS:
		return v->whole && n < c->size.low;
	case SIZE_MORE:
		return n > c->size.low;
	case SIZE_AT_MOST:
		return v->whole && n <= c->size.low;
	case SIZE_AT_LEAST:
		return n >= c->size.low;
	case SIZE_BETWEEN:
		return v->whole && n > c->size.low && n < c->size.high;
	case SIZE_NOT:
		return v->whole && n != c->size.low;
	}
	return false;
}

static bool number_of_text(const uint8_t *at, const struct byte_number *n, uint64_t *ret)
{
	uint64_t value = 0;
	unsigned digits = 0, i = 0;

	while (i < n->size && (at[i] == ' ' || at[i] == '\t'))
		i++;
	if (n->base == 16 && i + 1 < n->size && at[i] == '0' && (at[i + 1] | 0x20) == 'x')
		i += 2;
	for (; i < n->size && isxdigit(at[i]); i++, digits++) {
		unsigned d = isdigit(at[i]) ? (unsigned)at[i] - '0' : (unsigned)tolower(at[i]) - 'a' + 10;
		if (d >= n->base || value > UINT32_MAX)
			break;
		value = value * n->base + d;
	}
	*ret = value;
	return digits > 0;
}

/* Reads the number at base + offset; *end is behind it. */
static bool number_read(const struct verification *v, const struct byte_number *n, int64_t base, uint64_t *ret,
                        int64_t *end)
{
	int64_t at = base + n->offset;
	uint64_t value = 0;

	if (at < 0 || at + n->size > (int64_t)v->buffer.left)
		return false;
	*end = at + n->size;
	if (n->base != 0) {
		if (!number_of_text(v->buffer.at + at, n, &value))
			return false;
	} else {
		for (unsigned i = 0; i < n->size; i++)
			value |= (uint64_t)v->buffer.at[at + i] << 8 * (n->little_endian ? i : n->size - 1 - i);
	}
	if (n->mask != 0)
		value = (value & n->mask) >> __builtin_ctz(n->mask);
	*ret = value;
	return true;
}

static bool test_holds(const struct verification *v, const struct condition *c, int64_t base)
{
	uint64_t n, value = c->byte_test.value;
	int64_t end;
	bool holds = false;

	if (!number_read(v, &c->byte_test.number, c->relative ? base : 0, &n, &end))
		return false;
	switch (c->byte_test.relation) {
	case BYTE_EQUAL:
		holds = n == value;
		break;
	case BYTE_LESS:
		holds = n < value;
		break;
	case BYTE_MORE:
		holds = n > value;
		break;
	case BYTE_AT_MOST:
		holds = n <= value;
		break;
	case BYTE_AT_LEAST:
		holds = n >= value;
		break;
	case BYTE_AND:
		holds = (n & value) != 0;
		break;
	case BYTE_OR:
		holds = (n ^ value) != 0;
		break;
	}
	return holds != c->negated;
}

static bool jump(const struct verification *v, const struct condition *c, int64_t base, int64_t *ret)
{
	uint64_t n;
	int64_t end, to;

	if (!number_read(v, &c->byte_jump.number, c->relative ? base : 0, &n, &end))
		return false;
	n *= c->byte_jump.multiplier;
	if (c->byte_jump.align)
		n = (n + 3) & ~(uint64_t)3;
	if (n > INT32_MAX) /* beyond any buffer, whatever post_offset takes off again */
		n = INT32_MAX;
	to = (int64_t)n + c->byte_jump.post_offset;
	if (c->byte_jump.from_end)
		to += (int64_t)v->buffer.left;
	else if (!c->byte_jump.from_beginning)
		to += end;
	*ret = to < 0 ? 0 : to; /* as Suricata does: a jump to before the buffer ends at its beginning */
	return to <= (int64_t)v->buffer.left;
}

/* Is there a byte at the offset, counted from the last match where relative? */
static bool data_at(const struct verification *v, const struct condition *c, int64_t base)
{
	/* as Suricata counts: relative, the first byte after the match is number 1; absolute, the first is number 0 */
	int64_t at = c->relative ? base + c->data_at.offset - 1 : c->data_at.offset;
	bool there = at < (int64_t)v->buffer.left || !v->whole;

	return there != c->negated;
}

static bool condition_step(struct verification *v, const struct condition *c, struct step *s, int64_t *ret)
{
	*ret = s->base;
	switch (c->kind) {
	case CONDITION_CONTENT:
		return content_step(v, c, s, ret);
	case CONDITION_PCRE:
		return pcre_step(v, c, s, ret);
	case CONDITION_DATA_AT:
		return data_at(v, c, s->base);
	case CONDITION_SIZE:
		return size_holds(v, c);
	case CONDITION_BYTE_TEST:
		return test_holds(v, c, s->base);
	case CONDITION_BYTE_JUMP:
		return jump(v, c, s->base, ret);
	}
	return false;
}

/* Can this condition match at another place too? */
static bool moves(const struct condition *c)
{
	return !c->negated && (c->kind == CONDITION_CONTENT || c->kind == CONDITION_PCRE);
}

/*
 * The condition to try again, further on, after condition i failed: what it is relative to. -1: none, since nothing
 * before i changes whether it holds.
 */
static int back_to(const struct condition *c, int i)
{
	while (c[i].relative) {
		do
			i--;
		while (i >= 0 && (c[i].negated || (c[i].kind != CONDITION_BYTE_JUMP && !moves(&c[i]))));
		if (i < 0)
			return -1;
		if (moves(&c[i]))
			return i;
	}
	return -1;
}

bool group_holds(struct match_scratch *scratch, const struct rule *rule, const struct rule_group *g,
                 struct bytes buffer, bool whole)
{
	const struct condition *c = rule->conditions + g->first;
	struct verification v = { .scratch = scratch, .buffer = buffer, .whole = whole };
	struct step steps[RULE_CONDITIONS_MAX];
	unsigned left = STEPS_MAX;
	int i = 0;

	steps[0] = (struct step){ .base = 0, .from = -1 };
	while (i < g->count) {
		int64_t end;

		if (left == 0 || scratch->steps == 0) {
			scratch->counts.steps_ended++;
			return false;
		}
		left--;
		scratch->steps--;
		if (condition_step(&v, &c[i], &steps[i], &end)) {
			if (++i < g->count)
				steps[i] = (struct step){ .base = end, .from = -1 };
		} else if ((i = back_to(c, i)) < 0) {
			return false;
		}
	}
	return true;
}
