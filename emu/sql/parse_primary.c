/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands between operators: literals, names, calls, CASE, casts, parentheses. */
#include "emu/sql/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct node *word(struct parser *p, const char *name)
{
	struct node *n = parse_node(p, NODE_WORD);

	if (n == NULL)
		return NULL;
	n->name = bytes_text(name);
	p->at++;
	return n;
}

static struct node *literal(struct parser *p)
{
	struct node *n = parse_node(p, NODE_LITERAL);

	if (n == NULL)
		return NULL;
	n->lexeme = *parse_peek(p, 0);
	p->at++;
	n->to = parse_peek(p, 0)->at;
	return n;
}

static struct node *query_node(struct parser *p, enum node_kind kind)
{
	struct node *n = parse_node(p, kind);

	if (n == NULL)
		return NULL;
	n->query = parse_query(p);
	return n->query != NULL && parse_expect(p, ")") ? n : NULL;
}

/* ( … ): a query, an expression or a row. */
static struct node *parentheses(struct parser *p)
{
	struct node *n, *first;

	if (parse_begins_query(p, 0))
		return query_node(p, NODE_QUERY);
	first = sql_parse_expression(p);
	if (first == NULL || !parse_is(p, ",")) {
		if (first != NULL)
			first->in_parentheses = true;
		return parse_expect(p, ")") ? first : NULL;
	}
	if ((n = parse_node(p, NODE_ROW)) == NULL || !parse_add(p, n, first))
		return NULL;
	p->at++;
	return parse_list(p, n) && parse_expect(p, ")") ? n : NULL;
}

struct node *parse_case(struct parser *p)
{
	struct node *n = parse_node(p, NODE_CASE);

	if (n == NULL)
		return NULL;
	if (!parse_is(p, "when")) {
		n->operand = true;
		if (!parse_add(p, n, sql_parse_expression(p)))
			return NULL;
	}
	if (!parse_is(p, "when"))
		return parse_fail(p);
	while (parse_take(p, "when")) {
		if (!parse_add(p, n, sql_parse_expression(p)) || !parse_expect(p, "then") || !parse_add(p, n, sql_parse_expression(p)))
			return NULL;
	}
	if (parse_take(p, "else")) {
		n->otherwise = true;
		if (!parse_add(p, n, sql_parse_expression(p)))
			return NULL;
	}
	return parse_expect(p, "end") ? n : NULL;
}

static int number_of(const struct lexeme *x)
{
	int v = 0;

	for (size_t i = 0; i < x->text.left; i++) {
		if (x->text.at[i] < '0' || x->text.at[i] > '9' || v > 100000)
			return -1;
		v = v * 10 + x->text.at[i] - '0';
	}
	return v;
}

/* A second word of a type's name. */
static void type_goes_on(struct parser *p, struct type_name *ret)
{
	static const char *const pairs[][2] = {
		{ "double", "precision" }, { "character", "varying" }, { "char", "varying" }, { "signed", "integer" },
		{ "unsigned", "integer" }, { "signed", "int" }, { "unsigned", "int" }, { "bit", "varying" },
	};

	for (unsigned i = 0; i < COUNT_OF(pairs); i++) {
		if (bytes_equal_fold(ret->name, bytes_text(pairs[i][0])) && parse_take(p, pairs[i][1])) {
			if (i < 3)
				ret->name = bytes_text(i == 0 ? "double" : "varchar");
			return;
		}
	}
}

