/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reflection guard: what a response holds because the request held it is no evidence. */
#ifndef CONTROL_JUDGE_REFLECT_H
#define CONTROL_JUDGE_REFLECT_H

#include "control/extract/extract.h"

/*
 * Everything the request says, in every way it can be read, reduced to what survives any way of showing it again:
 * letters and digits, case folded.
 */
struct reflection;

/* Letters and digits of text, case folded: at most max bytes. Returns how many. Pure. */
size_t reflection_reduce(struct bytes text, uint8_t *to, size_t max);

/* Borrows nothing. -ENOMEM. Freed by reflection_free(). */
must_check int reflection_new(const struct case_record *, const struct extraction *, struct reflection **ret);
void reflection_free(struct reflection *);
size_t reflection_cost(const struct reflection *); /* bytes that it takes, about */
/* Does the request itself hold this text, however written? Text without letters and digits counts as held. */
bool reflection_explains(const struct reflection *, struct bytes text);

/*
 * Is the piece [start, end) of text part of a mirrored copy of the request that goes on before or behind it? A program
 * that mirrors its input prints the piece alone.
 */
bool reflection_mirrors(const struct reflection *, struct bytes text, size_t start, size_t end);

#endif
