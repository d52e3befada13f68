/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One small record of what a site did: kept by control, so that judging can look back and ahead. */
#ifndef CONTROL_WIRE_HISTORY_H
#define CONTROL_WIRE_HISTORY_H

#include "control/wire/address.h"

enum {
	HISTORY_NAME_MAX = 255,    /* DNS name, or as much of a request target */
	HISTORY_SAMPLE_MAX = 2048, /* bytes told of a body */
	HISTORY_ANSWERS_MAX = 8,
};

enum history_kind {
	HISTORY_FLOW = 1,      /* first packet of a new flow; tuple.src sent it */
	HISTORY_ANSWERED,      /* the other side's first answer (SYN+ACK, first datagram); tuple as in FLOW */
	HISTORY_REFUSED,       /* reset or ICMP unreachable before any answer; tuple as in FLOW */
	HISTORY_DNS_QUESTION,  /* tuple.src asked for name */
	HISTORY_DNS_ANSWER,    /* tuple.src (the resolver) told tuple.dst that name is answers[] */
	HISTORY_ICMP_ECHO,     /* echo request from tuple.src to tuple.dst */
	HISTORY_REQUEST,       /* HTTP request completed: name is its target, host the Host header */
	HISTORY_RESPONSE,      /* HTTP response completed; tuple.src is the client; name the request's target */
	HISTORY_SENT,          /* raw stream: first payload of tuple.src's side, sample holds its first bytes */
};

struct history {
	enum history_kind kind;
	uint64_t time_ns, packet;
	uint64_t flow_id;
	uint32_t tx_id;
	struct tuple tuple;
	struct bytes name;           /* <= HISTORY_NAME_MAX, borrowed; longer ones are cut */
	struct bytes host;           /* REQUEST: <= HISTORY_NAME_MAX */
	struct bytes method;         /* REQUEST, RESPONSE: <= 16 */
	uint32_t answers_count;
	struct address answers[HISTORY_ANSWERS_MAX];
	/* RESPONSE only */
	uint16_t status;
	bool whole;                  /* every byte of the response was seen */
	bool suspect;                /* a rule fired on this transaction: it is a case too */
	bool ordinary;               /* nothing in the request is suspicious; not sent: control's memory finds it out */
	uint64_t delay_ns;           /* last byte of the request to the first of the response; 0 unknown */
	uint64_t body_len;           /* bytes, de-chunked, not inflated */
	uint64_t body_digest;        /* XXH64-like digest of those bytes, for equality only */
	struct bytes content_type;   /* <= 64 */
	struct bytes content_encoding; /* <= 16 */
	struct bytes sample;         /* status >= 400, or text and not suspect: first bytes of the body; SENT: of the payload */
};

void history_encode(struct sink *, const struct history *);
must_check int history_decode(struct bytes *, struct history *ret);

#endif
