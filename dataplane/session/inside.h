/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share: one flow's session, and the lane's pool of everything. */
#ifndef DATAPLANE_SESSION_INSIDE_H
#define DATAPLANE_SESSION_INSIDE_H

#include "dataplane/session/session.h"
#include "dataplane/app/http_head.h"
#include "dataplane/app/recognise.h"
#include "dataplane/app/websocket.h"
#include "dataplane/case/outbox.h"
#include "dataplane/counters.h"
#include "dataplane/session/inflate.h"
#include "dataplane/stream/stream.h"
#include "config/settings.h"

#include <string.h>

enum {
	OPEN_MAX = 64,               /* transactions of one session at once: pipelining beyond it is cut at its oldest */
	UNSUSPECT_KEEP = 16 << 10,   /* bytes of a response kept while no rule has shown interest */
	SCARCE_KEEP = 1 << 10,       /* the same while case memory is scarce */
	RAW_DEPTH = 1 << 20,         /* bytes of a raw direction that rules see, as Suricata's reassembly depth */
	TLS_DEPTH = 16 << 10,        /* of TLS: what follows is ciphertext */
	SCAN_PIECE = 16 << 10,       /* bytes scanned at once */
	SMALL_PIECE = 256,           /* shorter pieces of one packet's body are scanned together */
	GATHERED_MAX = 4 << 10,
	VERDICT_SHARE = 16,          /* a raw stream is judged again when it has grown by this part of itself */
	HELD_SIZE = RECOGNISE_MAX + (128 << 10), /* bytes of a direction held until the flow is recognised */
	ROOM_SIZE = 4 << 20,         /* heads, bodies and normalised buffers of one transaction in one piece */
};

enum session_kind { SESSION_UNDECIDED, SESSION_HTTP, SESSION_RAW, SESSION_WEBSOCKET, SESSION_IGNORED };

struct session {
	struct session *next;
	struct tuple client;
	uint64_t flow_id, start_ns;
	enum session_kind kind;
	enum app_proto app;
	bool midstream, home;
	bool seen[2];                        /* packets of that direction */
	bool lost[2];                        /* HTTP framing of that direction was lost in a gap */
	bool interim;                        /* the head just read was a 1xx: the real one follows */
	bool tunnel;                         /* after this response the flow is no HTTP any more */
	bool upgraded;                       /* but WebSocket */
	bool deflates, forgets[2];           /* WebSocket: messages may be compressed; each for itself */
	bool deflate_lost[2];                /* what a direction compresses cannot be followed */
	struct stream streams[2];
	struct http1 http[2];
	struct websocket frames[2];
	struct inflater *inflaters[2];       /* NULL: nothing compressed came yet */
	uint64_t inflated[2];                /* bytes of the message at hand */
	uint32_t next_id, open;
	uint32_t cut;                        /* HTTP: requests cut at OPEN_MAX whose responses are still to come */
	bool answers_cut;                    /* the transaction that begins is such a response's: one more may be open */
	struct transaction *first, *last;    /* under way, oldest first */
	struct transaction *current[2];      /* whose request, whose response is being read; NULL between messages */
	struct match_flow flow;
	uint32_t flow_rules;                 /* whose numbers the flow's bits are */
};

/* A set of rules as this lane uses it. */
struct rule_use {
	const struct matcher *matcher;       /* NULL: vacant */
	struct match_scratch *scratch;
	uint32_t users, number;              /* transactions that began under it; which set since the start */
};

enum { RULES_USED_MAX = 8 /* sets at once; a reload beyond it is refused */ };

struct sessions {
	const struct settings *settings;
	struct rule_use uses[RULES_USED_MAX], *rules; /* rules: those in force */
	struct counters *counters;
	struct outbox *outbox;
	struct transactions *transactions;
	struct chunks *chunks;
	size_t chunks_scarce;                /* fewer left than this: keep less */
	struct blocks *blocks;
	uint32_t max_blocks;
	struct kept_limit part;              /* of a part worth keeping */
	uint64_t case_open_ns, now_ns;
	struct session *memory, *free;
	/* scratch, valid within one call */
	uint8_t *scan_room;                  /* MATCH_CARRY + SCAN_PIECE */
	struct inflaters *inflaters;
	uint8_t *frames_room;                /* 2 * SCAN_PIECE: unmasked, and inflated */
	uint8_t *held_room;                  /* bytes of a flow that was just recognised */
	bool releasing;                      /* held_room is being read */
	struct segment_mark marks[2 * CASE_SEGMENTS_MAX];
	uint8_t *room;
	uint8_t gathered[GATHERED_MAX];      /* small pieces of a body, not yet scanned */
	size_t gathered_len;
	struct http_head heads[2];
	bool heads_read[2];
	struct bytes dns_name;               /* of the datagram at hand, in dns_text */
	char dns_text[256];
};

/* session.c */

/* Puts a run of the session's stream through the recogniser, HTTP or raw. */
void session_run(struct sessions *, struct session *, enum direction, const struct run *);

/* Bytes of a direction are missing. */
void session_gap(struct sessions *, struct session *, enum direction, const struct run *);
/* What it is. */
void session_decide(struct session *, enum recognised);

/* hold.c: until then */

/* The transaction that holds what an undecided flow said; NULL: none. */
struct transaction *hold_of(struct session *);
/* One more run. False: decided at once, and the run goes on as what the session is now. */
bool hold_run(struct sessions *, struct session *, enum direction, const struct run *);
/* The flow is recognised: what was held goes its way. */
void hold_release(struct sessions *, struct session *, enum recognised);

/* exchange.c: transactions of a session */

