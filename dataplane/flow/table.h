/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One lane's flows: a fixed pool, found by key, expired by a wheel of seconds. */
#ifndef DATAPLANE_FLOW_TABLE_H
#define DATAPLANE_FLOW_TABLE_H

#include "dataplane/flow/key.h"
#include "dataplane/flow/tcp.h"

#define FLOW_NONE UINT32_MAX

struct session; /* dataplane/session/session.h: the lane's business, NULL here means none */

enum flow_session { FLOW_SESSION_NONE, FLOW_SESSION_OPEN, FLOW_SESSION_REFUSED };

struct flow {
	struct flow_key key;
	struct tuple client;        /* src opened the flow */
	bool client_first;          /* is client.src the end that the key names first? */
	enum tcp_state tcp;
	bool answered, refused;     /* told already */
	bool midstream;             /* it had begun before we saw it */
	bool syn_seen, syn_answered;/* answered: it began with the SYN+ACK, whose tap is ahead of the client's, or alone */
	enum flow_session contents;
	struct session *session;    /* contents == FLOW_SESSION_OPEN */
	uint64_t id, start_ns;
	uint64_t seen_ns;           /* lane clock of its last packet */
	uint64_t echo_ns;           /* ICMP: when an echo was last told */
	uint64_t syn_packet;        /* syn_seen: its number; syn_answered: the SYN+ACK's */
	uint32_t syn_seq, again_seq;/* sequence of the client's SYN, and of a later one not yet answered */
	bool asked_again;
	uint32_t wheel_next, wheel_prev, wheel_slot; /* private to the wheel */
};

struct flow_table;

/* capacity flows, 1..2^24. -ENOMEM, -EINVAL. */
must_check int flow_table_new(unsigned capacity, uint64_t seed, struct flow_table **ret);
void flow_table_free(struct flow_table *);
uint64_t flow_table_hash(const struct flow_table *, const struct flow_key *);

/* Two steps of asking memory early: for a burst, all of the first, then all of the second, then find. */
void flow_table_prefetch_index(const struct flow_table *, uint64_t hash);
void flow_table_prefetch_flow(const struct flow_table *, uint64_t hash);
/* Lends the flow, until flow_table_remove(); NULL where there is none. */
struct flow *flow_table_find(struct flow_table *, const struct flow_key *, uint64_t hash);
/* A new flow, all zero but its key, not on the wheel; NULL when there is no room for this key. */
struct flow *flow_table_add(struct flow_table *, const struct flow_key *, uint64_t hash);
/*
 * Of those that share hash's buckets, the flow longest silent for which may(flow) holds; NULL if none. For making
 * room when add() had none.
 */
struct flow *flow_table_oldest(struct flow_table *, uint64_t hash, bool (*may)(const struct flow *));
void flow_table_remove(struct flow_table *, struct flow *);

/* Puts the flow where due() will meet it at deadline_ns; earlier if that is beyond the wheel's horizon. */
void flow_table_schedule(struct flow_table *, struct flow *, uint64_t now_ns, uint64_t deadline_ns);
/*
 * Takes one flow off the wheel whose time has come by the whole second now_s; NULL when there is none left. The
 * caller schedules it again or removes it.
 */
struct flow *flow_table_due(struct flow_table *, uint64_t now_s);
/* Any flow still there; NULL when the table is empty. For the end of a capture. */
struct flow *flow_table_any(struct flow_table *);
unsigned flow_table_count(const struct flow_table *);

#endif
