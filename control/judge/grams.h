/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which runs of four bytes texts hold, case folded, as a set without order: of most of what is looked for in a text, two
 * or three of its runs tell that it does not stand there.
 */
#ifndef CONTROL_JUDGE_GRAMS_H
#define CONTROL_JUDGE_GRAMS_H

#include "control/wire/bytes.h"

enum { GRAM_LEN = 4 }; /* bytes of a run */

struct grams {
	uint64_t *bits; /* owned; NULL, nothing known: then anything may be held */
	unsigned shift;
};

/* Empty, for texts of about len bytes together. Freed by grams_fini(); a struct of zeros knows nothing. */
void grams_init(struct grams *, size_t len);
void grams_fini(struct grams *);
size_t grams_cost(const struct grams *); /* bytes that it takes */
void grams_add(struct grams *, struct bytes text);

static inline uint8_t gram_fold(uint8_t c)
{
	return (uint8_t)(c - 'A') < 26 ? c | 0x20 : c;
}

/* The run at the beginning of at least GRAM_LEN bytes, case folded. */
static inline uint32_t gram_of(const uint8_t *at)
{
	uint32_t gram = 0;

	for (unsigned i = 0; i < GRAM_LEN; i++)
		gram = gram << 8 | gram_fold(at[i]);
	return gram;
}

/* False: none of the texts holds the run. True may be by chance. */
static inline bool grams_hold(const struct grams *g, uint32_t gram)
{
	uint32_t at = gram * UINT32_C(2654435761) >> g->shift;

	return g->bits == NULL || (g->bits[at / 64] >> at % 64 & 1) != 0;
}

/* False: none of the texts holds these bytes. What is shorter than a run may be held. */
bool grams_may_hold(const struct grams *, struct bytes needle);

#endif
