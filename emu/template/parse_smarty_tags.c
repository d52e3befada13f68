/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Smarty's templates: text, output, and a table of tags. A brace before a blank is text. */
#include "emu/template/parse_smarty.h"

#include <ctype.h>
#include <string.h>

static struct node *parse_body_of(struct parser *, const char *const *ends, unsigned *found);

static bool starts(struct bytes b, const char *text)
{
	return b.left >= strlen(text) && memcmp(b.at, text, strlen(text)) == 0;
}

static struct bytes rest_of(const struct parser *p)
{
	return text_cut(p->lexer.all, p->lexer.at, p->lexer.all.left);
}

static struct node *call_of(struct parser *p, const char *function, struct node *argument)
{
	struct node *print = syntax_node(p, NODE_PRINT), *call = syntax_node(p, NODE_CALL), *name = syntax_node(p, NODE_NAME);

	if (print == NULL || call == NULL || name == NULL || argument == NULL)
		return NULL;
	name->name = bytes_text(function);
	call->a = name;
	call->list = argument;
	print->a = call;
	return print;
}

/* name=value … up to the end of the tag; values may also stand alone. */
struct attributes {
	unsigned count;
	struct bytes name[8];
	struct node *value[8];
};

static bool parse_attributes(struct parser *p, struct attributes *ret)
{
	ret->count = 0;
	while (p->token.kind != LEXEME_CLOSE && p->token.kind != LEXEME_END && !parser_failed(p)) {
		struct lexeme after = parser_look(p);
		struct bytes name = { 0 };

		if (ret->count == COUNT_OF(ret->name)) {
			p->refused = "a tag of many attributes";
			return false;
		}
		if (p->token.kind == LEXEME_NAME && lexeme_reads(&after, "=")) {
			name = p->token.text;
			parser_advance(p);
			parser_advance(p);
		}
		ret->name[ret->count] = name;
		if ((ret->value[ret->count++] = smarty_expression(p)) == NULL)
			return false;
	}
	return !parser_failed(p);
}

static struct node *attribute_named(const struct attributes *a, const char *name, unsigned place)
{
	unsigned alone = 0;

	for (unsigned i = 0; i < a->count; i++) {
		if (a->name[i].left > 0 ? bytes_equal(a->name[i], bytes_text(name)) : alone++ == place)
			return a->value[i];
	}
	return NULL;
}

static struct node *parse_if(struct parser *p)
{
	static const char *const ends[] = { "elseif", "else", "/if", NULL };
	struct node *n = syntax_node(p, NODE_IF);
	unsigned found = 2;

	if (n == NULL || (n->a = smarty_expression(p)) == NULL || !parse_close(p) || (n->list = parse_body_of(p, ends, &found)) == NULL)
		return NULL;
	if (found == 0) {
		if (!parser_enter(p))
			return NULL;
		n->other = parse_if(p);
		parser_leave(p);
		return n->other != NULL ? n : NULL;
	}
	if (found == 2)
		return n;
	if (!parse_close(p) || (n->other = parse_body_of(p, ends + 2, &found)) == NULL)
		return NULL;
	return n;
}

static struct node *variable(struct parser *p)
{
	struct node *n = syntax_node(p, NODE_NAME);

	if (n == NULL || !parser_expect(p, "$") || p->token.kind != LEXEME_NAME)
		return parser_unexpected(p, "variable");
	n->name = p->token.text;
	parser_advance(p);
	return n;
}

/* {foreach $all as $key => $value} */
static struct node *parse_foreach(struct parser *p)
{
	static const char *const ends[] = { "foreachelse", "/foreach", NULL };
	struct node *n = syntax_node(p, NODE_FOR), *tuple, *name;
	unsigned found = 1;

