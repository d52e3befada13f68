/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions by operator precedence: one table of how strongly each dialect's operators bind. */
#include "emu/sql/parse.h"

#include <errno.h>
#include <string.h>

/* One operator: its level in each dialect in the order of enum sql_dialect; 0: it does not know it. */
struct infix {
	const char *text;
	enum sql_operator op;
	uint8_t level[SQL_DIALECTS];
};

static const struct infix infixes[] = {
	/*                     My Pg Ms Or Li */
	{ "or", OP_OR,        { 1, 1, 1, 1, 1 } },  { "xor", OP_XOR,    { 2, 0, 0, 0, 0 } },
	{ "and", OP_AND,      { 3, 2, 2, 2, 2 } },  { "&&", OP_AND,     { 3, 0, 0, 0, 0 } },
	{ "is", OP_IS,        { 6, 4, 4, 4, 4 } },
	{ "isnull", OP_ISNULL,{ 0, 4, 0, 0, 4 } },  { "notnull", OP_NOTNULL, { 0, 4, 0, 0, 4 } },
	{ "=", OP_EQ,         { 6, 5, 4, 4, 4 } },  { "==", OP_EQ,      { 0, 0, 0, 0, 4 } },
	{ "<>", OP_NE,        { 6, 5, 4, 4, 4 } },  { "!=", OP_NE,      { 6, 5, 4, 4, 4 } },
	{ "^=", OP_NE,        { 0, 0, 0, 4, 0 } },  { "<=>", OP_NULLSAFE, { 6, 0, 0, 0, 0 } },
	{ "<", OP_LT,         { 6, 5, 4, 4, 5 } },  { "<=", OP_LE,      { 6, 5, 4, 4, 5 } },
	{ ">", OP_GT,         { 6, 5, 4, 4, 5 } },  { ">=", OP_GE,      { 6, 5, 4, 4, 5 } },
	{ "!<", OP_GE,        { 0, 0, 4, 0, 0 } },  { "!>", OP_LE,      { 0, 0, 4, 0, 0 } },
	{ "in", OP_IN,        { 6, 6, 4, 4, 4 } },  { "between", OP_BETWEEN, { 6, 6, 4, 4, 4 } },
	{ "like", OP_LIKE,    { 6, 6, 4, 4, 4 } },  { "ilike", OP_ILIKE, { 0, 6, 0, 0, 0 } },
	{ "regexp", OP_REGEXP,{ 6, 0, 0, 0, 4 } },  { "rlike", OP_REGEXP, { 6, 0, 0, 0, 0 } },
	{ "glob", OP_GLOB,    { 0, 0, 0, 0, 4 } },  { "match", OP_OTHER, { 0, 0, 0, 0, 4 } },
	{ "similar", OP_OTHER,{ 0, 6, 0, 0, 0 } },  { "sounds", OP_SOUNDS, { 6, 0, 0, 0, 0 } },
	{ "~", OP_REGEXP,     { 0, 7, 0, 0, 0 } },  { "~*", OP_OTHER,   { 0, 7, 0, 0, 0 } },
	{ "!~", OP_OTHER,     { 0, 7, 0, 0, 0 } },  { "!~*", OP_OTHER,  { 0, 7, 0, 0, 0 } },
	{ "~~", OP_LIKE,      { 0, 7, 0, 0, 0 } },  { "~~*", OP_ILIKE,  { 0, 7, 0, 0, 0 } },
	{ "!~~", OP_OTHER,    { 0, 7, 0, 0, 0 } },  { "!~~*", OP_OTHER, { 0, 7, 0, 0, 0 } },
	{ "->", OP_JSON,      { 0, 7, 0, 0, 9 } },  { "->>", OP_JSON,   { 0, 7, 0, 0, 9 } },
	{ "|", OP_BITOR,      { 7, 7, 5, 0, 6 } },  { "&", OP_BITAND,   { 8, 7, 5, 0, 6 } },
	{ "#", OP_BITXOR,     { 0, 7, 0, 0, 0 } },
	{ "<<", OP_SHL,       { 9, 7, 0, 0, 6 } },  { ">>", OP_SHR,     { 9, 7, 0, 0, 6 } },
	{ "+", OP_ADD,        { 10, 8, 5, 5, 7 } }, { "-", OP_SUB,      { 10, 8, 5, 5, 7 } },
	{ "*", OP_MUL,        { 11, 9, 6, 6, 8 } }, { "/", OP_DIV,      { 11, 9, 6, 6, 8 } },
	{ "%", OP_MOD,        { 11, 9, 6, 0, 8 } }, { "mod", OP_MOD,    { 11, 0, 0, 0, 0 } },
	{ "div", OP_INTDIV,   { 11, 0, 0, 0, 0 } },
	{ "^", OP_BITXOR,     { 12, 0, 5, 0, 0 } }, { "^", OP_POWER,    { 0, 10, 0, 0, 0 } },
	{ "||", OP_CONCAT,    { 0, 7, 0, 5, 9 } },  { "||", OP_OR,      { 1, 0, 0, 0, 0 } },
	{ "::", OP_CAST,      { 0, 14, 0, 0, 0 } }, { "collate", OP_COLLATE, { 15, 13, 9, 0, 10 } },
};

