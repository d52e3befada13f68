/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of one direction by their offset: a skip list, so that no sender can make a lane walk along all of them. */
#ifndef DATAPLANE_STREAM_WAITING_H
#define DATAPLANE_STREAM_WAITING_H

#include "dataplane/stream/block.h"

/* All zero: nothing waits. Blocks ascend and never overlap. */
struct waiting {
	struct block *first[BLOCK_LEVELS];
	uint32_t count;
	uint64_t steps;          /* blocks looked at so far: tests bound them for each packet */
};

/* The block that begins nearest at or before offset; NULL: none does. Borrowed. Lane only. */
struct block *waiting_before(struct waiting *, uint64_t offset);
/* The block after b, or the first of all if b is NULL; NULL: none. Borrowed. */
struct block *waiting_after(struct waiting *, const struct block *b);
/* Takes b in by its offset. Owns it from here on. */
void waiting_add(struct waiting *, struct block *b);
/* Out with the first, or the farthest; the caller owns it. NULL: nothing waits. */
struct block *waiting_take_first(struct waiting *);
struct block *waiting_take_last(struct waiting *);

#endif
