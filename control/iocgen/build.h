/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOCs out of chosen candidates: counts, days, examples, sentences. */
#ifndef CONTROL_IOCGEN_BUILD_H
#define CONTROL_IOCGEN_BUILD_H

#include "control/iocgen/family.h"

/* Collects IOCs; zero is empty. */
struct builder {
	struct ioc_set *set;
	size_t room, families_room;
};

/* Adds one of the family's candidates. -ENOMEM. */
must_check int builder_add(struct builder *, const struct view *, const struct pool *, const struct view_family *, const struct candidate *);
must_check int builder_family(struct builder *, const struct ioc_family *);
/* Sets what concerns all: covered is malware that any matches, hits harmless samples that any matches. Sorts. */
void builder_end(struct builder *, const struct view *, uint64_t covered, uint64_t hits, double max_fpr);

#endif
