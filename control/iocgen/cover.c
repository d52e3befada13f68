/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which samples each pattern of the pool matches: every distinct value once through the matcher. */
#include "control/iocgen/matcher.h"
#include "control/iocgen/pool.h"

#include <errno.h>
#include <stdlib.h>

enum { BATCH = 20000, TICK = 1 << 16 }; /* patterns of one database; values between two words of progress */

struct covering {
	struct pool *pool;
	const struct view *view;
	uint32_t first, value; /* first pattern of the batch; the value that is looked at */
};

static int on_hit(void *to, uint32_t pattern)
{
	struct covering *c = to;
	const struct view *v = c->view;
	uint64_t from = v->posting[c->value], end = v->posting[c->value + 1];

	roaring_bitmap_add_many(c->pool->cover[c->first + pattern], (size_t)(end - from), v->holders + from);
	return 0;
}

static int batch(struct covering *c, uint32_t count, void (*progress)(void *, uint64_t, uint64_t), void *to)
{
	const struct names *values = &c->view->corpus->values;
	struct matcher *m = NULL;
	uint32_t which = 0;
	int r = 0;

	for (uint32_t i = 0; i < count; i++) {
		if ((c->pool->cover[c->first + i] = roaring_bitmap_create()) == NULL)
			return -ENOMEM;
	}
	r = matcher_new(c->pool->patterns + c->first, count, &m, &which);
	for (c->value = 0; r == 0 && c->value < values->count; c->value++) {
		struct bytes v = names_get(values, c->value);

		if (progress != NULL && c->value % TICK == 0)
			progress(to, (uint64_t)c->first * values->count + (uint64_t)c->value * count, (uint64_t)c->pool->count * values->count);
		if (c->view->posting[c->value] < c->view->posting[c->value + 1])
			r = matcher_scan(m, value_kind(v), value_class(v), value_text(v), on_hit, c);
	}
	matcher_free(m);
	return r;
}

int pool_cover(struct pool *p, const struct view *v, void (*progress)(void *, uint64_t, uint64_t), void *to)
{
	struct covering c = { .pool = p, .view = v };
	int r = 0;

	for (; c.first < p->count && r == 0; c.first += BATCH)
		r = batch(&c, p->count - c.first < BATCH ? p->count - c.first : BATCH, progress, to);
	for (uint32_t i = 0; i < p->count && r == 0; i++)
		roaring_bitmap_run_optimize(p->cover[i]);
	return r;
}
