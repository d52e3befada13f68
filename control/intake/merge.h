/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records of all lanes in one order, that of the packets they came from: whatever the number of lanes, control
 * meets them in the same sequence. A record leaves only when no lane can send an earlier one any more. One thread.
 */
#ifndef CONTROL_INTAKE_MERGE_H
#define CONTROL_INTAKE_MERGE_H

#include "control/wire/record.h"

/* Compared field by field, in this order; none hangs on the lane. */
struct merge_key {
	uint64_t time_ns, packet;
	uint32_t rank;          /* of what one packet caused, what comes first; merge_rank() */
	uint64_t flow_id;
	uint32_t tx_id;
};

/* What waits; `what` belongs to the merge until it is taken. */
struct merge_item {
	struct merge_key key;
	enum record_kind kind;
	void *what;
};

struct merge;

/* drop frees the `what` of an item that is never taken. *ret is the caller's. -ENOMEM, -EINVAL. */
must_check int merge_new(unsigned lanes, void (*drop)(struct merge_item *), struct merge **ret);
void merge_free(struct merge *);

/* Takes item->what over, also on failure (it is dropped then). -ENOMEM. */
must_check int merge_add(struct merge *, const struct merge_item *);
/* A lane promised to send nothing before this. A watermark that goes back is ignored. */
void merge_promise(struct merge *, unsigned lane, struct watermark);
/* A lane sends nothing more of this capture. */
void merge_end(struct merge *, unsigned lane);
/* Have all lanes ended? */
bool merge_ended(const struct merge *);
/* The next capture begins: nothing is promised. Items still there are dropped. */
void merge_reset(struct merge *);

/* Nothing before this will come any more: the least of all promises. */
struct watermark merge_low(const struct merge *);
/* Capture time came so far: the last packet's, when a lane ends. */
void merge_reached(struct merge *, uint64_t time_ns);
/* The latest time that any item carried or merge_reached() was told: with all lanes ended, the end of the capture. */
uint64_t merge_latest_ns(const struct merge *);
/* Lends the first item if it may leave now; NULL: none may. */
const struct merge_item *merge_peek(const struct merge *);
/* Moves that item out. */
void merge_take(struct merge *, struct merge_item *ret);
size_t merge_count(const struct merge *);
/* Items that came behind what their lane had promised; they leave at once, and what was decided stays so. */
uint64_t merge_late(const struct merge *);

int merge_compare(const struct merge_key *, const struct merge_key *);

#endif
