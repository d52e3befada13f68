/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in quotes of some kind: strings, names, bytes. Inner to the lexer. */
#ifndef EMU_SQL_LEXEME_QUOTE_H
#define EMU_SQL_LEXEME_QUOTE_H

#include "emu/sql/lexeme.h"

struct lexer {
	enum sql_dialect dialect;
	struct bytes text;
	size_t at;
	unsigned code_comments;  /* versioned comments open */
	size_t name_end;         /* where a name ended: ".1" right behind it is a point and more; 0: none */
	struct arena *arena;
	struct sink strings;     /* what quotes hold, unescaped: never more than the text */
};

/* Takes a quoted thing of the dialect, its prefix with it. false: none stands here. */
bool lexer_quoted(struct lexer *, struct lexeme *ret);
/* The same from the opening quote at l->at on; a string with prefix ret->prefix. */
void lexer_quote(struct lexer *, uint8_t quote, struct lexeme *ret);
/* Digits as bytes; an odd first digit stands alone. */
void lexer_hex(struct lexer *, struct bytes digits, struct lexeme *ret);
void lexer_bits(struct lexer *, struct bytes digits, struct lexeme *ret);

#endif
