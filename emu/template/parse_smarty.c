/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Smarty's expressions: PHP's operators, with words for some, and modifiers behind a value. */
#include "emu/template/parse_smarty.h"

#include <string.h>

struct operator_row {
	const char *mark;
	unsigned precedence;
	int op;
	enum node_kind kind;
};

static const struct operator_row rows[] = {
	{ "||", 10, 0, NODE_OR }, { "or", 10, 0, NODE_OR }, { "&&", 20, 0, NODE_AND }, { "and", 20, 0, NODE_AND },
	{ "==", 30, OP_EQUAL, NODE_BINARY }, { "eq", 30, OP_EQUAL, NODE_BINARY }, { "!=", 30, OP_UNEQUAL, NODE_BINARY }, { "ne", 30, OP_UNEQUAL, NODE_BINARY },
	{ "neq", 30, OP_UNEQUAL, NODE_BINARY }, { "<>", 30, OP_UNEQUAL, NODE_BINARY }, { "===", 30, OP_IDENTICAL, NODE_BINARY }, { "!==", 30, OP_NOT_IDENTICAL, NODE_BINARY },
	{ "<", 40, '<', NODE_BINARY }, { "lt", 40, '<', NODE_BINARY }, { ">", 40, '>', NODE_BINARY }, { "gt", 40, '>', NODE_BINARY },
	{ "<=", 40, OP_AT_MOST, NODE_BINARY }, { "lte", 40, OP_AT_MOST, NODE_BINARY }, { "le", 40, OP_AT_MOST, NODE_BINARY },
	{ ">=", 40, OP_AT_LEAST, NODE_BINARY }, { "gte", 40, OP_AT_LEAST, NODE_BINARY }, { "ge", 40, OP_AT_LEAST, NODE_BINARY },
	{ "+", 50, '+', NODE_BINARY }, { "-", 50, '-', NODE_BINARY }, { "*", 60, '*', NODE_BINARY }, { "/", 60, '/', NODE_BINARY },
	{ "%", 60, '%', NODE_BINARY }, { "mod", 60, '%', NODE_BINARY }, { "**", 80, OP_POWER, NODE_BINARY },
};

static struct node *parse_level(struct parser *, unsigned least);

static struct node *constant(struct parser *p, struct datum value)
{
	struct node *n = syntax_node(p, NODE_CONST);

	if (n != NULL)
		n->value = value;
	return n;
}

/* (a, b) of a call. */
static bool parse_list(struct parser *p, const char *close, struct node **ret)
{
	struct node **end = ret, *n;

	*ret = NULL;
	parser_advance(p);
	while (!lexeme_reads(&p->token, close) && !parser_failed(p)) {
		if (*ret != NULL && !parser_expect(p, ","))
			return false;
		if (lexeme_reads(&p->token, close))
			break;
		if ((n = smarty_expression(p)) == NULL)
			return false;
		node_append(&end, n);
	}
	return parser_expect(p, close);
}

/* [a, k => v] as keys and values. */
static struct node *parse_array(struct parser *p)
{
	struct node *dict = syntax_node(p, NODE_DICT), **end = dict != NULL ? &dict->list : NULL, *key, *value;
	int64_t next = 0;

	parser_advance(p);
	while (dict != NULL && !lexeme_reads(&p->token, "]") && !parser_failed(p)) {
		if (dict->list != NULL && !parser_expect(p, ","))
			return NULL;
		if (lexeme_reads(&p->token, "]"))
			break;
		if ((value = smarty_expression(p)) == NULL)
			return NULL;
		key = value;
		if (parser_accept(p, "=>"))
			value = smarty_expression(p);
		else
			key = constant(p, datum_int(next++));
		if (key == NULL || value == NULL)
			return NULL;
		node_append(&end, key);
		node_append(&end, value);
	}
	return dict != NULL && parser_expect(p, "]") ? dict : NULL;
}

/* Behind a value: .key, [expr], ->name, (…) */
static struct node *parse_members(struct parser *p, struct node *n)
{
	while (n != NULL && !parser_failed(p)) {
		bool dot = p->token.kind == LEXEME_MARK && lexeme_reads(&p->token, "."), arrow = lexeme_reads(&p->token, "->");
		struct node *of = n;

		if (lexeme_reads(&p->token, "[")) {
			parser_advance(p);
			if ((n = syntax_node(p, NODE_ITEM)) == NULL || (n->b = smarty_expression(p)) == NULL || !parser_expect(p, "]"))
				return NULL;
		} else if (dot || arrow) {
			parser_advance(p);
			if (p->token.kind != LEXEME_NAME && p->token.kind != LEXEME_INT)
				return parser_unexpected(p, "name");
			if ((n = syntax_node(p, p->token.kind == LEXEME_INT ? NODE_ITEM : NODE_ATTRIBUTE)) == NULL)
				return NULL;
			n->name = p->token.text;
			if (n->kind == NODE_ITEM)
				n->b = constant(p, datum_int(p->token.i));
			parser_advance(p);
		} else if (lexeme_reads(&p->token, "(") && n->kind == NODE_ATTRIBUTE) {
			if ((n = syntax_node(p, NODE_CALL)) == NULL || !parse_list(p, ")", &n->list))
				return NULL;
		} else {
			break;
		}
		n->a = of;
	}
	return n;
}

