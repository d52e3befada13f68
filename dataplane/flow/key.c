/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding, comparing and hashing of flow keys. */
#include "dataplane/flow/key.h"

#include <string.h>

enum { ICMP = 1, ICMP6 = 58 };

/* One end as bytes that compare: 16 of address, 2 of port. */
struct end {
	const struct address *address;
	uint16_t port;
};

static int end_compare(struct end a, struct end b)
{
	int c = memcmp(a.address->raw, b.address->raw, sizeof(a.address->raw));

	return c != 0 ? c : (int)a.port - (int)b.port;
}

bool flow_key_of(const struct tuple *t, struct flow_key *ret)
{
	bool icmp = t->protocol == ICMP || t->protocol == ICMP6;
	/* an ICMP identifier belongs to the exchange, not to one end of it */
	struct end src = { &t->src, icmp ? 0 : t->sport }, dst = { &t->dst, icmp ? 0 : t->dport };
	bool src_first = end_compare(src, dst) <= 0;
	struct end low = src_first ? src : dst, high = src_first ? dst : src;

	if (icmp)
		low.port = t->sport;
	memcpy(&ret->word[0], low.address->raw, 16);
	memcpy(&ret->word[2], high.address->raw, 16);
	ret->word[4] = (uint64_t)low.port | (uint64_t)high.port << 16 | (uint64_t)t->vlan << 32 |
	               (uint64_t)t->protocol << 48 | (uint64_t)t->src.family << 56;
	return src_first;
}

bool flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
	uint64_t differ = 0;

	for (size_t i = 0; i < COUNT_OF(a->word); i++)
		differ |= a->word[i] ^ b->word[i];
	return differ == 0;
}

/* The high and low half of a 128-bit product, folded: every input bit reaches every output bit. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t flow_key_hash(const struct flow_key *k, uint64_t seed)
{
	uint64_t h = mix(k->word[0] ^ 0xa0761d6478bd642fu ^ seed, k->word[1] ^ 0xe7037ed1a0b428dbu);

	h ^= mix(k->word[2] ^ 0x8ebc6af09c88c6e3u, k->word[3] ^ 0x589965cc75374cc3u ^ seed);
	return mix(h ^ 0x1d8e4e27c47d124fu, k->word[4] ^ 0xeb44accab455d165u ^ h);
}

uint64_t flow_id_of(const struct flow_key *k, uint64_t first_packet_ns)
{
	uint64_t id = mix(flow_key_hash(k, 0) ^ 0x9e3779b97f4a7c15u, first_packet_ns ^ 0xd6e8feb86659fd93u) >> 13;

	return id == 0 ? 1 : id;
}
