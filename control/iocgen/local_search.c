/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The baseline that EIGER published: smooth local search over decision sets. */
#include "control/iocgen/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { GROUND_MAX = 80, DRAWS = 10, STEPS_MAX = 400 }; /* candidates; random sets for an estimate; changes of the set */

static const double delta = 1.0 / 3;

struct search {
	const struct choice *p;
	const uint32_t *index; /* of the ground set, in the choice */
	uint32_t n, benign;
	uint64_t state;        /* of the random numbers: fixed at the start, so that the answer is the same in every run */
	uint8_t *level;        /* of a class: rules that cover it; */
	uint8_t *hit;          /* of a harmless sample */
};

static double chance(struct search *s)
{
	s->state = mix(s->state + 1, UINT64_C(0x517cc1b727220a95));
	return (double)(s->state >> 11) / 9007199254740992.0;
}

/* The objective: each part from 0 to 1, none negative, all submodular. */
static double worth(struct search *s, const bool *set)
{
	const struct choice *p = s->p;
	double size = 0, length = 0, right = 0, overlap = 0, wrong = 0;

	memset(s->level, 0, p->classes + 1);
	memset(s->hit, 0, p->benign + 1);
	for (uint32_t i = 0; i < s->n; i++) {
		uint32_t j = s->index[i];

		if (!set[i])
			continue;
		size += 1;
		length += p->cost[j];
		for (uint32_t k = 0; k < p->members_count[j]; k++) {
			uint32_t c = p->members[j][k];

			right += s->level[c] == 0 ? p->weight[c] : 0;
			overlap += s->level[c] > 0 ? p->weight[c] : 0;
			s->level[c] += s->level[c] < UINT8_MAX;
		}
		for (uint32_t k = 0; k < p->hits_count[j]; k++) {
			wrong += s->hit[p->hits[j][k]] == 0;
			s->hit[p->hits[j][k]] = 1;
		}
	}
	return right + 0.02 * (1 - size / s->n) + 0.01 * (1 - length / (3.0 * s->n)) + 0.02 * (1 - overlap / s->n) +
	       (1 - wrong / (p->hits_max + 1.0) / s->n);
}

/* Each element of A with chance (1 + d) / 2, each other one with (1 - d) / 2. */
static void draw(struct search *s, const bool *a, double d, bool *ret)
{
	for (uint32_t i = 0; i < s->n; i++)
		ret[i] = chance(s) < (a[i] ? (1 + d) / 2 : (1 - d) / 2);
}

static double estimate(struct search *s, const bool *a, uint32_t element)
{
	bool set[GROUND_MAX];
	double sum = 0;

	for (int i = 0; i < DRAWS; i++) {
		draw(s, a, delta, set);
		set[element] = true;
		sum += worth(s, set);
		set[element] = false;
		sum -= worth(s, set);
	}
	return sum / DRAWS;
}

/* Adds what is expected to help, drops what is expected to harm, until nothing does. */
static void search(struct search *s, bool *a)
{
	double threshold;
	bool all[GROUND_MAX];

	memset(all, 1, sizeof(all));
	threshold = 2 * worth(s, all) / ((double)s->n * s->n);
	for (int step = 0; step < STEPS_MAX; step++) {
		bool changed = false;

		for (uint32_t i = 0; i < s->n && !changed; i++) {
			double omega = estimate(s, a, i);

			if ((!a[i] && omega > threshold) || (a[i] && omega < -threshold)) {
				a[i] = !a[i];
				changed = true;
			}
		}
		if (!changed)
			break;
	}
}

int baseline_local_search(const struct candidates *c, uint32_t benign, uint32_t hits_max, bool *takes)
{
	const struct limits l = { .cost_max = 1e9, .hits_max = hits_max, .rate_max = 1 };
	struct choice p;
	uint32_t *index = NULL, ground[GROUND_MAX];
	struct search s = { .p = &p, .index = ground, .benign = benign, .state = 1 };
	bool a[GROUND_MAX] = { 0 }, best[GROUND_MAX] = { 0 }, set[GROUND_MAX];
	double most = -1;
	int r = choice_make(c, &l, &p, &index);

	if (r < 0)
		return r;
	for (uint32_t j = 0; j < p.candidates && s.n < GROUND_MAX; j++)
		ground[s.n++] = j;
	s.level = malloc(p.classes + 1);
	s.hit = malloc(p.benign + 1);
	if (s.level == NULL || s.hit == NULL)
		r = -ENOMEM;
	if (r == 0 && s.n > 0) {
		search(&s, a);
		for (int side = 0; side < 2 * DRAWS; side++) {
			double w;

			draw(&s, a, side < DRAWS ? delta : -1, set);
			w = worth(&s, set);
			if (w > most) {
				most = w;
				memcpy(best, set, sizeof(best));
			}
		}
		for (uint32_t i = 0; i < s.n; i++)
			takes[index[ground[i]]] = best[i];
	}
	free(s.level);
	free(s.hit);
	free(index);
	choice_fini(&p);
	return r;
}