	if (n == NULL || (n->a = smarty_expression(p)) == NULL || !parser_expect(p, "as") || (n->b = variable(p)) == NULL)
		return NULL;
	if (parser_accept(p, "=>")) {
		if ((name = variable(p)) == NULL || (tuple = syntax_node(p, NODE_TUPLE)) == NULL)
			return NULL;
		tuple->list = n->b;
		tuple->list->next = name;
		n->b = tuple;
	}
	if (!parse_close(p) || (n->list = parse_body_of(p, ends, &found)) == NULL)
		return NULL;
	if (found == 0 && (!parse_close(p) || (n->other = parse_body_of(p, ends + 1, &found)) == NULL))
		return NULL;
	return n;
}

/* {for $i = a to b} */
static struct node *parse_for(struct parser *p)
{
	static const char *const ends[] = { "forelse", "/for", NULL };
	struct node *n = syntax_node(p, NODE_FOR), *range = syntax_node(p, NODE_BINARY);
	unsigned found = 1;

	if (n == NULL || range == NULL || (n->b = variable(p)) == NULL || !parser_expect(p, "=") || (range->a = smarty_expression(p)) == NULL ||
	    !parser_expect(p, "to") || (range->b = smarty_expression(p)) == NULL)
		return NULL;
	range->op = OP_COUNTED;
	n->a = range;
	if (!parse_close(p) || (n->list = parse_body_of(p, ends, &found)) == NULL)
		return NULL;
	if (found == 0 && (!parse_close(p) || (n->other = parse_body_of(p, ends + 1, &found)) == NULL))
		return NULL;
	return n;
}

/* {assign var=x value=…}, {assign x …} */
static struct node *parse_assign(struct parser *p)
{
	struct node *n = syntax_node(p, NODE_SET), *name = syntax_node(p, NODE_NAME), *var;
	struct attributes a;

	if (n == NULL || name == NULL || !parse_attributes(p, &a))
		return NULL;
	var = attribute_named(&a, "var", 0);
	n->a = attribute_named(&a, "value", 1);
	if (var == NULL || n->a == NULL || var->kind != NODE_CONST || var->value.kind != DATUM_TEXT)
		return parser_fail(p, "missing \"var\" or \"value\" attribute");
	name->name = var->value.s;
	n->b = name;
	return n;
}

/* The equation is PHP's own expression, its names are the other attributes. */
static struct node *named_value(struct node *n, const struct attributes *a)
{
	if (n != NULL && n->kind == NODE_CONST && n->value.kind == DATUM_TEXT) {
		struct node *value = NULL;

		for (unsigned i = 0; i < a->count; i++)
			value = bytes_equal(a->name[i], n->value.s) ? a->value[i] : value;
		return value;
	}
	if (n != NULL && n->a != NULL && (n->a = named_value(n->a, a)) == NULL)
		return NULL;
	if (n != NULL && n->b != NULL && (n->b = named_value(n->b, a)) == NULL)
		return NULL;
	return n;
}

static struct node *parse_math(struct parser *p)
{
	struct node *print = syntax_node(p, NODE_PRINT), *equation;
	struct parser inner;
	struct attributes a;

	if (print == NULL || !parse_attributes(p, &a) || (equation = attribute_named(&a, "equation", 0)) == NULL || equation->kind != NODE_CONST ||
	    equation->value.kind != DATUM_TEXT)
		return parser_failed(p) ? NULL : parser_fail(p, "math: missing equation parameter");
	inner = *p;
	inner.lexer = (struct lexer){ .dialect = DIALECT_SMARTY, .all = equation->value.s, .close = "\1", .arena = p->arena };
	parser_advance(&inner);
	print->a = named_value(smarty_expression(&inner), &a);
	p->nodes = inner.nodes;
	if (print->a == NULL || inner.token.kind != LEXEME_END)
		p->refused = "such an equation";
	return print;
}

static struct node *parse_file(struct parser *p, const char *function)
{
	struct attributes a;

