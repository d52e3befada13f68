/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and IPv6 headers, with options, extension headers and fragments. */
#include "dataplane/decode/load.h"
#include "dataplane/decode/parts.h"

#include <errno.h>

enum {
	IP4_HEADER = 20,
	IP6_HEADER = 40,
	EXTENSIONS_MAX = 8, /* RFC 8200 names six kinds; more is an attempt to hide */
	EXT_HOPS = 0, EXT_ROUTING = 43, EXT_FRAGMENT = 44, EXT_AUTH = 51, EXT_NONE = 59, EXT_OPTIONS = 60,
	EXT_MOBILITY = 135, EXT_HIP = 139, EXT_SHIM6 = 140,
};

static bool checksum_right(struct bytes header)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < header.left; i += 2)
		sum += load_u16be(header.at + i);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static void set_address(struct address *to, uint8_t family, const uint8_t *raw)
{
	*to = (struct address){ .family = family };
	memcpy(to->raw, raw, family == 4 ? 4 : 16);
}

/* What the header says follows (len bytes), of which rest was captured, maybe with link padding behind it. */
static void set_payload(struct bytes rest, uint32_t len, struct decoded *ret, struct ip_payload *payload)
{
	payload->sent = len;
	payload->data = rest;
	if (rest.left > len)
		payload->data.left = len;
	else if (rest.left < len)
		ret->odd |= ODD_SHORT;
}

static enum decode_outcome set_fragment(const struct ip_payload *p, uint32_t id, uint16_t offset_8, bool more,
                                        struct decoded *ret)
{
	uint32_t offset = offset_8 * 8u;

	if (p->data.left < p->sent)
		return decode_drop(ret, DROP_TRUNCATED);
	if (p->sent == 0 || offset + p->sent > UINT16_MAX || (more && p->sent % 8 != 0))
		return decode_drop(ret, DROP_FRAGMENT_BAD);
	ret->fragment = (struct fragment_piece){ .data = p->data, .id = id, .offset = offset, .more = more };
	ret->outcome = DECODE_FRAGMENT;
	return DECODE_FRAGMENT;
}

static enum decode_outcome decode_ip4(struct bytes at, struct decoded *ret, struct ip_payload *payload)
{
	struct bytes h, options;
	size_t header_len;
	uint16_t total, part;

	if (bytes_take(&at, IP4_HEADER, &h) < 0)
		return decode_drop(ret, DROP_TRUNCATED);
	header_len = (size_t)(h.at[0] & 15) * 4;
	total = load_u16be(h.at + 2);
	if (header_len < IP4_HEADER || (total != 0 && total < header_len))
		return decode_drop(ret, DROP_IP_HEADER);
	if (bytes_take(&at, header_len - IP4_HEADER, &options) < 0)
		return decode_drop(ret, DROP_TRUNCATED);
	if (!checksum_right(bytes_of(h.at, header_len)))
		ret->odd |= ODD_CHECKSUM;
	set_address(&ret->packet.tuple.src, 4, h.at + 12);
	set_address(&ret->packet.tuple.dst, 4, h.at + 16);
	ret->packet.tuple.protocol = h.at[9];
	/* a total length of 0: segmentation was left to the card, and the capture holds all there is */
	set_payload(at, total == 0 ? (uint32_t)at.left : total - (uint32_t)header_len, ret, payload);
	part = load_u16be(h.at + 6);
	if ((part & 0x3fff) != 0)
		return set_fragment(payload, load_u16be(h.at + 4), part & 0x1fff, (part & 0x2000) != 0, ret);
	return DECODE_PACKET;
}

/* Walks the extension headers: moves payload on, and says what the last one announced. */
static enum decode_outcome skip_extensions(uint8_t next, struct decoded *ret, struct ip_payload *payload)
{
	for (unsigned i = 0; i <= EXTENSIONS_MAX; i++) {
		struct bytes h, more;
		size_t len;

		switch (next) {
		case EXT_HOPS: case EXT_ROUTING: case EXT_OPTIONS: case EXT_AUTH:
		case EXT_MOBILITY: case EXT_HIP: case EXT_SHIM6: case EXT_FRAGMENT:
			break;
		default:
			ret->packet.tuple.protocol = next;
			return DECODE_PACKET;
		}
		if (payload->sent < 8)
			return decode_drop(ret, DROP_IP_EXTENSIONS);
		if (bytes_take(&payload->data, 8, &h) < 0)
			return decode_drop(ret, DROP_TRUNCATED);
		payload->sent -= 8;
		if (next == EXT_FRAGMENT) {
			uint16_t part = load_u16be(h.at + 2);

			next = h.at[0];
			ret->packet.tuple.protocol = next;
			if ((part & 0xfff9) != 0) /* else an atomic fragment: whole, RFC 6946 */
				return set_fragment(payload, load_u32be(h.at + 4), part >> 3, part & 1, ret);
			continue;
		}
		len = next == EXT_AUTH ? (h.at[1] + 2u) * 4 - 8 : h.at[1] * 8u;
		next = h.at[0];
		if (len > payload->sent || len > 2048)
			return decode_drop(ret, DROP_IP_EXTENSIONS);
		if (bytes_take(&payload->data, len, &more) < 0)
			return decode_drop(ret, DROP_TRUNCATED);
		payload->sent -= (uint32_t)len;
	}
	return decode_drop(ret, DROP_IP_EXTENSIONS);
}

static enum decode_outcome decode_ip6(struct bytes at, struct decoded *ret, struct ip_payload *payload)
{
	struct bytes h;
	uint16_t len;

	if (bytes_take(&at, IP6_HEADER, &h) < 0)
		return decode_drop(ret, DROP_TRUNCATED);
	set_address(&ret->packet.tuple.src, 6, h.at + 8);
	set_address(&ret->packet.tuple.dst, 6, h.at + 24);
	len = load_u16be(h.at + 4);
	set_payload(at, len == 0 ? (uint32_t)at.left : len, ret, payload);
	return skip_extensions(h.at[6], ret, payload);
}

enum decode_outcome decode_ip(struct bytes at, struct decoded *ret, struct ip_payload *payload)
{
	if (at.left == 0)
		return decode_drop(ret, DROP_TRUNCATED);
	switch (at.at[0] >> 4) {
	case 4:
		return decode_ip4(at, ret, payload);
	case 6:
		return decode_ip6(at, ret, payload);
	default:
		return decode_drop(ret, DROP_IP_HEADER);
	}
}

int decode_quoted(struct bytes quote, uint16_t vlan, struct tuple *ret)
{
	struct decoded d = { .packet.tuple.vlan = vlan };
	struct ip_payload p;
	struct bytes ports;
	struct tuple *t = &d.packet.tuple;

	if (decode_ip(quote, &d, &p) != DECODE_PACKET || bytes_take(&p.data, 8, &ports) < 0)
		return -EBADMSG;
	switch (t->protocol) {
	case PROTO_TCP:
	case PROTO_UDP:
		t->sport = load_u16be(ports.at);
		t->dport = load_u16be(ports.at + 2);
		break;
	case PROTO_ICMP:
	case PROTO_ICMP6:
		t->sport = load_u16be(ports.at + 4);
		break;
	default:
		return -EBADMSG;
	}
	*ret = *t;
	return 0;
}
