/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking for a trace's pattern in text. */
#ifndef CONTROL_JUDGE_SEARCH_H
#define CONTROL_JUDGE_SEARCH_H

#include "control/judge/grams.h"

struct search;

enum { SEARCH_MUCH = 64 << 10 }; /* bytes of text from which on translating a pattern to machine code pays */

/*
 * Compiles a trace's pattern (report.h: PCRE2 over bytes). Case is folded: the bits of a trace count no upper case.
 * much: bytes of text that will be searched, about. -EINVAL where it is no pattern, -ENOMEM. *ret is freed by search_free().
 */
must_check int search_new(struct bytes pattern, size_t much, struct search **ret);
void search_free(struct search *);
/*
 * The first match in text at or behind *at: *start and *end get its place, *at moves behind it. False where there is
 * none, or where looking would take too long: search_gave_up() then says so.
 */
bool search_next(struct search *, struct bytes text, size_t *at, size_t *start, size_t *end);
bool search_gave_up(const struct search *);
/* Could a text with these runs match? False where what every match holds as it is written is not there. */
bool search_may_match(const struct search *, const struct grams *);

/*
 * Compiled patterns, kept for the next case with the same code: a campaign asks for few. A newer one takes an older one's
 * slot, unless that is lent. NULL stands for one that keeps nothing.
 */
struct searches;
struct searches *searches_new(void); /* NULL: no memory */
void searches_free(struct searches *);
/* As search_new(), and *ret is given back by searches_give(). */
must_check int searches_take(struct searches *, struct bytes pattern, size_t much, struct search **ret);
void searches_give(struct search *);

#endif