bool sql_parse_type(struct parser *p, struct type_name *ret)
{
	const struct lexeme *x = parse_peek(p, 0);

	*ret = (struct type_name){ .name = x->text, .length = -1, .scale = -1 };
	if (p->failed != 0 || (x->kind != LEX_NAME && x->kind != LEX_QUOTED)) {
		parse_fail(p);
		return false;
	}
	p->at++;
	if (parse_is(p, ".") && (parse_peek(p, 1)->kind == LEX_NAME || parse_peek(p, 1)->kind == LEX_QUOTED)) {
		ret->name = parse_peek(p, 1)->text; /* pg_catalog.int4 */
		p->at += 2;
	}
	type_goes_on(p, ret);
	if (parse_take(p, "(")) {
		if (parse_is(p, "max")) {
			p->at++;
		} else {
			ret->length = number_of(parse_peek(p, 0));
			p->at++;
			if (parse_take(p, ",")) {
				ret->scale = number_of(parse_peek(p, 0));
				p->at++;
			}
		}
		if (!parse_expect(p, ")"))
			return false;
	}
	while (p->dialect == SQL_POSTGRESQL && parse_is2(p, "[", "]")) {
		ret->array = true;
		p->at += 2;
	}
	if (p->dialect == SQL_MYSQL && (parse_take(p, "character") || parse_take(p, "charset"))) {
		parse_take(p, "set");
		p->at++;
	}
	return p->failed == 0;
}

struct node *parse_cast(struct parser *p, struct bytes name)
{
	struct node *n = parse_node(p, NODE_CAST);
	bool convert = bytes_equal_fold(name, bytes_text("convert")) || bytes_equal_fold(name, bytes_text("try_convert"));

	if (n == NULL)
		return NULL;
	n->op = OP_CAST;
	n->attempt = name.left > 4 && (name.at[0] | 0x20) == 't';
	if (convert && p->dialect == SQL_MSSQL) { /* CONVERT(type, value [, style]) */
		if (!sql_parse_type(p, &n->type) || !parse_expect(p, ",") || !parse_add(p, n, sql_parse_expression(p)))
			return NULL;
		if (parse_take(p, ",") && !parse_add(p, n, sql_parse_expression(p)))
			return NULL;
		return parse_expect(p, ")") ? n : NULL;
	}
	if (!parse_add(p, n, sql_parse_expression(p)))
		return NULL;
	if (convert && parse_take(p, "using")) {
		n->type = (struct type_name){ .name = bytes_text("char"), .length = -1, .scale = -1 };
		p->at++;
		return parse_expect(p, ")") ? n : NULL;
	}
	if (!(convert ? parse_expect(p, ",") : parse_expect(p, "as")) || !sql_parse_type(p, &n->type))
		return NULL;
	return parse_expect(p, ")") ? n : NULL;
}

/* [table.]*, table.column, schema.table.column; a call where ( follows. */
static struct node *name(struct parser *p)
{
	struct bytes last = { 0 }, before = { 0 };
	struct node *n = parse_node(p, NODE_COLUMN);
	bool qualified = false, quoted = parse_peek(p, 0)->kind == LEX_QUOTED;
	uint32_t end;

	if (n == NULL)
		return NULL;
	/* a function may have a reserved word's name: left(), right(), values(), if() */
	if (parse_peek(p, 0)->kind == LEX_NAME && lexeme_is(parse_peek(p, 1), "(")) {
		last = parse_peek(p, 0)->text;
		p->at++;
	} else if (!sql_parse_name(p, &last)) {
		return NULL;
	}
	while (parse_is(p, ".") || (p->dialect == SQL_MSSQL && parse_is2(p, ".", "."))) {
		p->at++;
		qualified = true;
		if (parse_take(p, "*")) {
			n->kind = NODE_STAR;
			n->table = last;
			return n;
		}
		if (parse_is(p, "."))
			continue;
		if (parse_peek(p, 0)->kind != LEX_NAME && parse_peek(p, 0)->kind != LEX_QUOTED)
			return parse_fail(p);
		before = last;
		last = parse_peek(p, 0)->text;
		p->at++;
	}
	end = p->at > 0 ? p->lexemes.list[p->at - 1].at + (uint32_t)last.left : 0;
	/* MySQL knows its own functions only where the bracket clings to the name: others do not mind */
	if (parse_is(p, "(") && !(quoted && p->dialect == SQL_MYSQL && !qualified)) {
		(void)end;
		p->at++;
		if ((n = parse_call(p, last)) != NULL && n->kind == NODE_CALL)
			n->table = before;
		return n;
	}
	n->name = last;
	n->table = before;
	n->to = end;
	return n;
}

