/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom nobody blocks unless he insists. */
#ifndef CONTROL_CONTAIN_GUARD_H
#define CONTROL_CONTAIN_GUARD_H

#include "config/settings.h"
#include "control/wire/block.h"

struct guard;

/*
 * From rules.home, judging.sites, containment.never, collectors that are written as addresses, those of this machine's
 * interfaces now, and what is no host's address (loopback, multicast, link-local, …). *ret is the caller's. -ENOMEM.
 */
must_check int guard_new(const struct settings *, struct guard **ret);
void guard_free(struct guard *);
/* One more address of a collector: what its name turned out to mean. There is room for some hundreds. */
void guard_collector(struct guard *, const struct address *);
/*
 * Why this is not to be blocked, or NULL. An address or network: it overlaps with any of them. A pair or a flow: an end is
 * not only protected but in containment.never, ours, a collector's or no host's; of a pair, also if both ends are protected.
 */
const char *guard_why(const struct guard *, const struct block *);
/* The same of one address alone. */
const char *guard_address_why(const struct guard *, const struct address *);

#endif
