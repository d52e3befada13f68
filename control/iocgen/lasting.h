/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a family's samples were: what goes on counts for more than what is gone. */
#ifndef CONTROL_IOCGEN_LASTING_H
#define CONTROL_IOCGEN_LASTING_H

#include "control/iocgen/view.h"

#include <roaring/roaring.h>
#include <stdbool.h>

enum { WINDOWS = 4 /* of time, with as many samples each */ };

struct windows {
	int32_t *days, begins[WINDOWS]; /* rising; the first day of each window after the first */
	uint32_t count;                 /* of days */
	bool several, sources;          /* there are windows; there are several environments */
};

/* -ENOMEM */
must_check int windows_init(struct windows *, const struct view *, const struct view_family *);
void windows_fini(struct windows *);
/* One weight a sample of the family, 1 in all. Newer samples are worth more: what comes next is like them. */
void windows_weigh(const struct windows *, const struct view *, const struct view_family *, double *weights);
/*
 * How far to trust that a sign of these places goes on, above 0 to 1: seen in several windows, and as often in the newest days as before; or in
 * several environments, where there are no days.
 */
double windows_strength(const struct windows *, const struct view *, const roaring_bitmap_t *places);

#endif
