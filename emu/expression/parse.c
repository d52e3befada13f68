/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions by their operators' binding; what stands behind a primary: properties, calls, indexes, selections. */
#include "emu/expression/syntax.h"

#include <errno.h>
#include <string.h>

int java_parse_fail(struct parser *p)
{
	if (p->failed == 0)
		p->failed = -EBADMSG;
	return p->failed;
}

struct node *java_parse_node(struct parser *p, enum node_kind kind)
{
	struct node *n = p->nodes++ < NODES_MAX ? java_take(p->run, sizeof(*n)) : NULL;

	if (n == NULL) {
		p->failed = -E2BIG;
		return NULL;
	}
	n->kind = kind;
	n->depth = (uint16_t)p->depth;
	return n;
}

const struct lexeme *java_parse_peek(const struct parser *p, unsigned ahead)
{
	unsigned at = p->at + ahead;

	return &p->lexemes.list[at < p->lexemes.count ? at : p->lexemes.count];
}

bool java_parse_in(const struct parser *p, unsigned languages)
{
	return (1u << p->run->language & languages) != 0;
}

static bool is_at(const struct parser *p, unsigned ahead, const char *sign)
{
	const struct lexeme *l = java_parse_peek(p, ahead);

	return (l->kind == LEX_SIGN || l->kind == LEX_NAME) && bytes_equal(l->text, bytes_text(sign));
}

bool java_parse_is(const struct parser *p, const char *sign)
{
	return is_at(p, 0, sign);
}

bool java_parse_take(struct parser *p, const char *sign)
{
	if (!java_parse_is(p, sign))
		return false;
	p->at++;
	return true;
}

int java_parse_want(struct parser *p, const char *sign)
{
	return java_parse_take(p, sign) ? 0 : java_parse_fail(p);
}

static bool ends_with(const struct parser *p, const char *end)
{
	return java_parse_is(p, end);
}

int java_parse_arguments(struct parser *p, const char *end, struct node *call)
{
	struct node **tail = &call->arguments;
	int r;

	while (*tail != NULL)
		tail = &(*tail)->next;
	while (!ends_with(p, end)) {
		if (call->count > 0 && (r = java_parse_want(p, ",")) < 0)
			return r;
		if (ends_with(p, end) && java_parse_in(p, IN_JAVA))
			break;
		/* Groovy's named arguments: the name is dropped */
		if (java_parse_in(p, IN_JAVA) && java_parse_peek(p, 0)->kind == LEX_NAME && is_at(p, 1, ":"))
			p->at += 2;
		if ((r = java_parse_expression(p, java_parse_in(p, IN_OGNL) ? BINDING_ASSIGN : BINDING_SEQUENCE, tail)) < 0)
			return r;
		tail = &(*tail)->next;
		call->count++;
	}
	return java_parse_want(p, end);
}

/* A closure behind a call is its last argument (Groovy). */
static int parse_trailing_closure(struct parser *p, struct node *call)
{
	struct node **tail = &call->arguments;

	if (!java_parse_in(p, IN_JAVA) || !java_parse_is(p, "{") || java_parse_peek(p, 0)->line_before)
		return 0;
	while (*tail != NULL)
		tail = &(*tail)->next;
	p->at++;
	call->count++;
	return java_parse_closure(p, tail);
}

