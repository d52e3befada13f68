/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pool of samples, and which of them IOCs are to be made from. */
#ifndef CONTROL_IOCGEN_SELECT_ENTRY_H
#define CONTROL_IOCGEN_SELECT_ENTRY_H

#include "control/iocgen/names.h"
#include "control/iocgen/sample.h"
#include "control/iocgen/select/sketch.h"

enum platform { PLATFORM_UNKNOWN, PLATFORM_WINDOWS, PLATFORM_UNIX };

/* Why a sample was taken, or was not: the first of these that holds. */
enum reason {
	TAKEN, TAKEN_ORDINARY, NO_LABEL, NO_FAMILY, OTHER_PLATFORM, OUTSIDE_WINDOW, NOTHING_TO_MATCH, SAME_AS, LIKE, RARE_FAMILY, OVER_QUOTA,
	REASON_COUNT
};

struct entry {
	uint32_t name, family, source; /* in the pool's names */
	int32_t day;
	enum label label;
	enum platform platform;
	enum reason reason;
	uint32_t artefacts, matchable; /* all; of kinds that are asked for */
	uint32_t other;                /* SAME_AS, LIKE: the entry that stands for it */
	double likeness;
	struct sketch sketch;          /* of what is matchable */
};

struct entries {
	struct names names;
	struct entry *at;
	size_t count, size;
};

/* What is asked for. */
struct wish {
	enum platform platform;        /* PLATFORM_UNKNOWN: any */
	uint32_t kinds;                /* a bit a kind that the target can match */
	int32_t from, to;              /* days of the window, both in it; DAY_NONE: open */
	unsigned quota, total;         /* samples a family, and of all families; 0: no bound */
	unsigned least_family;         /* fewer samples in the window, duplicates too: no family to make IOCs for */
	unsigned least_matchable;      /* artefacts */
	double likeness;               /* from here on a sample is another one's duplicate; above 1: only the same is */
};

/* Decides for every entry. The order of the entries does not matter. -ENOMEM. */
must_check int entries_choose(struct entries *, const struct wish *);
const char *reason_name(enum reason);
const char *platform_name(enum platform);
void entries_fini(struct entries *);

#endif
