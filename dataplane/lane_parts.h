/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a lane, shared by the files that make it: the loop, its contents, and what it sends up. */
#ifndef DATAPLANE_LANE_PARTS_H
#define DATAPLANE_LANE_PARTS_H

#include "control/wire/record.h"
#include "dataplane/decode/fragment.h"
#include "dataplane/flow/track.h"
#include "dataplane/lane.h"
#include "dataplane/reject.h"
#include "dataplane/session/session.h"

#include <stdatomic.h>

enum { LANE_RESERVE = 1 << 20 }; /* bytes: what one packet may send up at most is far less, a large case apart */

struct lane {
	struct counters counters;
	uint64_t clock_ns, next_tick_ns;
	uint64_t tick_s;               /* the last whole second that was told; 0: none of this capture */
	uint64_t last_packet, marked_packet;
	struct watermark marked;       /* the last one sent */
	bool replay, closed;           /* closed: what is not looked into does not leave */
	unsigned index;
	size_t reserve;                /* bytes the ring must have before a packet is looked into (replay) */
	struct ring *up;
	struct intake *intake;
	struct tracker *tracker;
	struct fragments *fragments;
	struct sessions *sessions;
	uint64_t cpu_began_ns;
	_Atomic bool counters_wanted;
	_Atomic uint64_t outside[COUNTER_COUNT]; /* lane_set_outside() */
	struct lane_rules {            /* full: the other side's to empty */
		_Atomic bool full;
		const struct matcher *matcher;
		struct match_scratch *scratch;
	} offered, spare;
	uint64_t hash[BURST_MAX];
	struct decoded decoded[BURST_MAX];
	struct burst burst;
};

/* lane.c: time goes on; each whole second that is crossed is told to all that wait, once, in order. */
void lane_clock(struct lane *, uint64_t clock_ns);
/* The capture (NULL: live reception) is over: every flow ends, everything is sent. */
void lane_end(struct lane *, const struct capture_mark *);

/* contents.c: gives a packet to its flow's session, opening one when the flow first says something. */
void contents_packet(struct lane *, struct flow *, enum direction, const struct packet *);

/* swap.c: between two bursts: takes offered rules, gives spare ones back. */
void lane_swap(struct lane *);

/* word.c: frame i of the burst waits; it leaves, or it does not and is answered. action: of its flow. */
void lane_word(struct lane *, unsigned i, enum rule_action action);
enum { LANE_GATE_WAITS = 0x80 }; /* what lane_gate() says, with an enum rule_action */

/* up.c: what the lane itself sends. */
void lane_capture(struct lane *, const struct capture_mark *);
void lane_send_capture(struct lane *, enum record_kind, const struct capture_mark *);
void lane_send_counters(struct lane *);
void lane_mark(struct lane *);   /* a low-water mark, if it says more than the last one */
void lane_answer(struct lane *); /* counters, if they were asked for */
void lane_flush(struct lane *);
/* Replay: returns once the ring has room for what one packet may bring; live: at once. */
void lane_wait_for_room(struct lane *);

#endif
