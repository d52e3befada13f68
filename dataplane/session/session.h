/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One TCP flow's (or UDP exchange's) content: reassembly, application framing, matching, and the cases cut from it.
 * The flow table owns the flow; a flow points at its session here. Lane only: never blocks, never allocates after
 * sessions_new().
 */
#ifndef DATAPLANE_SESSION_SESSION_H
#define DATAPLANE_SESSION_SESSION_H

#include "dataplane/packet.h"
#include "control/wire/ring.h"

#include "config/rules/action.h"

struct matcher;   /* dataplane/match: the compiled rules, shared and read-only */
struct match_scratch;
struct settings;  /* config/settings.h */
struct counters;  /* dataplane/counters.h */
struct session;
struct sessions;  /* one lane's pool of sessions, segments, transactions and open cases */

/*
 * All memory of a lane's contents, sized from settings. matcher, settings, counters and up stay borrowed.
 * up: the lane's ring; cases and history go there. wait: replay, where a full ring keeps records waiting (see
 * sessions_flush()); otherwise they are dropped and counted.
 */
must_check int sessions_new(const struct settings *, const struct matcher *, struct counters *, struct ring *up,
                            bool wait, struct sessions **ret);
void sessions_free(struct sessions *);

/*
 * Other rules for what begins from now on; m and x stay borrowed until sessions_spare() gives them back. False: too many
 * older sets are still in use. The first set's scratch is its own.
 */
bool sessions_rules(struct sessions *, const struct matcher *m, struct match_scratch *x);
/* An older set that nothing uses any more goes back; false: there is none. */
bool sessions_spare(struct sessions *, const struct matcher **m, struct match_scratch **x);

/* A session for a new flow; NULL when the pool is empty (counted). client: the tuple of the side that opened it. */
struct session *session_open(struct sessions *, const struct tuple *client, uint64_t flow_id, uint64_t start_ns,
                             bool midstream);
/* One packet with or without payload; TCP control flags included (SYN sets the sequence, FIN and RST end). */
void session_packet(struct sessions *, struct session *, enum direction, const struct packet *);
/* What the rules that held so far want of the flow. */
enum rule_action session_action(const struct session *);
enum session_end { SESSION_CLOSED, SESSION_RESET, SESSION_EXPIRED, SESSION_CAPTURE_ENDED, SESSION_EVICTED };
/* Cuts what is open, gives the session back. */
void session_close(struct sessions *, struct session *, enum session_end, uint64_t now_ns);

/* Capture time moved on: cases that waited too long for a response are sent as open. */
void sessions_tick(struct sessions *, uint64_t now_ns);
/* Sends what waits for room in the ring. True when nothing waits (replay: only then may the port give packets). */
bool sessions_flush(struct sessions *);
/* A capture is over, every session closed and everything sent: the next one has a time of its own. */
void sessions_restart(struct sessions *);
/* The oldest time that a record still to come could carry; UINT64_MAX when nothing is held. */
uint64_t sessions_oldest(const struct sessions *);

#endif
