/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operands of Jinja's and Twig's expressions: names, literals, brackets, and what follows them. */
#include "emu/template/syntax.h"

#include <string.h>

struct node *parse_expression(struct parser *p)
{
	struct node *n = NULL;

	if (parser_enter(p)) {
		n = p->lexer.dialect == DIALECT_TWIG ? parse_twig(p) : parse_jinja(p);
		parser_leave(p);
	}
	return parser_failed(p) ? NULL : n;
}

static struct node *constant(struct parser *p, struct datum value)
{
	struct node *n = syntax_node(p, NODE_CONST);

	if (n != NULL)
		n->value = value;
	return n;
}

static struct node *parse_name(struct parser *p)
{
	static const struct { const char *word; enum datum_kind kind; bool truth, both; } words[] = {
		{ "true", DATUM_BOOL, true, true }, { "false", DATUM_BOOL, false, true }, { "none", DATUM_NONE, false, true },
		{ "True", DATUM_BOOL, true, true }, { "False", DATUM_BOOL, false, true }, { "None", DATUM_NONE, false, false },
		{ "TRUE", DATUM_BOOL, true, false }, { "FALSE", DATUM_BOOL, false, false }, { "null", DATUM_NONE, false, false },
		{ "NULL", DATUM_NONE, false, false }, { "NONE", DATUM_NONE, false, false },
	};
	bool twig = p->lexer.dialect == DIALECT_TWIG;
	struct bytes name = p->token.text;
	struct node *n;

	parser_advance(p);
	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		bool has = words[i].both || (twig ? words[i].word[0] != 'N' || words[i].word[1] != 'o' : strcmp(words[i].word, "None") == 0);

		if (has && bytes_equal(name, bytes_text(words[i].word)) && !(twig && strcmp(words[i].word, "True") == 0) &&
		    !(twig && strcmp(words[i].word, "False") == 0))
			return constant(p, words[i].kind == DATUM_BOOL ? datum_bool(words[i].truth) : datum_none());
	}
	if ((n = syntax_node(p, NODE_NAME)) != NULL)
		n->name = name;
	return n;
}

/* Twig: "a #{b} c" as a concatenation. Its parts are read by a parser of their own over the same bounds. */
static struct node *parse_interpolated(struct parser *p, struct bytes s)
{
	struct node *whole = syntax_node(p, NODE_CONCAT), **end = whole != NULL ? &whole->list : NULL, *n;
	ptrdiff_t at;

	while (whole != NULL && s.left > 0) {
		struct parser inner = *p;

		at = bytes_find(s, bytes_text("#{"));
		n = constant(p, datum_text(lexeme_unescape(DIALECT_TWIG, text_cut(s, 0, at < 0 ? s.left : (size_t)at), '"', p->arena)));
		if (n == NULL)
			return NULL;
		node_append(&end, n);
		if (at < 0)
			break;
		inner.lexer = (struct lexer){ .dialect = DIALECT_TWIG, .all = text_cut(s, (size_t)at + 2, s.left), .close = "}", .arena = p->arena };
		parser_advance(&inner);
		n = parse_expression(&inner);
		p->error = inner.error;
		p->refused = inner.refused;
		p->bounded |= inner.bounded;
		if (n == NULL || inner.token.kind != LEXEME_CLOSE)
			return parser_unexpected(p, NULL);
		node_append(&end, n);
		p->nodes = inner.nodes;
		s = text_cut(inner.lexer.all, inner.lexer.at, inner.lexer.all.left);
	}
	return whole;
}

static struct node *parse_string(struct parser *p)
{
	struct datum value = datum_text(p->token.text);
	bool dynamic = p->token.dynamic;

	parser_advance(p);
	if (dynamic)
		return parse_interpolated(p, value.s);
	while (p->lexer.dialect == DIALECT_JINJA2 && p->token.kind == LEXEME_STRING && !parser_failed(p)) {
		value.s = text_join(p->arena, value.s, p->token.text);
		parser_advance(p);
	}
	return constant(p, value);
}

static struct node *parse_list(struct parser *p)
{
	struct node *list = syntax_node(p, NODE_LIST), **end = list != NULL ? &list->list : NULL, *n;

