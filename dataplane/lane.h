/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lane: one thread that takes its packets from intake to record, and never waits for anything but room in replay. */
#ifndef DATAPLANE_LANE_H
#define DATAPLANE_LANE_H

#include "config/settings.h"
#include "control/wire/ring.h"
#include "dataplane/counters.h"
#include "dataplane/port/intake.h"

struct lane;
struct matcher;

struct lane_setup {
	unsigned index;
	bool replay;                    /* wait for room instead of losing records */
	uint64_t seed;                  /* of the flow table's hash */
	const struct settings *settings;
	const struct matcher *matcher;
	struct ring *up;
	struct intake *intake;
};

/* All memory of a lane. What setup points at stays borrowed. -ENOMEM, -EINVAL. */
must_check int lane_new(const struct lane_setup *, struct lane **ret);
void lane_free(struct lane *);
/* The lane's whole life, on its own thread: until the intake says stop. Returns 0. */
int lane_run(void *lane);

/*
 * The gate of a feed (feed.h) over a struct matcher: which packets wait for their lane. Whether one stays, is answered, or
 * goes on, the lane then says by the rules' actions. Any thread.
 */
uint8_t lane_gate(const void *matcher, const struct tuple *, bool ports);

/*
 * Other rules: the loader offers a set with scratch of this lane's own; the lane takes it between two bursts. Offered and
 * spare ones are the loader's to free, once lane_spare() gives them back or the lane is gone.
 */
struct match_scratch;
bool lane_can_take(const struct lane *);
void lane_offer(struct lane *, const struct matcher *, struct match_scratch *);
bool lane_spare(struct lane *, const struct matcher **, struct match_scratch **ret);

/* Any thread: the lane sends its counters up at its next rest between packets. */
void lane_want_counters(struct lane *);
/* Any thread. */
const struct counters *lane_counters_of(const struct lane *);
/*
 * Numbers that the lane does not count itself (what the port lost, the rules in force) but sends with its own.
 * Any one ordinary thread.
 */
void lane_set_outside(struct lane *, enum counter, uint64_t value);

#endif
