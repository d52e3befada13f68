/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Candidates of a family: shapes that many of its samples share and few harmless ones have. */
#ifndef CONTROL_IOCGEN_MINE_H
#define CONTROL_IOCGEN_MINE_H

#include "control/iocgen/pool.h"

enum {
	MINE_SINGLES_MAX = 300, /* shapes of a family that may be IOCs by themselves: more only repeat each other */
	MINE_COMMON_MAX = 150,  /* shapes that harmless samples have too: parts of conjunctions, and grounds for narrower patterns */
	MINE_BENIGN_MAX = 400,  /* harmless samples that are looked at before the whole coverage */
	MINE_TINY = 6           /* samples: a family of fewer is too small to tell chance from habit */
};

/* What all families share. */
struct miner;

/* view and held_out (harmless samples that patterns are not chosen by) are borrowed until miner_free(). -ENOMEM. */
must_check int miner_new(const struct view *, const roaring_bitmap_t *held_out, struct miner **ret);
/*
 * Adds a family's patterns to the pool; *ret, the caller's, lists their numbers, each once, rising. -ENOMEM.
 */
must_check int miner_family(struct miner *, const struct view_family *, struct pool *, uint32_t **ret, uint32_t *ret_count);
/* Letters and digits of the pattern's longest word that no harmless sample has (but those held out): what none is likely to bring later. */
unsigned miner_novelty(const struct miner *, const struct pattern *, bool but_held_out);
void miner_free(struct miner *);

#endif
