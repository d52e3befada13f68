/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The quotings in which a value may stand in a statement: through which of them it breaks out, and in which of them it
 * leaves the statement unfit to be parsed, so that one answered like any ordinary value was not parsed there. Pure.
 */
#ifndef CONTROL_JUDGE_QUOTING_H
#define CONTROL_JUDGE_QUOTING_H

#include "control/wire/bytes.h"

enum quoting {
	QUOTING_BARE = 1 << 0,   /* as a number, a name or a piece of one */
	QUOTING_SINGLE = 1 << 1,
	QUOTING_DOUBLE = 1 << 2,
};

/* Through which quoting the value leaves what it stands in: what stands between its harmless beginning (base, of mask_base()) and its first word. */
unsigned quoting_left(struct bytes value, struct bytes base);
/*
 * Or-ed quotings in which no statement that holds the value can be parsed: a quote is left open, or closed once too
 * often, or, bare, a bracket. What a comment at its end hides is not counted.
 */
unsigned quoting_broken(struct bytes value);
/*
 * Is it broken or no more than a text in each of them, so that a database either takes it as data or reads no statement
 * and runs none? Parsers read a statement to its end before any of it runs. False for what holds signs that may save it:
 * an escape, a second statement, a comment, a tag of PostgreSQL's quotes, an operator at the end.
 */
bool quoting_unreadable(struct bytes value);

#endif
