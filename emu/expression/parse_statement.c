/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements of Java, Groovy, JavaScript and MVEL: one grammar that takes what each of them would. */
#include "emu/expression/syntax.h"

#include <errno.h>
#include <string.h>

static bool sign_at(const struct parser *p, unsigned ahead, char c)
{
	const struct lexeme *l = java_parse_peek(p, ahead);

	return l->kind == LEX_SIGN && l->text.left == 1 && l->text.at[0] == (uint8_t)c;
}

static void end_statement(struct parser *p)
{
	while (java_parse_take(p, ";"))
		;
}

int java_parse_block(struct parser *p, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_BLOCK), **tail;
	int r;

	if (n == NULL)
		return p->failed;
	*ret = n;
	tail = &n->arguments;
	while (!java_parse_is(p, "}")) {
		if (java_parse_peek(p, 0)->kind == LEX_END)
			return java_parse_fail(p);
		if (java_parse_take(p, ";"))
			continue;
		if ((r = java_parse_statement(p, tail)) < 0)
			return r;
		while (*tail != NULL)
			tail = &(*tail)->next;
	}
	return java_parse_want(p, "}");
}

static int parse_body(struct parser *p, struct node **ret)
{
	*ret = NULL;
	if (java_parse_take(p, ";"))
		return 0;
	if (java_parse_take(p, "{"))
		return java_parse_block(p, ret);
	return java_parse_statement(p, ret);
}

/* How many lexemes a type in front of a name takes; 0: no declaration begins here. */
static unsigned declared_type(const struct parser *p)
{
	unsigned at = 0;

	if (java_parse_peek(p, 0)->kind != LEX_NAME)
		return 0;
	for (;;) {
		if (java_parse_peek(p, at)->kind != LEX_NAME)
			return 0;
		at++;
		if (!sign_at(p, at, '.'))
			break;
		at++;
	}
	if (sign_at(p, at, '<')) {
		unsigned open = 0;

		do {
			const struct lexeme *l = java_parse_peek(p, at++);

			if (l->kind == LEX_END || l->kind == LEX_STRING || l->kind == LEX_NUMBER)
				return 0;
			if (l->kind == LEX_SIGN && l->text.at[0] == '<')
				open++;
			else if (l->kind == LEX_SIGN && l->text.at[0] == '>')
				open -= l->text.left < open ? (unsigned)l->text.left : open;
			else if (l->kind == LEX_SIGN && strchr(",.?[]&", l->text.at[0]) == NULL)
				return 0;
		} while (open > 0);
	}
	while (sign_at(p, at, '[') && sign_at(p, at + 1, ']'))
		at += 2;
	return java_parse_peek(p, at)->kind == LEX_NAME && !java_parse_peek(p, at)->line_before ? at : 0;
}

/* name [= value] {, name [= value]} */
static int parse_declarators(struct parser *p, struct node **ret)
{
	struct node **tail = ret;
	int r;

	do {
		struct node *n = java_parse_node(p, NODE_DECLARE);

		if (n == NULL)
			return p->failed;
		if (java_parse_peek(p, 0)->kind != LEX_NAME)
			return java_parse_fail(p);
		n->name = java_parse_peek(p, 0)->text;
		p->at++;
		while (sign_at(p, 0, '[') && sign_at(p, 1, ']'))
			p->at += 2;
		if (java_parse_take(p, "=")) {
			if (java_parse_is(p, "{") && n->type.left == 0 && java_parse_in(p, IN_JAVA | IN_MVEL)) { /* an array's items */
				struct node *list = java_parse_node(p, NODE_CALL);

				if (list == NULL)
					return p->failed;
				p->at++;
				if ((r = java_parse_arguments(p, "}", list)) < 0)
					return r;
				list->kind = NODE_LIST;
				list->which = 'a';
				n->first = list;
			} else if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->first)) < 0) {
				return r;
			}
		}
		*tail = n;
		tail = &n->next;
	} while (java_parse_take(p, ","));
	return 0;
}

