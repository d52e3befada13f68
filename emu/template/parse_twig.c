/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Twig's expressions: operators by precedence, arrow functions, ?: and ??. */
#include "emu/template/syntax.h"

struct operator_row {
	const char *first, *second; /* second: of two words */
	unsigned precedence;
	int op;
	enum node_kind kind;
	bool right;
};

static const struct operator_row rows[] = { /* longer ones first */
	{ "or", NULL, 10, 0, NODE_OR, false }, { "and", NULL, 15, 0, NODE_AND, false }, { "not", "in", 20, OP_NOT_IN, NODE_BINARY, false },
	{ "in", NULL, 20, OP_IN, NODE_BINARY, false }, { "matches", NULL, 20, OP_MATCHES, NODE_BINARY, false },
	{ "starts", "with", 20, OP_STARTS, NODE_BINARY, false }, { "ends", "with", 20, OP_ENDS, NODE_BINARY, false },
	{ "==", NULL, 20, OP_EQUAL, NODE_BINARY, false }, { "!=", NULL, 20, OP_UNEQUAL, NODE_BINARY, false },
	{ "<=>", NULL, 20, OP_SPACESHIP, NODE_BINARY, false }, { "<=", NULL, 20, OP_AT_MOST, NODE_BINARY, false },
	{ ">=", NULL, 20, OP_AT_LEAST, NODE_BINARY, false }, { "<", NULL, 20, '<', NODE_BINARY, false }, { ">", NULL, 20, '>', NODE_BINARY, false },
	{ "..", NULL, 25, OP_RANGE, NODE_BINARY, false }, { "+", NULL, 30, '+', NODE_BINARY, false }, { "-", NULL, 30, '-', NODE_BINARY, false },
	{ "~", NULL, 40, '~', NODE_BINARY, false }, { "*", NULL, 60, '*', NODE_BINARY, false }, { "//", NULL, 60, OP_FLOOR, NODE_BINARY, false },
	{ "/", NULL, 60, '/', NODE_BINARY, false }, { "%", NULL, 60, '%', NODE_BINARY, false }, { "is", NULL, 100, 0, NODE_TEST, false },
	{ "**", NULL, 200, OP_POWER, NODE_BINARY, true }, { "??", NULL, 300, 0, NODE_COALESCE, true },
};

static const struct operator_row bits[] = {
	{ "or", NULL, 16, OP_BIT_OR, NODE_BINARY, false }, { "xor", NULL, 17, OP_BIT_XOR, NODE_BINARY, false },
	{ "and", NULL, 18, OP_BIT_AND, NODE_BINARY, false },
};

static struct node *parse_level(struct parser *, unsigned least);

/* b-and, b-or, b-xor: three words of the lexer. *after: behind them. */
static const struct operator_row *bit_operator(struct parser *p, struct parser *after)
{
	*after = *p;
	parser_advance(after);
	if (!parser_accept(after, "-"))
		return NULL;
	for (unsigned i = 0; i < COUNT_OF(bits); i++) {
		if (parser_accept(after, bits[i].first))
			return &bits[i];
	}
	return NULL;
}

static const struct operator_row *operator_here(struct parser *p, struct parser *after)
{
	if (lexeme_reads(&p->token, "b"))
		return bit_operator(p, after);
	for (unsigned i = 0; i < COUNT_OF(rows); i++) {
		if (!lexeme_reads(&p->token, rows[i].first))
			continue;
		*after = *p;
		parser_advance(after);
		if (rows[i].second == NULL || parser_accept(after, rows[i].second))
			return &rows[i];
	}
	return NULL;
}

static struct node *parse_test(struct parser *p, struct node *of)
{
	bool negated = parser_accept(p, "not");
	struct node *n = syntax_node(p, NODE_TEST), *not;

