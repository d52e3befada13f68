/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The best set of a family's candidates: the problem, a good answer, and what no answer can exceed. */
#ifndef CONTROL_IOCGEN_CHOOSE_H
#define CONTROL_IOCGEN_CHOOSE_H

#include "control/wire/compiler.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Samples that the same candidates match are one class. With c = the sum of the strengths of the chosen candidates that match a
 * class, it is worth weight * (min(1, c) + again * min(1, max(0, c - 1))): a second, independent sign is worth something, for one may
 * stop to hold. Each chosen candidate costs price * cost. Hard limits: costs in all, number of harmless samples matched by any.
 */
struct choice {
	uint32_t classes, candidates, benign; /* benign: harmless samples that any candidate matches, numbered from 0 */
	double *weight;                       /* of a class */
	uint32_t **members, *members_count;   /* of a candidate: its classes, rising */
	uint32_t **hits, *hits_count;         /* of a candidate: its harmless samples, rising */
	double *strength, *cost;              /* of a candidate; strength in (0, 1] */
	double again, price, cost_max;
	uint32_t hits_max;
};

struct chosen {
	bool *takes;         /* of a candidate; the caller's */
	double value, bound; /* bound >= value: no set within the limits is worth more */
	bool exact;          /* the value is the best there is */
};

/* Lazy greedy by worth and by worth for its cost, the better one improved by exchanges. -ENOMEM. Pure, deterministic. */
must_check int choose(const struct choice *, struct chosen *ret);
/*
 * Lowers ret->bound (from choose()) by what is cheapest: a sum, the relaxed linear program, branches of it up to a number of nodes
 * (small problems: to the end, and a better set is taken over). -ENOMEM. Deterministic.
 */
must_check int choose_bound(const struct choice *, struct chosen *ret);
void chosen_fini(struct chosen *);

/* What a set is worth; *within: it keeps the limits. Pure. */
double choice_value(const struct choice *, const bool *takes, bool *within);
/* The worth of one class at a sum of strengths. */
double choice_worth(const struct choice *, double strength);

#endif
