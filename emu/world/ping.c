/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The persona that pings reach: an echo request comes back as a reply, unless a twist says that nobody is there. */
#include "emu/world/network.h"
#include "emu/world/world.h"

#include <stdio.h>
#include <string.h>

enum { HEADER = 20, ECHO_HEAD = 8, ECHO_MAX = 2048, ICMP6 = 58, ICMP = 1, MS = 1000000 };

static uint16_t checksum(const uint8_t *at, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	if (len % 2 != 0)
		sum += (uint32_t)at[len - 1] << 8;
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

uint8_t network_hops(const struct world *w)
{
	return (uint8_t)(43 + 3 * (w->seed % WORLD_VARIETY));
}

void network_round_trip(struct world *w)
{
	w->virtual_ns += (7 + 9 * (w->seed % WORLD_VARIETY)) * MS + world_random(w) % (4 * MS);
}

void ping_answer(struct peer *p, struct world *w, const struct address *to, const struct ping *by, struct bytes b)
{
	bool six = by->protocol == ICMP6;
	uint8_t reply[HEADER + ECHO_MAX] = { 0x45 }, *echo = reply + HEADER;
	char subject[256];
	struct bytes name = network_name(w->network, to);
	struct event *e;
	uint16_t sum;

	if ((e = world_event(w, EVENT_ICMP)) != NULL) {
		e->address = *to;
		e->protocol = by->protocol;
		e->value = b.left;
		e->name = name;
	}
	if (name.left != 0)
		snprintf(subject, sizeof(subject), "%.*s icmp", (int)name.left, (const char *)name.at);
	else
		address_format(to, subject);
	if (b.left < ECHO_HEAD || b.left > ECHO_MAX || b.at[0] != (six ? 128 : 8) ||
	    !record_ask(w->record, QUESTION_NETWORK, subject, true))
		return;
	memcpy(echo, b.at, b.left);
	echo[0] = six ? 129 : 0;
	echo[2] = echo[3] = 0;
	sum = checksum(echo, b.left);
	echo[2] = (uint8_t)(sum >> 8);
	echo[3] = (uint8_t)sum;
	network_round_trip(w);
	if (!by->raw || six) {
		peer_answer(p, bytes_of(echo, b.left));
		return;
	}
	reply[2] = (uint8_t)((HEADER + b.left) >> 8);
	reply[3] = (uint8_t)(HEADER + b.left);
	reply[8] = network_hops(w);
	reply[9] = ICMP;
	memcpy(reply + 12, to->raw, 4);
	if (w->profile.addresses_count != 0)
		memcpy(reply + 16, w->profile.addresses[0].raw, 4);
	peer_answer(p, bytes_of(reply, HEADER + b.left));
}
