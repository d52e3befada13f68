/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sites, by looking through what the operator states: some dozens of networks at most. */
#include "control/judge/site.h"

#include "config/settings.h"

static bool network_has(const struct network *n, const struct address *a)
{
	unsigned bytes = n->bits / 8, rest = n->bits % 8;

	if (n->address.family != a->family)
		return false;
	for (unsigned i = 0; i < bytes; i++)
		if (n->address.raw[i] != a->raw[i])
			return false;
	return rest == 0 || (n->address.raw[bytes] ^ a->raw[bytes]) >> (8 - rest) == 0;
}

static bool setting_has(const struct site_setting *s, const struct address *a)
{
	for (unsigned i = 0; i < s->networks_count; i++)
		if (network_has(&s->networks[i], a))
			return true;
	return false;
}

unsigned sites_of(const struct sites *s, const struct address *a, struct address ret[SITES_OF_MAX])
{
	unsigned n = 0;

	for (unsigned i = 0; s != NULL && i < s->count && n < SITES_OF_MAX; i++)
		if (setting_has(&s->at[i], a))
			ret[n++] = s->at[i].networks[0].address;
	if (n == 0)
		ret[n++] = *a;
	return n;
}

struct address site_of(const struct sites *s, const struct address *a)
{
	for (unsigned i = 0; s != NULL && i < s->count; i++)
		if (setting_has(&s->at[i], a))
			return s->at[i].networks[0].address;
	return *a;
}

bool site_has(const struct sites *s, const struct address *site, const struct address *a)
{
	if (address_equal(site, a))
		return true;
	for (unsigned i = 0; s != NULL && i < s->count; i++)
		if (address_equal(&s->at[i].networks[0].address, site) && setting_has(&s->at[i], a))
			return true;
	return false;
}

static bool networks_meet(const struct network *a, const struct network *b)
{
	return a->bits < b->bits ? network_has(a, &b->address) : network_has(b, &a->address);
}

static bool share(const struct site_setting *a, const struct site_setting *b)
{
	for (unsigned i = 0; i < a->networks_count; i++)
		for (unsigned k = 0; k < b->networks_count; k++)
			if (networks_meet(&a->networks[i], &b->networks[k]))
				return true;
	return false;
}

struct address site_group(const struct sites *s, const struct address *a)
{
	uint64_t in = 0, before = 1;

	for (unsigned i = 0; s != NULL && i < s->count; i++)
		in |= (uint64_t)setting_has(&s->at[i], a) << i;
	if (in == 0)
		return *a;
	while (before != in) {
		before = in;
		for (unsigned i = 0; i < s->count; i++)
			for (unsigned k = 0; k < s->count && (in >> i & 1) == 0; k++)
				in |= (uint64_t)((in >> k & 1) != 0 && share(&s->at[i], &s->at[k])) << i;
	}
	return s->at[__builtin_ctzll(in)].networks[0].address;
}
