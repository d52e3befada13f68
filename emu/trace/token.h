/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of output as words, numbers and marks. */
#ifndef EMU_TRACE_TOKEN_H
#define EMU_TRACE_TOKEN_H

#include "control/wire/bytes.h"

enum { LINE_TOKENS_MAX = 400 /* tokens looked at in one line; what follows is one token of kind TOKEN_REST */ };

enum token_kind {
	TOKEN_SPACE,  /* a run of blanks */
	TOKEN_NUMBER, /* digits only */
	TOKEN_WORD,   /* letters and _ only */
	TOKEN_MIXED,  /* letters, digits and _ */
	TOKEN_MARK,   /* one byte of anything else */
	TOKEN_REST,
	TOKEN_NAME,   /* one of the server's own: equal to no other */
};

struct token {
	enum token_kind kind;
	uint32_t at, len; /* bytes, within the line */
};

bool is_digit(uint8_t);
bool is_letter(uint8_t);  /* ASCII letters and _ */
bool is_blank(uint8_t);   /* space, tab, CR, LF, VT, FF: what \s of a pattern matches */

/* Cuts line into tokens that cover it whole; returns how many, at most LINE_TOKENS_MAX. */
unsigned tokens_of(struct bytes line, struct token ret[LINE_TOKENS_MAX]);
/* Makes one token of what names (bytes_equal to whole tokens) cover in line; returns how many are left. */
unsigned tokens_name(struct bytes line, struct token *, unsigned count, const struct bytes *names, unsigned names_count);
/* Do they hold the same bytes? Any two runs of blanks do. */
bool token_equal(struct bytes line_a, const struct token *a, struct bytes line_b, const struct token *b);

#endif
