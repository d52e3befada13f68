/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact decimal numbers: a sign, digits and how many of them stand behind the point. All live in an arena. */
#ifndef EMU_SQL_DECIMAL_H
#define EMU_SQL_DECIMAL_H

#include "emu/trace/arena.h"

enum { DECIMAL_DIGITS_MAX = 400 /* of one number: PostgreSQL's longest double (309) and a scale; more is refused */ };

struct decimal {
	bool negative;            /* never of zero */
	uint16_t scale;           /* digits behind the point */
	uint16_t count;           /* digits, without leading zeros; 0: zero */
	uint8_t digits[];         /* 0..9, the highest first */
};

/* Where digits go that the scale has no room for. */
enum decimal_rounding { DECIMAL_TRUNCATE, DECIMAL_HALF_UP /* away from zero */, DECIMAL_FLOOR, DECIMAL_CEILING };

/* All return NULL where the arena is full or the number would be longer than DECIMAL_DIGITS_MAX. Pure. */
const struct decimal *decimal_of_int(struct arena *, int64_t);
const struct decimal *decimal_of_unsigned(struct arena *, uint64_t);
/* [+-]digits[.digits][e[+-]digits], the whole text; NULL also where it is something else. */
const struct decimal *decimal_parse(struct arena *, struct bytes);
const struct decimal *decimal_negate(struct arena *, const struct decimal *);
const struct decimal *decimal_add(struct arena *, const struct decimal *, const struct decimal *, bool subtract);
const struct decimal *decimal_multiply(struct arena *, const struct decimal *, const struct decimal *);
/* a / b with scale digits behind the point; b is not zero. Truncated, or rounded half up. */
const struct decimal *decimal_divide(struct arena *, const struct decimal *a, const struct decimal *b, unsigned scale,
                                     bool rounded);
/* The remainder of the truncated division, with the sign of a and the larger scale; b is not zero. */
const struct decimal *decimal_remainder(struct arena *, const struct decimal *a, const struct decimal *b);
/* With exactly scale digits behind the point; a negative scale rounds before it and leaves scale 0. */
const struct decimal *decimal_round(struct arena *, const struct decimal *, int scale, enum decimal_rounding);
/* Without zeros at the end, behind the point. */
const struct decimal *decimal_trim(struct arena *, const struct decimal *);

int decimal_compare(const struct decimal *, const struct decimal *); /* < 0, 0, > 0 */
bool decimal_is_zero(const struct decimal *);
double decimal_double(const struct decimal *);
/* Rounded half up, or truncated, to an integer. false: it has no room. */
bool decimal_int(const struct decimal *, bool rounded, int64_t *ret);
bool decimal_unsigned(const struct decimal *, bool rounded, uint64_t *ret);
/* "-12.50"; below 1 with a 0 before the point. */
void decimal_write(struct sink *, const struct decimal *);

#endif
