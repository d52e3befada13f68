/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Primaries: literals, names, classes, lists and maps, new objects, functions. */
#include "emu/expression/syntax.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static int literal(struct parser *p, struct java_value v, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_LITERAL);

	if (n == NULL)
		return p->failed;
	n->value = v;
	*ret = n;
	p->at++;
	return 0;
}

static int parse_string(struct parser *p, struct node **ret)
{
	const struct lexeme *l = java_parse_peek(p, 0);
	bool marks = memchr(l->text.at, '$', l->text.left) != NULL || (java_parse_in(p, IN_VELOCITY | IN_FREEMARKER) && memchr(l->text.at, '#', l->text.left) != NULL);
	int r;

	if (l->kind == LEX_CHAR && !java_parse_in(p, IN_MVEL))
		return literal(p, java_char(java_text_code(l->text, 0)), ret);
	if ((r = literal(p, java_string(l->text), ret)) == 0 && l->interpolates && l->text.left > 0 && marks)
		(*ret)->kind = NODE_TEXT;
	return r;
}

static int parse_number(struct parser *p, struct node **ret)
{
	struct java_value v;
	int r = java_parse_number(p->run, java_parse_peek(p, 0)->text, JAVA_VOID, 0, &v);

	return r < 0 ? (r == -EDOM ? java_parse_fail(p) : (p->failed = r)) : literal(p, v, ret);
}

/* Items up to the end, or pairs: then the node is a map of key, value, key, value … */
int java_parse_items(struct parser *p, const char *end, bool pairs, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_LIST), **tail;
	int r;

	if (n == NULL)
		return p->failed;
	tail = &n->arguments;
	*ret = n;
	if (pairs && java_parse_take(p, ":")) {
		n->kind = NODE_MAP;
		return java_parse_want(p, end);
	}
	while (!java_parse_is(p, end)) {
		if (n->count > 0 && (r = java_parse_want(p, ",")) < 0)
			return r;
		if (n->count > 0 && java_parse_is(p, end))
			break;
		if ((r = java_parse_expression(p, java_parse_in(p, IN_OGNL | IN_EL) ? BINDING_ASSIGN : BINDING_SEQUENCE, tail)) < 0)
			return r;
		tail = &(*tail)->next;
		n->count++;
		if (!pairs || !java_parse_is(p, ":"))
			continue;
		p->at++;
		n->kind = NODE_MAP;
		if ((r = java_parse_expression(p, java_parse_in(p, IN_OGNL | IN_EL) ? BINDING_ASSIGN : BINDING_SEQUENCE, tail)) < 0)
			return r;
		tail = &(*tail)->next;
		n->count++;
	}
	return java_parse_want(p, end);
}

static int parse_parenthesis(struct parser *p, struct node **ret)
{
	struct node *n;
	int r;

	if (java_parse_is_cast(p)) {
		p->at++;
		if ((n = java_parse_node(p, NODE_CAST)) == NULL)
			return p->failed;
		*ret = n;
		if ((r = java_parse_type_name(p, &n->type)) < 0 || (r = java_parse_want(p, ")")) < 0)
			return r;
		return java_parse_expression(p, BINDING_UNARY, &n->first);
	}
	p->at++;
	if ((r = java_parse_expression(p, BINDING_SEQUENCE, ret)) < 0)
		return r;
	/* Groovy and Java scripts: (a, b) is none; JavaScript's comma is rare */
	return java_parse_want(p, ")");
}

/* #name, #{…} and #@class@{…}; behind the sign */
static int parse_hash(struct parser *p, struct node **ret)
{
	struct node *n;

	if (java_parse_in(p, IN_OGNL) && java_parse_take(p, "@")) {
		struct bytes type;

		if (java_parse_type_name(p, &type) < 0 || java_parse_want(p, "@") < 0)
			return p->failed;
	}
	if (java_parse_in(p, IN_OGNL) && java_parse_take(p, "{")) {
		int r = java_parse_items(p, "}", true, ret);

		if (r == 0)
			(*ret)->kind = NODE_MAP;
		return r;
	}
	if (java_parse_peek(p, 0)->kind != LEX_NAME)
		return java_parse_fail(p);
	if ((n = java_parse_node(p, NODE_VARIABLE)) == NULL)
		return p->failed;
	n->name = java_parse_peek(p, 0)->text;
	*ret = n;
	p->at++;
	if (java_parse_is(p, "(") && java_parse_in(p, IN_SPEL)) {
		p->at++;
		n->kind = NODE_CALL; /* a registered function */
		return java_parse_arguments(p, ")", n);
	}
	return 0;
}

