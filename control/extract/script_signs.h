/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By which names of their languages' interfaces scripts are told from prose, and from each other. */
#ifndef CONTROL_EXTRACT_SCRIPT_SIGNS_H
#define CONTROL_EXTRACT_SCRIPT_SIGNS_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

/* What must follow a name. */
enum sign_follow {
	FOLLOW_CALL,    /* blanks, then an opening bracket */
	FOLLOW_MODULE,  /* blanks, a bracket perhaps, then a quoted name of a module of the language's own */
	FOLLOW_QUOTE,   /* blanks, then a quote */
	FOLLOW_ANY,     /* the end of the word */
	FOLLOW_MEMBER,  /* a name, then a call of it */
	FOLLOW_CLOSE,   /* the quote that closes what was opened before the name */
	FOLLOW_NOTHING, /* anything at all */
};

struct sign {
	enum language language;
	const char *name;
	enum sign_follow follow;
};

/* The sign that stands at text[at], a word's beginning; NULL: none. from: where to go on looking among them, moved on. */
const struct sign *sign_at(struct bytes text, size_t at, size_t *from);
/* May a sign begin with this byte? */
bool sign_begins(uint8_t);
/* A word after or before which another word may stand in a script. */
bool sign_is_keyword(struct bytes word);

#endif
