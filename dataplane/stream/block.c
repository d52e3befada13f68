/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A free list over one allocation. */
#include "dataplane/stream/block.h"

#include <errno.h>
#include <stdlib.h>

struct blocks {
	struct block *memory, *first;
	size_t left;
};

int blocks_new(size_t count, struct blocks **ret)
{
	struct blocks *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->memory = calloc(count, sizeof(*p->memory))) == NULL) {
		blocks_free(p);
		return -ENOMEM;
	}
	for (size_t i = count; i > 0; i--)
		block_give(p, &p->memory[i - 1]);
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
		p->first = b->next;
		p->left--;
	}
	return b;
}

void block_give(struct blocks *p, struct block *b)
{
	b->next = p->first;
	p->first = b;
	p->left++;
}

size_t blocks_left(const struct blocks *p)
{
	return p->left;
}