	parser_advance(p);
	while (list != NULL && !lexeme_reads(&p->token, "]") && !parser_failed(p)) {
		if (end != &list->list && !parser_expect(p, ","))
			return NULL;
		if (lexeme_reads(&p->token, "]"))
			break;
		if ((n = parse_expression(p)) == NULL)
			return NULL;
		node_append(&end, n);
	}
	return list != NULL && parser_expect(p, "]") ? list : NULL;
}

/* A key of Twig's: a name or number stands for itself, (…) is computed. */
static struct node *parse_key(struct parser *p)
{
	struct node *n;

	if (p->lexer.dialect != DIALECT_TWIG || p->token.kind == LEXEME_STRING || p->token.kind == LEXEME_MARK)
		return parse_expression(p);
	if (p->token.kind == LEXEME_NAME) {
		n = constant(p, datum_text(p->token.text));
		if (n != NULL)
			n->name = p->token.text;
	} else {
		n = p->token.kind == LEXEME_INT ? constant(p, datum_int(p->token.i)) : parser_unexpected(p, NULL);
	}
	parser_advance(p);
	return n;
}

static struct node *parse_dict(struct parser *p)
{
	struct node *dict = syntax_node(p, NODE_DICT), **end = dict != NULL ? &dict->list : NULL, *key, *value;

	parser_advance(p);
	while (dict != NULL && !lexeme_reads(&p->token, "}") && !parser_failed(p)) {
		if (end != &dict->list && !parser_expect(p, ","))
			return NULL;
		if (lexeme_reads(&p->token, "}"))
			break;
		if ((key = parse_key(p)) == NULL)
			return NULL;
		if (p->lexer.dialect == DIALECT_TWIG && key->name.left > 0 && !lexeme_reads(&p->token, ":")) {
			if ((value = syntax_node(p, NODE_NAME)) == NULL) /* { name }: short for name: name */
				return NULL;
			value->name = key->name;
		} else if (!parser_expect(p, ":") || (value = parse_expression(p)) == NULL) {
			return NULL;
		}
		node_append(&end, key);
		node_append(&end, value);
	}
	return dict != NULL && parser_expect(p, "}") ? dict : NULL;
}

static struct node *parse_brackets(struct parser *p)
{
	struct node *n;

	parser_advance(p);
	if (p->lexer.dialect == DIALECT_JINJA2) {
		if (parser_accept(p, ")"))
			return syntax_node(p, NODE_TUPLE);
		n = parse_jinja_tuple(p);
	} else {
		n = parse_expression(p);
	}
	return n != NULL && parser_expect(p, ")") ? n : NULL;
}

struct node *parse_primary(struct parser *p)
{
	struct node *n = NULL;

	switch (p->token.kind) {
	case LEXEME_NAME: return parse_name(p);
	case LEXEME_STRING: return parse_string(p);
	case LEXEME_INT: case LEXEME_REAL:
		n = constant(p, p->token.kind == LEXEME_INT ? datum_int(p->token.i) : datum_real(p->token.d));
		parser_advance(p);
		return n;
	case LEXEME_MARK:
		if (lexeme_reads(&p->token, "("))
			return parse_brackets(p);
		if (lexeme_reads(&p->token, "["))
			return parse_list(p);
		if (lexeme_reads(&p->token, "{"))
			return parse_dict(p);
		return parser_unexpected(p, NULL);
	default:
		return parser_unexpected(p, NULL);
	}
}

static struct node *parse_argument(struct parser *p)
{
	struct lexeme after = parser_look(p);
	bool named = p->token.kind == LEXEME_NAME && (lexeme_reads(&after, "=") || (p->lexer.dialect == DIALECT_TWIG && lexeme_reads(&after, ":")));
	enum node_kind kind = named ? NODE_KEYWORD : lexeme_reads(&p->token, "*") ? NODE_STAR : NODE_STARSTAR;
	struct node *n;

