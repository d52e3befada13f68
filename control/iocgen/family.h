/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A family's candidates with the samples that each matches, and the choice between them. */
#ifndef CONTROL_IOCGEN_FAMILY_H
#define CONTROL_IOCGEN_FAMILY_H

#include "control/iocgen/choose.h"
#include "control/iocgen/mine.h"

/* One to three patterns, all of which a sample must match. */
struct candidate {
	unsigned count;
	uint32_t patterns[IOC_PATTERNS_MAX]; /* in the pool, rising */
	roaring_bitmap_t *family, *benign;   /* places in the view */
	roaring_bitmap_t *unseen;            /* of harmless samples that are held out */
	uint32_t support, hits, others;      /* samples of the family, harmless ones, other families' */
	double strength, cost;
	double expected;                     /* harmless samples that would match if its patterns had nothing to do with each other */
	unsigned novelty, literal, loose;
};

struct candidates {
	const struct view_family *family;
	const roaring_bitmap_t *held_out; /* harmless samples that do not count; NULL: none */
	struct candidate *list;
	uint32_t count, room, benign;     /* benign: harmless samples that count */
	double *weights; /* of the family's samples; 1 in all */
};

/* What bounds a choice. */
struct limits {
	double cost_max, price, again;
	uint32_t hits_max;
	double rate_max;      /* share of harmless samples that a candidate without harmless matches is expected to match */
	unsigned novelty_min; /* letters of a word that no harmless sample has, for candidates that match no harmless one */
};

/*
 * ids: the family's patterns, covered. hits_max: more harmless matches, and a pattern is only part of conjunctions. Candidates that
 * another one of the same kind makes needless are left out. held_out, borrowed: harmless samples that are unheard of, from the first
 * pattern weighed on, so that what they show is what any new ones might; miner_new() had them too. NULL: all count. -ENOMEM.
 */
must_check int candidates_make(const struct view *, const struct miner *, const struct pool *, const struct view_family *,
                               const uint32_t *ids, uint32_t count, uint32_t hits_max, const roaring_bitmap_t *held_out, struct candidates *ret);
void candidates_fini(struct candidates *);

/* The choice between those candidates that keep the limits; index[j] is candidate j of the choice in the list. -ENOMEM. */
must_check int choice_make(const struct candidates *, const struct limits *, struct choice *ret, uint32_t **index);
void choice_fini(struct choice *);

#endif
