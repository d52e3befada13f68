/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A template as a checked tree, for engines of Jinja's family and for Smarty. */
#ifndef EMU_TEMPLATE_SYNTAX_H
#define EMU_TEMPLATE_SYNTAX_H

#include "emu/template/datum.h"
#include "emu/template/lexeme.h"

enum {
	SYNTAX_DEPTH_MAX = 48,    /* of expressions and statements inside each other; attacks have ten */
	SYNTAX_NODES_MAX = 20000,
};

enum node_kind {
	NODE_CONST,      /* value */
	NODE_NAME,       /* name */
	NODE_ATTRIBUTE,  /* a.name; of Smarty: op '>' for -> */
	NODE_ITEM,       /* a[b] */
	NODE_SLICE,      /* a:b:c, inside of NODE_ITEM; each may be NULL */
	NODE_CALL,       /* a(list) */
	NODE_FILTER,     /* a|name(list); a is NULL in a block of it */
	NODE_TEST,       /* a is name(list) */
	NODE_UNARY,      /* op a */
	NODE_BINARY,     /* a op b */
	NODE_COMPARE,    /* a, then list of NODE_BINARY with op and b */
	NODE_AND, NODE_OR, NODE_NOT,
	NODE_CHOICE,     /* a ? b : c; c may be NULL, b too (Twig's ?:) */
	NODE_CONCAT,     /* list */
	NODE_LIST, NODE_TUPLE,
	NODE_DICT,       /* list: key, value, key, value … */
	NODE_ARROW,      /* list: names; a */
	NODE_COALESCE,   /* a ?? b */
	NODE_KEYWORD,    /* name=a, in arguments */
	NODE_STAR, NODE_STARSTAR,
	/* statements */
	NODE_TEXT,       /* name */
	NODE_PRINT,      /* a */
	NODE_IF,         /* a, list; other: the else's */
	NODE_FOR,        /* b: target, a: over, c: condition, list; other: else; op 1: recursive */
	NODE_SET,        /* b: target, a: value */
	NODE_SET_BLOCK,  /* b: target, list; a: filter */
	NODE_MACRO,      /* name, b: list of NODE_KEYWORD or NODE_NAME, list */
	NODE_CALL_BLOCK, /* a: call, b: parameters, list */
	NODE_FILTER_BLOCK, /* a: filter, list */
	NODE_WITH,       /* b: list of NODE_SET, list */
	NODE_DO,         /* a */
	NODE_GROUP,      /* list */
	NODE_INCLUDE,    /* a; op 1: ignore missing */
	NODE_IMPORT,     /* a; name */
	NODE_EXTENDS,    /* a */
};

/* Operators: their first byte, or these. */
enum operator {
	OP_POWER = 256, OP_FLOOR, OP_EQUAL, OP_UNEQUAL, OP_AT_LEAST, OP_AT_MOST, OP_IN, OP_NOT_IN, OP_RANGE, OP_SPACESHIP, OP_STARTS, OP_ENDS,
	OP_MATCHES, OP_BIT_AND, OP_BIT_OR, OP_BIT_XOR, OP_IDENTICAL, OP_NOT_IDENTICAL,
};

struct node {
	enum node_kind kind;
	int op;
	struct bytes name;
	struct datum value;
	struct node *a, *b, *c;
	struct node *list, *other, *next;
};

/* One reading. Functions return NULL with the error set. */
struct parser {
	struct lexer lexer;
	struct lexeme token;      /* the one not yet taken */
	struct arena *arena;
	unsigned depth, nodes;
	bool bounded, full;
	bool evaluates;           /* something but text stands in it */
	const char *refused;
	struct bytes error;       /* .at != NULL: the language's parser refuses it */
};

struct node *syntax_node(struct parser *, enum node_kind);
/* Takes the token if it is this mark or name. */
bool parser_accept(struct parser *, const char *);
bool parser_expect(struct parser *, const char *);
void parser_advance(struct parser *);
struct lexeme parser_look(const struct parser *);
void *parser_fail(struct parser *, const char *why, ...) __attribute__((format(printf, 2, 3)));
/* expected token X, got Y */
void *parser_unexpected(struct parser *, const char *expected);
bool parser_enter(struct parser *);
void parser_leave(struct parser *);
bool parser_failed(const struct parser *);
/* Adds to the end of a list. */
void node_append(struct node ***end, struct node *);

/* parse_jinja.c, parse_twig.c: one expression; Jinja's with a tuple without brackets where it may be one. */
struct node *parse_jinja(struct parser *);
struct node *parse_jinja_tuple(struct parser *);
struct node *parse_jinja_operand(struct parser *); /* no operators: what may follow "in" of a for, or a filter's */
struct node *parse_twig(struct parser *);
/* parse_operand.c: names, literals, brackets, and what follows them, in both languages. */
struct node *parse_expression(struct parser *);
struct node *parse_primary(struct parser *);
struct node *parse_postfix(struct parser *, struct node *);
struct node *parse_filters(struct parser *, struct node *); /* a NULL: of a block, the name stands next */
bool parse_arguments(struct parser *, struct node **ret);
/* parse_template.c, parse_statement.c: text, parts and statements. */
struct node *parse_template(enum dialect, struct bytes text, struct arena *, struct parser *ret);
struct node *parse_statement(struct parser *);
/* The text up to the end statement that one of the words opens; *found: which. NULL-ended words. */
struct node *parse_body(struct parser *, const char *const *ends, unsigned *found);
bool parse_close(struct parser *); /* the part's closing delimiter */

#endif
