/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other rules for a lane that runs: two places, each filled by one side and emptied by the other. */
#include "dataplane/lane_parts.h"

#include "dataplane/match/match.h"

static bool is_full(const struct lane_rules *r)
{
	return atomic_load_explicit(&r->full, memory_order_acquire);
}

bool lane_can_take(const struct lane *l)
{
	return !is_full(&l->offered);
}

void lane_offer(struct lane *l, const struct matcher *m, struct match_scratch *x)
{
	l->offered.matcher = m;
	l->offered.scratch = x;
	atomic_store_explicit(&l->offered.full, true, memory_order_release);
}

bool lane_spare(struct lane *l, const struct matcher **m, struct match_scratch **x)
{
	if (!is_full(&l->spare))
		return false;
	*m = l->spare.matcher;
	*x = l->spare.scratch;
	atomic_store_explicit(&l->spare.full, false, memory_order_release);
	return true;
}

void lane_swap(struct lane *l)
{
	/* a set that finds no place yet stays offered: older ones end with the exchanges that use them */
	if (is_full(&l->offered) && sessions_rules(l->sessions, l->offered.matcher, l->offered.scratch))
		atomic_store_explicit(&l->offered.full, false, memory_order_release);
	if (!is_full(&l->spare) && sessions_spare(l->sessions, &l->spare.matcher, &l->spare.scratch))
		atomic_store_explicit(&l->spare.full, true, memory_order_release);
}