static const uint8_t not_level[SQL_DIALECTS] = { 4, 3, 3, 3, 3 };
static const uint8_t unary_level[SQL_DIALECTS] = { 13, 12, 7, 7, 11 };

unsigned parse_unary_level(const struct parser *p)
{
	return unary_level[p->dialect];
}

/* The operator that stands here, and whether NOT stands before it. NULL: none. */
static const struct infix *infix_here(const struct parser *p, bool *negated)
{
	const struct lexeme *x = parse_peek(p, 0);

	*negated = lexeme_is(x, "not");
	if (*negated)
		x = parse_peek(p, 1);
	for (unsigned i = 0; p->failed == 0 && i < COUNT_OF(infixes); i++) {
		const struct infix *f = &infixes[i];
		bool may_negate = f->op == OP_IN || f->op == OP_BETWEEN || (f->op >= OP_LIKE && f->op <= OP_REGEXP) || f->op == OP_OTHER;

		if (f->level[p->dialect] > 0 && lexeme_is(x, f->text) && (!*negated || (may_negate && x->kind == LEX_NAME)))
			return f;
	}
	/* SQLite: a NOT NULL */
	if (*negated && p->dialect == SQL_SQLITE && lexeme_is(x, "null")) {
		static const struct infix not_null = { "not null", OP_NOTNULL, { 0, 0, 0, 0, 4 } };

		return &not_null;
	}
	return NULL;
}

static struct node *join(struct parser *p, enum node_kind kind, enum sql_operator op, struct node *left)
{
	struct node *n = parse_node(p, kind);

	if (n == NULL)
		return NULL;
	n->op = op;
	n->from = left->from;
	return parse_add(p, n, left) ? n : NULL;
}

static struct node *is_what(struct parser *p, struct node *left)
{
	static const char *const words[] = { "null", "true", "false", "unknown" };
	struct node *n = join(p, NODE_IS, OP_IS, left);

	if (n == NULL)
		return NULL;
	n->negated = parse_take(p, "not");
	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		if ((i == 0 || (i < 3 ? parse_in(p, IN_MYSQL | IN_POSTGRESQL | IN_SQLITE) : parse_in(p, IN_MYSQL | IN_POSTGRESQL))) &&
		    parse_take(p, words[i])) {
			n->name = bytes_text(words[i]);
			return n;
		}
	}
	if (parse_is2(p, "distinct", "from") && parse_in(p, IN_POSTGRESQL | IN_SQLITE)) {
		p->at += 2;
		n->negated = !n->negated;
		n->name = bytes_text("same");
		return parse_add(p, n, parse_binding(p, 5)) ? n : NULL;
	}
	if (p->dialect != SQL_SQLITE)
		return parse_fail(p);
	n->name = bytes_text("same");
	return parse_add(p, n, parse_binding(p, 5)) ? n : NULL;
}

static struct node *in_what(struct parser *p, struct node *left)
{
	struct node *n = join(p, NODE_IN, OP_IN, left);

	if (n == NULL || !parse_expect(p, "("))
		return NULL;
	if (parse_begins_query(p, 0)) {
		if ((n->query = parse_query(p)) == NULL)
			return NULL;
	} else if (!(p->dialect == SQL_SQLITE && parse_is(p, ")")) && !parse_list(p, n)) {
		return NULL;
	}
	return parse_expect(p, ")") ? n : NULL;
}

static struct node *between(struct parser *p, struct node *left, unsigned level)
{
	struct node *n = join(p, NODE_BETWEEN, OP_BETWEEN, left);

	if (n == NULL)
		return NULL;
	if (p->dialect == SQL_POSTGRESQL)
		parse_take(p, "symmetric") ? parse_refuse(p, "between symmetric") : NULL;
	if (!parse_add(p, n, parse_binding(p, level + 1)) || !parse_expect(p, "and"))
		return NULL;
	return parse_add(p, n, parse_binding(p, p->dialect == SQL_MYSQL ? level : level + 1)) ? n : NULL;
}

static struct node *like(struct parser *p, struct node *left, const struct infix *f)
{
	struct node *n = join(p, NODE_LIKE, f->op, left);
	unsigned level = f->level[p->dialect];

	if (f->op == OP_SOUNDS && !parse_expect(p, "like"))
		return NULL;
	if (n == NULL || !parse_add(p, n, parse_binding(p, level + 1)))
		return NULL;
	if (f->op != OP_REGEXP && f->op != OP_SOUNDS && parse_take(p, "escape") && !parse_add(p, n, parse_binding(p, level + 1)))
		return NULL;
	return n;
}