/* PostgreSQL: int '5', date '…'; MySQL and Oracle: DATE '…' */
static struct node *typed_literal(struct parser *p)
{
	static const char *const types[] = { "int", "integer", "int4", "int8", "bigint", "numeric", "text", "bool", "boolean", "float8" };
	struct node *n;

	for (unsigned i = 0; i < COUNT_OF(types); i++) {
		if (!parse_is(p, types[i]))
			continue;
		if ((n = parse_node(p, NODE_CAST)) == NULL || !sql_parse_type(p, &n->type))
			return NULL;
		n->op = OP_CAST;
		return parse_add(p, n, literal(p)) ? n : NULL;
	}
	return parse_refuse(p, "typed literal");
}

/* MySQL: {name expression}, once made for ODBC, is the expression. */
static struct node *braces(struct parser *p)
{
	struct node *n;

	p->at++;
	if (parse_peek(p, 0)->kind != LEX_NAME)
		return parse_fail(p);
	p->at++;
	n = sql_parse_expression(p);
	return parse_expect(p, "}") ? n : NULL;
}

static struct node *variable(struct parser *p)
{
	struct node *n = parse_node(p, NODE_VARIABLE), *set;

	if (n == NULL)
		return NULL;
	n->name = parse_peek(p, 0)->text;
	p->at++;
	if (p->dialect != SQL_MYSQL || !parse_take(p, ":="))
		return n;
	if ((set = parse_node(p, NODE_UNARY)) == NULL)
		return NULL;
	set->op = OP_PLUS; /* stands for what it is given */
	set->name = n->name;
	return parse_add(p, set, sql_parse_expression(p)) ? set : NULL;
}

struct node *sql_parse_primary(struct parser *p)
{
	static const char *const words[] = { "null", "true", "false", "default" };
	const struct lexeme *x = parse_peek(p, 0);

	if (p->failed != 0)
		return NULL;
	switch (x->kind) {
	case LEX_STRING: case LEX_BYTES: case LEX_INTEGER: case LEX_DECIMAL: case LEX_FLOAT:
		return literal(p);
	case LEX_VARIABLE:
		return variable(p);
	case LEX_QUOTED:
		return name(p);
	case LEX_SIGN:
		if (parse_take(p, "("))
			return parentheses(p);
		if (parse_is(p, "{") && p->dialect == SQL_MYSQL)
			return braces(p);
		if (parse_is(p, "?"))
			return parse_refuse(p, "parameter");
		return parse_fail(p);
	case LEX_NAME:
		break;
	default:
		return parse_fail(p);
	}
	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		if (parse_is(p, words[i]) && !((i == 1 || i == 2) && parse_in(p, IN_MSSQL | IN_ORACLE)) &&
		    !lexeme_is(parse_peek(p, 1), "(") && !lexeme_is(parse_peek(p, 1), "."))
			return word(p, words[i]);
	}
	if (parse_is(p, "case")) {
		p->at++;
		return parse_case(p);
	}
	if (parse_is2(p, "exists", "(")) {
		p->at += 2;
		return parse_begins_query(p, 0) ? query_node(p, NODE_EXISTS) : parse_fail(p);
	}
	if (parse_is(p, "interval") && parse_in(p, IN_MYSQL | IN_POSTGRESQL) && !lexeme_is(parse_peek(p, 1), "("))
		return parse_refuse(p, "interval");
	if (parse_peek(p, 1)->kind == LEX_STRING && parse_peek(p, 1)->prefix != '"' && !parse_reserved(p, x) &&
	    parse_in(p, IN_POSTGRESQL | IN_MYSQL | IN_ORACLE) && !lexeme_is(x, "not"))
		return p->dialect == SQL_POSTGRESQL || lexeme_is(x, "date") || lexeme_is(x, "time") || lexeme_is(x, "timestamp")
		               ? typed_literal(p) : parse_fail(p);
	if (parse_is2(p, "array", "["))
		return parse_refuse(p, "array");
	return name(p);
}
