/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is blocked now, as control says it to the dataplane: sealed memory that outlives either of them. One writer
 * (konseki-control), one reader that counts (the receiver of konseki-dataplane); neither waits for the other.
 */
#ifndef CONTROL_WIRE_BARRIER_H
#define CONTROL_WIRE_BARRIER_H

#include "control/wire/block.h"

enum { BARRIER_MAX = 32768 }; /* blocks at once */

struct barrier; /* one end */

/* A sealed descriptor with room for max blocks, nothing blocked; owned by the caller. -EINVAL, -errno. */
must_check int barrier_create(unsigned max);
/* Maps it; fd may be closed after. The caller owns *ret. -EINVAL where it is none, -ENOMEM, -errno. */
must_check int barrier_open(int fd, struct barrier **ret);
void barrier_close(struct barrier *);
unsigned barrier_max(const struct barrier *);

/* Writer: a block and the place under which what it stops is counted. */
struct barrier_entry {
	struct block block; /* normal */
	unsigned place;     /* 0..max-1 */
};
/*
 * From now on these and no others are blocked; the reader sees all of the change or nothing. seed: random. -EINVAL: more than
 * max; -ENOSPC: they cannot be placed with this seed, try another one.
 */
must_check int barrier_write(struct barrier *, const struct barrier_entry *, unsigned count, uint64_t seed);
/* Packets that the block of this place has stopped since barrier_count_from() said 0. */
uint64_t barrier_count(const struct barrier *, unsigned place);
void barrier_count_from(struct barrier *, unsigned place);

/* Reader. Is anything blocked at all? */
bool barrier_stands(const struct barrier *);
/*
 * May a packet of this tuple not pass? Counts it for its block. ports: those of the tuple are known; where not (fragments), a
 * blocked flow stops all of its protocol between its two addresses. Never blocks, never allocates; trusts nothing in there.
 */
bool barrier_stops(struct barrier *, const struct tuple *, bool ports);

#endif
