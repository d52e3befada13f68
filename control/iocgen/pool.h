/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All patterns of all families, each once, with the samples that each matches. */
#ifndef CONTROL_IOCGEN_POOL_H
#define CONTROL_IOCGEN_POOL_H

#include "control/iocgen/ioc.h"
#include "control/iocgen/names.h"
#include "control/iocgen/view.h"

#include <roaring/roaring.h>

/* Embedded; zero is empty. */
struct pool {
	struct names keys; /* kind, class, then the regular expression */
	struct pattern *patterns;
	roaring_bitmap_t **cover; /* places in the view; after pool_cover() */
	uint32_t count, room;
};

/* Takes a copy, if it is new. -ENOSPC; -ENOMEM. */
must_check int pool_add(struct pool *, const struct pattern *, uint32_t *ret);
/* Matches every pattern with every value that the view's samples have. progress may be NULL. -ENOMEM, -EINVAL. */
must_check int pool_cover(struct pool *, const struct view *, void (*progress)(void *, uint64_t done, uint64_t all), void *to);
void pool_fini(struct pool *);

/* CRoaring's own does not take NULL. */
static inline void bitmap_free(roaring_bitmap_t *b)
{
	if (b != NULL)
		roaring_bitmap_free(b);
}

/* Letters and digits of its literal text; names of variables are not counted. */
unsigned pattern_literal(const struct pattern *);

#endif
