/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of what stands between a template's delimiters, for engines of Jinja's family. */
#ifndef EMU_TEMPLATE_LEXEME_H
#define EMU_TEMPLATE_LEXEME_H

#include "emu/trace/arena.h"

enum dialect { DIALECT_JINJA2, DIALECT_TWIG, DIALECT_SMARTY };

enum lexeme_kind {
	LEXEME_CLOSE,     /* the delimiter that ends the part */
	LEXEME_NAME,
	LEXEME_INT,       /* i */
	LEXEME_REAL,      /* d */
	LEXEME_STRING,    /* text: decoded; of Twig with interpolations: as it stands, dynamic */
	LEXEME_MARK,      /* an operator, a bracket */
	LEXEME_END,       /* the template ends here */
	LEXEME_BAD,       /* no word of the language: at text */
	LEXEME_BIG,       /* a number beyond what is modelled */
};

struct lexeme {
	enum lexeme_kind kind;
	bool dynamic;
	int64_t i;
	double d;
	struct bytes text;
};

enum { LEXER_OPEN_MAX = 64 };

/* Where the reader of a part stands. A copy of it is a look ahead. */
struct lexer {
	enum dialect dialect;
	struct bytes all;
	size_t at;
	const char *close;               /* of this part: "}}", "%}", "}" */
	bool trims;                      /* the closing one had a mark that eats blanks */
	unsigned open;                   /* brackets */
	uint8_t brackets[LEXER_OPEN_MAX];
	struct arena *arena;
};

struct lexeme lexer_next(struct lexer *);
bool lexeme_reads(const struct lexeme *, const char *mark); /* a mark, or a name, of this text */
/* The escapes of a string between its quotes, as the language decodes them. */
struct bytes lexeme_unescape(enum dialect, struct bytes, uint8_t quote, struct arena *);

#endif
