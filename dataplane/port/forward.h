/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inline: packets leave by the other port of their pair, at once or when their lane lets them. Receiving thread only. */
#ifndef DATAPLANE_PORT_FORWARD_H
#define DATAPLANE_PORT_FORWARD_H

#include "dataplane/port/feed.h"

/*
 * Sends the packets of one burst, in their order, on to the pair of the port they came from, but for those that must wait,
 * and marks each. A packet that leaves has one more owner: the caller still has its own. What the port does not take in
 * time is lost and counted. Blocked ones are freed and leave the burst; returns how many are left in it.
 */
unsigned forward_burst(struct feed *, unsigned port, struct rte_mbuf **, unsigned count);
/* Of a tap: it waits for nobody and leaves nowhere, whatever its buffer was used for before. */
void forward_not(struct rte_mbuf *);
/* One marked packet, whatever its mark says of waiting. The caller keeps its own. */
void forward_one(struct feed *, struct rte_mbuf *);
/*
 * Does each lane with packets before it still move? Of one that has stalled what waits is no longer waited for: it is forwarded
 * unseen where the feed fails open.
 */
void forward_look(struct feed *, uint64_t now_ns);
/* What the lanes have let go since. Returns how many there were. */
unsigned forward_released(struct feed *);

#endif
