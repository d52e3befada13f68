/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case: an alert with what was captured for judging it. Written by dataplane/case, read by control/intake. */
#ifndef CONTROL_WIRE_CASE_H
#define CONTROL_WIRE_CASE_H

#include "control/wire/address.h"

enum {
	CASE_ALERTS_MAX = 16,      /* rules named in one case; further ones are counted in alerts_left */
	CASE_SEGMENTS_MAX = 512,   /* packet marks of one part; further ones fold into the last */
	CASE_PART_MAX = 512 << 10, /* bytes kept of one part, head and tail together */
	CASE_TEXT_MAX = 256,       /* bytes of a rule's message or class */
};

enum app_proto { APP_UNKNOWN, APP_HTTP, APP_TLS, APP_DNS, APP_WEBSOCKET, APP_COUNT };
const char *app_proto_name(enum app_proto); /* as in EVE: "failed" for unknown, "http", "tls", "dns", "websocket" */

/* What a case is made of. Bodies are de-chunked, not inflated. STREAM parts: raw TCP or UDP payload. */
enum part_kind {
	PART_REQUEST_HEAD,  /* request line and headers, raw, with the blank line */
	PART_REQUEST_BODY,
	PART_RESPONSE_HEAD, /* status line and headers, raw, with the blank line */
	PART_RESPONSE_BODY,
	PART_CLIENT_STREAM, /* raw protocols: what the client sent; WebSocket: one message of it, unmasked and inflated */
	PART_SERVER_STREAM, /* WebSocket: the server's messages that followed, a line end between them */
	PART_COUNT,
};

/* Why a part is not whole. Several may hold. 0: every byte of it was seen and is here. */
enum part_gap {
	PART_BOUND = 1 << 0,    /* longer than we keep: head and tail are here */
	PART_LOST = 1 << 1,     /* packets in the middle were not captured */
	PART_ENDED = 1 << 2,    /* the flow ended before the message's own end (cut off, reset) */
	PART_OPEN = 1 << 3,     /* still under way, or the capture ended first */
	PART_SNAPLEN = 1 << 4,  /* packets captured short */
	PART_UNSEEN = 1 << 5,   /* this direction was not captured at all */
	PART_MIDSTREAM = 1 << 6,/* the flow had begun before we saw it */
	PART_MALFORMED = 1 << 7,/* framing broke; what follows is not interpreted */
	PART_CONFLICT = 1 << 8, /* other bytes were sent for the same place: the first are here, the receiver may have the others */
};

/* Bytes from offset on, up to the next mark, came in this packet. */
struct segment_mark {
	uint64_t offset; /* in the part */
	uint64_t packet;
	uint64_t time_ns;
};

struct case_part {
	bool present;
	uint32_t gaps;        /* enum part_gap, or-ed */
	uint64_t seen;        /* bytes the part had on the wire (de-chunked) */
	struct bytes head;    /* from offset 0 */
	struct bytes tail;    /* its last bytes, from offset seen - tail.left; empty when head is all */
	uint32_t marks_count;
	const struct segment_mark *marks; /* ascending offsets */
};

struct case_alert {
	uint32_t gid, sid, rev;
	uint8_t severity; /* 1 high .. 4, from the rule's priority or class */
	struct bytes message, class_type; /* UTF-8 */
};

enum case_state {
	CASE_OPEN,  /* sent early because the response takes long; the same id follows again */
	CASE_DONE,
};

struct case_record {
	uint64_t flow_id;      /* stable: from the flow's first packet time and its tuple */
	uint32_t tx_id;        /* transaction in the flow, from 0; for a raw stream 0 */
	enum case_state state;
	enum app_proto app;
	struct tuple tuple;    /* src: the client (opened the flow), dst: the server */
	uint64_t flow_start_ns;
	uint64_t request_first_ns, request_last_ns;   /* 0: not seen. last: the packet that completed it */
	uint64_t request_first_packet, request_last_packet;
	uint64_t response_first_ns, response_last_ns;
	uint64_t response_first_packet, response_last_packet;
	bool client_seen, server_seen;   /* that direction has packets in this flow */
	bool response_retransmitted;     /* its first segment came more than once: its delay is no evidence */
	bool request_answered_early;     /* the response began before the request had ended */
	uint32_t alerts_count, alerts_left;
	struct case_alert alerts[CASE_ALERTS_MAX];
	struct case_part parts[PART_COUNT];
};

/* The order of cases: by the packet that completed the request. Unique in one capture. */
void case_encode(struct sink *, const struct case_record *);
/*
 * Decodes one case whose bytes stay borrowed from b; marks are copied into marks[CASE_SEGMENTS_MAX * PART_COUNT],
 * the caller's. -EBADMSG on any length, count, order or enum out of range.
 */
must_check int case_decode(struct bytes *b, struct segment_mark *marks, struct case_record *ret);
/* The packet that carried byte offset of a part; NULL where it has no marks. */
const struct segment_mark *case_part_mark(const struct case_part *, uint64_t offset);
/* The alert that the case goes by: the most severe one, of equals the first; NULL where no rule fired. Lent by the record. */
const struct case_alert *case_record_alert(const struct case_record *);

#endif