	if (!parse_attributes(p, &a) || attribute_named(&a, "file", 0) == NULL)
		return parser_failed(p) ? NULL : parser_fail(p, "missing \"file\" attribute");
	return call_of(p, function, attribute_named(&a, "file", 0));
}

static struct node *parse_fetch(struct parser *p)
{
	return parse_file(p, "{fetch}");
}

static struct node *parse_include(struct parser *p)
{
	return parse_file(p, "{include}");
}

static struct node *parse_delimiter(struct parser *p)
{
	struct node *n = syntax_node(p, NODE_TEXT);

	if (n != NULL)
		n->name = bytes_text("{");
	return n;
}

static struct node *parse_right_delimiter(struct parser *p)
{
	struct node *n = syntax_node(p, NODE_TEXT);

	if (n != NULL)
		n->name = bytes_text("}");
	return n;
}

/* What stands up to the closing tag, as it stands. */
static struct node *parse_verbatim(struct parser *p, const char *closing)
{
	struct bytes rest = rest_of(p);
	ptrdiff_t end = bytes_find(rest, bytes_text(closing));
	struct node *n = syntax_node(p, NODE_TEXT);

	if (n == NULL || end < 0)
		return parser_fail(p, "unclosed tag");
	n->name = text_cut(rest, 0, (size_t)end);
	p->lexer.at += (size_t)end + strlen(closing);
	return n;
}

static struct node *parse_literal(struct parser *p)
{
	return parse_verbatim(p, "{/literal}");
}

/* Releases before 3.1 run it, later ones have no such tag. */
static struct node *parse_php(struct parser *p)
{
	struct node *n = parse_verbatim(p, "{/php}"), *code;

	if (n == NULL || (code = syntax_node(p, NODE_CONST)) == NULL)
		return NULL;
	code->value = datum_text(n->name);
	return call_of(p, "{php}", code);
}

static struct node *parse_tag(struct parser *p)
{
	static const struct { const char *name; struct node *(*parse)(struct parser *); bool closed; } tags[] = {
		{ "if", parse_if, false }, { "foreach", parse_foreach, false }, { "for", parse_for, false }, { "assign", parse_assign, false },
		{ "math", parse_math, false }, { "fetch", parse_fetch, false }, { "include", parse_include, false }, { "ldelim", parse_delimiter, false },
		{ "rdelim", parse_right_delimiter, false }, { "literal", parse_literal, true }, { "php", parse_php, true },
	};
	static const char *const others[] = { "while", "capture", "function", "strip", "eval", "call", "block", "extends", "section", "config_load", "nocache", "setfilter",
		"append", "debug", "html_options", "mailto", "textformat", "cycle", "counter", "insert", "break", "continue", "include_php" };
	struct bytes name = p->token.text;
	struct node *n = NULL;

	for (unsigned i = 0; i < COUNT_OF(tags); i++) {
		if (!bytes_equal(name, bytes_text(tags[i].name)))
			continue;
		parser_advance(p);
		if (tags[i].closed && !parse_close(p))
			return NULL;
		if (parser_enter(p)) {
			n = tags[i].parse(p);
			parser_leave(p);
		}
		return n == NULL || tags[i].closed || parse_close(p) ? n : NULL;
	}
	for (unsigned i = 0; i < COUNT_OF(others); i++) {
		if (bytes_equal(name, bytes_text(others[i])))
			p->refused = others[i];
	}
	return parser_fail(p, "unknown tag '%.*s'", (int)(name.left < 60 ? name.left : 60), (const char *)name.at);
}

/* {$x = …}: the token is the dollar. */
static struct node *parse_assignment(struct parser *p)
{
	struct parser ahead = *p;
	struct node *name = variable(&ahead), *n;

	if (name == NULL || !lexeme_reads(&ahead.token, "="))
		return NULL;
	ahead.nodes += 1;
	*p = ahead;
	parser_advance(p);
	if ((n = syntax_node(p, NODE_SET)) == NULL)
		return NULL;
	n->b = name;
	n->a = smarty_expression(p);
	return n->a != NULL && parse_close(p) ? n : NULL;
}

