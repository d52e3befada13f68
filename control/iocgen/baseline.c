/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Baselines: frequent literals, greedy cover, a decision list. */
#include "control/iocgen/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct frequent {
	uint32_t value, support, hits;
};

static int compare_frequent(const void *a, const void *b)
{
	const struct frequent *x = a, *y = b;

	if (x->support != y->support)
		return x->support > y->support ? -1 : 1;
	if (x->hits != y->hits)
		return x->hits < y->hits ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

/* The family's values, most frequent first. */
static int list_values(const struct view *v, const struct view_family *f, uint32_t hits_max, struct frequent **ret, size_t *ret_count)
{
	struct frequent *list = NULL;
	size_t count = 0, room = 0;

	for (uint32_t i = 0; i < v->corpus->values.count; i++) {
		struct frequent one = { .value = i };

		for (uint64_t k = v->posting[i]; k < v->posting[i + 1]; k++) {
			one.support += v->holders[k] >= f->first && v->holders[k] < f->first + f->count;
			one.hits += v->holders[k] >= v->malware;
		}
		if (one.support == 0 || one.hits > hits_max)
			continue;
		if (count == room) {
			struct frequent *more = realloc(list, (room = room * 2 + 4096) * sizeof(*list));

			if (more == NULL) {
				free(list);
				return -ENOMEM;
			}
			list = more;
		}
		list[count++] = one;
	}
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_frequent);
	*ret = list;
	*ret_count = count;
	return 0;
}

static int literal_of(const struct view *v, const struct view_family *f, struct pool *pool, const struct frequent *one,
                      struct candidate *ret)
{
	struct bytes value = names_get(&v->corpus->values, one->value);
	struct piece piece = { .text = value_text(value) };
	struct pattern p = { .kind = value_kind(value), .action = value_class(value), .count = 1, .pieces = &piece };
	int r;

	*ret = (struct candidate){ .count = 1, .support = one->support, .hits = one->hits, .strength = 1, .cost = 1,
		.family = roaring_bitmap_create(), .benign = roaring_bitmap_create() };
	if (ret->family == NULL || ret->benign == NULL)
		return -ENOMEM;
	for (uint64_t k = v->posting[one->value]; k < v->posting[one->value + 1]; k++) {
		uint32_t place = v->holders[k];

		if (place >= v->malware)
			roaring_bitmap_add(ret->benign, place);
		else if (place >= f->first && place < f->first + f->count)
			roaring_bitmap_add(ret->family, place);
		else
			ret->others++;
	}
	r = pool_add(pool, &p, &ret->patterns[0]);
	return r == -ENOSPC ? 0 : r;
}

int baseline_literals(const struct view *v, const struct view_family *f, struct pool *pool, uint32_t hits_max, unsigned most,
                      struct candidates *ret)
{
	struct candidates c = { .family = f };
	struct frequent *list = NULL;
	size_t count = 0;
	int r = list_values(v, f, hits_max, &list, &count);

	if (r == 0 && (c.list = calloc(most + 1, sizeof(*c.list))) == NULL)
		r = -ENOMEM;
	for (size_t i = 0; i < count && c.count < most && r == 0; i++)
		r = literal_of(v, f, pool, &list[i], &c.list[c.count++]);
	free(list);
	if (r < 0)
		candidates_fini(&c);
	else
		*ret = c;
	return r;
}

static void take(const struct candidates *c, uint32_t which, bool *takes, roaring_bitmap_t *covered, roaring_bitmap_t *hits)
{
	takes[which] = true;
	roaring_bitmap_or_inplace(covered, c->list[which].family);
	roaring_bitmap_or_inplace(hits, c->list[which].benign);
}

int baseline_greedy(const struct candidates *c, uint32_t hits_max, bool *takes)
{
	roaring_bitmap_t *covered = roaring_bitmap_create(), *hits = roaring_bitmap_create();
	int r = covered == NULL || hits == NULL ? -ENOMEM : 0;

	for (uint32_t best = 0; r == 0 && best != UINT32_MAX;) {
		uint64_t most = 0;

		best = UINT32_MAX;
		for (uint32_t i = 0; i < c->count; i++) {
			uint64_t gain = takes[i] ? 0 : roaring_bitmap_andnot_cardinality(c->list[i].family, covered);

			if (gain > most && roaring_bitmap_or_cardinality(hits, c->list[i].benign) <= hits_max) {
				most = gain;
				best = i;
			}
		}
		if (best == UINT32_MAX)
			break;
		take(c, best, takes, covered, hits);
	}
	bitmap_free(covered);
	bitmap_free(hits);
	return r;
}

int baseline_list(const struct candidates *c, uint32_t benign, uint32_t hits_max, bool *takes)
{
	roaring_bitmap_t *covered = roaring_bitmap_create(), *hits = roaring_bitmap_create();
	int r = covered == NULL || hits == NULL ? -ENOMEM : 0;

	for (uint32_t best = 0; r == 0 && best != UINT32_MAX;) {
		/* no better than guessing: the list ends */
		double most = (double)c->family->count / ((double)c->family->count + benign + 1);

		best = UINT32_MAX;
		for (uint32_t i = 0; i < c->count; i++) {
			double right, wrong;

			if (takes[i] || roaring_bitmap_or_cardinality(hits, c->list[i].benign) > hits_max)
				continue;
			right = (double)roaring_bitmap_andnot_cardinality(c->list[i].family, covered);
			wrong = (double)roaring_bitmap_andnot_cardinality(c->list[i].benign, hits);
			if (right >= 1 && (right + 1) / (right + wrong + 2) > most) {
				most = (right + 1) / (right + wrong + 2);
				best = i;
			}
		}
		if (best == UINT32_MAX)
			break;
		take(c, best, takes, covered, hits);
	}
	bitmap_free(covered);
	bitmap_free(hits);
	return r;
}
