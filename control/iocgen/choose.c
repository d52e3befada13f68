/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Greedy and exchange. */
#include "control/iocgen/choose.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES_MAX = 40 }; /* of exchange; each takes only what is better, so few are used */

static const double better = 1e-9;

/* A set in the making. */
struct state {
	const struct choice *p;
	bool *takes;
	double *level;    /* of a class: sum of strengths */
	uint32_t *hit;    /* of a harmless sample: how many chosen match it */
	uint32_t hits;    /* that any matches */
	double cost, value;
};

double choice_worth(const struct choice *p, double c)
{
	double more = c - 1;

	return (c < 1 ? c : 1) + p->again * (more < 0 ? 0 : more > 1 ? 1 : more);
}

static int state_init(struct state *s, const struct choice *p)
{
	*s = (struct state){ .p = p };
	s->takes = calloc((size_t)p->candidates + 1, sizeof(*s->takes));
	s->level = calloc((size_t)p->classes + 1, sizeof(*s->level));
	s->hit = calloc((size_t)p->benign + 1, sizeof(*s->hit));
	return s->takes == NULL || s->level == NULL || s->hit == NULL ? -ENOMEM : 0;
}

static void state_fini(struct state *s)
{
	free(s->takes);
	free(s->level);
	free(s->hit);
}

static double gain_of(const struct state *s, uint32_t j)
{
	const struct choice *p = s->p;
	double gain = -p->price * p->cost[j];

	for (uint32_t i = 0; i < p->members_count[j]; i++) {
		uint32_t c = p->members[j][i];

		gain += p->weight[c] * (choice_worth(p, s->level[c] + p->strength[j]) - choice_worth(p, s->level[c]));
	}
	return gain;
}

static uint32_t new_hits(const struct state *s, uint32_t j)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->p->hits_count[j]; i++)
		n += s->hit[s->p->hits[j][i]] == 0;
	return n;
}

static bool fits(const struct state *s, uint32_t j)
{
	return !s->takes[j] && s->cost + s->p->cost[j] <= s->p->cost_max + better && s->hits + new_hits(s, j) <= s->p->hits_max;
}

static void add(struct state *s, uint32_t j)
{
	const struct choice *p = s->p;

	s->value += gain_of(s, j);
	s->hits += new_hits(s, j);
	s->cost += p->cost[j];
	s->takes[j] = true;
	for (uint32_t i = 0; i < p->members_count[j]; i++)
		s->level[p->members[j][i]] += p->strength[j];
	for (uint32_t i = 0; i < p->hits_count[j]; i++)
		s->hit[p->hits[j][i]]++;
}

static void drop(struct state *s, uint32_t j)
{
	const struct choice *p = s->p;

	s->takes[j] = false;
	for (uint32_t i = 0; i < p->members_count[j]; i++)
		s->level[p->members[j][i]] -= p->strength[j];
	for (uint32_t i = 0; i < p->hits_count[j]; i++)
		s->hit[p->hits[j][i]]--;
	s->hits -= new_hits(s, j);
	s->cost -= p->cost[j];
	s->value -= gain_of(s, j);
}

/* What was worth most before can only be worth less now: a candidate is looked at again only when its old worth leads. */
static int greedy(struct state *s, bool by_cost)
{
	const struct choice *p = s->p;
	double *old = malloc(((size_t)p->candidates + 1) * sizeof(*old));
	bool *fresh = malloc(((size_t)p->candidates + 1) * sizeof(*fresh));

	if (old == NULL || fresh == NULL) {
		free(old);
		free(fresh);
		return -ENOMEM;
	}
	for (uint32_t j = 0; j < p->candidates; j++)
		old[j] = DBL_MAX;
	for (;;) {
		memset(fresh, 0, p->candidates * sizeof(*fresh));
		for (;;) {
			uint32_t best = UINT32_MAX;

			for (uint32_t j = 0; j < p->candidates; j++) {
				if (!s->takes[j] && old[j] > better && (best == UINT32_MAX || old[j] > old[best]) && fits(s, j))
					best = j;
			}
			if (best == UINT32_MAX)
				goto out;
			if (fresh[best]) {
				add(s, best);
				break;
			}
			old[best] = gain_of(s, best) / (by_cost ? p->cost[best] : 1);
			fresh[best] = true;
		}
	}
out:
	free(old);
	free(fresh);
	return 0;
}

/* One for one, one more, one less, while it is better. */
static void exchange(struct state *s)
{
	const struct choice *p = s->p;

	for (int pass = 0; pass < PASSES_MAX; pass++) {
		double before = s->value;

		for (uint32_t i = 0; i < p->candidates; i++) {
			double had = s->value, most = had;
			uint32_t best = UINT32_MAX;

			if (!s->takes[i]) {
				if (fits(s, i) && gain_of(s, i) > better)
					add(s, i);
				continue;
			}
			drop(s, i);
			for (uint32_t j = 0; j < p->candidates; j++) {
				if (j != i && fits(s, j) && s->value + gain_of(s, j) > most + better) {
					best = j;
					most = s->value + gain_of(s, j);
				}
			}
			if (best != UINT32_MAX)
				add(s, best);
			else if (s->value <= had + better)
				add(s, i);
		}
		if (s->value <= before + better)
			break;
	}
}

double choice_value(const struct choice *p, const bool *takes, bool *within)
{
	struct state s;
	double value = 0;

	*within = false;
	if (state_init(&s, p) == 0) {
		for (uint32_t j = 0; j < p->candidates; j++) {
			if (takes[j])
				add(&s, j);
		}
		*within = s.cost <= p->cost_max + better && s.hits <= p->hits_max;
		value = s.value;
	}
	state_fini(&s);
	return value;
}

/* What all candidates together would be worth, if they were free. */
static double sum_bound(const struct choice *p)
{
	double *level = calloc((size_t)p->classes + 1, sizeof(*level)), sum = 0, least = DBL_MAX;

	if (level == NULL)
		return DBL_MAX;
	for (uint32_t j = 0; j < p->candidates; j++) {
		for (uint32_t i = 0; i < p->members_count[j]; i++)
			level[p->members[j][i]] += p->strength[j];
		least = p->cost[j] < least ? p->cost[j] : least;
	}
	for (uint32_t c = 0; c < p->classes; c++)
		sum += p->weight[c] * choice_worth(p, level[c]);
	free(level);
	if (p->candidates > 0 && sum > p->price * least) /* whatever is worth something costs at least that */
		sum -= p->price * least;
	return sum < 0 ? 0 : sum;
}

int choose(const struct choice *p, struct chosen *ret)
{
	struct state a, b = { 0 };
	int r = state_init(&a, p);

	if (r == 0)
		r = state_init(&b, p);
	if (r == 0)
		r = greedy(&a, false);
	if (r == 0)
		r = greedy(&b, true);
	if (r == 0) {
		exchange(&a);
		exchange(&b);
		if (b.value > a.value + better) {
			struct state c = a;

			a = b;
			b = c;
		}
		*ret = (struct chosen){ .takes = a.takes, .value = a.value, .bound = sum_bound(p) };
		if (ret->bound < ret->value)
			ret->bound = ret->value;
		ret->exact = ret->bound - ret->value <= better;
		a.takes = NULL;
	}
	state_fini(&a);
	state_fini(&b);
	return r;
}

void chosen_fini(struct chosen *c)
{
	free(c->takes);
	*c = (struct chosen){ 0 };
}