static struct node *parse_variable(struct parser *p)
{
	struct node *n = syntax_node(p, NODE_NAME);

	parser_advance(p);
	if (n == NULL || p->token.kind != LEXEME_NAME)
		return parser_unexpected(p, "name");
	n->name = p->token.text;
	parser_advance(p);
	return parse_members(p, n);
}

static struct node *parse_name(struct parser *p)
{
	static const struct { const char *word; enum datum_kind kind; bool truth; } words[] = {
		{ "true", DATUM_BOOL, true }, { "false", DATUM_BOOL, false }, { "null", DATUM_NONE, false },
	};
	struct bytes name = p->token.text;
	struct node *n, *call;

	parser_advance(p);
	if (lexeme_reads(&p->token, "::")) {
		parser_advance(p);
		name = bytes_of(name.at, (size_t)(p->token.text.at - name.at) + p->token.text.left);
		parser_advance(p);
	}
	if (lexeme_reads(&p->token, "(")) {
		if ((n = syntax_node(p, NODE_NAME)) == NULL || (call = syntax_node(p, NODE_CALL)) == NULL || !parse_list(p, ")", &call->list))
			return NULL;
		n->name = name;
		call->a = n;
		return call;
	}
	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		if (bytes_equal_fold(name, bytes_text(words[i].word)))
			return constant(p, words[i].kind == DATUM_BOOL ? datum_bool(words[i].truth) : datum_none());
	}
	return constant(p, datum_text(name));
}

/* "a {expr} $name b" */
static struct node *parse_text(struct parser *p)
{
	struct bytes s = p->token.text;
	struct node *whole, **end, *n;

	if (!p->token.dynamic) {
		n = constant(p, datum_text(s));
		parser_advance(p);
		return n;
	}
	parser_advance(p);
	if ((whole = syntax_node(p, NODE_CONCAT)) == NULL)
		return NULL;
	end = &whole->list;
	while (s.left > 0 && !parser_failed(p)) {
		struct parser inner = *p;
		size_t at = 0;

		while (at < s.left && s.at[at] != '{' && s.at[at] != '$')
			at += s.at[at] == '\\' ? 2 : 1;
		at = at < s.left ? at : s.left;
		if ((n = constant(p, datum_text(lexeme_unescape(DIALECT_SMARTY, text_cut(s, 0, at), '"', p->arena)))) == NULL)
			return NULL;
		node_append(&end, n);
		if (at == s.left)
			break;
		if (at + 1 < s.left && s.at[at] == '$' && s.at[at + 1] != '_' && (s.at[at + 1] | 0x20) < 'a') {
			p->refused = "a dollar in a text";
			return NULL;
		}
		inner.lexer = (struct lexer){ .dialect = DIALECT_SMARTY, .all = text_cut(s, at + (s.at[at] == '{'), s.left), .close = s.at[at] == '{' ? "}" : "\1", .arena = p->arena };
		parser_advance(&inner);
		if (s.at[at] == '$') { /* a name and nothing else of it */
			size_t len = 1;

			while (at + len < s.left && (s.at[at + len] == '_' || (s.at[at + len] | 0x20) >= 'a' || (s.at[at + len] >= '0' && s.at[at + len] <= '9')))
				len++;
			if ((n = syntax_node(p, NODE_NAME)) == NULL)
				return NULL;
			n->name = text_cut(s, at + 1, at + len);
			s = text_cut(s, at + len, s.left);
		} else {
			n = smarty_expression(&inner);
			p->nodes = inner.nodes;
			p->error = inner.error;
			p->refused = inner.refused;
			p->bounded |= inner.bounded;
			if (n == NULL || inner.token.kind != LEXEME_CLOSE)
				return parser_unexpected(p, NULL);
			s = text_cut(inner.lexer.all, inner.lexer.at, inner.lexer.all.left);
		}
		node_append(&end, n);
	}
	return whole;
}

static struct node *parse_value(struct parser *p)
{
	struct node *n = NULL;

	if (p->token.kind == LEXEME_INT || p->token.kind == LEXEME_REAL) {
		n = constant(p, p->token.kind == LEXEME_INT ? datum_int(p->token.i) : datum_real(p->token.d));
		parser_advance(p);
	} else if (p->token.kind == LEXEME_STRING) {
		n = parse_text(p);
	} else if (p->token.kind == LEXEME_NAME) {
		n = parse_name(p);
	} else if (lexeme_reads(&p->token, "$")) {
		n = parse_variable(p);
	} else if (lexeme_reads(&p->token, "[")) {
		n = parse_array(p);
	} else if (lexeme_reads(&p->token, "(") || lexeme_reads(&p->token, "{")) {
		const char *close = p->token.text.at[0] == '(' ? ")" : "}";

		parser_advance(p);
		n = smarty_expression(p);
		if (n != NULL && !parser_expect(p, close))
			n = NULL;
	} else {
		parser_unexpected(p, NULL);
	}
	return parser_failed(p) ? NULL : n;
}

