/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How sure a share is. */
#ifndef CONTROL_IOCGEN_INTERVAL_H
#define CONTROL_IOCGEN_INTERVAL_H

#include <stdint.h>

struct interval {
	double low, high;
};

/* Clopper and Pearson's exact interval of 95 % for `hits` of `all`; 0 to 1 where all is 0. Clopper, Pearson, Biometrika 26 (1934). Pure. */
struct interval interval_of(uint64_t hits, uint64_t all);
/* What a share is at most, `sure` (0 to 1) being how sure that is to be: the upper end of Clopper and Pearson's, one-sided. Pure. */
double interval_upper(uint64_t hits, uint64_t all, double sure);
/* The most hits of `all` whose interval stays below the share; -1: not even none. */
int64_t interval_most(double share, uint64_t all);

#endif
