/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jinja2's expressions: conditions, truth, comparisons in a chain, arithmetic, filters and tests behind their operand. */
#include "emu/template/syntax.h"

static struct node *parse_unary(struct parser *, bool filters);

static struct node *two(struct parser *p, enum node_kind kind, int op, struct node *a, struct node *b)
{
	struct node *n = a != NULL && b != NULL ? syntax_node(p, kind) : NULL;

	if (n != NULL) {
		n->op = op;
		n->a = a;
		n->b = b;
	}
	return n;
}

struct level {
	const char *marks[5];
	int ops[4];
};

/* From the loosest; the operands of each are the next. Concatenation stands between the first two. */
static const struct level levels[] = {
	{ { "+", "-" }, { '+', '-' } },
	{ { "*", "/", "//", "%" }, { '*', '/', OP_FLOOR, '%' } },
	{ { "**" }, { OP_POWER } },
};

static struct node *parse_level(struct parser *, unsigned);

static struct node *parse_concat(struct parser *p)
{
	struct node *n = parse_level(p, 1), *whole, **end;

	if (n == NULL || !lexeme_reads(&p->token, "~"))
		return n;
	if ((whole = syntax_node(p, NODE_CONCAT)) == NULL)
		return NULL;
	end = &whole->list;
	node_append(&end, n);
	while (parser_accept(p, "~")) {
		if ((n = parse_level(p, 1)) == NULL)
			return NULL;
		node_append(&end, n);
	}
	return whole;
}

static struct node *parse_below(struct parser *p, unsigned level)
{
	return level == 0 ? parse_concat(p) : level + 1 < COUNT_OF(levels) ? parse_level(p, level + 1) : parse_unary(p, true);
}

static struct node *parse_level(struct parser *p, unsigned level)
{
	struct node *n = parse_below(p, level);

	for (unsigned i = 0; n != NULL && levels[level].marks[i] != NULL; i++) {
		if (p->token.kind != LEXEME_MARK || !parser_accept(p, levels[level].marks[i]))
			continue;
		n = two(p, NODE_BINARY, levels[level].ops[i], n, parse_below(p, level));
		i = (unsigned)-1;
	}
	return n;
}

static int comparison(struct parser *p)
{
	static const struct { const char *mark; int op; } ops[] = {
		{ "==", OP_EQUAL }, { "!=", OP_UNEQUAL }, { "<", '<' }, { "<=", OP_AT_MOST }, { ">", '>' }, { ">=", OP_AT_LEAST }, { "in", OP_IN },
	};
	struct lexeme after;

	for (unsigned i = 0; i < COUNT_OF(ops); i++) {
		if (parser_accept(p, ops[i].mark))
			return ops[i].op;
	}
	if (lexeme_reads(&p->token, "not")) {
		after = parser_look(p);
		if (lexeme_reads(&after, "in")) {
			parser_advance(p);
			parser_advance(p);
			return OP_NOT_IN;
		}
	}
	return 0;
}

static struct node *parse_compare(struct parser *p)
{
	struct node *n = parse_level(p, 0), *whole = NULL, **end = NULL, *part;
	int op;

	while (n != NULL && (op = comparison(p)) != 0) {
		if (whole == NULL) {
			if ((whole = syntax_node(p, NODE_COMPARE)) == NULL)
				return NULL;
			whole->a = n;
			end = &whole->list;
		}
		if ((part = syntax_node(p, NODE_BINARY)) == NULL || (part->b = parse_level(p, 0)) == NULL)
			return NULL;
		part->op = op;
		node_append(&end, part);
	}
	return whole != NULL ? whole : n;
}

static struct node *parse_not(struct parser *p)
{
	struct node *n = NULL;

	if (!lexeme_reads(&p->token, "not"))
		return parse_compare(p);
	if (parser_enter(p)) {
		parser_advance(p);
		if ((n = syntax_node(p, NODE_NOT)) != NULL && (n->a = parse_not(p)) == NULL)
			n = NULL;
		parser_leave(p);
	}
	return n;
}

static struct node *parse_and(struct parser *p)
{
	struct node *n = parse_not(p);

