/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set in 256 bytes, from which its likeness with another one can be told. */
#ifndef CONTROL_IOCGEN_SELECT_SKETCH_H
#define CONTROL_IOCGEN_SELECT_SKETCH_H

#include <stdint.h>

enum { SKETCH_SIZE = 64, SKETCH_BANDS = 16 /* of four: sets that share 0.9 of their members share a band but for one in a thousand million */ };

/* MinHash. Broder, On the resemblance and containment of documents (1997). */
struct sketch {
	uint32_t least[SKETCH_SIZE];
	uint64_t sum, members; /* of all digests; how many: equal sets have both alike */
};

void sketch_init(struct sketch *);
/* A member by its digest; each is to be added once. */
void sketch_add(struct sketch *, uint64_t digest);
/* The share of members that both have of those that either has, give or take 0.06. */
double sketch_likeness(const struct sketch *, const struct sketch *);
/* A digest of one band. */
uint64_t sketch_band(const struct sketch *, unsigned band);

#endif
