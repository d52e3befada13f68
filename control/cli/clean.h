/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Foreign text on a terminal: nothing that moves a cursor, sets a colour or turns a line's direction reaches it. */
#ifndef CONTROL_CLI_CLEAN_H
#define CONTROL_CLI_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * One character of UTF-8 at *at (which moves behind it): its bytes, *len of them, and the columns it takes. What is no
 * text (controls, direction marks, invisible characters, broken UTF-8) is "." in one column. *at must not be at the end.
 * Needs a UTF-8 locale (LC_CTYPE). The bytes are lent from the text.
 */
const char *clean_next(const char **at, size_t *len, unsigned *columns);
/* Appends from to the text in to (size bytes with its NUL), clean, cut between characters. */
void clean_append(char *to, size_t size, const char *from);
/* Writes it clean. */
void clean_put(FILE *to, const char *text);

#endif