/* target.name, target.name(…), and OGNL's target.(…), target.{…}; the point is taken. */
static int parse_member(struct parser *p, bool safe, struct node **of)
{
	const struct lexeme *l = java_parse_peek(p, 0);
	struct node *n;
	int r;

	if (java_parse_in(p, IN_OGNL) && (java_parse_is(p, "(") || java_parse_is(p, "{"))) {
		bool within = java_parse_is(p, "(");
		const struct lexeme *which = java_parse_peek(p, 1);

		if ((n = java_parse_node(p, within ? NODE_WITHIN : NODE_PROJECT)) == NULL)
			return p->failed;
		p->at++;
		if (!within && which->kind == LEX_SIGN && which->text.left == 1 && strchr("?^$", which->text.at[0]) != NULL) {
			n->kind = NODE_SELECT;
			n->which = (char)which->text.at[0];
			p->at++;
		}
		n->first = *of;
		*of = n;
		if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->second)) < 0)
			return r;
		return java_parse_want(p, within ? ")" : "}");
	}
	if (java_parse_in(p, IN_OGNL | IN_SPEL) && java_parse_is(p, "#") && java_parse_peek(p, 1)->kind == LEX_NAME) {
		/* a variable in a chain is the variable, whatever stands before it */
		if ((n = java_parse_node(p, NODE_WITHIN)) == NULL)
			return p->failed;
		n->first = *of;
		*of = n;
		return java_parse_primary(p, &n->second);
	}
	if (l->kind != LEX_NAME && l->kind != LEX_STRING && l->kind != LEX_CHAR && !java_parse_is(p, "*"))
		return java_parse_fail(p);
	if ((n = java_parse_node(p, NODE_PROPERTY)) == NULL)
		return p->failed;
	p->at++;
	n->name = l->text;
	n->safe = safe;
	n->first = *of;
	if (java_parse_is(p, "(") && !(java_parse_in(p, IN_JAVA) && java_parse_peek(p, 0)->line_before)) {
		p->at++;
		n->kind = NODE_CALL;
		if ((r = java_parse_arguments(p, ")", n)) < 0)
			return r;
		r = parse_trailing_closure(p, n);
	} else {
		n->op = OP_NONE;
		r = 0;
		if (java_parse_in(p, IN_JAVA) && java_parse_is(p, "{") && !java_parse_peek(p, 0)->line_before && java_parse_is(p, "{") && (java_parse_peek(p, 1)->kind == LEX_NAME || is_at(p, 1, "->"))) {
			n->kind = NODE_CALL;
			r = parse_trailing_closure(p, n);
		}
	}
	*of = n;
	return r;
}

/* ![…] .?[…] .^[…] .$[…] of SpEL; *of is the list. */
static int parse_selection(struct parser *p, struct node **of)
{
	static const struct { const char *sign; char which; } kinds[] = { { "![", '!' }, { "?", '?' }, { "^[", '^' }, { "$[", '$' } };

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct node *n;
		int r;

		if (!java_parse_is(p, kinds[i].sign) || (kinds[i].which == '?' && !is_at(p, 1, "[")))
			continue;
		p->at += kinds[i].which == '?' ? 2 : 1;
		if ((n = java_parse_node(p, kinds[i].which == '!' ? NODE_PROJECT : NODE_SELECT)) == NULL)
			return p->failed;
		n->which = kinds[i].which;
		n->first = *of;
		*of = n;
		if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->second)) < 0)
			return r;
		return java_parse_want(p, "]");
	}
	return 1;
}

/* target?name, target?name(…), target!default, target?? */
static int parse_freemarker(struct parser *p, struct node **of)
{
	struct node *n;
	int r;

	if (java_parse_take(p, "??")) {
		if ((n = java_parse_node(p, NODE_EXISTS)) == NULL)
			return p->failed;
	} else if (java_parse_is(p, "?") && java_parse_peek(p, 1)->kind == LEX_NAME) {
		if ((n = java_parse_node(p, NODE_BUILTIN)) == NULL)
			return p->failed;
		n->name = java_parse_peek(p, 1)->text;
		p->at += 2;
		n->first = *of;
		*of = n;
		if (java_parse_take(p, "(")) {
			n->after = true;
			return java_parse_arguments(p, ")", n);
		}
		return 0;
	} else if (java_parse_take(p, "!")) {
		const struct lexeme *l = java_parse_peek(p, 0);

		if ((n = java_parse_node(p, NODE_DEFAULT)) == NULL)
			return p->failed;
		n->first = *of;
		*of = n;
		if (l->kind == LEX_NAME || l->kind == LEX_STRING || l->kind == LEX_NUMBER || java_parse_is(p, "(") || java_parse_is(p, "[") || java_parse_is(p, "{")) {
			if ((r = java_parse_expression(p, BINDING_UNARY, &n->second)) < 0)
				return r;
		}
		return 0;
	} else {
		return 1;
	}
	n->first = *of;
	*of = n;
	return 0;
}

