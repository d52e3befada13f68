/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Literals that every sample holds in the same order, holes between. Attackers put their marks right beside what they
 * want to read, so that words do not tell where one ends: bytes do.
 */
#include "emu/evaluate/sql_pattern.h"

#include <ctype.h>
#include <string.h>

enum {
	INNER_MIN = 5,     /* bytes: what is shorter may stand inside of two unknown words by chance */
	INNER_MAX = 1024,  /* of the piece that is searched for inner literals */
	HOLE_MAX = 1024,   /* group_concat()'s own limit */
	SPLITS_MAX = 16,
};

/* Pieces of the samples that are still unexplained, the same number of each; taken from the left. */
struct gap {
	struct bytes part[SQL_PATTERN_SAMPLES];
	bool solved;       /* a literal: part[0] */
};

static size_t common_begin(const struct bytes *s)
{
	size_t n = 0;

	for (;; n++) {
		for (unsigned i = 0; i < SQL_PATTERN_SAMPLES; i++) {
			if (n >= s[i].left || s[i].at[n] != s[0].at[n])
				return n;
		}
	}
}

static size_t common_end(const struct bytes *s)
{
	size_t n = 0;

	for (;; n++) {
		for (unsigned i = 0; i < SQL_PATTERN_SAMPLES; i++) {
			if (n >= s[i].left || s[i].at[s[i].left - 1 - n] != s[0].at[s[0].left - 1 - n])
				return n;
		}
	}
}

/* The longest run of bytes that all parts hold; its place in each. 0: none long enough. */
static size_t common_run(const struct bytes *s, ptrdiff_t at[SQL_PATTERN_SAMPLES])
{
	size_t best = 0;

	for (size_t from = 0; from + INNER_MIN <= s[0].left && s[0].left <= INNER_MAX; from++) {
		size_t len = best >= INNER_MIN ? best + 1 : INNER_MIN;
		bool all = true;

		while (all && from + len <= s[0].left) {
			ptrdiff_t found[SQL_PATTERN_SAMPLES] = { (ptrdiff_t)from };

			for (unsigned i = 1; i < SQL_PATTERN_SAMPLES && all; i++) {
				found[i] = bytes_find(s[i], bytes_of(s[0].at + from, len));
				all = found[i] >= 0;
			}
			if (all) {
				memcpy(at, found, sizeof(found));
				best = len++;
			}
		}
	}
	return best;
}

static struct bytes cut(struct bytes s, size_t from, size_t to)
{
	return bytes_of(s.at + from, to - from);
}

static bool same(const struct bytes *s)
{
	return common_begin(s) == s[0].left && s[0].left == s[1].left && s[0].left == s[2].left && s[0].left == s[3].left;
}

static void split(struct gap *gaps, unsigned *count, unsigned i, const ptrdiff_t *at, size_t len)
{
	struct gap left = { .solved = false }, literal = { .solved = true }, right = { .solved = false };

	for (unsigned k = 0; k < SQL_PATTERN_SAMPLES; k++) {
		struct bytes whole = gaps[i].part[k];

		left.part[k] = cut(whole, 0, (size_t)at[k]);
		literal.part[k] = cut(whole, (size_t)at[k], (size_t)at[k] + len);
		right.part[k] = cut(whole, (size_t)at[k] + len, whole.left);
	}
	memmove(&gaps[i + 3], &gaps[i + 1], (*count - i - 1) * sizeof(*gaps));
	gaps[i] = left;
	gaps[i + 1] = literal;
	gaps[i + 2] = right;
	*count += 2;
}

static bool is_release(struct bytes s)
{
	for (size_t i = 0; i < s.left; i++) {
		if (!hole_admits(HOLE_RELEASE, s.at[i]))
			return false;
	}
	return hole_is_version(s);
}

static bool is_account(struct bytes s)
{
	const uint8_t *at = s.left > 2 ? memchr(s.at + 1, '@', s.left - 2) : NULL;

	for (size_t i = 0; i < s.left; i++) {
		if (!hole_admits(HOLE_ACCOUNT, s.at[i]))
			return false;
	}
	return at != NULL;
}

static bool is_path(struct bytes s)
{
	return s.left > 1 && s.at[0] == '/';
}

static bool all(const struct gap *g, bool (*is)(struct bytes))
{
	for (unsigned k = 0; k < SQL_PATTERN_SAMPLES; k++) {
		if (!is(g->part[k]))
			return false;
	}
	return true;
}

/* What all parts look like, if it is something that has a look. */
static bool put_shape(struct pattern *p, const struct gap *g, bool whole)
{
	static const struct { bool (*is)(struct bytes); struct hole hole; } shapes[] = {
		{ is_release, { HOLE_RELEASE, 5, 12 } }, { hole_is_version, { HOLE_VERSION, 5, VERSION_MAX } }, { is_account, { HOLE_ACCOUNT, 3, 97 } }, { is_path, { HOLE_PATH, 1, 255 } },
	};

	for (unsigned i = 0; i < COUNT_OF(shapes); i++) {
		/* in a whole value, what versions have in common besides is worth more */
		if ((!whole || shapes[i].hole.kind != HOLE_VERSION) && all(g, shapes[i].is)) {
			p->pieces[p->count++] = (struct piece){ .hole = shapes[i].hole };
			return true;
		}
	}
	return false;
}

static void put_hole(struct pattern *p, const struct gap *g)
{
	bool any = false;

	if (put_shape(p, g, false))
		return;
	for (unsigned k = 0; k < SQL_PATTERN_SAMPLES; k++)
		any |= g->part[k].left > 0;
	if (any)
		p->pieces[p->count++] = (struct piece){ .hole = { .kind = HOLE_ANYTHING, .max = HOLE_MAX } };
}

void sql_pattern(const struct bytes samples[SQL_PATTERN_SAMPLES], struct pattern *ret)
{
	struct gap gaps[2 * SPLITS_MAX + 3];
	size_t begin = common_begin(samples), end;
	ptrdiff_t at[SQL_PATTERN_SAMPLES];
	unsigned count = 1;
	struct bytes tail;

	ret->count = 0;
	memcpy(gaps[0].part, samples, sizeof(gaps[0].part));
	if (!same(samples) && put_shape(ret, &gaps[0], true))
		return;
	if (begin > 0)
		ret->pieces[ret->count++] = (struct piece){ .literal = bytes_of(samples[0].at, begin) };
	for (unsigned k = 0; k < SQL_PATTERN_SAMPLES; k++)
		gaps[0].part[k] = cut(samples[k], begin, samples[k].left);
	end = common_end(gaps[0].part);
	tail = cut(gaps[0].part[0], gaps[0].part[0].left - end, gaps[0].part[0].left);
	for (unsigned k = 0; k < SQL_PATTERN_SAMPLES; k++)
		gaps[0].part[k].left -= end;
	gaps[0].solved = false;
	for (unsigned i = 0; i < count;) {
		size_t len = !gaps[i].solved && count + 2 <= 2 * SPLITS_MAX ? common_run(gaps[i].part, at) : 0;

		if (len > 0)
			split(gaps, &count, i, at, len);
		else
			i++;
	}
	for (unsigned i = 0; i < count; i++) {
		if (gaps[i].solved)
			ret->pieces[ret->count++] = (struct piece){ .literal = gaps[i].part[0] };
		else
			put_hole(ret, &gaps[i]);
	}
	if (end > 0)
		ret->pieces[ret->count++] = (struct piece){ .literal = tail };
}
