/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A free list over one allocation. */
#include "dataplane/stream/block.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

struct blocks {
	struct block *memory, *first;
	size_t left;
};

/* One in four goes one level higher. */
static uint32_t draw_height(uint64_t *seed)
{
	uint32_t height = 1;

	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	for (uint64_t chance = *seed >> 33; height < BLOCK_LEVELS && (chance & 3) == 0; chance >>= 2)
		height++;
	return height;
}

int blocks_new(size_t count, struct blocks **ret)
{
	struct blocks *p = calloc(1, sizeof(*p));
	uint64_t seed = 0;

	/* what comes out never hangs on it; without it a sender might foresee the heights, no more */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
		seed = (uintptr_t)p;

	if (p == NULL || (p->memory = calloc(count, sizeof(*p->memory))) == NULL) {
		blocks_free(p);
		return -ENOMEM;
	}
	for (size_t i = count; i > 0; i--) {
		p->memory[i - 1].height = draw_height(&seed);
		block_give(p, &p->memory[i - 1]);
	}
	*ret = p;
	return 0;
}

void blocks_free(struct blocks *p)
{
	if (p != NULL)
		free(p->memory);
	free(p);
}

struct block *block_take(struct blocks *p)
{
	struct block *b = p->first;

	if (b != NULL) {
		p->first = b->next[0];
		p->left--;
	}
	return b;
}

void block_give(struct blocks *p, struct block *b)
{
	b->next[0] = p->first;
	p->first = b;
	p->left++;
}

size_t blocks_left(const struct blocks *p)
{
	return p->left;
}
