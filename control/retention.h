/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases that are too old leave the store. */
#ifndef CONTROL_RETENTION_H
#define CONTROL_RETENTION_H

#include "control/store/store.h"

/* All zero but days is one that begins. */
struct retention {
	uint64_t days;                    /* kept; 0: no case goes by age */
	uint64_t began_ns, began_wall_ns; /* the same moment by both clocks; 0: not yet */
	uint64_t stepped_ns;
};

/* Removes some of what is too old, once a second. now_ns: CLOCK_MONOTONIC. The store's error. */
must_check int retention_step(struct retention *, struct store *, uint64_t now_ns);

#endif
