/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Link layers: from the first byte of a frame to its IP header. */
#include "dataplane/decode/load.h"
#include "dataplane/decode/parts.h"

enum {
	TAGS_MAX = 4, /* VLAN tags of one frame; real networks stack two */
	ETHERTYPE_IP4 = 0x0800,
	ETHERTYPE_IP6 = 0x86dd,
};

static bool is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100; /* 802.1Q, 802.1ad, the older QinQ */
}

/* What the link says is inside must be what the header says: a host takes no other (Linux ip_rcv, ipv6_rcv). */
static enum decode_outcome of_version(unsigned version, const struct bytes *frame, struct decoded *ret)
{
	return frame->left == 0 || frame->at[0] >> 4 == version ? DECODE_PACKET : decode_drop(ret, DROP_IP_HEADER);
}

/* VLAN tags, if any, and then IP. type: what stood before frame->at. */
static enum decode_outcome after_type(uint16_t type, struct bytes *frame, struct decoded *ret)
{
	struct bytes tag;

	for (unsigned i = 0; is_tag(type); i++) {
		if (i == TAGS_MAX)
			return decode_drop(ret, DROP_LINK);
		if (bytes_take(frame, 4, &tag) < 0)
			return decode_drop(ret, DROP_TRUNCATED);
		if (i == 0)
			ret->packet.tuple.vlan = load_u16be(tag.at) & 0x0fff;
		ret->odd |= ODD_VLAN;
		type = load_u16be(tag.at + 2);
	}
	if (type != ETHERTYPE_IP4 && type != ETHERTYPE_IP6)
		return decode_drop(ret, DROP_NOT_IP);
	return of_version(type == ETHERTYPE_IP4 ? 4 : 6, frame, ret);
}

/* A header of len bytes whose ethertype stands at offset. */
static enum decode_outcome link_typed(size_t len, size_t offset, struct bytes *frame, struct decoded *ret)
{
	struct bytes header;

	if (bytes_take(frame, len, &header) < 0)
		return decode_drop(ret, DROP_TRUNCATED);
	return after_type(load_u16be(header.at + offset), frame, ret);
}

/* 2 is AF_INET everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs, in the capturing host's order. */
static enum decode_outcome link_null(struct bytes *frame, struct decoded *ret)
{
	struct bytes header;
	uint32_t family;

	if (bytes_take(frame, 4, &header) < 0)
		return decode_drop(ret, DROP_TRUNCATED);
	family = load_u32be(header.at);
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	if (family != 2 && family != 10 && family != 24 && family != 28 && family != 30)
		return decode_drop(ret, DROP_NOT_IP);
	return of_version(family == 2 ? 4 : 6, frame, ret);
}

enum decode_outcome decode_link(enum link_type type, struct bytes *frame, struct decoded *ret)
{
	switch (type) {
	case LINK_ETHERNET:
		return link_typed(14, 12, frame, ret);
	case LINK_COOKED:
		return link_typed(16, 14, frame, ret);
	case LINK_COOKED2:
		return link_typed(20, 0, frame, ret);
	case LINK_RAW:
		return DECODE_PACKET;
	case LINK_NULL:
		return link_null(frame, ret);
	case LINK_COUNT:
		break;
	}
	return decode_drop(ret, DROP_LINK);
}
