/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What containment may block: an address or a network, all between two addresses, or one flow. */
#ifndef CONTROL_WIRE_BLOCK_H
#define CONTROL_WIRE_BLOCK_H

#include "control/wire/address.h"

enum block_kind { BLOCK_ADDRESS = 1, BLOCK_PAIR, BLOCK_FLOW };
const char *block_kind_name(enum block_kind); /* "address", "pair", "flow" */

enum {
	BLOCK_TEXT = 128,          /* bytes of the text form, with the NUL */
	BLOCK_BITS4_MIN = 8, BLOCK_BITS6_MIN = 16, /* a shorter prefix is half of the world, and a slip of the hand */
};

/* Both directions, in any VLAN. Ports in host order. What a kind does not use is zero; block_normal() made it. */
struct block {
	enum block_kind kind;
	uint8_t bits;          /* ADDRESS: of its network */
	uint8_t protocol;      /* FLOW: 6, 17 */
	struct address a, b;   /* PAIR, FLOW: the smaller one first */
	uint16_t aport, bport; /* FLOW */
};

/* One form for what is the same: ends in order, bits of the host cleared. -EINVAL: it is none, or too wide. */
must_check int block_normal(const struct block *, struct block *ret);
bool block_equal(const struct block *, const struct block *); /* of normal ones */
/* The address itself, without the bits behind the prefix. */
struct address address_masked(const struct address *, unsigned bits);

/*
 * "198.51.100.7", "2001:db8::/64", "192.0.2.1 198.51.100.7", "tcp 198.51.100.7:4444 192.0.2.1:80", "udp [::1]:53 [::2]:53".
 * Parsing gives the normal form. -EINVAL.
 */
must_check int block_parse(const char *text, struct block *ret);
const char *block_format(const struct block *, char buf[BLOCK_TEXT]);

void block_encode(struct sink *, const struct block *);
must_check int block_decode(struct bytes *, struct block *ret); /* -EBADMSG, also where it is not normal */

#endif