/* Behind function, def or a type: name(parameters) [throws …] { … } */
static int parse_function(struct parser *p, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_FUNCTION), **tail;

	if (n == NULL)
		return p->failed;
	*ret = n;
	n->name = java_parse_peek(p, 0)->text;
	p->at += 2;
	tail = &n->arguments;
	while (!java_parse_is(p, ")")) {
		struct node *name;

		if (n->count > 0 && java_parse_want(p, ",") < 0)
			return p->failed;
		(void)java_parse_take(p, "final");
		while (sign_at(p, 0, '@'))
			p->at += 2;
		p->at += declared_type(p);
		(void)java_parse_take(p, "...");
		if (java_parse_peek(p, 0)->kind != LEX_NAME || (name = java_parse_node(p, NODE_NAME)) == NULL)
			return java_parse_fail(p);
		name->name = java_parse_peek(p, 0)->text;
		p->at++;
		*tail = name;
		tail = &name->next;
		n->count++;
	}
	p->at++;
	while (!java_parse_is(p, "{")) {
		if (java_parse_peek(p, 0)->kind == LEX_END || java_parse_is(p, ";"))
			return java_parse_fail(p);
		p->at++;
	}
	p->at++;
	return java_parse_block(p, &n->first);
}

static int parse_for(struct parser *p, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_FOR);
	unsigned type, before;
	int r;

	if (n == NULL)
		return p->failed;
	*ret = n;
	if ((r = java_parse_want(p, "(")) < 0)
		return r;
	before = p->at;
	(void)java_parse_take(p, "final");
	(void)(java_parse_take(p, "var") || java_parse_take(p, "let") || java_parse_take(p, "def"));
	type = declared_type(p);
	/* (x in y): the word is no name */
	if (!bytes_equal(java_parse_peek(p, type)->text, bytes_text("in")) && !bytes_equal(java_parse_peek(p, type)->text, bytes_text("of")))
		p->at += type;
	if (java_parse_peek(p, 0)->kind == LEX_NAME && (sign_at(p, 1, ':') || bytes_equal(java_parse_peek(p, 1)->text, bytes_text("in")) || bytes_equal(java_parse_peek(p, 1)->text, bytes_text("of")))) {
		n->kind = NODE_EACH;
		n->name = java_parse_peek(p, 0)->text;
		p->at += 2;
		if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->first)) < 0 || (r = java_parse_want(p, ")")) < 0)
			return r;
		return parse_body(p, &n->fourth);
	}
	p->at = before;
	if (!java_parse_take(p, ";")) {
		if ((r = java_parse_statement(p, &n->first)) < 0)
			return r;
	}
	if (!java_parse_is(p, ";") && (r = java_parse_expression(p, BINDING_SEQUENCE, &n->second)) < 0)
		return r;
	if ((r = java_parse_want(p, ";")) < 0)
		return r;
	if (!java_parse_is(p, ")")) {
		struct node **tail = &n->third;

		do {
			if ((r = java_parse_expression(p, BINDING_SEQUENCE, tail)) < 0)
				return r;
			tail = &(*tail)->next;
		} while (java_parse_take(p, ","));
	}
	if ((r = java_parse_want(p, ")")) < 0)
		return r;
	return parse_body(p, &n->fourth);
}

/* first: the block; second: what catch does, name: its exception; third: finally */
static int parse_try(struct parser *p, struct node **ret)
{
	struct node *n = java_parse_node(p, NODE_TRY);
	int r;

	if (n == NULL)
		return p->failed;
	*ret = n;
	if (java_parse_take(p, "(")) { /* resources: statements before the block */
		struct node **tail = &n->fourth;

		while (!java_parse_take(p, ")")) {
			if ((r = java_parse_statement(p, tail)) < 0)
				return r;
			while (*tail != NULL)
				tail = &(*tail)->next;
		}
	}
	if ((r = java_parse_want(p, "{")) < 0 || (r = java_parse_block(p, &n->first)) < 0)
		return r;
	while (java_parse_take(p, "catch")) {
		struct node *block;

		if (java_parse_take(p, "(")) {
			while (!java_parse_is(p, ")")) {
				if (java_parse_peek(p, 0)->kind == LEX_END)
					return java_parse_fail(p);
				if (java_parse_peek(p, 0)->kind == LEX_NAME && n->second == NULL)
					n->name = java_parse_peek(p, 0)->text;
				p->at++;
			}
			p->at++;
		}
		if ((r = java_parse_want(p, "{")) < 0 || (r = java_parse_block(p, &block)) < 0)
			return r;
		if (n->second == NULL)
			n->second = block;
	}
	if (java_parse_take(p, "finally")) {
		if ((r = java_parse_want(p, "{")) < 0)
			return r;
		return java_parse_block(p, &n->third);
	}
	return 0;
}

