/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The heaviest common subsequence of two rows of things: what two outputs agree on, in order. */
#ifndef EMU_TRACE_ALIGN_H
#define EMU_TRACE_ALIGN_H

#include <stdint.h>

enum { ALIGN_MAX = 400, ALIGN_NONE = 0xffff };

/* How much it is worth that a[i] and b[j] stand for each other; 0: they do not. context is the caller's. */
struct align_by {
	unsigned (*weight)(const void *context, unsigned i, unsigned j);
	const void *context;
};

/*
 * ret[i] is the partner of a[i], or ALIGN_NONE; partners ascend. At most ALIGN_MAX of each side. Deterministic.
 * cells: scratch of (a + 1) * (b + 1) numbers.
 */
void align(unsigned a, unsigned b, const struct align_by *, uint32_t *cells, uint16_t *ret);

#endif
