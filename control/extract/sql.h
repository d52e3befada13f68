/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQL as attackers write it: tokens of all dialects at once, words by what they do in a query, and the weighing of both. */
#ifndef CONTROL_EXTRACT_SQL_H
#define CONTROL_EXTRACT_SQL_H

#include "control/wire/bytes.h"

enum {
	SQLTOKENS_MAX = 1024,    /* of one value; an attack's text has some hundreds, and what it is shows in its beginning */
	SQLTEXT_MAX = 16 << 10,  /* bytes of a value that are looked at */
};

enum sqltoken_kind {
	SQLTOKEN_END,
	SQLTOKEN_START,     /* the first of a value that begins in no quote */
	SQLTOKEN_WORD,
	SQLTOKEN_NUMBER,
	SQLTOKEN_HEX,
	SQLTOKEN_TEXT,      /* a literal in quotes; of the first token in a quoting: what stands before the quote that ends it */
	SQLTOKEN_NAME,      /* `…`, […] */
	SQLTOKEN_VARIABLE,  /* @x, @@x */
	SQLTOKEN_OPERATOR,
	SQLTOKEN_LOGIC,     /* && || */
	SQLTOKEN_OPEN, SQLTOKEN_CLOSE, SQLTOKEN_COMMA, SQLTOKEN_SEMI,
	SQLTOKEN_COMMENT,   /* cuts off all that follows: text is what it hides */
	SQLTOKEN_ODD,       /* a byte that no query holds */
};

struct sqltoken {
	enum sqltoken_kind kind;
	struct bytes text;
	uint8_t quote;      /* of a TEXT */
	bool open;          /* a TEXT that the value does not close */
	bool blank;         /* a blank stands before it */
	bool commented;     /* a comment stands before it, as a blank would */
};

struct sqltokens {
	unsigned count;     /* the first is START or the TEXT that the value ends, the last is END */
	struct sqltoken list[SQLTOKENS_MAX];
};

/* How the query around the value reads it. */
struct sqlquoting {
	uint8_t quote;      /* the quote that stands open where the value begins; 0: none */
	bool backslash;     /* escapes a quote */
};

/* Cuts text. false: the value stays inside the quote it began in. */
bool sqltokens_of(struct bytes text, struct sqlquoting, struct sqltokens *ret);

enum sqlword {
	SQLWORD_OTHER,
	SQLWORD_LOGIC,     /* AND, OR, XOR */
	SQLWORD_OPERATOR,  /* LIKE, IN, IS, BETWEEN, DIV, … */
	SQLWORD_PREFIX,    /* NOT, BINARY, EXISTS, DISTINCT, ALL … */
	SQLWORD_SET,       /* UNION, EXCEPT, INTERSECT, MINUS */
	SQLWORD_SELECT,
	SQLWORD_CLAUSE,    /* FROM, WHERE, ORDER, GROUP, HAVING, LIMIT, INTO, … */
	SQLWORD_INNER,     /* BY, AS, ON, WHEN, THEN … : stand inside of clauses */
	SQLWORD_VERB,      /* begins a statement */
	SQLWORD_VALUE,     /* NULL, TRUE, CURRENT_USER, … */
	SQLWORD_FUNCTION,  /* that any text may hold too */
	SQLWORD_TELLING,   /* a function that nobody calls but in a database */
	SQLWORD_CATALOG,   /* a database's own table */
};

enum sqlword sqlword_of(struct bytes word);
/* The same of words that are listed alone, without those that are known by how they begin. */
enum sqlword sqlword_listed(struct bytes word);
/* A function that waits, reads, writes or leaks: called for that alone. */
bool sqlword_acts(struct bytes word);
bool sqlword_is(const struct sqltoken *, const char *word);
/* Of VERB words: does what stands behind it make a statement? What that is worth. */
int sqlword_statement(const struct sqltoken *verb);
/* Does what stands behind SELECT read as what is selected? A word alone may be an English sentence's. */
bool sqlword_selects(const struct sqltoken *behind);

/* May a query go on so behind a value's end? */
bool sqlword_goes_on(const struct sqltoken *behind);

/* What a text is worth as a change of its query's structure; SQLSHAPE_ENOUGH and more is one. */
enum { SQLSHAPE_ENOUGH = 8 };
int sqlshape_weigh(const struct sqltokens *, struct sqlquoting);

#endif