static int parse_condition(struct parser *p, struct node **ret)
{
	int r;

	if ((r = java_parse_want(p, "(")) < 0 || (r = java_parse_expression(p, BINDING_SEQUENCE, ret)) < 0)
		return r;
	return java_parse_want(p, ")");
}

static int parse_switch(struct parser *p, struct node *n)
{
	struct node **tail = &n->arguments;
	int r;

	if ((r = parse_condition(p, &n->first)) < 0 || (r = java_parse_want(p, "{")) < 0)
		return r;
	while (!java_parse_take(p, "}")) {
		struct node *c = java_parse_node(p, NODE_CASE), **body;

		if (c == NULL)
			return p->failed;
		if (java_parse_take(p, "case")) {
			if ((r = java_parse_expression(p, BINDING_OR, &c->first)) < 0)
				return r;
		} else if ((r = java_parse_want(p, "default")) < 0) {
			return r;
		}
		if ((r = java_parse_want(p, ":")) < 0)
			return r;
		body = &c->arguments;
		while (!java_parse_is(p, "case") && !java_parse_is(p, "default") && !java_parse_is(p, "}")) {
			if (java_parse_take(p, ";"))
				continue;
			if ((r = java_parse_statement(p, body)) < 0)
				return r;
			while (*body != NULL)
				body = &(*body)->next;
		}
		*tail = c;
		tail = &c->next;
	}
	return 0;
}

static int parse_keyword(struct parser *p, struct node **ret)
{
	static const struct { const char *word; enum node_kind kind; } words[] = {
		{ "if", NODE_IF }, { "while", NODE_WHILE }, { "do", NODE_DO }, { "for", NODE_FOR }, { "foreach", NODE_FOR }, { "return", NODE_RETURN }, { "break", NODE_BREAK },
		{ "continue", NODE_CONTINUE }, { "throw", NODE_THROW }, { "try", NODE_TRY }, { "switch", NODE_SWITCH },
	};
	enum node_kind kind = NODE_EXPRESSION;
	struct node *n;
	int r = 0;

	for (size_t i = 0; i < COUNT_OF(words); i++)
		kind = java_parse_is(p, words[i].word) ? words[i].kind : kind;
	if (kind == NODE_EXPRESSION)
		return 1;
	p->at++;
	if (kind == NODE_FOR)
		return parse_for(p, ret);
	if (kind == NODE_TRY)
		return parse_try(p, ret);
	if ((n = java_parse_node(p, kind)) == NULL)
		return p->failed;
	*ret = n;
	switch (kind) {
	case NODE_IF:
		if ((r = parse_condition(p, &n->first)) < 0 || (r = parse_body(p, &n->second)) < 0)
			return r;
		end_statement(p);
		return java_parse_take(p, "else") ? parse_body(p, &n->third) : 0;
	case NODE_WHILE:
		if ((r = parse_condition(p, &n->first)) < 0)
			return r;
		return parse_body(p, &n->second);
	case NODE_DO:
		if ((r = parse_body(p, &n->second)) < 0 || (r = java_parse_want(p, "while")) < 0)
			return r;
		return parse_condition(p, &n->first);
	case NODE_SWITCH:
		return parse_switch(p, n);
	case NODE_RETURN: case NODE_THROW:
		if (!java_parse_is(p, ";") && !java_parse_is(p, "}") && java_parse_peek(p, 0)->kind != LEX_END)
			r = java_parse_expression(p, BINDING_SEQUENCE, &n->first);
		return r;
	default:
		return 0;
	}
}

/* import a.b.C; package x; @Grab(…): read over. */
static bool skip_preamble(struct parser *p)
{
	if (sign_at(p, 0, '@') && java_parse_peek(p, 1)->kind == LEX_NAME && java_parse_in(p, IN_JAVA)) {
		unsigned open = 0;

		p->at += 2;
		if (java_parse_is(p, "(")) {
			do {
				open += java_parse_is(p, "(") ? 1 : 0;
				open -= java_parse_is(p, ")") ? 1 : 0;
				p->at++;
			} while (open > 0 && java_parse_peek(p, 0)->kind != LEX_END);
		}
		return true;
	}
	if ((!java_parse_is(p, "import") && !java_parse_is(p, "package")) || java_parse_peek(p, 1)->kind != LEX_NAME)
		return false;
	p->at++;
	while (java_parse_peek(p, 0)->kind != LEX_END && !java_parse_is(p, ";") && !java_parse_peek(p, 0)->line_before)
		p->at++;
	return true;
}

