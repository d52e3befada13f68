/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A JSON value as one line of text. */
#ifndef CONTROL_JOURNAL_COMPACT_H
#define CONTROL_JOURNAL_COMPACT_H

#include <jansson.h>

enum { COMPACT_DEPTH_MAX = 32 }; /* of values in values; ours are half a dozen deep */

/*
 * What json_dumps() writes with JSON_COMPACT and 12 digits of a real number, in a fifth of its time: that asks of every value
 * whether it holds itself, and writes in small steps. The value is a tree. Given to free(3); NULL: no memory, or too deep.
 */
char *compact_of(const json_t *);

#endif
