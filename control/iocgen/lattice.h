/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Closed generalisations: values of one skeleton, and which of their words can stay while enough samples still match. */
#ifndef CONTROL_IOCGEN_LATTICE_H
#define CONTROL_IOCGEN_LATTICE_H

#include "control/iocgen/view.h"

#include <stdbool.h>

struct groups;
struct local_value;

/* One generalisation that one value has: its group, and which tokens of the value stay. */
struct kept {
	uint32_t value, group; /* place among the family's values; in the groups */
	uint64_t fixed;        /* bit i: token i */
	uint8_t how;
};

struct lattice;

/*
 * Makes groups of all closed generalisations that at least `least` samples of the family have: closed frequent sets of (place, word),
 * found with prefix-preserving closure (Uno and others, LCM, FIMI 2004). local: value -> place in `values`. -ENOMEM.
 */
must_check int lattice_new(struct groups *, const struct view_family *, const struct local_value *values, uint32_t count, uint32_t least,
                           struct lattice **ret);
/* What the family's values are in, by rising value. */
const struct kept *lattice_kept(const struct lattice *, size_t *ret_count);
/* The groups that another value (of a harmless sample) falls in: calls put() for each. -ENOMEM. */
must_check int lattice_each(const struct lattice *, struct bytes value, int (*put)(void *, uint32_t group), void *to);
void lattice_free(struct lattice *);

#endif
