/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Community ID of a flow, version 1: the same text in every tool that saw the flow. */
#ifndef CONTROL_JOURNAL_COMMUNITY_H
#define CONTROL_JOURNAL_COMMUNITY_H

#include "control/wire/address.h"

enum { COMMUNITY_TEXT = 32 }; /* bytes, with the NUL */

/*
 * "1:" and the base64 of a SHA-1, seed 0, of a flow of TCP, UDP, SCTP or another protocol without ports. For ICMP it
 * hangs on type and code, which a tuple does not have: use community_id_icmp() with the first packet's. Either
 * direction gives the same text. https://github.com/corelight/community-id-spec
 */
void community_id(const struct tuple *, char ret[COMMUNITY_TEXT]);
void community_id_icmp(const struct tuple *, uint8_t type, uint8_t code, char ret[COMMUNITY_TEXT]);

#endif
