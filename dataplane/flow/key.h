/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes two packets one flow: the 5-tuple and VLAN with both directions folded. */
#ifndef DATAPLANE_FLOW_KEY_H
#define DATAPLANE_FLOW_KEY_H

#include "dataplane/packet.h"

/* Compared as words; no padding is left unset. */
struct flow_key {
	uint64_t word[5];
};

/* Folds t; returns whether t.src is the end that the key names first. */
bool flow_key_of(const struct tuple *t, struct flow_key *ret);
bool flow_key_equal(const struct flow_key *, const struct flow_key *);
/* seed makes the table's order unknown to who sends the packets. */
uint64_t flow_key_hash(const struct flow_key *, uint64_t seed);
/* Stable over runs, lanes and machines; below 2^51, so that every JSON reader keeps it exact. Never 0. */
uint64_t flow_id_of(const struct flow_key *, uint64_t first_packet_ns);

#endif
