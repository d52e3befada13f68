/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How plausible it is that a command stands in a command position, and no prose. Pure. */
#ifndef CONTROL_EXTRACT_COMMAND_H
#define CONTROL_EXTRACT_COMMAND_H

#include "control/wire/bytes.h"

enum { COMMAND_SCORE = 4 }; /* what a command needs; see the points in command.c */

/* A position and its neighbourhood. */
struct command_place {
	struct bytes before;  /* the value up to the delimiter */
	struct bytes code;    /* from the position on */
	struct bytes after;   /* behind a substitution */
	bool everyday;        /* the delimiter stands in ordinary text too */
	bool newline;         /* the delimiter is a line's end */
	bool has_lines;       /* ordinary values of this kind have lines: those of a body, hardly those of a query */
	bool substitution;
	bool whole;           /* no delimiter: the value is the command */
	bool asked_for;       /* and its parameter is called as if it took one */
};

int command_score(const struct command_place *);
/* May a script's line begin so? Else *ret_prose: it has so many plain words that it is none. */
bool command_may_be_line(struct bytes line, bool *ret_prose);
/* Do a command's surroundings hold so many words that they are a text about it? after begins with the command. */
bool command_is_prose(struct bytes before, struct bytes after);
/* Does no shell start anything of this value, whichever quotes of a command line it stands in, or at that line's beginning? */
bool command_starts_nowhere(struct bytes value);
/* Is a parameter of this name made to take commands? */
bool command_parameter(struct bytes name);

#endif
