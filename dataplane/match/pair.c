/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xbits: what rules remember of two hosts, whatever their flows; a lane's table, since both hosts' flows are one lane's. */
#include "dataplane/match/matcher.h"

#include <string.h>

/* Both directions of a pair are one: the sum does not depend on order; FNV-1a spreads it (Fowler, Noll, Vo). */
static struct pair_bit *bucket_of(struct match_scratch *x, const struct tuple *t, uint16_t name)
{
	uint64_t hash = 14695981039346656037u;

	for (unsigned i = 0; i < sizeof(t->src.raw); i++)
		hash = (hash ^ (unsigned)(t->src.raw[i] + t->dst.raw[i])) * 1099511628211u;
	hash = (hash ^ name) * 1099511628211u;
	return x->pairs[hash % PAIR_BUCKETS];
}

static bool same_pair(const struct pair_bit *b, const struct tuple *t, uint16_t name)
{
	return b->until_ns > 0 && b->name == name &&
	       ((address_equal(&b->one, &t->src) && address_equal(&b->other, &t->dst)) ||
	        (address_equal(&b->one, &t->dst) && address_equal(&b->other, &t->src)));
}

bool pair_has(struct match_scratch *x, const struct tuple *t, uint16_t name, uint64_t now_ns)
{
	const struct pair_bit *bucket = bucket_of(x, t, name);

	for (unsigned i = 0; i < PAIR_WAYS; i++)
		if (same_pair(&bucket[i], t, name))
			return now_ns < bucket[i].until_ns;
	return false;
}

void pair_forget(struct match_scratch *x, const struct tuple *t, uint16_t name)
{
	struct pair_bit *bucket = bucket_of(x, t, name);

	for (unsigned i = 0; i < PAIR_WAYS; i++)
		if (same_pair(&bucket[i], t, name))
			bucket[i].until_ns = 0;
}

void pair_remember(struct match_scratch *x, const struct tuple *t, uint16_t name, uint64_t now_ns, uint64_t until_ns)
{
	struct pair_bit *bucket = bucket_of(x, t, name), *at = &bucket[0];

	pair_forget(x, t, name);
	for (unsigned i = 1; i < PAIR_WAYS; i++)
		if (bucket[i].until_ns < at->until_ns)
			at = &bucket[i];
	if (at->until_ns > now_ns)
		x->counts.pairs_full++;
	*at = (struct pair_bit){ .one = t->src, .other = t->dst, .name = name, .until_ns = until_ns };
}

void match_forget(struct match_scratch *x)
{
	memset(x->pairs, 0, sizeof(x->pairs));
}
