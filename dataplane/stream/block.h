/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lane's fixed pool of blocks, in which bytes behind a gap wait. */
#ifndef DATAPLANE_STREAM_BLOCK_H
#define DATAPLANE_STREAM_BLOCK_H

#include "control/wire/bytes.h"

enum {
	BLOCK_DATA = 2000, /* bytes: an ordinary segment fits one block, a jumbo segment takes several */
	BLOCK_LEVELS = 7,  /* of the skip list: one block in four reaches the next level, 8192 may wait in one direction */
};

/* Bytes [offset, offset + len) of one direction, then missing bytes that the capture cut off (snaplen). */
struct block {
	struct block *next[BLOCK_LEVELS]; /* level 0 leads to the next one; set up to height */
	uint32_t height;                  /* 1..BLOCK_LEVELS, drawn by chance once, so that no sender can choose it */
	uint64_t offset;
	uint64_t packet, time_ns;
	uint32_t len, missing;
	bool conflict;                    /* other bytes came for the same place: these stay */
	uint8_t data[BLOCK_DATA];
};

struct blocks; /* one lane's pool */

/* count blocks, allocated here and nowhere else. -ENOMEM. Start-up only. */
must_check int blocks_new(size_t count, struct blocks **ret);
void blocks_free(struct blocks *);
/* NULL when all are taken. Lane only. */
struct block *block_take(struct blocks *);
void block_give(struct blocks *, struct block *);
/* How many are free: tests prove with it that nothing leaks. */
size_t blocks_left(const struct blocks *);

#endif
