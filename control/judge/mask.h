/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer with the copies of the value that was asked about cut out of it: what is left says whether two different
 * values were answered alike. Pure, bounded.
 */
#ifndef CONTROL_JUDGE_MASK_H
#define CONTROL_JUDGE_MASK_H

#include "control/wire/bytes.h"

struct masked {
	uint64_t digest;  /* of what is left, with a mark for each copy; never 0 */
	unsigned copies;  /* of the value: as it is, in entities, in JSON's or a shell's escapes, percent-encoded */
	size_t at, len;   /* where the first copy stands */
};

/* False where it would take too long; *ret is then untouched. value: decoded. numbers: they are all alike, too. */
bool mask_value(struct bytes body, struct bytes value, bool numbers, struct masked *ret);

/*
 * How a value breaks out of what it stands in, as a digest: the signs before the code and behind it, without the harmless
 * beginning, every word and number as one. 0 where the code does not stand in the value as it is.
 */
uint64_t mask_around(struct bytes value, struct bytes code);
/* The harmless beginning of a value: a word, a number, an address. */
struct bytes mask_base(struct bytes value);
/* Every word and number of a text as one, as a digest. */
uint64_t mask_shape(struct bytes text);

#endif