/* |modifier:argument:argument */
static struct node *parse_modifiers(struct parser *p, struct node *n)
{
	while (n != NULL && lexeme_reads(&p->token, "|") && !parser_failed(p)) {
		struct node *filter = syntax_node(p, NODE_FILTER), **end = filter != NULL ? &filter->list : NULL, *argument;

		parser_advance(p);
		parser_accept(p, "@");
		if (filter == NULL || p->token.kind != LEXEME_NAME)
			return parser_unexpected(p, "modifier");
		filter->a = n;
		filter->name = p->token.text;
		parser_advance(p);
		while (parser_accept(p, ":")) {
			if ((argument = parse_value(p)) == NULL)
				return NULL;
			node_append(&end, argument);
		}
		n = filter;
	}
	return n;
}

static struct node *parse_unary(struct parser *p)
{
	struct node *n = NULL;

	if (!parser_enter(p))
		return NULL;
	if (lexeme_reads(&p->token, "!") || lexeme_reads(&p->token, "not")) {
		parser_advance(p);
		if ((n = syntax_node(p, NODE_NOT)) != NULL && (n->a = parse_level(p, 70)) == NULL)
			n = NULL;
	} else if (p->token.kind == LEXEME_MARK && (lexeme_reads(&p->token, "-") || lexeme_reads(&p->token, "+"))) {
		int op = p->token.text.at[0];

		parser_advance(p);
		if ((n = syntax_node(p, NODE_UNARY)) != NULL) {
			n->op = op;
			n = (n->a = parse_level(p, 80)) != NULL ? n : NULL;
		}
	} else {
		n = parse_modifiers(p, parse_value(p));
	}
	parser_leave(p);
	return parser_failed(p) ? NULL : n;
}

/* is [not] odd, even, div by n: a filter, as its value is no truth but what PHP computes for it */
static struct node *parse_test(struct parser *p, struct node *of)
{
	static const struct { const char *word, *is, *is_not; } tests[] = {
		{ "odd", "is odd", "is even" }, { "even", "is even", "is odd" }, { "div", "is div", "is not div" },
	};
	struct node *n = syntax_node(p, NODE_FILTER);
	unsigned i = 0;
	bool negated;

	parser_advance(p);
	negated = parser_accept(p, "not");
	while (i < COUNT_OF(tests) && !lexeme_reads(&p->token, tests[i].word))
		i++;
	if (n == NULL || i == COUNT_OF(tests))
		return parser_unexpected(p, "test");
	n->a = of;
	n->name = bytes_text(negated ? tests[i].is_not : tests[i].is);
	parser_advance(p);
	return parser_accept(p, "by") && (n->list = parse_unary(p)) == NULL ? NULL : n;
}

static struct node *parse_level(struct parser *p, unsigned least)
{
	struct node *n = parse_unary(p), *made;

	while (n != NULL && !parser_failed(p)) {
		unsigned i = 0;

		if (lexeme_reads(&p->token, "is") && p->token.kind == LEXEME_NAME) {
			n = parse_test(p, n);
			continue;
		}
		while (i < COUNT_OF(rows) && !lexeme_reads(&p->token, rows[i].mark))
			i++;
		if (i == COUNT_OF(rows) || rows[i].precedence < least)
			break;
		size_t behind = p->lexer.at;

		parser_advance(p);
		/* PHP would see -- there, and +- is no operator of Smarty's */
		if (p->token.kind == LEXEME_MARK && (lexeme_reads(&p->token, "-") || lexeme_reads(&p->token, "+")) && (rows[i].op == '-' || rows[i].op == '+') &&
		    ((rows[i].op == '-' && lexeme_reads(&p->token, "-")) || p->lexer.at == behind + 1))
			return parser_unexpected(p, NULL);
		if (!parser_enter(p) || (made = syntax_node(p, rows[i].kind)) == NULL)
			return NULL;
		made->op = rows[i].op;
		made->a = n;
		made->b = parse_level(p, rows[i].op == OP_POWER ? 80 : rows[i].precedence + 1);
		parser_leave(p);
		n = made->b != NULL ? made : NULL;
	}
	return parser_failed(p) ? NULL : n;
}

struct node *smarty_expression(struct parser *p)
{
	struct node *n = NULL;

	if (parser_enter(p)) {
		n = parse_level(p, 0);
		parser_leave(p);
	}
	return parser_failed(p) ? NULL : n;
}
