/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bit for each hashed run; eight bits of room a byte of text. */
#include "control/judge/grams.h"

#include <stdlib.h>

enum {
	BITS_MIN = 12, BITS_MAX = 22, /* log2 of the set's bits: 512 bytes to 512 KB */
	ROOM = 8,                     /* bits a byte of text */
	ASKED = 8,                    /* runs of a needle that are asked for */
};

void grams_init(struct grams *g, size_t len)
{
	unsigned bits = BITS_MIN;

	while (bits < BITS_MAX && (size_t)1 << bits < len * ROOM)
		bits++;
	g->shift = 32 - bits;
	g->bits = calloc((size_t)1 << bits >> 6, sizeof(*g->bits));
}

void grams_fini(struct grams *g)
{
	free(g->bits);
	g->bits = NULL;
}

size_t grams_cost(const struct grams *g)
{
	return g->bits == NULL ? 0 : (size_t)1 << (32 - g->shift) >> 3;
}

void grams_add(struct grams *g, struct bytes text)
{
	uint32_t gram;

	if (g->bits == NULL || text.left < GRAM_LEN)
		return;
	gram = gram_of(text.at) >> 8;
	for (size_t i = GRAM_LEN - 1; i < text.left; i++) {
		uint32_t at;

		gram = gram << 8 | gram_fold(text.at[i]);
		at = gram * UINT32_C(2654435761) >> g->shift;
		g->bits[at / 64] |= UINT64_C(1) << at % 64;
	}
}

bool grams_may_hold(const struct grams *g, struct bytes needle)
{
	size_t step = needle.left / ASKED + 1;

	for (size_t i = 0; i + GRAM_LEN <= needle.left; i += step)
		if (!grams_hold(g, gram_of(needle.at + i)))
			return false;
	return true;
}
