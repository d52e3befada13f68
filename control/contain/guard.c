/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Networks that are not to be blocked, each with its reason. */
#include "control/contain/guard.h"

#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>

enum { OWN_MAX = 256 };
enum { GUARDED_MAX = 2 * SETTINGS_LIST_MAX + SETTINGS_LIST_MAX * SITE_NETWORKS_MAX + OWN_MAX + 64 };

static const char collectors[] = "is a collector of syslog.targets";

struct guarded {
	struct network network;
	const char *why;
	bool wholly;        /* not even with one of its peers, or on one connection */
};

struct guard {
	unsigned count;
	struct guarded at[GUARDED_MAX];
};

static void add(struct guard *g, const struct network *n, const char *why, bool wholly)
{
	if (g->count < GUARDED_MAX)
		g->at[g->count++] = (struct guarded){ *n, why, wholly };
}

static unsigned most(const struct address *a)
{
	return a->family == 4 ? 32 : 128;
}

static void add_one(struct guard *g, const struct address *a, const char *why)
{
	struct network n = { .address = *a, .bits = most(a) };

	add(g, &n, why, true);
}

static void add_text(struct guard *g, const char *text, unsigned bits, const char *why)
{
	struct network n = { .bits = bits };

	if (address_parse(text, &n.address) == 0)
		add(g, &n, why, true);
}

/* RFC 6890, and multicast. */
static void add_special(struct guard *g)
{
	static const struct {
		const char *net;
		unsigned bits;
	} special[] = {
		{ "0.0.0.0", 8 }, { "127.0.0.0", 8 }, { "169.254.0.0", 16 }, { "224.0.0.0", 4 }, { "255.255.255.255", 32 },
		{ "::", 127 }, { "fe80::", 10 }, { "ff00::", 8 },
	};

	for (unsigned i = 0; i < COUNT_OF(special); i++)
		add_text(g, special[i].net, special[i].bits, "is no single host's address");
}

static void add_own(struct guard *g)
{
	struct ifaddrs *all = NULL;
	unsigned n = 0;

	if (getifaddrs(&all) < 0)
		return;
	for (const struct ifaddrs *i = all; i != NULL && n < OWN_MAX; i = i->ifa_next) {
		struct address own;

		if (i->ifa_addr == NULL || address_of_socket(i->ifa_addr, &own) < 0)
			continue;
		add_one(g, &own, "is this machine's own");
		n++;
	}
	freeifaddrs(all);
}

int guard_new(const struct settings *s, struct guard **ret)
{
	struct guard *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return -ENOMEM;
	/* what stands first is the reason that is told */
	add_special(g);
	for (unsigned i = 0; i < s->never_count; i++)
		add(g, &s->never[i], "is in containment.never", true);
	add_own(g);
	for (unsigned i = 0; i < s->syslog_count; i++) {
		struct address a;

		if (address_parse(s->syslog[i].host, &a) == 0)
			add_one(g, &a, collectors);
	}
	for (unsigned i = 0; i < s->home_count; i++)
		add(g, &s->home[i], "is in rules.home", false);
	for (unsigned i = 0; i < s->sites_count; i++)
		for (unsigned k = 0; k < s->sites[i].networks_count; k++)
			add(g, &s->sites[i].networks[k], "is in judging.sites", false);
	*ret = g;
	return 0;
}

void guard_free(struct guard *g)
{
	free(g);
}

static bool overlap(const struct network *a, const struct address *b, unsigned bits)
{
	return address_within(b, &a->address, bits < a->bits ? bits : a->bits);
}

static const char *find(const struct guard *g, const struct address *a, unsigned bits, bool wholly)
{
	for (unsigned i = 0; i < g->count; i++)
		if ((g->at[i].wholly || !wholly) && overlap(&g->at[i].network, a, bits))
			return g->at[i].why;
	return NULL;
}

void guard_collector(struct guard *g, const struct address *a)
{
	for (unsigned i = 0; i < g->count; i++)
		if (g->at[i].why == collectors && address_equal(&g->at[i].network.address, a))
			return;
	add_one(g, a, collectors);
}

const char *guard_address_why(const struct guard *g, const struct address *a)
{
	return find(g, a, most(a), false);
}

const char *guard_why(const struct guard *g, const struct block *b)
{
	const char *why;

	if (b->kind == BLOCK_ADDRESS)
		return find(g, &b->a, b->bits, false);
	if ((why = find(g, &b->a, most(&b->a), true)) != NULL || (why = find(g, &b->b, most(&b->b), true)) != NULL)
		return why;
	if (b->kind == BLOCK_PAIR && guard_address_why(g, &b->a) != NULL && guard_address_why(g, &b->b) != NULL)
		return "is between two protected addresses";
	return NULL;
}
