/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP, UDP and ICMP headers, and the whole way through one frame. */
#include "dataplane/decode/load.h"
#include "dataplane/decode/parts.h"

enum {
	TCP_HEADER = 20,
	UDP_HEADER = 8,
	ICMP_HEADER = 8,
	ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_ECHO = 8, ICMP_TIME_EXCEEDED = 11, ICMP_PARAMETER = 12,
	ICMP6_UNREACHABLE = 1, ICMP6_PARAMETER = 4, ICMP6_ECHO = 128, ICMP6_ECHO_REPLY = 129,
};

/* A header that the IP length has no room for is broken; one that merely was not captured is truncated. */
static enum decode_outcome too_short(const struct ip_payload *p, uint32_t need, enum counter why, struct decoded *ret)
{
	return decode_drop(ret, p->sent < need ? why : DROP_TRUNCATED);
}

static enum decode_outcome set_rest(struct ip_payload p, struct decoded *ret)
{
	ret->packet.payload = p.data;
	ret->packet.payload_sent = p.sent;
	ret->packet.short_capture = p.data.left < p.sent;
	ret->outcome = DECODE_PACKET;
	return DECODE_PACKET;
}

static enum decode_outcome decode_tcp(struct ip_payload p, struct decoded *ret)
{
	struct packet *k = &ret->packet;
	struct bytes h, options;
	uint32_t len;

	if (p.sent < TCP_HEADER || bytes_take(&p.data, TCP_HEADER, &h) < 0)
		return too_short(&p, TCP_HEADER, DROP_TCP_HEADER, ret);
	len = (h.at[12] >> 4) * 4u;
	if (len < TCP_HEADER || len > p.sent)
		return decode_drop(ret, DROP_TCP_HEADER);
	if (bytes_take(&p.data, len - TCP_HEADER, &options) < 0)
		return decode_drop(ret, DROP_TRUNCATED);
	p.sent -= len;
	k->tuple.sport = load_u16be(h.at);
	k->tuple.dport = load_u16be(h.at + 2);
	k->seq = load_u32be(h.at + 4);
	k->ack = load_u32be(h.at + 8);
	k->tcp_flags = h.at[13];
	return set_rest(p, ret);
}

static enum decode_outcome decode_udp(struct ip_payload p, struct decoded *ret)
{
	struct bytes h;
	uint32_t len;

	if (p.sent < UDP_HEADER || bytes_take(&p.data, UDP_HEADER, &h) < 0)
		return too_short(&p, UDP_HEADER, DROP_UDP_HEADER, ret);
	len = load_u16be(h.at + 4);
	if (len == 0) /* RFC 2675: longer than the field can say */
		len = p.sent;
	if (len < UDP_HEADER || len > p.sent)
		return decode_drop(ret, DROP_UDP_HEADER);
	p.sent = len - UDP_HEADER;
	if (p.data.left > p.sent)
		p.data.left = p.sent;
	ret->packet.tuple.sport = load_u16be(h.at);
	ret->packet.tuple.dport = load_u16be(h.at + 2);
	return set_rest(p, ret);
}

static bool is_echo(uint8_t protocol, uint8_t type)
{
	return protocol == PROTO_ICMP ? type == ICMP_ECHO || type == ICMP_ECHO_REPLY
	                              : type == ICMP6_ECHO || type == ICMP6_ECHO_REPLY;
}

static bool is_error(uint8_t protocol, uint8_t type)
{
	return protocol == PROTO_ICMP ? type == ICMP_UNREACHABLE || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER
	                              : type >= ICMP6_UNREACHABLE && type <= ICMP6_PARAMETER;
}

static enum decode_outcome decode_icmp(struct ip_payload p, struct decoded *ret)
{
	struct packet *k = &ret->packet;
	struct bytes h;

	if (p.sent < ICMP_HEADER || bytes_take(&p.data, ICMP_HEADER, &h) < 0)
		return too_short(&p, ICMP_HEADER, DROP_ICMP_HEADER, ret);
	p.sent -= ICMP_HEADER;
	k->icmp_type = h.at[0];
	k->icmp_code = h.at[1];
	if (is_echo(k->tuple.protocol, k->icmp_type))
		k->tuple.sport = load_u16be(h.at + 4);
	else if (is_error(k->tuple.protocol, k->icmp_type))
		ret->has_inner = decode_quoted(p.data, k->tuple.vlan, &ret->inner) == 0;
	return set_rest(p, ret);
}

enum decode_outcome decode_transport(struct ip_payload p, struct decoded *ret)
{
	switch (ret->packet.tuple.protocol) {
	case PROTO_TCP:
		return decode_tcp(p, ret);
	case PROTO_UDP:
		return decode_udp(p, ret);
	case PROTO_ICMP:
	case PROTO_ICMP6:
		return decode_icmp(p, ret);
	default:
		return decode_drop(ret, DROP_PROTOCOL);
	}
}

/* Everything but the borrowed and the addressed, which the steps always set. */
static void decoded_begin(struct decoded *d)
{
	d->odd = 0;
	d->has_inner = false;
	d->packet.tuple.sport = d->packet.tuple.dport = d->packet.tuple.vlan = 0;
	d->packet.tuple.src.family = d->packet.tuple.dst.family = 0;
	d->packet.seq = d->packet.ack = 0;
	d->packet.tcp_flags = d->packet.icmp_type = d->packet.icmp_code = 0;
}

enum decode_outcome decode_frame(enum link_type type, struct bytes frame, struct decoded *ret)
{
	struct ip_payload payload;
	enum decode_outcome r;

	decoded_begin(ret);
	r = decode_link(type, &frame, ret);
	if (r == DECODE_PACKET)
		r = decode_ip(frame, ret, &payload);
	return r == DECODE_PACKET ? decode_transport(payload, ret) : r;
}

enum decode_outcome decode_datagram(struct bytes datagram, struct decoded *ret)
{
	return decode_transport((struct ip_payload){ .data = datagram, .sent = (uint32_t)datagram.left }, ret);
}

/* Both addresses added, so that direction does not matter, then spread over all bits. */
static uint32_t spread_of(const struct address *a, const struct address *b)
{
	uint64_t x[2], y[2], sum;

	memcpy(x, a->raw, sizeof(x));
	memcpy(y, b->raw, sizeof(y));
	sum = (x[0] + y[0]) + (x[1] + y[1]) * 0x9e3779b97f4a7c15u;
	sum = (sum ^ sum >> 32) * 0xd6e8feb86659fd93u;
	return (uint32_t)(sum >> 32);
}

uint32_t decode_spread(enum link_type type, struct bytes frame)
{
	struct decoded d;
	struct ip_payload p;
	enum decode_outcome r;

	decoded_begin(&d);
	if (decode_link(type, &frame, &d) == DECODE_DROP)
		return 0;
	r = decode_ip(frame, &d, &p);
	if (d.packet.tuple.src.family == 0)
		return 0;
	if (r == DECODE_PACKET && (d.packet.tuple.protocol == PROTO_ICMP || d.packet.tuple.protocol == PROTO_ICMP6) &&
	    decode_transport(p, &d) == DECODE_PACKET && d.has_inner)
		return spread_of(&d.inner.src, &d.inner.dst);
	return spread_of(&d.packet.tuple.src, &d.packet.tuple.dst);
}
