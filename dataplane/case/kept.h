/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept of one part of a transaction: its head, its tail, and which packets brought them. */
#ifndef DATAPLANE_CASE_KEPT_H
#define DATAPLANE_CASE_KEPT_H

#include "control/wire/case.h"

enum { CHUNK_SIZE = 2048 }; /* bytes of memory: most heads fit one */

struct chunk;
struct chunks; /* one lane's pool */

/* size bytes of chunks, allocated here and nowhere else. -ENOMEM. Start-up only. */
must_check int chunks_new(size_t size, struct chunks **ret);
void chunks_free(struct chunks *);
size_t chunks_left(const struct chunks *);

/* How much of a part may be kept now. A part that is asked for more later goes on with its tail. */
struct kept_limit {
	uint32_t head, tail; /* bytes */
};

/* All zero: a part of which nothing came. */
struct kept {
	bool present;
	bool head_closed;    /* later bytes do not follow on the head */
	uint32_t gaps;       /* enum part_gap without PART_BOUND, which kept_part() finds */
	uint32_t head_len, tail_len, head_marks;
	uint64_t seen;       /* bytes of the part so far, gaps included */
	uint64_t lost;       /* of them in gaps */
	struct chunk *head, *head_last, *tail, *tail_last;
};

/*
 * Bytes follow. Returns how many of them could not be kept for want of memory (what is beyond the limit is not
 * counted). Lane only: never blocks, never allocates.
 */
size_t kept_add(struct kept *, struct chunks *, const struct kept_limit *, struct bytes, uint64_t packet,
                uint64_t time_ns);
/* So many bytes are missing here: what comes before and what comes after is never joined. */
void kept_gap(struct kept *, struct chunks *, uint64_t len, enum part_gap why);
/* Memory is scarce: lets all bytes so far go; later ones are kept as a tail. */
void kept_forget(struct kept *, struct chunks *);
void kept_fini(struct kept *, struct chunks *);

/* The head in one piece: lent from the part where it is so already, else copied into room. Nothing if it cannot fit. */
struct bytes kept_head(const struct kept *, struct sink *room);
/* Is every byte that came in the head? Of bytes that came twice with other values, the first ones. */
bool kept_whole(const struct kept *);
/*
 * The part as a case tells it; head and tail lie in room or in the part.
 *   tail_max  bytes of tail to show
 *   marks     CASE_SEGMENTS_MAX of them, the caller's
 */
void kept_part(const struct kept *, uint32_t tail_max, struct sink *room, struct segment_mark *marks,
               struct case_part *ret);

#endif
