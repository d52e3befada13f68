/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which addresses act for one server: its virtual address, the members of its pool, what NAT makes of them, its resolver
 * or proxy, as the operator states them. A site goes by the first address of its first network; an address of no site is
 * one by itself; an address of several (a resolver, a NAT's outer side) acts for each.
 */
#ifndef CONTROL_JUDGE_SITE_H
#define CONTROL_JUDGE_SITE_H

#include "control/wire/address.h"

struct site_setting;

enum { SITES_OF_MAX = 16 }; /* sites that one address acts for; it acts for no further ones */

/* What settings says of them, borrowed for as long as it is used. NULL: every address is a site. */
struct sites {
	const struct site_setting *at;
	unsigned count;
};

/* The site that this address is, or the first that it acts for. */
struct address site_of(const struct sites *, const struct address *);
/* All that it acts for; returns how many, at least one. */
unsigned sites_of(const struct sites *, const struct address *, struct address ret[SITES_OF_MAX]);
/* Does this address act for that site (as site_of() names it)? */
bool site_has(const struct sites *, const struct address *site, const struct address *);
/* The same for all sites that share an address, directly or by others: who of them did what cannot be told apart. */
struct address site_group(const struct sites *, const struct address *);

#endif
