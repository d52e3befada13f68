/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What PowerShell's grammar makes of a text: a tree. By about_Language_Keywords, about_Operators, about_Parsing. */
#ifndef EMU_WINDOWS_POWERSHELL_SYNTAX_H
#define EMU_WINDOWS_POWERSHELL_SYNTAX_H

#include "emu/windows/powershell/value.h"

enum operator {
	OP_NONE, OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_MODULO, OP_FORMAT, OP_RANGE,
	OP_EQ, OP_NE, OP_GT, OP_GE, OP_LT, OP_LE, OP_LIKE, OP_NOTLIKE, OP_MATCH, OP_NOTMATCH, OP_REPLACE, OP_CONTAINS,
	OP_NOTCONTAINS, OP_IN, OP_NOTIN, OP_SPLIT, OP_JOIN, OP_IS, OP_ISNOT, OP_AS,
	OP_BAND, OP_BOR, OP_BXOR, OP_SHL, OP_SHR, OP_AND, OP_OR, OP_XOR, OP_NOT, OP_BNOT, OP_NEGATE, OP_PLUS,
	OP_CASE = 64, /* added: the case of letters counts */
};

enum syntax_kind {
	S_CONSTANT, S_VARIABLE, S_TEXT /* parts joined */, S_BINARY, S_UNARY, S_COMMA, S_PAREN, S_SUB /* $() */, S_ARRAY /* @() */,
	S_TABLE, S_BLOCK, S_CAST, S_TYPE, S_MEMBER, S_STATIC, S_CALL, S_STATIC_CALL, S_INDEX, S_STEP /* ++ -- */,
	S_ASSIGN, S_PIPELINE, S_COMMAND, S_PARAMETER, S_SPLAT, S_LIST /* statements */, S_IF, S_WHILE, S_DO, S_FOR, S_FOREACH, S_SWITCH,
	S_FUNCTION, S_RETURN, S_BREAK, S_CONTINUE, S_THROW, S_EXIT, S_TRY, S_PARAM, S_NOTHING,
};

struct syntax {
	enum syntax_kind kind;
	enum operator operator;
	struct value constant;
	const struct string *text;  /* a name; a block's own text */
	const struct syntax *a, *b, *c, *d;
	const struct syntax **list;
	unsigned count;
	bool flag;                  /* COMMAND: by & or . (text "." ); DO: until; STEP: before; BLOCK: bare word */
	bool append;                /* of a redirection */
	const struct syntax *to;    /* PIPELINE, COMMAND: where output goes; to NULL with quiet: nowhere */
	bool quiet, quiet_errors, joins_errors;
	const struct syntax *begin, *process, *end, *param; /* of a script block */
};

/* NULL: no script; wrong tells where (an offset). */
struct syntax *powershell_parse(struct host *, const struct string *code, size_t *wrong);

#endif