/* @class@member, @@member, @class@class; SpEL: @bean. Behind the sign. */
static int parse_at(struct parser *p, struct node **ret)
{
	struct node *n;
	int r;

	if (java_parse_in(p, IN_SPEL)) {
		if ((n = java_parse_node(p, NODE_BEAN)) == NULL)
			return p->failed;
		n->name = java_parse_peek(p, 0)->text;
		*ret = n;
		if (java_parse_peek(p, 0)->kind != LEX_NAME && java_parse_peek(p, 0)->kind != LEX_STRING)
			return java_parse_fail(p);
		p->at++;
		return 0;
	}
	if ((n = java_parse_node(p, NODE_STATIC_FIELD)) == NULL)
		return p->failed;
	*ret = n;
	n->type = bytes_text("java.lang.Math");
	if (!java_parse_is(p, "@") && (r = java_parse_type_name(p, &n->type)) < 0)
		return r;
	if ((r = java_parse_want(p, "@")) < 0)
		return r;
	if (java_parse_peek(p, 0)->kind != LEX_NAME)
		return java_parse_fail(p);
	n->name = java_parse_peek(p, 0)->text;
	p->at++;
	if (!java_parse_take(p, "("))
		return 0;
	n->kind = NODE_STATIC_CALL;
	return java_parse_arguments(p, ")", n);
}

static int parse_named(struct parser *p, struct node **ret)
{
	static const struct { const char *word; enum java_kind kind; int64_t value; } words[] = {
		{ "true", JAVA_BOOLEAN, 1 }, { "false", JAVA_BOOLEAN, 0 }, { "null", JAVA_NULL, 0 },
	};
	const struct lexeme *l = java_parse_peek(p, 0);
	struct node *n;
	int r;

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (java_parse_in(p, IN_SPEL) ? bytes_equal_fold(l->text, bytes_text(words[i].word)) : bytes_equal(l->text, bytes_text(words[i].word)))
			return literal(p, (struct java_value){ .kind = words[i].kind, .i = words[i].value }, ret);
	}
	if (java_parse_in(p, IN_MVEL) && bytes_equal(l->text, bytes_text("nil")))
		return literal(p, java_null(), ret);
	if (java_parse_in(p, IN_JAVA) && bytes_equal(l->text, bytes_text("undefined")))
		return literal(p, java_null(), ret);
	if (java_parse_is(p, "new") && java_parse_peek(p, 1)->kind == LEX_NAME && java_parse_in(p, IN_SPEL | IN_OGNL | IN_MVEL | IN_JAVA)) {
		p->at++;
		return java_parse_new(p, ret);
	}
	if (java_parse_in(p, IN_SPEL) && bytes_equal(l->text, bytes_text("T")) && java_parse_peek(p, 1)->kind == LEX_SIGN && java_parse_peek(p, 1)->text.at[0] == '(') {
		p->at += 2;
		if ((n = java_parse_node(p, NODE_TYPE)) == NULL)
			return p->failed;
		*ret = n;
		if ((r = java_parse_type_name(p, &n->name)) < 0)
			return r;
		return java_parse_want(p, ")");
	}
	if (java_parse_in(p, IN_JAVA) && java_parse_is(p, "function") && java_parse_peek(p, 1)->kind == LEX_SIGN) {
		p->at += 2;
		if ((n = java_parse_node(p, NODE_LAMBDA)) == NULL)
			return p->failed;
		*ret = n;
		if ((r = java_parse_parameters(p, n, ")")) < 0 || (r = java_parse_want(p, "{")) < 0)
			return r;
		return java_parse_block(p, &n->first);
	}
	if ((r = java_parse_arrow(p, ret)) <= 0)
		return r;
	if ((n = java_parse_node(p, NODE_NAME)) == NULL)
		return p->failed;
	*ret = n;
	n->name = l->text;
	p->at++;
	if (java_parse_in(p, IN_EL) && java_parse_is(p, ":") && java_parse_peek(p, 1)->kind == LEX_NAME && java_parse_peek(p, 2)->kind == LEX_SIGN && java_parse_peek(p, 2)->text.at[0] == '(') {
		n->name = java_parse_peek(p, 1)->text;
		n->type = l->text;
		p->at += 2;
	}
	if (!java_parse_is(p, "(") || java_parse_in(p, IN_FREEMARKER) || (java_parse_in(p, IN_JAVA) && java_parse_peek(p, 0)->line_before))
		return 0;
	p->at++;
	n->kind = NODE_CALL;
	return java_parse_arguments(p, ")", n);
}

/* $name, $!name, ${name}, $!{name} of Velocity; behind the dollar */
static int parse_reference(struct parser *p, struct node **ret)
{
	bool brace;
	struct node *n;
	int r;

	(void)java_parse_take(p, "!");
	brace = java_parse_take(p, "{");
	if (java_parse_peek(p, 0)->kind != LEX_NAME || (n = java_parse_node(p, NODE_NAME)) == NULL)
		return java_parse_fail(p);
	n->name = java_parse_peek(p, 0)->text;
	p->at++;
	*ret = n;
	if (!brace)
		return 0;
	if ((r = java_parse_postfix(p, ret)) < 0)
		return r;
	return java_parse_want(p, "}");
}

