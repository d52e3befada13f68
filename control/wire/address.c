/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: text and frames. */
#include "control/wire/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->raw, b->raw, sizeof(a->raw)) == 0;
}

const char *address_format(const struct address *a, char *buf)
{
	if (a->family == 0 || inet_ntop(a->family == 4 ? AF_INET : AF_INET6, a->raw, buf, ADDRESS_TEXT) == NULL)
		strcpy(buf, "-");
	return buf;
}

int address_parse(const char *text, struct address *ret)
{
	struct address a = { 0 };

	if (inet_pton(AF_INET, text, a.raw) == 1)
		a.family = 4;
	else if (inet_pton(AF_INET6, text, a.raw) == 1)
		a.family = 6;
	else
		return -EINVAL;
	*ret = a;
	return 0;
}

int address_parse_bytes(struct bytes text, struct address *ret)
{
	char terminated[ADDRESS_TEXT];

	if (text.left >= sizeof(terminated))
		return -EINVAL;
	if (text.left > 0)
		memcpy(terminated, text.at, text.left);
	terminated[text.left] = '\0';
	return address_parse(terminated, ret);
}

int address_of_socket(const struct sockaddr *from, struct address *ret)
{
	*ret = (struct address){ 0 };
	if (from->sa_family == AF_INET) {
		ret->family = 4;
		memcpy(ret->raw, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
		return 0;
	}
	if (from->sa_family == AF_INET6) {
		ret->family = 6;
		memcpy(ret->raw, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
		return 0;
	}
	return -EAFNOSUPPORT;
}

bool address_within(const struct address *a, const struct address *net, unsigned bits)
{
	if (a->family != net->family || bits > (a->family == 4 ? 32u : 128u))
		return false;
	for (unsigned i = 0; i < bits; i += 8) {
		uint8_t mask = bits - i >= 8 ? 0xff : (uint8_t)(0xff00 >> (bits - i));

		if ((a->raw[i / 8] ^ net->raw[i / 8]) & mask)
			return false;
	}
	return true;
}

void address_encode(struct sink *s, const struct address *a)
{
	sink_u8(s, a->family);
	sink_put(s, a->raw, sizeof(a->raw));
}

int address_decode(struct bytes *b, struct address *ret)
{
	struct bytes at = *b;
	struct address a;

	if (bytes_u8(&at, &a.family) < 0 || bytes_copy(&at, a.raw, sizeof(a.raw)) < 0)
		return -EBADMSG;
	if (a.family != 0 && a.family != 4 && a.family != 6)
		return -EBADMSG;
	/* one address has one encoding: what its family does not use is zero, or equal addresses would differ */
	for (size_t i = a.family == 6 ? sizeof(a.raw) : a.family; i < sizeof(a.raw); i++)
		if (a.raw[i] != 0)
			return -EBADMSG;
	*b = at;
	*ret = a;
	return 0;
}

void tuple_encode(struct sink *s, const struct tuple *t)
{
	address_encode(s, &t->src);
	address_encode(s, &t->dst);
	sink_u16le(s, t->sport);
	sink_u16le(s, t->dport);
	sink_u16le(s, t->vlan);
	sink_u8(s, t->protocol);
}

int tuple_decode(struct bytes *b, struct tuple *ret)
{
	struct bytes at = *b;
	struct tuple t = { 0 };

	if (address_decode(&at, &t.src) < 0 || address_decode(&at, &t.dst) < 0 || bytes_u16le(&at, &t.sport) < 0 ||
	    bytes_u16le(&at, &t.dport) < 0 || bytes_u16le(&at, &t.vlan) < 0 || bytes_u8(&at, &t.protocol) < 0)
		return -EBADMSG;
	*b = at;
	*ret = t;
	return 0;
}

struct tuple tuple_reverse(const struct tuple *t)
{
	struct tuple r = *t;

	r.src = t->dst;
	r.dst = t->src;
	r.sport = t->dport;
	r.dport = t->sport;
	return r;
}