static struct node *parse_output(struct parser *p)
{
	struct lexeme after = parser_look(p);
	struct node *n;

	if (p->token.kind == LEXEME_NAME && (!lexeme_reads(&after, "(") || lexeme_reads(&p->token, "if") || lexeme_reads(&p->token, "foreach")) && !lexeme_reads(&after, "::") && !bytes_equal_fold(p->token.text, bytes_text("true")) &&
	    !bytes_equal_fold(p->token.text, bytes_text("false")) && !bytes_equal_fold(p->token.text, bytes_text("null")) && !lexeme_reads(&p->token, "not"))
		return parse_tag(p);
	if (lexeme_reads(&p->token, "$") && (n = parse_assignment(p)) != NULL)
		return n;
	if (parser_failed(p) || (n = syntax_node(p, NODE_PRINT)) == NULL || (n->a = smarty_expression(p)) == NULL || !parse_close(p))
		return NULL;
	return n;
}

/* Is the tag one of ends? Then the token behind its name is the next. */
static bool ends_here(struct parser *p, const char *const *ends, unsigned *found)
{
	struct parser ahead = *p;
	bool slash = parser_accept(&ahead, "/");

	for (unsigned i = 0; ends != NULL && ends[i] != NULL; i++) {
		const char *word = ends[i] + (ends[i][0] == '/');

		if (slash == (ends[i][0] == '/') && ahead.token.kind == LEXEME_NAME && lexeme_reads(&ahead.token, word)) {
			*found = i;
			*p = ahead;
			parser_advance(p);
			return true;
		}
	}
	return false;
}

static size_t next_tag(const struct parser *p)
{
	struct bytes all = p->lexer.all;
	size_t at = p->lexer.at;

	while (at < all.left && (all.at[at] != '{' || at + 1 == all.left || isspace(all.at[at + 1])))
		at++;
	return at;
}

static struct node *text_node(struct parser *p, size_t to)
{
	struct node *n = syntax_node(p, NODE_TEXT);

	if (n != NULL)
		n->name = text_cut(p->lexer.all, p->lexer.at, to);
	return n;
}

static struct node *parse_body_of(struct parser *p, const char *const *ends, unsigned *found)
{
	struct node *group = syntax_node(p, NODE_GROUP), **end = group != NULL ? &group->list : NULL, *n;

	if (group == NULL || !parser_enter(p))
		return NULL;
	while (!parser_failed(p)) {
		size_t at = next_tag(p);

		if (at > p->lexer.at) {
			if ((n = text_node(p, at)) == NULL)
				return NULL;
			node_append(&end, n);
		}
		p->lexer.at = at;
		if (at == p->lexer.all.left)
			break;
		p->evaluates = true;
		if (starts(rest_of(p), "{*")) {
			ptrdiff_t close = bytes_find(rest_of(p), bytes_text("*}"));

			if (close < 0)
				return parser_fail(p, "unclosed comment");
			p->lexer.at += (size_t)close + 2;
			continue;
		}
		p->lexer.at++;
		p->lexer.close = "}";
		p->lexer.open = 0;
		parser_advance(p);
		if (ends_here(p, ends, found)) {
			parser_leave(p);
			return parser_failed(p) ? NULL : group;
		}
		if ((n = parse_output(p)) == NULL)
			return NULL;
		node_append(&end, n);
	}
	parser_leave(p);
	return ends != NULL || parser_failed(p) ? parser_fail(p, "unclosed tag") : group;
}

struct node *parse_smarty_template(struct bytes text, struct arena *a, struct parser *ret)
{
	*ret = (struct parser){ .arena = a, .lexer = { .dialect = DIALECT_SMARTY, .all = text, .close = "}", .arena = a } };
	return parse_body_of(ret, NULL, NULL);
}
