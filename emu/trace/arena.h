/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One job's memory: taken piece by piece, given back all at once. */
#ifndef EMU_TRACE_ARENA_H
#define EMU_TRACE_ARENA_H

#include "control/wire/bytes.h"

struct arena {
	uint8_t *at;       /* the caller's memory */
	size_t size, used; /* bytes */
	bool full;         /* something was refused */
};

/* len zeroed bytes, aligned for any type; NULL when there is no room. Valid until the arena's owner resets it. */
void *arena_take(struct arena *, size_t len);
/* A copy of at most max bytes; empty when there is no room. */
struct bytes arena_copy(struct arena *, struct bytes, size_t max);

#endif
