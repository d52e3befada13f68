/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share: where IP begins in a frame, what it carries, and how a drop is said. */
#ifndef DATAPLANE_DECODE_PARTS_H
#define DATAPLANE_DECODE_PARTS_H

#include "dataplane/decode/decode.h"

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMP6 = 58 };

/* What follows the IP headers. */
struct ip_payload {
	struct bytes data; /* captured, and no more than the header says */
	uint32_t sent;     /* bytes by the header, >= data.left */
};

static inline enum decode_outcome decode_drop(struct decoded *ret, enum counter why)
{
	ret->drop = why;
	ret->outcome = DECODE_DROP;
	return DECODE_DROP;
}

/* Moves frame to the IP header and sets the VLAN; DECODE_PACKET, or DECODE_DROP with its reason. */
enum decode_outcome decode_link(enum link_type, struct bytes *frame, struct decoded *ret);
/* Reads the IP headers; DECODE_PACKET with *payload, DECODE_FRAGMENT, or DECODE_DROP. */
enum decode_outcome decode_ip(struct bytes at, struct decoded *ret, struct ip_payload *payload);
/* Reads TCP, UDP or ICMP by ret->packet.tuple.protocol. */
enum decode_outcome decode_transport(struct ip_payload, struct decoded *ret);
/* The tuple of a packet quoted by an ICMP error (8 bytes behind its IP header suffice). -EBADMSG if unreadable. */
must_check int decode_quoted(struct bytes quote, uint16_t vlan, struct tuple *ret);

#endif