/* A call without parentheses, as Groovy has it for statements: println x */
static bool is_bare_call(const struct parser *p)
{
	return java_parse_in(p, IN_JAVA) && java_parse_peek(p, 0)->kind == LEX_NAME && !java_parse_peek(p, 1)->line_before &&
	       (java_parse_is(p, "println") || java_parse_is(p, "print") || java_parse_is(p, "echo")) &&
	       (java_parse_peek(p, 1)->kind == LEX_STRING || java_parse_peek(p, 1)->kind == LEX_NAME || java_parse_peek(p, 1)->kind == LEX_NUMBER || java_parse_peek(p, 1)->kind == LEX_CHAR);
}

int java_parse_statement(struct parser *p, struct node **ret)
{
	static const char *const modifiers[] = { "public", "private", "protected", "static", "final", "synchronized", "abstract" };
	unsigned type, before;
	int r = 0;

	*ret = NULL;
	if (++p->depth > DEPTH_MAX)
		return p->failed = -E2BIG;
	if (skip_preamble(p))
		goto out;
	for (size_t i = 0; i < COUNT_OF(modifiers); i++) {
		if (java_parse_is(p, modifiers[i]) && java_parse_peek(p, 1)->kind == LEX_NAME) {
			p->at++;
			i = (size_t)-1;
		}
	}
	if (java_parse_take(p, "{")) {
		r = java_parse_block(p, ret);
		goto out;
	}
	if ((r = parse_keyword(p, ret)) <= 0)
		goto out;
	before = p->at;
	if ((java_parse_is(p, "function") || java_parse_is(p, "def") || java_parse_is(p, "var") || java_parse_is(p, "let") || java_parse_is(p, "const")) && java_parse_peek(p, 1)->kind == LEX_NAME) {
		p->at++;
		p->at += declared_type(p);
		r = sign_at(p, 1, '(') ? parse_function(p, ret) : parse_declarators(p, ret);
		goto out;
	}
	if (!java_parse_is(p, "new") && !java_parse_is(p, "not") && !is_bare_call(p) && (type = declared_type(p)) > 0 && !bytes_equal_fold(java_parse_peek(p, type)->text, bytes_text("instanceof")) &&
	    !bytes_equal(java_parse_peek(p, type)->text, bytes_text("as")) &&
	    /* a name in Java, though an operator in Groovy */
	    (!bytes_equal(java_parse_peek(p, type)->text, bytes_text("in")) || sign_at(p, type + 1, '=') || sign_at(p, type + 1, ';')) &&
	    !bytes_equal(java_parse_peek(p, type)->text, bytes_text("is")) && !bytes_equal(java_parse_peek(p, type)->text, bytes_text("contains")) &&
	    !bytes_equal(java_parse_peek(p, type)->text, bytes_text("and")) && !bytes_equal(java_parse_peek(p, type)->text, bytes_text("or"))) {
		p->at += type;
		r = sign_at(p, 1, '(') ? parse_function(p, ret) : parse_declarators(p, ret);
		goto out;
	}
	p->at = before;
	if (is_bare_call(p)) {
		struct node *n = java_parse_node(p, NODE_CALL);

		if (n == NULL)
			return p->failed;
		*ret = n;
		n->name = java_parse_peek(p, 0)->text;
		n->count = 1;
		p->at++;
		r = java_parse_expression(p, BINDING_SEQUENCE, &n->arguments);
		goto out;
	}
	r = java_parse_expression(p, BINDING_SEQUENCE, ret);
out:
	if (r < 0)
		return r;
	/* statements end with ; or a line's end, or before what closes them */
	if (*ret != NULL && (*ret)->kind >= NODE_DECLARE && (*ret)->kind <= NODE_SWITCH && (*ret)->kind != NODE_DECLARE && (*ret)->kind != NODE_RETURN && (*ret)->kind != NODE_THROW) {
		end_statement(p);
	} else if (!java_parse_take(p, ";") && !java_parse_is(p, "}") && !java_parse_is(p, ")") && java_parse_peek(p, 0)->kind != LEX_END &&
	           !(java_parse_in(p, IN_JAVA) && java_parse_peek(p, 0)->line_before) && *ret != NULL && (*ret)->kind != NODE_BLOCK) {
		return java_parse_fail(p);
	}
	p->depth--;
	return 0;
}