/* A new one at the end of the session's list; NULL (counted) when the pool is empty. */
struct transaction *exchange_begin(struct sessions *, struct session *);
/* Over: what is open gets the reason (enum part_gap, or-ed; 0: it is whole), verdicts fall, the case goes up. */
void exchange_finish(struct sessions *, struct session *, struct transaction *, uint32_t reason);
/* Which directions of its flow were captured so far. */
void exchange_seen(const struct session *, struct transaction *);
void exchange_finish_all(struct sessions *, struct session *, uint32_t reason);
/* Bytes of a part, kept as far as they are worth it. */
void exchange_keep(struct sessions *, struct transaction *, enum part_kind, const struct run *);
/* Nothing came for long: a raw stream that no rule cares for gives its memory back while it is scarce. */
void exchange_idle(struct sessions *, struct transaction *);
/* A packet of the request: it orders the case. */
void exchange_request_packet(struct sessions *, struct transaction *, const struct run *);
/* A packet of the response: it orders the case where no request was seen. */
void exchange_response_packet(struct sessions *, struct transaction *, const struct run *);

/* rules.c */

/* The transaction is matched by the rules in force, from its beginning. */
void rules_begin(struct sessions *, struct transaction *);
void rules_end(struct transaction *);
/* What the flow remembers, by the numbers of the transaction's rules. */
struct match_flow *rules_flow(struct session *, const struct transaction *);

/* scan.c: the matcher */

/* The next bytes of a direction's content, also as buffer body_buffer (BUFFER_PAYLOAD: no other). */
void scan_bytes(struct sessions *, struct transaction *, enum direction, enum buffer body_buffer, struct bytes);
/*
 * The same of a body, whose small pieces (a hostile sender's chunks of one byte) wait to be scanned together: call
 * scan_gathered() with the same transaction before anything else happens to it.
 */
void scan_body(struct sessions *, struct transaction *, enum direction, struct bytes);
void scan_gathered(struct sessions *, struct transaction *, enum direction);
/* Bytes are missing: nothing matches across them. */
void scan_gap(struct transaction *, enum direction, uint64_t len);
/* The buffers of a head that is here in one piece. */
void scan_request_head(struct sessions *, struct transaction *, const struct http_head *, struct bytes raw);
void scan_response_head(struct sessions *, struct transaction *, const struct http_head *, struct bytes raw);
void scan_verdicts(struct sessions *, struct session *, struct transaction *, enum direction);
/* The same, but only where a rule that stops packets may hold by now: the packet at hand must not leave before. */
void scan_urgent(struct sessions *, struct session *, struct transaction *, enum direction);

/* http.c */
/* Takes the run's bytes; what is left in it is no HTTP any more. */
void http_run(struct sessions *, struct session *, enum direction, struct run *);
void http_gap(struct sessions *, struct session *, enum direction, const struct run *);
/* That direction is over; reason: why, if a message is not whole. */
void http_over(struct sessions *, struct session *, enum direction, uint32_t reason);
/* The request of a transaction ends without its own end. */
void http_request_cut(struct sessions *, struct session *, struct transaction *, uint32_t reason);

/* pair.c: HTTP's responses and their requests */

/* The oldest response whose request has not begun; NULL: none waits. */
struct transaction *pair_awaiting(struct session *);
/* A transaction for a response (run: its beginning) whose request was not captured, or not yet. NULL: the pool is empty. */
struct transaction *pair_unasked(struct sessions *, struct session *, const struct run *);
/* The server has said all: every exchange ends but those whose request is still on its way here. */
void pair_server_over(struct sessions *, struct session *);
/* A request that was awaited has not come in time: the exchange ends without it. */
void pair_give_up(struct sessions *, struct session *, struct transaction *);
/* The transaction whose response begins with this run; NULL where no request is known for it. */
struct transaction *pair_answered(struct sessions *, struct session *, const struct run *);

/* raw.c */
void raw_run(struct sessions *, struct session *, enum direction, const struct run *);
void raw_gap(struct sessions *, struct session *, enum direction, const struct run *);
void raw_datagram(struct sessions *, struct session *, enum direction, const struct packet *);

/* frames.c: WebSocket */

/* Does this response's head turn the flow into WebSocket? Notes what was agreed on. RFC 6455, 4.2.2. */
bool frames_agreed(struct session *, const struct http_head *response);
void frames_begin(struct session *);
/* Takes the run's bytes; what is left in it is no WebSocket any more. */
void frames_run(struct sessions *, struct session *, enum direction, struct run *);
void frames_gap(struct sessions *, struct session *, enum direction, const struct run *);
/* A direction cannot be followed: what is open ends with this gap, and the flow is raw. */
void frames_lost(struct sessions *, struct session *, enum direction, enum part_gap why);
/* The flow ends: nothing of zlib's is held any more, whatever the session is now. */
void frames_over(struct sessions *, struct session *);

/* tell.c: history */
void tell_request(struct sessions *, struct transaction *, const struct http_head *);
void tell_response(struct sessions *, struct transaction *, bool whole);
void tell_sent(struct sessions *, struct session *, enum direction, const struct run *);
/* -EBADMSG: not DNS. */
int tell_dns(struct sessions *, struct session *, const struct packet *, struct bytes message);

/* A slice of the request's head; nothing where the head or the slice is not there. */
static inline struct bytes slice_in(struct bytes head, struct slice s)
{
	return s.len > 0 && s.at + s.len <= head.left ? bytes_of(head.at + s.at, s.len) : (struct bytes){ 0 };
}

/* The flow's gap flag for a run that is one. */
static inline enum part_gap gap_kind(const struct run *run)
{
	return run->short_capture ? PART_SNAPLEN : PART_LOST;
}

#endif
