/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of a rule set: many small pieces that are freed together. */
#include "config/rules/arena.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK = 256 << 10 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(16) char at[];
};

void *arena_take(struct arena *a, size_t size)
{
	struct arena_block *b = a->blocks;

	size = (size + 15) & ~(size_t)15;
	if (b == NULL || b->size - b->used < size) {
		size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
		b = calloc(1, sizeof(*b) + room);
		if (b == NULL)
			return NULL;
		b->size = room;
		b->next = a->blocks;
		a->blocks = b;
	}
	void *piece = b->at + b->used;
	b->used += size;
	return piece;
}

char *arena_copy(struct arena *a, const void *at, size_t size)
{
	char *copy = arena_take(a, size + 1);

	if (copy != NULL && size > 0)
		memcpy(copy, at, size);
	return copy;
}

void arena_fini(struct arena *a)
{
	for (struct arena_block *b = a->blocks, *next; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->blocks = NULL;
}