	if (n == NULL || p->token.kind != LEXEME_NAME)
		return parser_unexpected(p, "name");
	n->a = of;
	n->name = p->token.text;
	parser_advance(p);
	if (bytes_equal(n->name, bytes_text("same")) || bytes_equal(n->name, bytes_text("divisible"))) {
		if (!parser_accept(p, "as") && !parser_accept(p, "by"))
			return parser_fail(p, "Unknown \"%.*s\" test.", (int)n->name.left, (const char *)n->name.at);
	}
	if (lexeme_reads(&p->token, "(") && !parse_arguments(p, &n->list))
		return NULL;
	if (!negated)
		return n;
	if ((not = syntax_node(p, NODE_NOT)) != NULL)
		not->a = n;
	return not;
}

static struct node *parse_unary(struct parser *p, unsigned precedence)
{
	struct node *n = syntax_node(p, precedence == 50 ? NODE_NOT : NODE_UNARY);

	if (n == NULL)
		return NULL;
	n->op = p->token.text.at[0];
	parser_advance(p);
	return (n->a = parse_level(p, precedence)) != NULL ? parse_postfix(p, n) : NULL;
}

static struct node *parse_operand(struct parser *p)
{
	struct node *n = NULL;

	if (!parser_enter(p))
		return NULL;
	if (lexeme_reads(&p->token, "not"))
		n = parse_unary(p, 50);
	else if (p->token.kind == LEXEME_MARK && (lexeme_reads(&p->token, "-") || lexeme_reads(&p->token, "+")))
		n = parse_unary(p, 500);
	else
		n = parse_postfix(p, parse_primary(p));
	parser_leave(p);
	return n;
}

static struct node *parse_level(struct parser *p, unsigned least)
{
	struct node *n = parse_operand(p), *made;
	const struct operator_row *row;
	struct parser after;

	while (n != NULL && !parser_failed(p) && (row = operator_here(p, &after)) != NULL && row->precedence >= least) {
		*p = after;
		if (row->kind == NODE_TEST) {
			n = parse_test(p, n);
			continue;
		}
		if ((made = syntax_node(p, row->kind)) == NULL || !parser_enter(p))
			return NULL;
		made->op = row->op;
		made->a = n;
		made->b = parse_level(p, row->right ? row->precedence : row->precedence + 1);
		parser_leave(p);
		n = made->b != NULL ? made : NULL;
	}
	return parser_failed(p) ? NULL : n;
}

/* name => x, (a, b) => x. NULL without an error: no arrow function stands here. */
static struct node *parse_arrow(struct parser *p)
{
	struct parser ahead = *p;
	struct node *n = syntax_node(p, NODE_ARROW), **end = n != NULL ? &n->list : NULL, *name;
	bool brackets = parser_accept(&ahead, "(");

	if (n == NULL || p->token.kind == LEXEME_CLOSE)
		return NULL;
	do {
		if (ahead.token.kind != LEXEME_NAME || (name = syntax_node(p, NODE_NAME)) == NULL)
			return NULL;
		name->name = ahead.token.text;
		node_append(&end, name);
		parser_advance(&ahead);
	} while (brackets && parser_accept(&ahead, ","));
	if ((brackets && !parser_accept(&ahead, ")")) || !parser_accept(&ahead, "=>"))
		return NULL;
	ahead.nodes = p->nodes;
	*p = ahead;
	return (n->a = parse_expression(p)) != NULL ? n : NULL;
}

static bool begins_arrow(const struct parser *p)
{
	return p->token.kind == LEXEME_NAME || lexeme_reads(&p->token, "(");
}

struct node *parse_twig(struct parser *p)
{
	struct node *n = begins_arrow(p) ? parse_arrow(p) : NULL, *choice;

	if (n != NULL || parser_failed(p))
		return n;
	n = parse_level(p, 0);
	while (n != NULL && (lexeme_reads(&p->token, "?") || lexeme_reads(&p->token, "?:"))) {
		bool brief = lexeme_reads(&p->token, "?:");

		if ((choice = syntax_node(p, NODE_CHOICE)) == NULL)
			return NULL;
		parser_advance(p);
		choice->a = n;
		if (!brief && (choice->b = parse_expression(p)) == NULL)
			return NULL;
		if ((brief || parser_accept(p, ":")) && (choice->c = parse_expression(p)) == NULL)
			return NULL;
		n = choice;
	}
	return n;
}
