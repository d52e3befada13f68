/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule that rejects answers: a TCP reset, or that the port cannot be reached. */
#ifndef DATAPLANE_REJECT_H
#define DATAPLANE_REJECT_H

#include "control/wire/bytes.h"

/*
 * The answer to an Ethernet frame (with up to two VLAN tags; IPv4 or IPv6) as a whole frame in room.
 *   back  to who sent it; else to who would have got it, as from its sender
 * TCP gets a reset that its receiver must believe (RFC 9293, 3.10.7.4: its sequence is what comes next); other protocols an
 * ICMP "port unreachable" back (RFC 792, 4443) and nothing on. Returns its length; 0: there is no answer to this frame (no IP, a
 * reset, an ICMP error, a fragment, a broken header). Pure.
 */
size_t reject_build(struct bytes frame, bool back, uint8_t *room, size_t size);

#endif
