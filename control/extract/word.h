/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the shell's grammar: read after quote removal, with what was done to hide them. Pure. */
#ifndef CONTROL_EXTRACT_WORD_H
#define CONTROL_EXTRACT_WORD_H

#include "control/wire/bytes.h"

enum { SHELL_WORD_MAX = 256 }; /* bytes kept of a word; the rest is read over */

struct shell_word {
	uint8_t text[SHELL_WORD_MAX]; /* quotes and escapes removed, empty expansions gone */
	size_t len;
	size_t start, end;            /* in the bytes read */
	bool hidden;                  /* quotes, escapes or empty expansions inside it: nobody writes so */
	bool quoted;                  /* some of it was quoted */
	bool expands;                 /* holds $name, ${…}, $(…) or `…` */
	bool globs;                   /* holds ? * [ unquoted */
};

/* Skips blanks and what stands for them ($IFS, ${IFS}…). *hidden gets true where the latter was there. */
size_t shell_skip_blanks(struct bytes, size_t at, bool *hidden);
/* Reads the word at `at`; len and end - start are 0 where none begins there (a delimiter, the end). */
void shell_word_read(struct bytes, size_t at, struct shell_word *ret);
bool shell_word_is(const struct shell_word *, const char *text);
/* Behind the closing delimiter of a substitution whose content begins at `at`: ')' nests, '`' does not. b.left at most. */
size_t shell_substitution_end(struct bytes, size_t at, uint8_t closing);
/* In which quote (0, ' or ") a shell that begins unquoted stands at the end of b. */
uint8_t shell_quote_at_end(struct bytes b);

/* How sure a name in command position is a command. */
enum command_rank {
	RANK_NONE,     /* no program or builtin is called so */
	RANK_PROSE,    /* one is, but people write that word all the time */
	RANK_WORD,     /* one is; seldom in prose */
	RANK_PROGRAM,  /* nothing else is called so */
};
enum command_rank command_rank(struct bytes name);
/* Is it a program that Windows has and nobody else: with or without its folder (backslashes gone) and its ending? */
bool command_is_windows(struct bytes name);

#endif
