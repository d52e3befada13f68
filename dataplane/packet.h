/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every step of a lane may know of a packet. */
#ifndef DATAPLANE_PACKET_H
#define DATAPLANE_PACKET_H

#include "control/wire/address.h"

/* Borrowed from the port until the lane's step for this packet is over. */
struct packet {
	uint64_t time_ns;       /* capture clock */
	uint64_t number;        /* from 1 */
	struct tuple tuple;     /* as on the wire: src sent it */
	struct bytes payload;   /* of TCP, UDP or ICMP: what follows that header */
	bool short_capture;     /* snaplen: payload is less than what was sent */
	uint32_t payload_sent;  /* bytes the payload had on the wire, >= payload.left */
	/* TCP */
	uint32_t seq, ack;      /* host order */
	uint8_t tcp_flags;      /* FIN 1, SYN 2, RST 4, PSH 8, ACK 16 */
	/* ICMP */
	uint8_t icmp_type, icmp_code;
};

enum direction { FROM_CLIENT, FROM_SERVER };

#endif
