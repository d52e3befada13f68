/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every match of a pattern holds as it is written there: runs of its literals. */
#ifndef CONTROL_JUDGE_REQUIRED_H
#define CONTROL_JUDGE_REQUIRED_H

#include "control/judge/grams.h"

enum { REQUIRED_MAX = 16 };

struct required {
	unsigned count; /* 0: nothing is known */
	uint32_t grams[REQUIRED_MAX];
};

/* Of a PCRE2 pattern over bytes whose case is folded. What may stand for several things requires nothing. */
void required_of(struct bytes pattern, struct required *ret);

#endif
