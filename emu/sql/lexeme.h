/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQL text as lexemes, by the rules of one dialect: its quotes, escapes, comments, blanks and numbers. */
#ifndef EMU_SQL_LEXEME_H
#define EMU_SQL_LEXEME_H

#include "emu/sql/dialect.h"
#include "emu/trace/arena.h"

enum {
	LEXEMES_MAX = 4096,       /* of one text; more is refused: an attack's text has some hundreds */
	LEXER_TEXT_MAX = 65536,   /* bytes of one text */
};

enum lexeme_kind {
	LEX_END,
	LEX_NAME,      /* a word, a keyword too */
	LEX_QUOTED,    /* a name in its dialect's name quotes */
	LEX_VARIABLE,  /* @name, @@name: the text has its marks */
	LEX_STRING,    /* text is what it stands for */
	LEX_BYTES,     /* 0x…, x'…', b'…': text is the bytes */
	LEX_INTEGER,   /* digits only */
	LEX_DECIMAL,   /* digits with a point */
	LEX_FLOAT,     /* with an exponent */
	LEX_SIGN,      /* an operator or a mark: text as written */
	LEX_WRONG,     /* what the dialect's own lexer refuses */
};

struct lexeme {
	enum lexeme_kind kind;
	char prefix;           /* of a string: 0, 'n', 'e', 'b' (bits), 'x'; '"' where double quotes stood round it */
	struct bytes text;
	uint32_t at;           /* where it begins in the whole text */
};

struct lexemes {
	unsigned count;        /* the last is LEX_END or LEX_WRONG */
	const struct lexeme *list;
};

/* Cuts text. Borrowed: text. -ENOMEM (arena), -E2BIG (the bounds above). Thread: any. */
must_check int lexemes_of(enum sql_dialect, struct bytes text, struct arena *, struct lexemes *ret);

/* Is it this word, or sign? Case does not count; a quoted name is no word. */
bool lexeme_is(const struct lexeme *, const char *word);

#endif
