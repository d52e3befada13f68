/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser of PowerShell: one cursor over the text, and the rules that read from it. Inside this folder only. */
#ifndef EMU_WINDOWS_POWERSHELL_GRAMMAR_H
#define EMU_WINDOWS_POWERSHELL_GRAMMAR_H

#include "emu/windows/powershell/syntax.h"

struct grammar {
	struct host *host;
	const struct string *text;
	size_t at;
	bool wrong;
	bool single; /* between the parentheses of a call: a comma parts arguments and makes no list */
};

/* The unit at an offset from the cursor; 0 at the end. Dashes and quotes of typography are those of ASCII. */
uint16_t grammar_peek(const struct grammar *, size_t offset);
bool grammar_ends(const struct grammar *);
struct syntax *grammar_refuse(struct grammar *);
struct syntax *grammar_new(struct grammar *, enum syntax_kind);
void grammar_add(struct grammar *, struct syntax *, const struct syntax *); /* to its list */
void skip_blanks(struct grammar *);     /* blanks, `newline, comments of one line's inside */
void skip_lines(struct grammar *);      /* those, line ends and semicolons as well */
void skip_newlines(struct grammar *);   /* blanks, comments and line ends */
bool is_letter16(uint16_t);
bool is_digit16(uint16_t);
bool take_sign(struct grammar *, const char *sign); /* moves on, where it stands here */
bool at_word(const struct grammar *, const char *word); /* whole, and no part of a longer one */
bool take_word(struct grammar *, const char *word);

/* Tokens with a value. */
struct syntax *grammar_quoted(struct grammar *);      /* '…', "…", @'…'@, @"…"@ */
struct syntax *grammar_variable(struct grammar *);    /* $name, ${…}, $( ), @name */
struct syntax *grammar_number(struct grammar *);      /* NULL, nothing taken: none */
struct syntax *grammar_expandable(struct grammar *, struct string *text); /* a text with variables in it */
const struct string *grammar_name(struct grammar *);  /* of a member or type, backticks gone; NULL: none */
struct syntax *grammar_bare(struct grammar *);        /* an argument's word */
const struct string *grammar_type(struct grammar *);  /* between its brackets, which are taken; NULL: none */

struct syntax *grammar_expression(struct grammar *);  /* operators and all */
struct syntax *grammar_primary(struct grammar *, bool argument); /* one value with its members; as an argument no blanks in it */
struct syntax *grammar_block(struct grammar *);       /* { … } */
struct syntax *grammar_statements(struct grammar *, uint16_t close); /* until close, which stays */
struct syntax *grammar_statement(struct grammar *);
struct syntax *grammar_pipeline(struct grammar *);

#endif
