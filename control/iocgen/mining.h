/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the miner: one family at work, and which of its shapes are closed. */
#ifndef CONTROL_IOCGEN_MINING_H
#define CONTROL_IOCGEN_MINING_H

#include "control/iocgen/groups.h"
#include "control/iocgen/lattice.h"
#include "control/iocgen/mine.h"

enum {
	LITERAL_MIN = 3, /* letters and digits that a pattern must hold to the letter, */
	CONTRAST = 50    /* unless so many harmless samples show what values of its kind look like otherwise */
};

struct miner {
	const struct view *view;
	uint32_t *benign_count; /* of each value: harmless samples that have it */
	uint32_t of_kind[KIND_COUNT]; /* harmless samples, not held out, that have any value of the kind */
	uint32_t *local;        /* of each value: its place in `values`, UINT32_MAX: none */
	const roaring_bitmap_t *held_out;
	struct names words;     /* of harmless samples, those of samples held out last */
	uint32_t words_counted; /* of samples that are not held out */
	uint32_t *some, some_count; /* places of harmless samples that are looked at first */
};

/* One family at work. */
struct mining {
	struct miner *m;
	const struct view_family *family;
	struct groups groups;
	struct lattice *lattice;
	struct local_value *values;
	uint32_t values_count, values_room;
	uint32_t least;         /* samples that a shape must have */
	uint64_t *sets;         /* one set of words_a_set words for each group that has one */
	uint32_t sets_count, words_a_set;
	uint32_t *chosen, chosen_count;
	struct pool *pool;
	uint32_t *ids, ids_count;
};

/* Calls count() for each group of each of the sample's values that `local` knows; values are those it numbers. */
void mining_each(const struct mining *, const struct corpus_sample *, const struct local_value *values,
                 void (*count)(const struct mining *, struct group *, uint32_t), uint32_t sample);
/* Sets of samples for the groups that enough samples have; the rarer of many are left. -ENOMEM. */
must_check int mining_sets(struct mining *);
/* Chooses groups: of those with the same samples the best ones, and so that rare behaviour has some too. -ENOMEM. */
must_check int mining_closed(struct mining *);

#endif
