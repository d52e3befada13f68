/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way up: cases and history onto the lane's ring, or into a queue while the ring is full and may not lose any. */
#ifndef DATAPLANE_CASE_OUTBOX_H
#define DATAPLANE_CASE_OUTBOX_H

#include "dataplane/case/transaction.h"
#include "dataplane/counters.h"
#include "control/wire/history.h"
#include "control/wire/ring.h"

struct outbox;

/*
 * up, counters and pool stay borrowed. wait: replay, where a full ring makes records wait; otherwise they are dropped
 * and counted. tail_max: bytes of tail to show of a part. Start-up only. -ENOMEM.
 */
must_check int outbox_new(struct ring *up, bool wait, struct counters *, struct transactions *pool,
                          const struct kept_limit *part, struct outbox **ret);
void outbox_free(struct outbox *);

/* Lane only, all of them: never blocks, never allocates. */
void outbox_history(struct outbox *, const struct history *);
/* A transaction that is over: the outbox owns it now. Sends it if a rule fired; gives it back to its pool. */
void outbox_case(struct outbox *, struct transaction *);
/* A case that is still under way, as it is now. False: no room (and wait), ask again. */
bool outbox_case_open(struct outbox *, struct transaction *);
/* Sends what waits. True when nothing waits any more. */
bool outbox_flush(struct outbox *);
/* A time not after that of anything that waits; UINT64_MAX: nothing waits. */
uint64_t outbox_oldest(const struct outbox *);

#endif
