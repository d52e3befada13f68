/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and the two ends of a flow, as every program names them. */
#ifndef CONTROL_WIRE_ADDRESS_H
#define CONTROL_WIRE_ADDRESS_H

#include "control/wire/bytes.h"

struct sockaddr;

#define ADDRESS_TEXT 46 /* bytes, with the NUL: the longest IPv6 form */

/* family 4 uses raw[0..4), family 6 all 16; network order; the rest is zero. family 0: none. */
struct address {
	uint8_t family;
	uint8_t raw[16];
};

/* One direction of a flow. Ports in host order; for ICMP, sport is the identifier and dport 0. */
struct tuple {
	struct address src, dst;
	uint16_t sport, dport;
	uint16_t vlan;     /* outer VLAN id, 0: none */
	uint8_t protocol;  /* IANA number: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6 */
};

bool address_equal(const struct address *, const struct address *);
/* Text as inet_ntop(3) writes it; buf holds ADDRESS_TEXT bytes and is returned. */
const char *address_format(const struct address *, char *buf);
/* -EINVAL where text is neither an IPv4 nor an IPv6 address. */
must_check int address_parse(const char *text, struct address *ret);
/* The same of bytes without a NUL. */
must_check int address_parse_bytes(struct bytes text, struct address *ret);
/* Of an AF_INET or AF_INET6 socket address, without its port; -EAFNOSUPPORT. */
must_check int address_of_socket(const struct sockaddr *, struct address *ret);
/* Is it inside net/bits? Families must agree. */
bool address_within(const struct address *, const struct address *net, unsigned bits);

void address_encode(struct sink *, const struct address *);
must_check int address_decode(struct bytes *, struct address *ret);
void tuple_encode(struct sink *, const struct tuple *);
must_check int tuple_decode(struct bytes *, struct tuple *ret);
struct tuple tuple_reverse(const struct tuple *);

#endif