/* op ANY (query), op ALL (…) */
static bool is_quantified(const struct parser *p)
{
	return (parse_is2(p, "any", "(") || parse_is2(p, "some", "(") || parse_is2(p, "all", "(")) && p->dialect != SQL_SQLITE;
}

static struct node *quantified(struct parser *p, struct node *left, enum sql_operator op)
{
	struct node *n = join(p, NODE_QUANTIFIED, op, left);

	if (n == NULL)
		return NULL;
	n->name = parse_peek(p, 0)->text;
	p->at += 2;
	if (!parse_begins_query(p, 0))
		return parse_refuse(p, "any of an array");
	return (n->query = parse_query(p)) != NULL && parse_expect(p, ")") ? n : NULL;
}

static struct node *binary(struct parser *p, struct node *left, const struct infix *f)
{
	struct node *n;

	if (f->op >= OP_EQ && f->op <= OP_GE && is_quantified(p))
		return quantified(p, left, f->op);
	n = join(p, NODE_BINARY, f->op, left);
	return n != NULL && parse_add(p, n, parse_binding(p, f->level[p->dialect] + 1u)) ? n : NULL;
}

/* What goes on behind left with this operator, already taken. */
static struct node *infix(struct parser *p, struct node *left, const struct infix *f, bool negated)
{
	struct node *n;

	switch (f->op) {
	case OP_IS:
		return is_what(p, left);
	case OP_ISNULL:
	case OP_NOTNULL:
		if ((n = join(p, NODE_IS, OP_IS, left)) == NULL)
			return NULL;
		n->name = bytes_text("null");
		n->negated = f->op == OP_NOTNULL;
		return n;
	case OP_IN:
		n = in_what(p, left);
		break;
	case OP_BETWEEN:
		n = between(p, left, f->level[p->dialect]);
		break;
	case OP_LIKE: case OP_ILIKE: case OP_GLOB: case OP_REGEXP: case OP_SOUNDS:
		n = like(p, left, f);
		break;
	case OP_CAST:
		n = join(p, NODE_CAST, OP_CAST, left);
		return n != NULL && sql_parse_type(p, &n->type) ? n : NULL;
	case OP_COLLATE:
		n = join(p, NODE_UNARY, OP_COLLATE, left);
		return n != NULL && sql_parse_name(p, &n->name) ? n : NULL;
	case OP_OTHER:
		return parse_refuse(p, f->text);
	default:
		n = binary(p, left, f);
		break;
	}
	if (n != NULL)
		n->negated = negated;
	return n;
}

static struct node *unary(struct parser *p, enum sql_operator op, unsigned level)
{
	struct node *n = parse_node(p, NODE_UNARY);

	if (n == NULL)
		return NULL;
	n->op = op;
	p->at++;
	return parse_add(p, n, parse_binding(p, level)) ? n : NULL;
}

static struct node *prefix(struct parser *p)
{
	unsigned level = unary_level[p->dialect];

	if (parse_is(p, "not"))
		return unary(p, OP_NOT, not_level[p->dialect]);
	if (parse_is(p, "-"))
		return unary(p, OP_NEGATE, level);
	if (parse_is(p, "+"))
		return unary(p, OP_PLUS, level);
	if (parse_is(p, "~") && p->dialect != SQL_ORACLE)
		return unary(p, OP_BITNOT, p->dialect == SQL_POSTGRESQL ? 8 : level);
	if (parse_is(p, "!") && p->dialect == SQL_MYSQL)
		return unary(p, OP_NOT, 13);
	if (parse_is(p, "binary") && p->dialect == SQL_MYSQL)
		return unary(p, OP_BINARY, 13);
	if ((parse_is(p, "@") || parse_is(p, "|/") || parse_is(p, "||/")) && p->dialect == SQL_POSTGRESQL)
		return parse_refuse(p, "prefix operator");
	return sql_parse_primary(p);
}

struct node *parse_binding(struct parser *p, unsigned least)
{
	struct node *left = NULL;
	const struct infix *f;
	unsigned last = 0;
	bool negated;

	if (!parse_enter(p))
		return NULL;
	left = prefix(p);
	while (left != NULL && (f = infix_here(p, &negated)) != NULL) {
		unsigned level = f->level[p->dialect];

		if (level < least)
			break;
		/* comparisons do not chain where the grammar says so */
		if (level == last && ((p->dialect == SQL_POSTGRESQL && (level == 5 || level == 6)) ||
		                      (parse_in(p, IN_MSSQL | IN_ORACLE) && level == 4)))
			left = parse_fail(p);
		p->at += 1u + negated;
		left = p->failed == 0 ? infix(p, left, f, negated) : NULL;
		last = level;
		if (left != NULL)
			left->to = parse_peek(p, 0)->at;
	}
	parse_leave(p);
	return p->failed == 0 ? left : NULL;
}

struct node *sql_parse_expression(struct parser *p)
{
	return parse_binding(p, 1);
}
