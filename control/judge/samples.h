/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which ordinary bodies are worth keeping whole: a few of every place, so that its attacks can be compared with them. */
#ifndef CONTROL_JUDGE_SAMPLES_H
#define CONTROL_JUDGE_SAMPLES_H

#include "control/judge/site.h"
#include "control/wire/history.h"

enum { SAMPLES_SLOTS = 1 << 12 }; /* places counted; a newer one takes an older one's slot */

struct samples {
	struct sampled {
		uint64_t place, since_ns;
		unsigned count;
	} at[SAMPLES_SLOTS];
};

/*
 * Is this answer one of the first of its place (server, method, kind of status, path without its last piece or its query)
 * in the last minutes? Counts it. sites: as of the book of places. Pure but for the counts.
 */
bool samples_want(struct samples *, const struct sites *, const struct history *);

#endif