	while (n != NULL && parser_accept(p, "and"))
		n = two(p, NODE_AND, 0, n, parse_not(p));
	return n;
}

static struct node *parse_or(struct parser *p)
{
	struct node *n = parse_and(p);

	while (n != NULL && parser_accept(p, "or"))
		n = two(p, NODE_OR, 0, n, parse_and(p));
	return n;
}

struct node *parse_jinja(struct parser *p)
{
	struct node *n = parse_or(p), *choice;

	while (n != NULL && lexeme_reads(&p->token, "if")) {
		parser_advance(p);
		if ((choice = syntax_node(p, NODE_CHOICE)) == NULL || (choice->a = parse_or(p)) == NULL)
			return NULL;
		choice->b = n;
		if (parser_accept(p, "else") && (choice->c = parse_expression(p)) == NULL)
			return NULL;
		n = choice;
	}
	return n;
}

struct node *parse_jinja_operand(struct parser *p)
{
	return parse_or(p);
}

struct node *parse_jinja_tuple(struct parser *p)
{
	struct node *n = parse_expression(p), *whole, **end;

	if (n == NULL || !lexeme_reads(&p->token, ","))
		return n;
	if ((whole = syntax_node(p, NODE_TUPLE)) == NULL)
		return NULL;
	end = &whole->list;
	node_append(&end, n);
	while (parser_accept(p, ",") && !lexeme_reads(&p->token, ")") && p->token.kind != LEXEME_CLOSE && !lexeme_reads(&p->token, "in")) {
		if ((n = parse_expression(p)) == NULL)
			return NULL;
		node_append(&end, n);
	}
	return parser_failed(p) ? NULL : whole;
}

static bool begins_operand(const struct lexeme *t)
{
	return (t->kind == LEXEME_NAME && !lexeme_reads(t, "else") && !lexeme_reads(t, "or") && !lexeme_reads(t, "and")) || t->kind == LEXEME_STRING ||
	       t->kind == LEXEME_INT || t->kind == LEXEME_REAL || lexeme_reads(t, "(") || lexeme_reads(t, "[") || lexeme_reads(t, "{");
}

static struct node *parse_test(struct parser *p, struct node *of)
{
	struct node *n = syntax_node(p, NODE_TEST), *not;
	bool negated;

	parser_advance(p);
	negated = parser_accept(p, "not");
	if (n == NULL || p->token.kind != LEXEME_NAME)
		return parser_unexpected(p, "name");
	n->a = of;
	n->name = p->token.text;
	parser_advance(p);
	if (lexeme_reads(&p->token, "(")) {
		if (!parse_arguments(p, &n->list))
			return NULL;
	} else if (begins_operand(&p->token)) {
		if (lexeme_reads(&p->token, "is"))
			return parser_fail(p, "You cannot chain multiple tests with is");
		if ((n->list = parse_postfix(p, parse_primary(p))) == NULL)
			return NULL;
	}
	if (!negated)
		return n;
	if ((not = syntax_node(p, NODE_NOT)) != NULL)
		not->a = n;
	return not;
}

static struct node *parse_unary(struct parser *p, bool filters)
{
	struct node *n = NULL;

	if (!parser_enter(p))
		return NULL;
	if (lexeme_reads(&p->token, "-") || lexeme_reads(&p->token, "+")) {
		n = syntax_node(p, NODE_UNARY);
		if (n != NULL) {
			n->op = p->token.text.at[0];
			parser_advance(p);
			n = (n->a = parse_unary(p, false)) != NULL ? n : NULL;
		}
	} else {
		n = parse_primary(p);
	}
	n = parse_postfix(p, n);
	while (filters && n != NULL && !parser_failed(p)) {
		if (lexeme_reads(&p->token, "|"))
			n = parse_filters(p, n);
		else if (lexeme_reads(&p->token, "is"))
			n = parse_test(p, n);
		else if (lexeme_reads(&p->token, "("))
			n = parse_postfix(p, n);
		else
			break;
	}
	parser_leave(p);
	return parser_failed(p) ? NULL : n;
}
