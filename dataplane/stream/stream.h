/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One direction of a TCP flow put back in order. Segments go in as they are captured; runs of bytes come out in
 * order, each with its packet, and gaps come out as gaps. Only a direction with something waiting holds blocks.
 */
#ifndef DATAPLANE_STREAM_STREAM_H
#define DATAPLANE_STREAM_STREAM_H

#include "dataplane/packet.h"
#include "dataplane/stream/waiting.h"

enum { STREAM_FIN = 1, STREAM_SYN = 2, STREAM_RST = 4, STREAM_ACK = 16 }; /* of packet.tcp_flags */

/* Bytes that came in one packet, borrowed from it. Nothing there: bytes.left and missing are 0. */
struct segment {
	struct bytes bytes;
	uint64_t offset;
	uint64_t packet, time_ns;
	uint32_t missing;        /* sent after bytes, but cut off by the capture */
};

/* What one packet was, besides its bytes; several may hold. */
struct stream_report {
	bool old;                /* nothing new in it: a retransmission, a keep-alive */
	bool conflict;           /* other bytes than those that wait for the same place: the first ones stay */
	bool outside;            /* outside any believable window */
	uint32_t dropped_wait;   /* pieces let go because max_blocks wait already */
	uint32_t dropped_pool;   /* pieces let go because the lane's blocks are all taken */
	uint64_t from, to;       /* the offsets it claimed; from == to: none */
};

/* Offsets are 64 bits wide and count from the first byte after the SYN (or from where the capture began). */
struct stream {
	bool begun;              /* next_seq is known */
	bool ended;              /* FIN seen, at end */
	bool peer_acks;          /* the other direction was seen: it says what arrived */
	uint32_t next_seq;       /* sequence number of offset next */
	uint64_t next;           /* everything before was handed on or given up */
	uint64_t lost_before;    /* gaps before it will not be filled any more */
	uint64_t acked;          /* the other side has everything before */
	uint64_t end;
	uint32_t missing;        /* so many bytes at next were cut off by the capture */
	struct waiting waiting;  /* all at or beyond next */
	struct block *lent;      /* handed on by the last stream_next() */
	struct segment now;      /* of the packet being added: handed on without a copy, if it can be */
	struct stream_report report; /* on the packet added last; complete once stream_next() has said false */
};

/* One piece of the stream. gap > 0: so many bytes are lost here (then bytes is empty). */
struct run {
	struct bytes bytes;
	uint64_t offset;
	uint64_t gap;
	bool short_capture;      /* of a gap: the packets were captured short */
	bool conflict;           /* other bytes came for the same place: the first are here */
	uint64_t packet, time_ns;
};

/*
 * Takes one packet of this direction. Call stream_next() until it says false before the packet goes away.
 * First byte wins on overlap. RFC 9293 3.10.7.4. Lane only: never blocks, never allocates.
 */
void stream_add(struct stream *, const struct packet *);
/* The other side acknowledged ack: gaps before it will never be filled. */
void stream_acknowledge(struct stream *, uint32_t ack);
/* No packet will follow: what waits comes out, with its gaps. Call stream_next() until false. */
void stream_flush(struct stream *);
/*
 * The next run, valid until the next call; false when nothing can be handed on now.
 *   max_blocks  how many blocks may wait. Beyond it the farthest bytes go where the other side shows that it waits
 *               too; where nobody acknowledges, the gap is given up.
 */
bool stream_next(struct stream *, struct blocks *, uint32_t max_blocks, struct run *ret);
/* Has every byte up to the FIN come out? */
bool stream_over(const struct stream *);
/* Bytes that were acknowledged or that a FIN covers, but never came: lost at the end. */
uint64_t stream_tail_lost(const struct stream *);
/* Gives all blocks back. */
void stream_fini(struct stream *, struct blocks *);

#endif
