/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of a rule set: many small pieces that are freed together. */
#ifndef CONFIG_RULES_ARENA_H
#define CONFIG_RULES_ARENA_H

#include "control/wire/compiler.h"

#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *blocks;
};

/* size bytes, zeroed, aligned to 16; NULL when memory ends. Valid until arena_fini(). */
void *arena_take(struct arena *, size_t size);
/* A copy of size bytes with a NUL behind it. */
char *arena_copy(struct arena *, const void *at, size_t size);
void arena_fini(struct arena *);

#endif