/* [a..b] of Velocity, or items */
static int parse_bracket(struct parser *p, struct node **ret)
{
	struct node *n, *from;
	int r;

	if (!java_parse_in(p, IN_VELOCITY))
		return java_parse_items(p, "]", java_parse_in(p, IN_JAVA | IN_MVEL), ret);
	if ((r = java_parse_items(p, java_parse_is(p, "]") ? "]" : "", false, ret)) < 0 && p->failed != -EBADMSG)
		return r;
	p->failed = 0;
	n = *ret;
	if (n == NULL || n->count == 0)
		return java_parse_is(p, "]") ? java_parse_want(p, "]") : 0;
	if (n->count == 1 && java_parse_take(p, "..")) {
		from = n->arguments;
		n->kind = NODE_BINARY;
		n->op = OP_RANGE;
		n->first = from;
		n->arguments = NULL;
		if ((r = java_parse_expression(p, BINDING_ADD, &n->second)) < 0)
			return r;
	}
	return java_parse_want(p, "]");
}

int java_parse_primary(struct parser *p, struct node **ret)
{
	const struct lexeme *l = java_parse_peek(p, 0);
	struct node *n;
	int r;

	switch (l->kind) {
	case LEX_STRING: case LEX_CHAR: return parse_string(p, ret);
	case LEX_REGEX: return literal(p, java_string(l->text), ret);
	case LEX_NUMBER: return parse_number(p, ret);
	case LEX_NAME: return parse_named(p, ret);
	case LEX_SIGN: break;
	default: return java_parse_fail(p);
	}
	if (java_parse_is(p, "(")) {
		if ((r = java_parse_arrow(p, ret)) <= 0)
			return r;
		return parse_parenthesis(p, ret);
	}
	if (java_parse_in(p, IN_OGNL | IN_SPEL) && java_parse_take(p, "#"))
		return parse_hash(p, ret);
	if (java_parse_in(p, IN_OGNL | IN_SPEL) && java_parse_take(p, "@"))
		return parse_at(p, ret);
	if (java_parse_in(p, IN_SPEL) && java_parse_is(p, "&") && java_parse_peek(p, 1)->text.left == 1 && java_parse_peek(p, 1)->text.at[0] == '@') {
		p->at += 2;
		return parse_at(p, ret);
	}
	if (java_parse_in(p, IN_VELOCITY) && java_parse_take(p, "$"))
		return parse_reference(p, ret);
	if (java_parse_in(p, IN_OGNL) && java_parse_is(p, ":") && java_parse_peek(p, 1)->kind == LEX_SIGN && java_parse_peek(p, 1)->text.at[0] == '[') {
		p->at += 2;
		if ((n = java_parse_node(p, NODE_LAMBDA)) == NULL)
			return p->failed;
		n->which = 't'; /* its argument is #this */
		*ret = n;
		if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->first)) < 0)
			return r;
		return java_parse_want(p, "]");
	}
	if (java_parse_in(p, IN_FREEMARKER) && java_parse_is(p, ".") && java_parse_peek(p, 1)->kind == LEX_NAME) {
		p->at++;
		if ((r = parse_named(p, ret)) == 0)
			(*ret)->kind = NODE_BEAN; /* a special variable */
		return r;
	}
	if (java_parse_take(p, "{")) {
		if (java_parse_in(p, IN_JAVA))
			return java_parse_closure(p, ret);
		r = java_parse_items(p, "}", java_parse_in(p, IN_SPEL | IN_EL | IN_FREEMARKER | IN_VELOCITY), ret);
		if (r == 0 && java_parse_in(p, IN_FREEMARKER | IN_VELOCITY))
			(*ret)->kind = NODE_MAP;
		return r;
	}
	/* OGNL: an index on the root */
	if (java_parse_is(p, "[") && java_parse_in(p, IN_OGNL)) {
		if ((n = java_parse_node(p, NODE_VARIABLE)) == NULL)
			return p->failed;
		n->name = bytes_text("this");
		*ret = n;
		return 0;
	}
	/* a selection on the root */
	if (java_parse_in(p, IN_SPEL) && (java_parse_is(p, "![") || java_parse_is(p, "[") || java_parse_is(p, "^[") || java_parse_is(p, "$["))) {
		if ((n = java_parse_node(p, NODE_VARIABLE)) == NULL)
			return p->failed;
		n->name = bytes_text("this");
		*ret = n;
		return 0;
	}
	if (java_parse_take(p, "["))
		return parse_bracket(p, ret);
	return java_parse_fail(p);
}