	if (!named && !(p->lexer.dialect == DIALECT_JINJA2 && (lexeme_reads(&p->token, "*") || lexeme_reads(&p->token, "**"))))
		return parse_expression(p);
	if ((n = syntax_node(p, kind)) == NULL)
		return NULL;
	n->name = p->token.text;
	parser_advance(p);
	if (named)
		parser_advance(p);
	return (n->a = parse_expression(p)) != NULL ? n : NULL;
}

bool parse_arguments(struct parser *p, struct node **ret)
{
	struct node **end = ret, *n;

	*ret = NULL;
	if (!parser_expect(p, "("))
		return false;
	while (!lexeme_reads(&p->token, ")") && !parser_failed(p)) {
		if (*ret != NULL && !parser_expect(p, ","))
			return false;
		if (lexeme_reads(&p->token, ")"))
			break;
		if ((n = parse_argument(p)) == NULL)
			return false;
		node_append(&end, n);
	}
	return parser_expect(p, ")");
}

static struct node *parse_attribute(struct parser *p, struct node *of)
{
	struct node *n = syntax_node(p, NODE_ATTRIBUTE);

	parser_advance(p);
	if (n == NULL)
		return NULL;
	n->a = of;
	if (p->token.kind == LEXEME_INT) {
		n->kind = NODE_ITEM;
		n->b = constant(p, datum_int(p->token.i));
	} else if (p->token.kind == LEXEME_NAME) {
		n->name = p->token.text;
	} else {
		return parser_fail(p, "expected name or number");
	}
	parser_advance(p);
	return n;
}

static struct node *parse_item(struct parser *p, struct node *of)
{
	struct node *n = syntax_node(p, NODE_ITEM), *parts[3] = { NULL };
	unsigned count = 0;

	parser_advance(p);
	if (n == NULL)
		return NULL;
	n->a = of;
	for (; count < 3; count++) {
		if (!lexeme_reads(&p->token, ":") && !lexeme_reads(&p->token, "]") && (parts[count] = parse_expression(p)) == NULL)
			return NULL;
		if (count == 2 || !parser_accept(p, ":"))
			break;
	}
	if (count == 0 && parts[0] == NULL)
		return parser_unexpected(p, NULL);
	if (count == 0) {
		n->b = parts[0];
	} else if ((n->b = syntax_node(p, NODE_SLICE)) != NULL) {
		n->b->a = parts[0];
		n->b->b = parts[1];
		n->b->c = parts[2];
	}
	if (lexeme_reads(&p->token, ","))
		p->refused = "an index of several";
	return parser_expect(p, "]") ? n : NULL;
}

static struct node *parse_call(struct parser *p, struct node *of)
{
	struct node *n = syntax_node(p, NODE_CALL);

	if (n == NULL)
		return NULL;
	n->a = of;
	return parse_arguments(p, &n->list) ? n : NULL;
}

struct node *parse_postfix(struct parser *p, struct node *n)
{
	while (n != NULL && !parser_failed(p)) {
		if (lexeme_reads(&p->token, ".") && p->token.kind == LEXEME_MARK)
			n = parse_attribute(p, n);
		else if (lexeme_reads(&p->token, "["))
			n = parse_item(p, n);
		else if (lexeme_reads(&p->token, "(") && (p->lexer.dialect == DIALECT_JINJA2 || n->kind == NODE_NAME || n->kind == NODE_ATTRIBUTE))
			n = parse_call(p, n);
		else if (p->lexer.dialect == DIALECT_TWIG && lexeme_reads(&p->token, "|"))
			n = parse_filters(p, n);
		else
			break;
	}
	return parser_failed(p) ? NULL : n;
}

struct node *parse_filters(struct parser *p, struct node *of)
{
	bool inside = of == NULL;

	do {
		struct node *n = syntax_node(p, NODE_FILTER);

		if (!inside && !parser_expect(p, "|"))
			return NULL;
		inside = false;
		if (n == NULL || p->token.kind != LEXEME_NAME)
			return parser_unexpected(p, "name");
		n->a = of;
		n->name = p->token.text;
		parser_advance(p);
		if (lexeme_reads(&p->token, "(") && !parse_arguments(p, &n->list))
			return NULL;
		of = n;
	} while (lexeme_reads(&p->token, "|") && !parser_failed(p));
	return parser_failed(p) ? NULL : of;
}
