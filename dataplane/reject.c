/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building resets and ICMP errors out of the frame that they answer. */
#include "dataplane/reject.h"

#include "dataplane/decode/decode.h"
#include "dataplane/flow/tcp.h"

#include <string.h>

enum {
	MAC = 6, TYPE_AT = 2 * MAC, TAG = 4, TAGS_MAX = 2, IP4 = 20, IP6 = 40, TCP = 6, ICMP = 1, ICMP6 = 58, TCP_LEN = 20,
	ICMP_LEN = 8, HOPS = 64, QUOTED = 8 /* bytes behind the quoted IP header */,
};

struct frame_parts {
	const uint8_t *at;
	size_t link;       /* bytes before the IP header */
	size_t ip;         /* of the IP header itself */
	bool six;
	struct decoded d;
};

static void put16(uint8_t *to, unsigned v)
{
	to[0] = (uint8_t)(v >> 8);
	to[1] = (uint8_t)v;
}

static void put32(uint8_t *to, uint32_t v)
{
	put16(to, v >> 16);
	put16(to + 2, v & 0xffff);
}

/* RFC 1071, over an even beginning. */
static uint32_t sum(const uint8_t *at, size_t len, uint32_t from)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		from += (uint32_t)at[i] << 8 | at[i + 1];
	if (len % 2 == 1)
		from += (uint32_t)at[len - 1] << 8;
	return from;
}

static unsigned folded(uint32_t s)
{
	while (s >> 16 != 0)
		s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

static unsigned type_at(struct bytes f, size_t at)
{
	return (unsigned)f.at[at] << 8 | f.at[at + 1];
}

/* False: nothing that can be answered. */
static bool parts_of(struct bytes f, struct frame_parts *p)
{
	size_t at = TYPE_AT;
	unsigned type;

	if (decode_frame(LINK_ETHERNET, f, &p->d) != DECODE_PACKET || f.left < TYPE_AT + 2)
		return false;
	for (unsigned tags = 0; tags < TAGS_MAX && at + TAG + 2 <= f.left; tags++, at += TAG)
		if ((type = type_at(f, at)) != 0x8100 && type != 0x88a8)
			break;
	type = type_at(f, at);
	p->at = f.at;
	p->link = at + 2;
	p->six = type == 0x86dd;
	if ((type != 0x0800 && !p->six) || f.left < p->link + (p->six ? IP6 : IP4))
		return false;
	p->ip = p->six ? IP6 : (size_t)(f.at[p->link] & 15) * 4;
	/* what lies in a tunnel is another pair of hosts' */
	return f.left >= p->link + p->ip + QUOTED && f.at[p->link + (p->six ? 6 : 9)] == p->d.packet.tuple.protocol;
}

/* Link and IP headers with room for len bytes behind; returns where those begin. */
static uint8_t *headers(const struct frame_parts *p, bool back, unsigned protocol, size_t len, uint8_t *room)
{
	uint8_t *ip = room + p->link;
	const uint8_t *old = p->at + p->link;
	size_t from = p->six ? 8 : 12, address = p->six ? 16 : 4;

	memcpy(room, p->at, p->link);
	if (back) {
		memcpy(room, p->at + MAC, MAC);
		memcpy(room + MAC, p->at, MAC);
	}
	memset(ip, 0, p->six ? IP6 : IP4);
	memcpy(ip + from + (back ? address : 0), old + from, address);
	memcpy(ip + from + (back ? 0 : address), old + from + address, address);
	if (p->six) {
		ip[0] = 0x60;
		put16(ip + 4, (unsigned)len);
		ip[6] = (uint8_t)protocol;
		ip[7] = HOPS;
		return ip + IP6;
	}
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(IP4 + len));
	ip[6] = 0x40; /* it is not fragmented */
	ip[8] = HOPS;
	ip[9] = (uint8_t)protocol;
	put16(ip + 10, folded(sum(ip, IP4, 0)));
	return ip + IP4;
}

/* Over the new addresses as well. */
static unsigned transport_sum(const struct frame_parts *p, const uint8_t *room, unsigned protocol, const uint8_t *at, size_t len)
{
	const uint8_t *ip = room + p->link;

	return folded(sum(at, len, sum(ip + (p->six ? 8 : 12), p->six ? 32 : 8, protocol + (uint32_t)len)));
}

static size_t reset(const struct frame_parts *p, bool back, uint8_t *room)
{
	const struct packet *t = &p->d.packet;
	bool acks = t->tcp_flags & FLAG_ACK;
	uint32_t after = t->seq + t->payload_sent + (t->tcp_flags & FLAG_SYN ? 1 : 0) + (t->tcp_flags & FLAG_FIN ? 1 : 0);
	uint8_t *tcp;

	if (t->tcp_flags & FLAG_RST)
		return 0;
	tcp = headers(p, back, TCP, TCP_LEN, room);
	memset(tcp, 0, TCP_LEN);
	put16(tcp, back ? t->tuple.dport : t->tuple.sport);
	put16(tcp + 2, back ? t->tuple.sport : t->tuple.dport);
	put32(tcp + 4, back ? (acks ? t->ack : 0) : t->seq);
	put32(tcp + 8, back ? (acks ? 0 : after) : t->ack);
	tcp[12] = TCP_LEN / 4 << 4;
	tcp[13] = back == acks ? FLAG_RST : FLAG_RST | FLAG_ACK;
	if (!back && !acks)
		tcp[13] = FLAG_RST;
	put16(tcp + 16, transport_sum(p, room, TCP, tcp, TCP_LEN));
	return (size_t)(tcp - room) + TCP_LEN;
}

static size_t unreachable(const struct frame_parts *p, uint8_t *room)
{
	size_t quote = p->ip + QUOTED, len = ICMP_LEN + quote;
	unsigned protocol = p->six ? ICMP6 : ICMP;
	uint8_t *icmp;

	if (p->d.packet.tuple.protocol == ICMP || p->d.packet.tuple.protocol == ICMP6)
		return 0;
	icmp = headers(p, true, protocol, len, room);
	memset(icmp, 0, ICMP_LEN);
	icmp[0] = p->six ? 1 : 3;
	icmp[1] = p->six ? 4 : 3;
	memcpy(icmp + ICMP_LEN, p->at + p->link, quote);
	put16(icmp + 2, p->six ? transport_sum(p, room, protocol, icmp, len) : folded(sum(icmp, len, 0)));
	return (size_t)(icmp - room) + len;
}

size_t reject_build(struct bytes frame, bool back, uint8_t *room, size_t size)
{
	struct frame_parts p;

	if (!parts_of(frame, &p) || p.link + IP6 + ICMP_LEN + p.ip + QUOTED > size)
		return 0;
	if (p.d.packet.tuple.protocol == TCP)
		return reset(&p, back, room);
	return back ? unreachable(&p, room) : 0;
}
