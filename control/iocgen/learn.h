/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What varies between values of one shape: the holes of their patterns, learned from what stood there. */
#ifndef CONTROL_IOCGEN_LEARN_H
#define CONTROL_IOCGEN_LEARN_H

#include "control/iocgen/ioc.h"
#include "control/iocgen/shape.h"

enum { LEARN_MEMBERS_MAX = 4000, LEARN_PATTERNS_MAX = 48 };

/* One value of the shape; its elements beside the others'. */
struct member {
	struct bytes text;   /* borrowed, without kind and class */
	struct element *list;/* as many as the shape has */
	uint32_t samples;    /* that have it */
};

/*
 * Patterns of the members: one of all, and one for each beginning or end of a varying word that at least `least` samples share.
 * put() borrows the pattern until it returns; what it returns, if negative, is returned.
 */
must_check int learn_patterns(struct bytes value, const struct shape *, const struct member *, size_t count, uint32_t least,
                              int (*put)(void *, const struct pattern *), void *to);

#endif