static int parse_one_postfix(struct parser *p, struct node **of)
{
	struct node *n;
	bool ours = !java_parse_peek(p, 0)->line_before || !java_parse_in(p, IN_JAVA);
	int r;

	/* Velocity has members of references only */
	if (java_parse_in(p, IN_VELOCITY) && (*of)->kind != NODE_NAME && (*of)->kind != NODE_PROPERTY && (*of)->kind != NODE_CALL && (*of)->kind != NODE_INDEX)
		return 1;
	if (java_parse_in(p, IN_FREEMARKER) && (r = parse_freemarker(p, of)) <= 0)
		return r;
	if (java_parse_is(p, ".") || java_parse_is(p, "?.") || java_parse_is(p, "*.")) {
		bool safe = java_parse_is(p, "?."), spread = java_parse_is(p, "*.");

		p->at++;
		if (java_parse_in(p, IN_SPEL) && (r = parse_selection(p, of)) <= 0)
			return r;
		if (java_parse_in(p, IN_MVEL) && java_parse_take(p, "?"))
			safe = true;
		r = parse_member(p, safe, of);
		(*of)->spread = spread;
		return r;
	}
	if (java_parse_is(p, "[") && ours) {
		p->at++;
		if ((n = java_parse_node(p, NODE_INDEX)) == NULL)
			return p->failed;
		n->first = *of;
		*of = n;
		if (java_parse_in(p, IN_OGNL) && java_parse_is(p, "^")) {
			p->at++;
			n->which = '^';
			return java_parse_want(p, "]");
		}
		if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->second)) < 0)
			return r;
		return java_parse_want(p, "]");
	}
	if (java_parse_is(p, "(") && ours && java_parse_in(p, IN_FREEMARKER | IN_JAVA | IN_EL) &&
	    ((*of)->kind != NODE_LITERAL || java_parse_in(p, IN_EL))) {
		/* the value is a function */
		p->at++;
		if ((n = java_parse_node(p, NODE_CALL)) == NULL)
			return p->failed;
		n->first = *of;
		n->name = bytes_text("call");
		n->which = '(';
		*of = n;
		return java_parse_arguments(p, ")", n);
	}
	/* OGNL evaluates (a)(b): a's value as an expression, over b */
	if (java_parse_is(p, "(") && java_parse_in(p, IN_OGNL)) {
		p->at++;
		if ((n = java_parse_node(p, NODE_BUILTIN)) == NULL)
			return p->failed;
		n->first = *of;
		*of = n;
		if ((r = java_parse_expression(p, BINDING_SEQUENCE, &n->second)) < 0)
			return r;
		return java_parse_want(p, ")");
	}
	if ((java_parse_is(p, "++") || java_parse_is(p, "--")) && ours && java_parse_in(p, IN_SPEL | IN_JAVA | IN_MVEL)) {
		if ((n = java_parse_node(p, NODE_STEP)) == NULL)
			return p->failed;
		n->op = java_parse_is(p, "++") ? OP_INCREMENT : OP_DECREMENT;
		n->after = true;
		n->first = *of;
		*of = n;
		p->at++;
		return 0;
	}
	return 1;
}

int java_parse_postfix(struct parser *p, struct node **of)
{
	unsigned behind = 0;

	for (;;) {
		int r;

		/* a chain is as deep a tree as it is long */
		if (++behind + p->depth > DEPTH_MAX)
			return p->failed = -E2BIG;
		if ((r = parse_one_postfix(p, of)) != 0)
			return r < 0 ? r : 0;
	}
}

static int parse_unary(struct parser *p, struct node **ret)
{
	enum operator op = java_operator_prefix(p);
	struct node *n;
	int r;

	if (op == OP_NONE) {
		if ((r = java_parse_primary(p, ret)) < 0)
			return r;
		return java_parse_postfix(p, ret);
	}
	if (++p->depth > DEPTH_MAX)
		return p->failed = -E2BIG;
	if ((n = java_parse_node(p, op == OP_INCREMENT || op == OP_DECREMENT ? NODE_STEP : NODE_UNARY)) == NULL)
		return p->failed;
	p->at++;
	n->op = op;
	*ret = n;
	r = java_parse_expression(p, BINDING_UNARY, &n->first);
	p->depth--;
	return r;
}

