/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Community ID version 1. */
#include "control/journal/community.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <nettle/base64.h>
#include <nettle/sha1.h>
#include <string.h>

enum { SEED = 0, DIGEST_INPUT_MAX = 2 + 16 + 16 + 2 + 4 };

struct pair {
	uint8_t type, counterpart;
};

/* The types whose answer has a type of its own; all others are told one way, with their code. */
static const struct pair pairs4[] = {
	{ 8, 0 }, { 0, 8 },     /* echo */
	{ 13, 14 }, { 14, 13 }, /* timestamp */
	{ 15, 16 }, { 16, 15 }, /* information */
	{ 10, 9 }, { 9, 10 },   /* router solicitation */
	{ 17, 18 }, { 18, 17 }, /* address mask */
};
static const struct pair pairs6[] = {
	{ 128, 129 }, { 129, 128 }, /* echo */
	{ 133, 134 }, { 134, 133 }, /* router solicitation */
	{ 135, 136 }, { 136, 135 }, /* neighbour solicitation */
	{ 130, 131 }, { 131, 130 }, /* listener query */
	{ 144, 145 }, { 145, 144 }, /* home agent discovery */
	{ 139, 140 }, { 140, 139 }, /* node information */
};

static void id_of(const struct tuple *t, uint16_t first, uint16_t second, bool ports, bool one_way,
                  char ret[COMMUNITY_TEXT])
{
	uint8_t input[DIGEST_INPUT_MAX], digest[SHA1_DIGEST_SIZE];
	size_t width = t->src.family == 4 ? 4 : 16;
	int order = memcmp(t->src.raw, t->dst.raw, width);
	bool swap = !one_way && (order > 0 || (order == 0 && first > second));
	const struct tuple to = swap ? tuple_reverse(t) : *t;
	struct sink s = sink_over(input, sizeof(input));
	struct sha1_ctx sha;

	sink_u16le(&s, SEED);
	sink_put(&s, to.src.raw, width);
	sink_put(&s, to.dst.raw, width);
	sink_u8(&s, t->protocol);
	sink_u8(&s, 0);
	if (ports) {
		const uint16_t both[2] = { htons(swap ? second : first), htons(swap ? first : second) };

		sink_put(&s, both, sizeof(both));
	}
	sha1_init(&sha);
	sha1_update(&sha, s.used, input);
	sha1_digest(&sha, sizeof(digest), digest);
	memcpy(ret, "1:", 2);
	base64_encode_raw(ret + 2, sizeof(digest), digest);
	ret[2 + BASE64_ENCODE_RAW_LENGTH(sizeof(digest))] = 0;
}

void community_id(const struct tuple *t, char ret[COMMUNITY_TEXT])
{
	bool ports = t->protocol == IPPROTO_TCP || t->protocol == IPPROTO_UDP || t->protocol == IPPROTO_SCTP;

	id_of(t, t->sport, t->dport, ports, false, ret);
}

void community_id_icmp(const struct tuple *t, uint8_t type, uint8_t code, char ret[COMMUNITY_TEXT])
{
	const struct pair *pairs = t->protocol == IPPROTO_ICMP ? pairs4 : pairs6;
	size_t count = t->protocol == IPPROTO_ICMP ? COUNT_OF(pairs4) : COUNT_OF(pairs6);

	for (size_t i = 0; i < count; i++) {
		if (pairs[i].type == type) {
			id_of(t, type, pairs[i].counterpart, true, false, ret);
			return;
		}
	}
	id_of(t, type, code, true, true, ret);
}
