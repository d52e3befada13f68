/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of numbers as sorted ranges: addresses (IPv4 as ::ffff:0:0/96) and ports share them. */
#ifndef CONFIG_RULES_RANGES_H
#define CONFIG_RULES_RANGES_H

#include "control/wire/address.h"

struct range {
	unsigned __int128 low, high; /* both inside */
};

struct ranges {
	unsigned count;
	struct range at[]; /* ascending, apart from each other */
};

/* The number of an address. */
unsigned __int128 address_number(const struct address *);
/* Is n in one of them? Binary search. NULL: everything is. */
bool ranges_hold(const struct ranges *, unsigned __int128 n);
/*
 * Sorts and joins plus[] less minus[]; both arrays are reordered. An empty plus with a minus means everything less minus,
 * up to most. The caller frees *ret. -ENOMEM.
 */
must_check int ranges_build(struct range *plus, unsigned plus_count, struct range *minus, unsigned minus_count,
                            unsigned __int128 most, struct ranges **ret);

#endif
