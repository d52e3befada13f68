/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All blocks: they end by time, go to the dataplane through the barrier, and outlive control in the store. One thread. */
#ifndef CONTROL_CONTAIN_LIST_H
#define CONTROL_CONTAIN_LIST_H

#include "control/contain/contained.h"
#include "control/wire/barrier.h"

struct containment;

/* Room for as many as the barrier has, which stays borrowed. *ret is the caller's. -ENOMEM. */
must_check int containment_new(struct barrier *, struct containment **ret);
void containment_free(struct containment *);

/*
 * Blocks what wish says (its id and since_ns are given here). What is blocked already goes on under its number: a person's word
 * replaces time, who and why, a verdict's only makes it last longer. *ret is lent until the next call that changes something.
 * -ENOSPC: there are as many as there may be; counted.
 */
must_check int containment_add(struct containment *, const struct contained *wish, uint64_t now_ns, const struct contained **ret);
/* One block after the other, in no order: *place is 0 at first. NULL: no more. Lent until the next call that changes something. */
const struct contained *containment_next(const struct containment *, unsigned *place);
uint64_t containment_packets(const struct containment *, const struct contained *lent);
void containment_remove(struct containment *, const struct contained *lent);
/* The dataplane heeds what changed from now on, not within 10 ms. */
void containment_heed(struct containment *);

/*
 * Ends what is over, and has the dataplane heed what changed, at most once in 10 ms. *ret, *ret_count: what ended, until the next call.
 * mono_ns: CLOCK_MONOTONIC, now_ns: since the epoch.
 */
void containment_step(struct containment *, uint64_t mono_ns, uint64_t now_ns, const struct contained **ret, unsigned *ret_count);

/* What the store kept comes into force again, but for what is over. Unreadable ones are counted. -errno. */
must_check int containment_load(struct containment *, struct store *, uint64_t now_ns, unsigned *ret_bad);
bool containment_unsaved(const struct containment *);
/* Into the store, which has nothing else pending, and committed. After an error nothing is lost: call it again later. */
must_check int containment_save(struct containment *, struct store *);

struct containment_counts {
	unsigned blocks, max;
	uint64_t full;       /* wishes for which there was no room */
};
void containment_count(const struct containment *, struct containment_counts *ret);

#endif
