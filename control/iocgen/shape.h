/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shapes of a value: what stays literal, what becomes a hole, and which part of it is looked at. */
#ifndef CONTROL_IOCGEN_SHAPE_H
#define CONTROL_IOCGEN_SHAPE_H

#include "control/iocgen/names.h"
#include "control/iocgen/token.h"

/* Ways to look at a value; not every value has each. */
enum {
	SHAPE_WHOLE,                  /* rare words are holes */
	SHAPE_COMPONENTS,             /* a component with a rare word is one hole; its ending stays */
	SHAPE_LAST_1, SHAPE_LAST_2, SHAPE_LAST_3, /* the last components, whatever stands before */
	SHAPE_LAST_2_COMPONENTS,      /* the last two, rare components as holes */
	SHAPE_FRONT_1, SHAPE_FRONT_2, /* without the last one or two components */
	SHAPE_HOLE_1, SHAPE_HOLE_2, SHAPE_HOLE_3, SHAPE_HOLE_4, /* the n-th component from the end is one hole */
	SHAPE_PART_1, SHAPE_PART_2, SHAPE_PART_3, SHAPE_PART_4, SHAPE_PART_5, SHAPE_PART_6, /* one parameter, whatever stands around */
	SHAPE_COUNT
};

enum { ELEMENT_HOLE = UINT32_MAX - 16, ELEMENT_COMPONENT = UINT32_MAX - 1 }; /* ELEMENT_HOLE + form of the token */

struct element {
	uint32_t what; /* a word's number in the vocabulary, or ELEMENT_… */
	uint16_t at, len;
};

struct shape {
	bool open_front, open_back;
	unsigned count, holes, literal; /* literal: letters and digits that stay */
	uint64_t key;                   /* of kind, class and elements: the same for values that may share a pattern */
	struct element list[TOKENS_MAX];
};

/* What the words of a set of samples are worth: in how many of them each stands. */
struct vocabulary {
	struct names words;
	uint32_t *samples, *last;
	uint32_t room;
};

/* The numbers of a value's tokens; UINT32_MAX: not in the vocabulary. ids has room for TOKENS_MAX. */
void vocabulary_ids(const struct vocabulary *, const struct tokens *, uint32_t *ids);
/* Adds them, each counted once for the sample. -ENOMEM. */
must_check int vocabulary_add(struct vocabulary *, const struct tokens *, uint32_t sample);
void vocabulary_fini(struct vocabulary *);

/* Which words vary: those of fewer than `least` samples; or, if `chosen`, tokens whose bit of `fixed` is not set. */
struct varying {
	uint32_t least;
	bool chosen;
	uint64_t fixed;
};

/* What the value looks like so. False: it cannot be looked at so. Pure. */
bool shape_of(struct bytes value, const struct tokens *, const uint32_t *ids, const struct vocabulary *, struct varying, int how,
              struct shape *ret);

#endif
