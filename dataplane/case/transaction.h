/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request and its response (or one raw exchange) while it is under way, and the lane's pool of them. */
#ifndef DATAPLANE_CASE_TRANSACTION_H
#define DATAPLANE_CASE_TRANSACTION_H

#include "dataplane/case/digest.h"
#include "dataplane/case/kept.h"
#include "dataplane/match/match.h"

struct session;

/* The rules that fired on one transaction. */
struct found {
	struct found *next;
	uint32_t count, left;
	struct case_alert alerts[CASE_ALERTS_MAX];
};

/* The last bytes scanned of one direction, so that a pattern may straddle pieces. */
struct carry {
	uint64_t offset; /* of the next byte, in the direction's content: head and body, or the stream */
	uint16_t len;
	uint8_t bytes[MATCH_CARRY];
};

/* First and last packet of a message. first_packet 0: nothing came. */
struct span {
	uint64_t first_ns, last_ns;
	uint64_t first_packet, last_packet;
};

/* A slice of the request's head. */
struct slice {
	uint32_t at, len;
};

struct transaction {
	struct transaction *next;              /* in its session, the outbox or the free list */
	struct transaction *older, *newer;     /* in the lane's list of fresh ones */
	bool fresh;                            /* is in that list */
	struct session *session;               /* its flow; NULL once it is over */
	struct tuple client;
	uint64_t flow_id, flow_start_ns;
	uint32_t id;
	enum app_proto app;
	bool home;                             /* a protected site is part of it: history is told */
	/* how far it is */
	bool request_done, response_begun, response_done;
	bool early, retransmitted, told_open, midstream;
	bool awaited;                          /* its response is here, its request is under way: two taps, one later */
	bool client_seen, server_seen;
	struct span request, response;
	uint64_t response_offset, request_end; /* stream offsets of the first response and the last request byte */
	/* HTTP */
	uint16_t status;
	uint32_t body_at[2];                   /* per direction: where the body begins in the content */
	struct slice method, target, host;
	uint64_t body_len;
	struct digest digest;
	struct rule_use *rules;      /* the session room's: by which rules it is matched; NULL: by none any more */
	/* matching */
	struct match_state match;
	struct carry carry[2];
	uint64_t judged[2];                    /* raw: bytes of a direction that the rules' conditions were held against */
	struct found *found;                   /* NULL: no rule fired */
	struct kept parts[PART_COUNT];
};

struct transactions; /* one lane's pool */

/* count transactions, of which cases may have alerts at once, and memory bytes for what they hold. Start-up only. */
must_check int transactions_new(size_t count, size_t cases, size_t memory, struct transactions **ret);
void transactions_free(struct transactions *);
struct chunks *transactions_chunks(struct transactions *);

/* All zero but for its place. NULL when all are taken. Lane only. */
struct transaction *transaction_take(struct transactions *);
/* Gives it and all it holds back; it must be in no list but the fresh one. */
void transaction_give(struct transactions *, struct transaction *);
/* The place for its alerts; NULL when too many cases are open. */
struct found *transaction_found(struct transactions *, struct transaction *);

/*
 * The fresh list: transactions whose record is still to come within the time that control waits for it, by the time
 * of their request's last packet. touch() puts one at its end, done() takes it out (for good).
 */
void transaction_touch(struct transactions *, struct transaction *);
void transaction_done(struct transactions *, struct transaction *);
struct transaction *transactions_oldest(const struct transactions *);

#endif
