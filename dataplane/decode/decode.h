/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One frame, from its link header to its transport payload. Pure: no state, no EAL. */
#ifndef DATAPLANE_DECODE_DECODE_H
#define DATAPLANE_DECODE_DECODE_H

#include "control/wire/counters.h"
#include "dataplane/packet.h"

enum link_type {
	LINK_ETHERNET,
	LINK_COOKED,  /* Linux cooked v1 (SLL) */
	LINK_COOKED2, /* Linux cooked v2 (SLL2) */
	LINK_RAW,     /* IPv4 or IPv6, told by the version */
	LINK_NULL,    /* BSD null and loop: an address family of either byte order */
	LINK_COUNT,
};

enum decode_outcome {
	DECODE_PACKET,   /* packet is complete */
	DECODE_FRAGMENT, /* addresses, protocol and fragment are set; ports and payload are not */
	DECODE_DROP,     /* drop says why */
};

/* Things worth counting that do not stop us. */
enum decode_odd {
	ODD_CHECKSUM = 1 << 0,
	ODD_VLAN = 1 << 1,
	ODD_SHORT = 1 << 2, /* captured shorter than sent */
};

struct fragment_piece {
	struct bytes data; /* borrowed from the frame */
	uint32_t id;
	uint32_t offset;   /* bytes, a multiple of 8 */
	bool more;
};

struct decoded {
	struct packet packet; /* time_ns and number are the caller's */
	enum decode_outcome outcome;
	enum counter drop;
	unsigned odd;         /* enum decode_odd, or-ed */
	bool has_inner;       /* an ICMP error that quotes a packet */
	struct tuple inner;   /* has_inner: that packet's tuple, as it was sent */
	struct fragment_piece fragment;
};

/*
 * Reads one frame. Everything in *ret that is borrowed lies in frame. RFC 791, 8200, 9293, 768, 792, 4443;
 * IEEE 802.1Q. Lane only: never blocks, never allocates.
 */
enum decode_outcome decode_frame(enum link_type, struct bytes frame, struct decoded *ret);
/* The transport part of a datagram put together from fragments; ret->packet.tuple holds addresses and protocol. */
enum decode_outcome decode_datagram(struct bytes datagram, struct decoded *ret);
/*
 * The addresses that choose a lane: of the packet, or of the packet that an ICMP error quotes, so that fragments and
 * errors meet their flow. The same for both directions; 0 where there is no IP.
 */
uint32_t decode_spread(enum link_type, struct bytes frame);

#endif
