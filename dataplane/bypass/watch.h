/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the kernel takes the packets over, and when it gives them back. Pure. */
#ifndef DATAPLANE_BYPASS_WATCH_H
#define DATAPLANE_BYPASS_WATCH_H

#include "control/wire/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct watch {
	uint64_t stall_ns;      /* no beat for so long is a fall */
	uint64_t return_ns;     /* so long it must have been well before it gets the packets back; doubled with each fall */
	bool bypassed;          /* begins as what is, true where nobody forwards yet */
	unsigned falls;         /* since it was last well for long */
	uint64_t well_since_ns; /* 0: it is not */
	uint64_t returned_ns;
};

enum watch_news { WATCH_AS_BEFORE, WATCH_FALL, WATCH_RETURN };

/* ready, beat_ns: of the pulse. All times of one clock. */
enum watch_news watch_step(struct watch *, uint64_t now_ns, bool ready, uint64_t beat_ns);

#endif
