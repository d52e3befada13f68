/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of types, new objects and arrays, casts, functions without a name. */
#include "emu/expression/syntax.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

int java_parse_type_name(struct parser *p, struct bytes *ret)
{
	uint8_t text[256];
	struct sink s = sink_over(text, sizeof(text));
	unsigned open = 0;

	if (java_parse_peek(p, 0)->kind != LEX_NAME)
		return java_parse_fail(p);
	sink_put(&s, java_parse_peek(p, 0)->text.at, java_parse_peek(p, 0)->text.left);
	p->at++;
	while ((java_parse_is(p, ".") || java_parse_is(p, "$")) && java_parse_peek(p, 1)->kind == LEX_NAME) {
		sink_u8(&s, java_parse_is(p, ".") ? '.' : '$');
		sink_put(&s, java_parse_peek(p, 1)->text.at, java_parse_peek(p, 1)->text.left);
		p->at += 2;
	}
	/* type arguments say nothing at run time */
	if (java_parse_is(p, "<") && (java_parse_peek(p, 1)->kind == LEX_NAME || java_parse_peek(p, 1)->text.at[0] == '?' || java_parse_peek(p, 1)->text.at[0] == '>')) {
		unsigned before = p->at;

		do {
			struct bytes t = java_parse_peek(p, 0)->text;

			if (java_parse_peek(p, 0)->kind == LEX_SIGN && t.at[0] == '<')
				open++;
			else if (java_parse_peek(p, 0)->kind == LEX_SIGN && t.at[0] == '>')
				open -= t.left < open ? (unsigned)t.left : open;
			else if (java_parse_peek(p, 0)->kind == LEX_END || (java_parse_peek(p, 0)->kind == LEX_SIGN && strchr(",.?[]&", t.at[0]) == NULL)) {
				p->at = before;
				break;
			}
			p->at++;
		} while (open > 0);
	}
	while (java_parse_is(p, "[") && java_parse_peek(p, 1)->kind == LEX_SIGN && java_parse_peek(p, 1)->text.at[0] == ']') {
		sink_put(&s, "[]", 2);
		p->at += 2;
	}
	if (s.overflow)
		return java_parse_fail(p);
	*ret = java_copy(p->run, bytes_of(text, s.used));
	return 0;
}

/* Behind the word new. */
int java_parse_new(struct parser *p, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_NEW);
	int r;

	if (n == NULL)
		return p->failed;
	*ret = n;
	if ((r = java_parse_type_name(p, &n->name)) < 0)
		return r;
	/* JavaScript names an overload so: new C["(String[])"](…) */
	if (java_parse_is(p, "[") && java_parse_peek(p, 1)->kind == LEX_STRING && java_parse_in(p, IN_JAVA)) {
		p->at += 3;
	} else if (java_parse_is(p, "[")) {
		n->kind = NODE_NEW_ARRAY;
		p->at++;
		if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->first)) < 0)
			return r;
		return java_parse_want(p, "]");
	}
	if (n->name.left > 2 && n->name.at[n->name.left - 1] == ']') {
		n->kind = NODE_NEW_ARRAY;
		n->name.left -= 2;
		if ((r = java_parse_want(p, "{")) < 0)
			return r;
		return java_parse_items(p, "}", false, &n->second);
	}
	if (!java_parse_is(p, "(") && java_parse_in(p, IN_JAVA))
		return 0;
	if ((r = java_parse_want(p, "(")) < 0 || (r = java_parse_arguments(p, ")", n)) < 0)
		return r;
	if (java_parse_in(p, IN_JAVA) && java_parse_is(p, "{")) { /* an anonymous class: its methods are what it is */
		p->at++;
		for (unsigned open = 1; open > 0; p->at++) {
			if (java_parse_peek(p, 0)->kind == LEX_END)
				return java_parse_fail(p);
			open += java_parse_is(p, "{") ? 1 : 0;
			open -= java_parse_is(p, "}") ? 1 : 0;
		}
		n->which = '{';
	}
	return 0;
}

/* Parameters of a function up to `)`, as names in arguments; types and defaults are read over. */
int java_parse_parameters(struct parser *p, struct node *n, const char *end)
{
	struct node **tail = &n->arguments;

	while (!java_parse_is(p, end)) {
		struct node *name;

		if (n->count > 0 && java_parse_want(p, ",") < 0)
			return p->failed;
		while (java_parse_peek(p, 0)->kind == LEX_NAME && java_parse_peek(p, 1)->kind != LEX_SIGN)
			p->at++; /* final, a type */
		if (java_parse_peek(p, 0)->kind != LEX_NAME)
			return java_parse_fail(p);
		if (java_parse_peek(p, 1)->kind == LEX_SIGN && strchr(".<[", java_parse_peek(p, 1)->text.at[0]) != NULL) {
			struct bytes type;
			int r = java_parse_type_name(p, &type);

			if (r < 0)
				return r;
			(void)java_parse_take(p, "...");
		}
		if ((name = java_parse_node(p, NODE_NAME)) == NULL)
			return p->failed;
		if (java_parse_peek(p, 0)->kind != LEX_NAME)
			return java_parse_fail(p);
		name->name = java_parse_peek(p, 0)->text;
		p->at++;
		*tail = name;
		tail = &name->next;
		n->count++;
	}
	return java_parse_want(p, end);
}