/* The operator is taken; *left becomes the whole. */
static int parse_infix(struct parser *p, const struct operator_row *row, struct bytes sign, struct node **left)
{
	struct node *n = java_parse_node(p, row->op == OP_ASSIGN ? NODE_ASSIGN : row->op == OP_TERNARY || row->op == OP_ELVIS ? NODE_TERNARY :
	                               row->op == OP_SEQUENCE ? NODE_SEQUENCE : NODE_BINARY);
	int r;

	if (n == NULL)
		return p->failed;
	n->op = row->op;
	n->first = *left;
	n->name = sign;
	*left = n;
	if (row->op == OP_TERNARY) {
		if ((r = java_parse_expression(p, java_parse_in(p, IN_OGNL) ? BINDING_ASSIGN : BINDING_ASSIGN, &n->second)) < 0 || (r = java_parse_want(p, ":")) < 0)
			return r;
		return java_parse_expression(p, java_parse_in(p, IN_OGNL) ? BINDING_TERNARY : BINDING_ASSIGN, &n->third);
	}
	if ((row->op == OP_INSTANCEOF || row->op == OP_AS) && java_parse_in(p, IN_OGNL | IN_JAVA | IN_MVEL))
		return java_parse_type_name(p, &n->type);
	/* an open range: a[1..] */
	if (row->op == OP_RANGE && java_parse_in(p, IN_FREEMARKER) && (java_parse_is(p, "]") || java_parse_is(p, ")") || java_parse_peek(p, 0)->kind == LEX_END))
		return 0;
	return java_parse_expression(p, row->right ? row->binding : row->binding + 1, &n->second);
}

int java_parse_expression(struct parser *p, unsigned binding, struct node **ret)
{
	unsigned long_chain = 0;
	int r;

	if (p->failed < 0)
		return p->failed;
	if (++p->depth > DEPTH_MAX)
		return p->failed = -E2BIG;
	if ((r = parse_unary(p, ret)) < 0)
		return r;
	for (;;) {
		unsigned words;
		const struct operator_row *row = java_operator_at(p, &words);
		struct bytes sign = java_parse_peek(p, 0)->text;

		if (row == NULL || row->binding < binding || (java_parse_peek(p, 0)->line_before && java_parse_in(p, IN_JAVA) && (row->op == OP_ADD || row->op == OP_SUB) && false))
			break;
		/* a chain to the left is a tree as deep as it is long */
		if (++long_chain + p->depth > DEPTH_MAX)
			return p->failed = -E2BIG;
		p->at += words;
		if ((r = parse_infix(p, row, sign, ret)) < 0)
			return r;
	}
	p->depth--;
	return 0;
}

static int begin(struct java_run *run, struct bytes text, struct parser *p)
{
	*p = (struct parser){ .run = run, .text = text, .depth = run->depth };
	return java_lexemes_read(run, text, &p->lexemes);
}

int java_expression_parse(struct java_run *run, struct bytes text, struct node **ret)
{
	struct parser p;
	int r = begin(run, text, &p);

	*ret = NULL;
	if (r < 0 || (r = java_parse_expression(&p, BINDING_SEQUENCE, ret)) < 0)
		return r;
	return java_parse_peek(&p, 0)->kind == LEX_END ? 0 : -EBADMSG;
}

int java_statements_parse(struct java_run *run, struct bytes text, struct node **ret)
{
	struct parser p;
	struct node **tail;
	int r = begin(run, text, &p);

	if (r < 0)
		return r;
	if ((*ret = java_parse_node(&p, NODE_BLOCK)) == NULL)
		return p.failed;
	(*ret)->which = 'f'; /* the file's own: no scope of its own */
	tail = &(*ret)->arguments;
	while (java_parse_peek(&p, 0)->kind != LEX_END) {
		if (java_parse_take(&p, ";"))
			continue;
		if ((r = java_parse_statement(&p, tail)) < 0)
			return r;
		while (*tail != NULL)
			tail = &(*tail)->next;
	}
	return 0;
}
