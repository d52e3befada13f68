/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls: name(arguments), with the words that some functions want between them. */
#include "emu/sql/parse.h"

static bool named(struct bytes name, const char *what)
{
	return bytes_equal_fold(name, bytes_text(what));
}

/* substring(x FROM a FOR b), overlay(x PLACING y FROM a FOR b) */
static bool with_from(struct parser *p, struct node *n)
{
	if (!parse_add(p, n, sql_parse_expression(p)))
		return false;
	if (parse_take(p, "placing") && !parse_add(p, n, sql_parse_expression(p)))
		return false;
	if (parse_take(p, "from")) {
		if (!parse_add(p, n, sql_parse_expression(p)))
			return false;
		return !parse_take(p, "for") || parse_add(p, n, sql_parse_expression(p));
	}
	return !parse_take(p, ",") || parse_list(p, n);
}

/* position(x IN y): operators up to IN bind in x. */
static bool with_in(struct parser *p, struct node *n)
{
	if (!parse_add(p, n, parse_binding(p, 7)))
		return false;
	if (parse_take(p, "in"))
		return parse_add(p, n, sql_parse_expression(p));
	return !parse_take(p, ",") || parse_list(p, n);
}

/* trim([BOTH|LEADING|TRAILING] [x] FROM y): as name(y, x) with the side in the name. */
static bool with_sides(struct parser *p, struct node *n)
{
	static const char *const sides[][2] = { { "both", "btrim" }, { "leading", "ltrim" }, { "trailing", "rtrim" } };
	struct node *what = NULL;
	bool sided = false;

	for (unsigned i = 0; i < COUNT_OF(sides) && !sided; i++) {
		if (parse_take(p, sides[i][0])) {
			n->name = bytes_text(sides[i][1]);
			sided = true;
		}
	}
	if (!parse_is(p, "from") && (what = sql_parse_expression(p)) == NULL)
		return false;
	if (parse_take(p, "from")) {
		if (!sided)
			n->name = bytes_text("btrim");
		return parse_add(p, n, sql_parse_expression(p)) && parse_add(p, n, what);
	}
	return parse_add(p, n, what) && (!parse_take(p, ",") || parse_list(p, n));
}

static bool arguments(struct parser *p, struct node *n)
{
	if (parse_is(p, ")"))
		return true;
	if (parse_is2(p, "*", ")")) {
		p->at++;
		n->star = true;
		return true;
	}
	n->distinct = parse_take(p, "distinct");
	if (!n->distinct)
		parse_take(p, "all");
	if (named(n->name, "substring") || named(n->name, "substr") || named(n->name, "mid") || named(n->name, "overlay"))
		return with_from(p, n);
	if (named(n->name, "position"))
		return with_in(p, n);
	if (named(n->name, "trim"))
		return with_sides(p, n);
	if (parse_in(p, IN_MYSQL | IN_POSTGRESQL) && named(n->name, "extract"))
		return parse_refuse(p, "extract");
	if (parse_is(p, "select")) /* wants brackets of its own */
		return parse_fail(p) != NULL;
	return parse_list(p, n);
}

struct node *parse_call(struct parser *p, struct bytes name)
{
	static const char *const casts[] = { "cast", "try_cast", "convert", "try_convert" };
	struct node *n;

	for (unsigned i = 0; i < COUNT_OF(casts); i++) {
		if (!named(name, casts[i]))
			continue;
		if (i == 0 || (i == 2 && parse_in(p, IN_MYSQL | IN_MSSQL)) || p->dialect == SQL_MSSQL)
			return parse_cast(p, name);
	}
	if (named(name, "row") && parse_in(p, IN_MYSQL | IN_POSTGRESQL)) {
		if ((n = parse_node(p, NODE_ROW)) == NULL || !parse_list(p, n) || !parse_expect(p, ")"))
			return NULL;
		return n;
	}
	if ((n = parse_node(p, NODE_CALL)) == NULL)
		return NULL;
	n->name = name;
	if (!arguments(p, n))
		return NULL;
	if (parse_is2(p, "order", "by") && (n->order = parse_order(p)) == NULL)
		return NULL;
	if (parse_take(p, "separator") && (n->separator = sql_parse_primary(p)) == NULL)
		return NULL;
	if (!parse_expect(p, ")"))
		return NULL;
	n->to = parse_peek(p, 0)->at;
	if (parse_is2(p, "over", "(") || parse_is2(p, "filter", "(") || parse_is(p, "within"))
		return parse_refuse(p, "window");
	return n;
}
