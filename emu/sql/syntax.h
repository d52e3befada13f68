/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What SQL text means as a tree: expressions, queries, statements. All of it lives in the arena it was parsed into. */
#ifndef EMU_SQL_SYNTAX_H
#define EMU_SQL_SYNTAX_H

#include "emu/sql/lexeme.h"

enum {
	SYNTAX_DEPTH_MAX = 120,  /* of a tree: evaluating goes as deep, on a worker's stack */
	SYNTAX_NODES_MAX = 20000,
};

enum sql_operator {
	OP_NONE, OP_OR, OP_XOR, OP_AND, OP_NOT, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_NULLSAFE,
	OP_BITOR, OP_BITAND, OP_BITXOR, OP_SHL, OP_SHR, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_INTDIV, OP_MOD,
	OP_CONCAT, OP_POWER, OP_NEGATE, OP_PLUS, OP_BITNOT, OP_BINARY, OP_IS, OP_ISNULL, OP_NOTNULL, OP_IN, OP_BETWEEN,
	OP_LIKE, OP_ILIKE, OP_GLOB, OP_REGEXP, OP_SOUNDS, OP_CAST, OP_COLLATE, OP_JSON, OP_OTHER,
};

enum node_kind {
	NODE_LITERAL,     /* lexeme */
	NODE_WORD,        /* NULL, TRUE, FALSE, UNKNOWN, DEFAULT: name */
	NODE_COLUMN,      /* name, in table (or empty) */
	NODE_STAR,
	NODE_VARIABLE,    /* name */
	NODE_CALL,        /* name(args); distinct, star */
	NODE_UNARY,       /* op, first */
	NODE_BINARY,      /* op, first, second */
	NODE_BETWEEN,     /* first BETWEEN second AND third */
	NODE_IN,          /* first IN (second, …) or IN (query) */
	NODE_LIKE,        /* op, first, second, third: ESCAPE */
	NODE_IS,          /* first IS [NOT] second; name: "null", "true", "false", "unknown", "distinct" */
	NODE_CASE,        /* [operand,] then pairs, [else] as args: with flag operand, otherwise */
	NODE_CAST,        /* first AS type; attempt: TRY_CAST */
	NODE_QUERY,       /* a query as a value */
	NODE_EXISTS,
	NODE_QUANTIFIED,  /* op ANY/ALL (query): first, query, name */
	NODE_ROW,         /* (a, b, …) */
};

struct query;

struct type_name {
	struct bytes name;        /* as written: "varchar", "double precision" */
	int length, scale;        /* -1: not stated */
	bool array;
};

struct node {
	enum node_kind kind;
	enum sql_operator op;
	bool negated, distinct, star, operand, otherwise, attempt, in_parentheses, descending;
	uint16_t depth, count;    /* of arguments */
	uint32_t from, to;        /* of its text */
	struct lexeme lexeme;
	struct bytes name, table, alias;
	struct type_name type;
	struct node *first, *next; /* arguments: a list */
	struct query *query;
	struct node *order;        /* inside a call: ORDER BY */
	struct node *separator;
};

/* A source of rows: a table, a query, or a function, and how it is joined to those before it. */
struct source {
	struct bytes schema, name, alias;
	struct query *query;
	struct node *call, *on;
	struct node *columns;     /* alias (a, b): names */
	bool left;                /* keeps the rows before it that find no partner */
	struct source *next;
};

enum query_set { SET_NONE, SET_UNION, SET_UNION_ALL, SET_EXCEPT, SET_INTERSECT };

/* One SELECT. */
struct core {
	enum query_set set;       /* how it is put to those before it */
	bool distinct;
	struct node *items;
	struct source *from;
	struct node *where, *group, *having, *top;
	struct node *values;      /* VALUES (…), (…): rows */
	struct query *inner;      /* a query in parentheses instead */
	struct core *next;
};

struct query {
	struct core *cores;
	struct node *order, *limit, *offset;
	struct node *procedure;   /* MySQL: PROCEDURE ANALYSE(…) */
	struct bytes into;        /* the file's name: INTO OUTFILE, DUMPFILE */
	bool writes, limit_percent;
};

enum statement_kind {
	STATEMENT_QUERY,
	STATEMENT_WAIT,           /* WAITFOR DELAY: text is the time */
	STATEMENT_EXECUTE,        /* EXEC procedure arguments */
	STATEMENT_COPY,           /* COPY … TO/FROM file or PROGRAM */
	STATEMENT_CHANGE,         /* INSERT, UPDATE, DELETE, DROP, CREATE …: what it does to the victim's own data */
	STATEMENT_SET,            /* SET, DECLARE: variable = value */
	STATEMENT_CALL,           /* inside BEGIN … END: an expression, for what it does */
	STATEMENT_BLOCK,          /* BEGIN, END */
	STATEMENT_IF,             /* IF: the condition of the next one */
};

struct statement {
	enum statement_kind kind;
	struct bytes verb, name, text;
	bool program, outward;
	struct node *arguments;
	struct query *query;
	struct statement *next;
};

struct parser {
	enum sql_dialect dialect;
	struct bytes text;
	struct lexemes lexemes;
	unsigned at, depth, nodes;
	unsigned blocks;          /* BEGINs without their END */
	struct arena *arena;
	int failed;               /* 0, -EBADMSG: no such syntax, -ENOTSUP: not modelled, -ENOMEM, -E2BIG */
	uint32_t failed_at;
	const char *refused;      /* of -ENOTSUP: what */
};

/*
 * Parses statements with ; between. *ret: the statements. Returns 0 or p->failed. Arena: all nodes.
 * Grammar: the languages' references; see lexeme.c.
 */
must_check int sql_syntax_parse(struct parser *, enum sql_dialect, struct bytes text, struct arena *, struct statement **ret);

#endif
