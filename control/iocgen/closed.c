/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shapes are counted over the samples of a family, and the closed ones chosen. */
#include "control/iocgen/mining.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SETS_MAX = 20000, /* groups whose samples are compared */
	ROUNDS = 10       /* times a family is covered anew by shapes that were not taken before */
};

static const double single_share = 0.02; /* of the harmless samples looked at: more, and a shape is no IOC by itself */

void mining_each(const struct mining *g, const struct corpus_sample *s, const struct local_value *values,
                 void (*count)(const struct mining *, struct group *, uint32_t), uint32_t sample)
{
	for (uint32_t k = 0; k < s->count; k++) {
		uint32_t at = g->m->local[g->m->view->corpus->items[s->first + k]];

		if (at == UINT32_MAX)
			continue;
		for (uint64_t i = values[at].first; i < values[at].first + values[at].count; i++)
			count(g, &g->groups.list[g->groups.memberships[i].group], sample);
	}
}

static void count_set(const struct mining *g, struct group *group, uint32_t sample)
{
	if (group->set != UINT32_MAX)
		g->sets[(uint64_t)group->set * g->words_a_set + sample / 64] |= UINT64_C(1) << sample % 64;
}

static bool is_common(const struct mining *g, const struct group *group)
{
	return group->benign > 1 && group->benign > single_share * g->m->some_count;
}

int mining_sets(struct mining *g)
{
	uint32_t least = g->least, candidates;

	do {
		candidates = 0;
		for (uint32_t i = 0; i < g->groups.count; i++)
			candidates += g->groups.list[i].support >= least;
		if (candidates > SETS_MAX)
			least += least / 4 + 1;
	} while (candidates > SETS_MAX);
	g->words_a_set = g->family->count / 64 + 1;
	g->sets = calloc((size_t)candidates * g->words_a_set + 1, sizeof(*g->sets));
	if (g->sets == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < g->groups.count; i++) {
		if (g->groups.list[i].support >= least)
			g->groups.list[i].set = g->sets_count++;
	}
	for (uint32_t i = 0; i < g->family->count; i++)
		mining_each(g, view_sample(g->m->view, g->family->first + i), g->values, count_set, i);
	return 0;
}

struct ranked {
	uint64_t digest;
	const struct group *group;
	uint32_t id, gain;
};

static uint64_t set_digest(const struct mining *g, const struct group *group)
{
	return text_digest(bytes_of(g->sets + (uint64_t)group->set * g->words_a_set, g->words_a_set * sizeof(*g->sets)), 7);
}

/* Of groups with the same samples: fewest harmless ones, then most literal text; the key makes it one order. */
static int compare_closed(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->digest != y->digest)
		return x->digest < y->digest ? -1 : 1;
	if (x->group->benign != y->group->benign)
		return x->group->benign < y->group->benign ? -1 : 1;
	if (x->group->literal != y->group->literal)
		return x->group->literal > y->group->literal ? -1 : 1;
	if (x->group->literal < LITERAL_MIN && x->group->components != y->group->components) /* what says nothing to the letter must be narrow */
		return x->group->components < y->group->components ? -1 : 1;
	return x->group->key < y->group->key ? -1 : x->group->key > y->group->key;
}

static int compare_support(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->group->support != y->group->support)
		return x->group->support > y->group->support ? -1 : 1;
	if (x->group->benign != y->group->benign)
		return x->group->benign < y->group->benign ? -1 : 1;
	return x->group->key < y->group->key ? -1 : x->group->key > y->group->key;
}

/* Of each set of samples the most specific group, and the one of least text (it may hold longer). */
static uint32_t keep_closed(struct ranked *list, uint32_t count)
{
	uint32_t kept = 0;

	qsort(list, count, sizeof(*list), compare_closed);
	for (uint32_t i = 0, end; i < count; i = end) {
		uint32_t shortest = i;

		for (end = i; end < count && list[end].digest == list[i].digest; end++) {
			if (list[end].group->benign == list[i].group->benign && list[end].group->literal >= LITERAL_MIN &&
			    list[end].group->elements < list[shortest].group->elements)
				shortest = end;
		}
		list[kept++] = list[i];
		if (shortest != i)
			list[kept++] = list[shortest];
	}
	return kept;
}

