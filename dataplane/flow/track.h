/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flows as they come, change and go; what of it control must know is told as history. */
#ifndef DATAPLANE_FLOW_TRACK_H
#define DATAPLANE_FLOW_TRACK_H

#include "control/wire/ring.h"
#include "dataplane/counters.h"
#include "dataplane/decode/decode.h"
#include "dataplane/flow/table.h"

enum flow_end { FLOW_END_CLOSED, FLOW_END_RESET, FLOW_END_EXPIRED, FLOW_END_CAPTURE, FLOW_END_EVICTED };

struct tracker_limits {
	unsigned flows;                               /* entries */
	uint64_t tcp_idle_ns, tcp_closed_ns, udp_idle_ns; /* silence after which a flow is over */
	uint64_t seed;
};

/* Called when a flow is over, before it is forgotten; now_ns is the lane's clock. */
typedef void flow_ended(void *lane, struct flow *, enum flow_end, uint64_t now_ns);

struct tracker;

/* counters, up (the lane's ring) and lane stay borrowed. -ENOMEM, -EINVAL. */
must_check int tracker_new(const struct tracker_limits *, struct counters *, struct ring *up, flow_ended *, void *lane,
                           struct tracker **ret);
void tracker_free(struct tracker *);

/* For a burst: the hash that prefetching and tracker_packet() need. 0 where the packet has no flow (ICMP errors). */
uint64_t tracker_hash(const struct tracker *, const struct decoded *);
/* Would tracker_packet() find a flow that it knows? Also true of packets that have none. */
bool tracker_knows(const struct tracker *, const struct decoded *, uint64_t hash);
struct flow_table *tracker_table(struct tracker *);

/*
 * The flow of one whole packet (DECODE_PACKET) and which side sent it. NULL: it belongs to none that we follow (no
 * room, an ICMP error, a stray segment without data), which is counted. The flow is lent until the next call.
 *   now_ns  the lane's clock: the latest packet time so far
 */
struct flow *tracker_packet(struct tracker *, const struct decoded *, uint64_t hash, uint64_t now_ns,
                            enum direction *ret);
/* The whole second now_s has been reached: ends what was silent too long. */
void tracker_tick(struct tracker *, uint64_t now_s);
/* The capture is over: ends every flow. */
void tracker_end(struct tracker *, uint64_t now_ns);

#endif
