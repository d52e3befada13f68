/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One block: what, for how long, by whom and why. */
#ifndef CONTROL_CONTAIN_CONTAINED_H
#define CONTROL_CONTAIN_CONTAINED_H

#include "control/store/store.h"
#include "control/wire/block.h"

#include <jansson.h>

enum {
	CONTAINED_WHO_MAX = 64, CONTAINED_REASON_MAX = 200, /* bytes of one line of UTF-8 */
	CONTAINED_ENCODED_MAX = 512,
};

struct contained {
	uint64_t id;                          /* from 1, in the order they were made */
	struct block block;
	uint64_t since_ns, until_ns;          /* since the epoch */
	char case_id[CASE_ID_TEXT];           /* whose success did it; "": a person did */
	char who[CONTAINED_WHO_MAX + 1];      /* the person; "": a verdict did */
	char reason[CONTAINED_REASON_MAX + 1];
};

void contained_encode(struct sink *, const struct contained *);
/* -EBADMSG, also of texts that are too long. */
must_check int contained_decode(struct bytes, struct contained *ret);
/*
 * As `konseki block list --json` tells it; packets: what it stopped; in_force: packets can be stopped here. NULL: out of memory.
 * The caller's.
 */
json_t *contained_json(const struct contained *, uint64_t packets, bool in_force);

#endif