static uint32_t gain_of(const struct mining *g, const struct group *group, const uint64_t *covered)
{
	const uint64_t *set = g->sets + (uint64_t)group->set * g->words_a_set;
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->words_a_set; i++)
		n += (uint32_t)__builtin_popcountll(set[i] & ~covered[i]);
	return n;
}

/* Covers the family again and again, so that rare behaviour has its candidates beside what all samples do. */
static int choose_rounds(struct mining *g, struct ranked *list, uint32_t count, uint32_t most)
{
	uint64_t *covered = calloc(g->words_a_set, sizeof(*covered));
	uint32_t begin = g->chosen_count;

	if (covered == NULL)
		return -ENOMEM;
	for (int round = 0; round < ROUNDS; round++) {
		memset(covered, 0, g->words_a_set * sizeof(*covered));
		for (;;) {
			uint32_t best = UINT32_MAX, best_gain = 0;

			for (uint32_t i = 0; i < count; i++) {
				uint32_t gain;

				if (list[i].id == UINT32_MAX || list[i].group->support <= best_gain)
					continue;
				gain = gain_of(g, list[i].group, covered);
				if (gain > best_gain) {
					best = i;
					best_gain = gain;
				}
			}
			if (best == UINT32_MAX || best_gain < g->least || g->chosen_count - begin >= most)
				break;
			for (uint32_t i = 0; i < g->words_a_set; i++)
				covered[i] |= g->sets[(uint64_t)list[best].group->set * g->words_a_set + i];
			g->chosen[g->chosen_count++] = list[best].id;
			list[best].id = UINT32_MAX;
		}
	}
	for (uint32_t i = 0; i < count && g->chosen_count - begin < most; i++) {
		if (list[i].id != UINT32_MAX)
			g->chosen[g->chosen_count++] = list[i].id;
	}
	free(covered);
	return 0;
}

/*
 * In a tiny family all values of a sample have the same set of samples, by chance: there, groups repeat each other only if they are of
 * the same values. The sum of the values' digests, of each group that has a set.
 */
static uint64_t *digests_of_values(const struct mining *g)
{
	uint64_t *sums = calloc((size_t)g->sets_count + 1, sizeof(*sums));

	for (uint32_t i = 0; sums != NULL && g->family->count < MINE_TINY && i < g->values_count; i++) {
		const struct local_value *v = &g->values[i];

		for (uint64_t k = v->first; k < v->first + v->count; k++) {
			uint32_t set = g->groups.list[g->groups.memberships[k].group].set;

			if (set != UINT32_MAX)
				sums[set] += mix(v->value, 21);
		}
	}
	return sums;
}

int mining_closed(struct mining *g)
{
	struct ranked *list = calloc((size_t)g->sets_count + 1, sizeof(*list));
	uint64_t *values = digests_of_values(g);
	uint32_t count = 0;
	int r = 0;

	g->chosen = calloc(MINE_SINGLES_MAX + MINE_COMMON_MAX, sizeof(*g->chosen));
	if (list == NULL || values == NULL || g->chosen == NULL) {
		free(list);
		free(values);
		return -ENOMEM;
	}
	for (int common = 0; common < 2 && r == 0; common++) {
		count = 0;
		for (uint32_t i = 0; i < g->groups.count; i++) {
			const struct group *group = &g->groups.list[i];

			if (group->set != UINT32_MAX && is_common(g, group) == (common == 1))
				list[count++] = (struct ranked){ mix(set_digest(g, group), values[group->set]), group, i, 0 };
		}
		count = keep_closed(list, count);
		qsort(list, count, sizeof(*list), compare_support);
		r = choose_rounds(g, list, count, common == 1 ? MINE_COMMON_MAX : MINE_SINGLES_MAX);
	}
	free(list);
	free(values);
	return r;
}
