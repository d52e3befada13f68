/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of numbers as sorted ranges. */
#include "config/rules/ranges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

unsigned __int128 address_number(const struct address *a)
{
	unsigned __int128 n = 0;

	if (a->family == 4)
		return (unsigned __int128)0xffff << 32 | (uint32_t)a->raw[0] << 24 | (uint32_t)a->raw[1] << 16 |
		       (uint32_t)a->raw[2] << 8 | a->raw[3];
	for (unsigned i = 0; i < sizeof(a->raw); i++)
		n = n << 8 | a->raw[i];
	return n;
}

bool ranges_hold(const struct ranges *r, unsigned __int128 n)
{
	unsigned low = 0, high;

	if (r == NULL)
		return true;
	high = r->count;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (n > r->at[middle].high)
			low = middle + 1;
		else
			high = middle;
	}
	return low < r->count && n >= r->at[low].low;
}

static int by_low(const void *a, const void *b)
{
	const struct range *x = a, *y = b;
	return x->low < y->low ? -1 : x->low > y->low;
}

/* Sorts and joins what overlaps or touches; returns how many are left. */
static unsigned join(struct range *r, unsigned count)
{
	unsigned kept = 0;

	if (count == 0)
		return 0;
	qsort(r, count, sizeof(*r), by_low);
	for (unsigned i = 1; i < count; i++) {
		if (r[i].low <= r[kept].high || r[i].low - 1 == r[kept].high) {
			if (r[i].high > r[kept].high)
				r[kept].high = r[i].high;
		} else {
			r[++kept] = r[i];
		}
	}
	return kept + 1;
}

/* What of r is outside minus[] (joined), appended to ret; returns its new count. */
static unsigned cut(struct range r, const struct range *minus, unsigned minus_count, struct range *ret, unsigned count)
{
	for (unsigned i = 0; i < minus_count; i++) {
		if (minus[i].high < r.low || minus[i].low > r.high)
			continue;
		if (minus[i].low > r.low)
			ret[count++] = (struct range){ r.low, minus[i].low - 1 };
		if (minus[i].high >= r.high)
			return count;
		r.low = minus[i].high + 1;
	}
	ret[count++] = r;
	return count;
}

int ranges_build(struct range *plus, unsigned plus_count, struct range *minus, unsigned minus_count,
                 unsigned __int128 most, struct ranges **ret)
{
	struct range all = { 0, most };
	struct ranges *r;

	if (plus_count == 0 && minus_count > 0) {
		plus = &all;
		plus_count = 1;
	}
	plus_count = join(plus, plus_count);
	minus_count = join(minus, minus_count);
	/* each minus cuts at most one range in two */
	r = malloc(sizeof(*r) + (plus_count + minus_count) * sizeof(r->at[0]));
	if (r == NULL)
		return -ENOMEM;
	r->count = 0;
	for (unsigned i = 0; i < plus_count; i++)
		r->count = cut(plus[i], minus, minus_count, r->at, r->count);
	*ret = r;
	return 0;
}
