/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other ways to choose, to be measured beside ours. */
#ifndef CONTROL_IOCGEN_BASELINE_H
#define CONTROL_IOCGEN_BASELINE_H

#include "control/iocgen/family.h"

/*
 * The most frequent values of a family that at most hits_max harmless samples have, up to `most`: what makers of string rules (yarGen)
 * do. Patterns go into the pool; *ret holds them all, to be freed by candidates_fini(). -ENOMEM.
 */
must_check int baseline_literals(const struct view *, const struct view_family *, struct pool *, uint32_t hits_max, unsigned most,
                                 struct candidates *ret);

/* The others choose among candidates: takes[i] of each. -ENOMEM. Deterministic. */

/* Plain greedy set cover until nothing new is covered. */
must_check int baseline_greedy(const struct candidates *, uint32_t hits_max, bool *takes);
/* A decision list: the rule with the best Laplace precision on what is left, again and again (CN2; Clark, Boswell, EWSL 1991). */
must_check int baseline_list(const struct candidates *, uint32_t benign, uint32_t hits_max, bool *takes);
/*
 * Smooth local search over the objective of interpretable decision sets (size, length, overlap, wrong and right cover), as EIGER
 * does; 2/5 of the optimum (Feige, Mirrokni, Vondrák, FOCS 2007; Lakkaraju, Bach, Leskovec, KDD 2016).
 */
must_check int baseline_local_search(const struct candidates *, uint32_t benign, uint32_t hits_max, bool *takes);

#endif
