/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One lane's counters: written by that lane alone, read by anyone. */
#ifndef DATAPLANE_COUNTERS_H
#define DATAPLANE_COUNTERS_H

#include "control/wire/counters.h"

struct counters {
	_Alignas(64) uint64_t value[COUNTER_COUNT];
};

/* Lane only. One writer: no locked instruction, and a reader never sees half a number. */
static inline void counter_add(struct counters *c, enum counter which, uint64_t by)
{
	__atomic_store_n(&c->value[which], c->value[which] + by, __ATOMIC_RELAXED);
}

static inline void counter_up(struct counters *c, enum counter which)
{
	counter_add(c, which, 1);
}

/* Any thread. */
static inline uint64_t counter_get(const struct counters *c, enum counter which)
{
	return __atomic_load_n(&c->value[which], __ATOMIC_RELAXED);
}

#endif