/* {x -> …} of Groovy; the brace is taken */
int java_parse_closure(struct parser *p, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_LAMBDA);
	unsigned before = p->at, ahead = 0;

	if (n == NULL)
		return p->failed;
	*ret = n;
	while (java_parse_peek(p, ahead)->kind == LEX_NAME || (java_parse_peek(p, ahead)->kind == LEX_SIGN && strchr(",.<>", java_parse_peek(p, ahead)->text.at[0]) != NULL && ahead < 24))
		ahead++;
	if (java_parse_peek(p, ahead)->kind == LEX_SIGN && bytes_equal(java_parse_peek(p, ahead)->text, bytes_text("->"))) {
		if (java_parse_parameters(p, n, "->") < 0)
			return p->failed;
	} else {
		p->at = before;
		n->which = 'i'; /* it */
	}
	return java_parse_block(p, &n->first);
}

/* (a, b) -> …, a -> …; 1: it is none. */
int java_parse_arrow(struct parser *p, struct node **ret)
{
	unsigned ahead = 0;
	struct node *n;
	int r;

	if (!java_parse_in(p, IN_EL | IN_JAVA))
		return 1;
	if (java_parse_is(p, "(")) {
		while (java_parse_peek(p, ++ahead)->kind == LEX_NAME || (java_parse_peek(p, ahead)->kind == LEX_SIGN && java_parse_peek(p, ahead)->text.at[0] == ','))
			;
		if (java_parse_peek(p, ahead)->kind != LEX_SIGN || java_parse_peek(p, ahead)->text.at[0] != ')')
			return 1;
	} else if (java_parse_peek(p, 0)->kind != LEX_NAME) {
		return 1;
	}
	ahead++;
	if (java_parse_peek(p, ahead)->kind != LEX_SIGN ||
	    (!bytes_equal(java_parse_peek(p, ahead)->text, bytes_text("->")) && !bytes_equal(java_parse_peek(p, ahead)->text, bytes_text("=>"))))
		return 1;
	if ((n = java_parse_node(p, NODE_LAMBDA)) == NULL)
		return p->failed;
	*ret = n;
	if (java_parse_take(p, "(")) {
		if ((r = java_parse_parameters(p, n, ")")) < 0)
			return r;
		p->at++;
	} else if ((r = java_parse_parameters(p, n, java_parse_peek(p, 1)->text.at[0] == '-' ? "->" : "=>")) < 0) {
		return r;
	}
	if (java_parse_in(p, IN_JAVA) && java_parse_take(p, "{"))
		return java_parse_block(p, &n->first);
	return java_parse_expression(p, BINDING_ASSIGN, &n->first);
}

/* Is it (Type) in front of an operand? */
bool java_parse_is_cast(const struct parser *p)
{
	static const char *const simple[] = { "int", "long", "double", "float", "char", "byte", "short", "boolean" };
	unsigned ahead = 1;
	struct bytes last = { 0 };
	const struct lexeme *behind;
	bool is_simple = false, array = false;

	if (!java_parse_in(p, IN_JAVA | IN_MVEL) || !java_parse_is(p, "("))
		return false;
	for (;; ahead++) {
		const struct lexeme *l = java_parse_peek(p, ahead);

		if (l->kind == LEX_NAME)
			last = l->text;
		else if (l->kind != LEX_SIGN || strchr(".<>,?[]", l->text.at[0]) == NULL)
			break;
		else
			array |= l->text.at[0] == '[';
	}
	if (last.left == 0 || java_parse_peek(p, ahead)->kind != LEX_SIGN || java_parse_peek(p, ahead)->text.at[0] != ')')
		return false;
	for (size_t i = 0; i < COUNT_OF(simple); i++)
		is_simple |= bytes_equal(last, bytes_text(simple[i]));
	behind = java_parse_peek(p, ahead + 1);
	if (!is_simple && !array && !isupper(last.at[0]))
		return false;
	return behind->kind == LEX_NAME || behind->kind == LEX_STRING || behind->kind == LEX_CHAR || behind->kind == LEX_NUMBER ||
	       (behind->kind == LEX_SIGN && (behind->text.at[0] == '(' || behind->text.at[0] == '[' || (is_simple && behind->text.at[0] == '-') || behind->text.at[0] == '!'));
}
