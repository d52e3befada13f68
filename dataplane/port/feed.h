/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the thread that feeds and the lanes share: orders, the clock, queues. Private to this room and main. */
#ifndef DATAPLANE_PORT_FEED_H
#define DATAPLANE_PORT_FEED_H

#include "dataplane/port/intake.h"

#include <stdatomic.h>

enum { FEED_LANES_MAX = 64, FEED_PORTS_MAX = 8 };

struct barrier;
struct rte_ring;
struct rte_mempool;

/* Beside each mbuf, in its private area: what a distributor has found out already. */
struct frame_mark {
	uint64_t number, time_ns, clock_ns;
	bool late, waits;              /* waits: it leaves when its lane has released it */
	uint8_t gate, out;             /* gate: what it said; out: index of the port where it leaves */
	uint8_t epoch;                 /* of its lane, when it began to wait */
};

/*
 * Inline: may a packet leave before a lane has looked into it? 0: at once; else it waits, and the lane gets the answer.
 * ports: those of the tuple are known. Receiving thread: never blocks.
 */
typedef uint8_t feed_gate(const void *rules, const struct tuple *, bool ports);

/* Numbers packets and keeps their clock, in the order of the capture. One owner. */
struct feed_clock {
	uint64_t number, clock_ns;
};

struct intake {
	struct feed *feed;
	unsigned lane;
	struct rte_ring *queue;        /* NULL: the lane polls the ports itself */
	struct rte_ring *out;          /* inline: what the lane lets leave */
	_Atomic uint64_t bursts;       /* that the lane has asked for: it lives */
	_Atomic uint8_t epoch;         /* changes when the lane stalls: what waited before has been overtaken */
	_Atomic bool stalled;
	uint64_t bursts_seen, moved_ns;/* receiver: when it last saw the lane live */
	struct feed_clock clock;       /* when it polls itself */
	uint64_t order_seen;
	bool reading;                  /* between CAPTURE and END; live: always */
	enum link_type link;           /* as the last CAPTURE order said */
	uint64_t expected;
	unsigned port_next;            /* live: whose turn it is */
	unsigned empty_polls, full_polls;
	_Atomic uint64_t received;     /* replay, polling itself: packets of this capture so far */
	_Atomic bool exhausted;        /* the port gives no more although packets are missing */
	_Atomic uint64_t order_done;   /* the last order that this lane has carried out */
	uint8_t *flat;                 /* where chained buffers are made one */
	size_t flat_used;
};

struct feed {
	bool replay;
	bool crowded;                  /* live: threads share processors, so who has nothing to do gives way */
	unsigned lanes;
	struct intake intakes[FEED_LANES_MAX];
	struct rte_mempool *pool;
	int time_offset;               /* of the timestamp in an mbuf; -1: none */
	unsigned ports_count;
	uint16_t ports[FEED_PORTS_MAX];
	int pairs[FEED_PORTS_MAX];     /* index of the port where a port's packets leave; -1: it is a tap */
	bool is_inline;                /* any port has a pair */
	_Atomic uint64_t turns;        /* that the receiver has begun */
	struct pulse *pulse;           /* inline: where the receiver shows that it lives; NULL: nobody looks */
	bool fail_open;                /* what no lane looks into goes on all the same */
	uint64_t stall_ns;
	bool takes_away[FEED_PORTS_MAX]; /* the kernel does not see what the port gets: nobody else forwards it */
	_Atomic bool inspecting;       /* the lanes run: until then packets are forwarded only */
	feed_gate *gate;               /* set before inspecting; NULL: nothing waits */
	const void *_Atomic gate_rules;
	struct barrier *barrier;       /* inline: what is blocked; NULL: nothing ever */
	struct forward_counts {
		_Atomic uint64_t forwarded, full, not_ready, bypassed, stalled, overtaken, blocked;
	} forward;                     /* written by the forwarding thread alone */
	_Atomic bool stop;
	_Atomic uint64_t through_ns;   /* distributor: all packets up to here are in the queues */
	_Atomic uint64_t stalls;       /* inline: times that a lane stood still */
	_Atomic uint64_t queue_drops;  /* live distributor: packets for which a lane's queue had no room */

	/* the order: written by the feeding thread only while all lanes have done the last one */
	_Atomic uint64_t order;        /* its number */
	enum intake_news news;
	enum link_type link;
	struct capture_mark capture;
	uint64_t expected;             /* CAPTURE: packets that will come */
	uint64_t lost;
};

/*
 * Memory and queues for lanes; distribute: by queues from one thread; held: packet buffers that the devices keep to
 * themselves beyond what a card does. The EAL runs already. -ENOMEM.
 */
must_check int feed_new(unsigned lanes, bool replay, bool distribute, unsigned held, struct feed **ret);
void feed_free(struct feed *);
/* Publishes an order; then waits until every lane has carried it out. -ECANCELED when stopped meanwhile. */
void feed_order(struct feed *);
must_check int feed_wait(struct feed *);
/* A short sleep of the calling ordinary thread. */
void feed_rest(void);

struct rte_mbuf;
/* Gives one packet its number and time. mbuf_time_ns: from the mbuf, or now. */
void feed_stamp(const struct feed *, struct feed_clock *, const struct rte_mbuf *, uint64_t now_ns,
                struct frame_mark *ret);
uint64_t feed_now_ns(void); /* wall clock */

/* Distributor: hands count packets to their lanes by address pair. Replay waits for room; live counts and drops. */
void feed_spread(struct feed *, struct feed_clock *, struct rte_mbuf **, unsigned count, uint64_t now_ns);

#endif
