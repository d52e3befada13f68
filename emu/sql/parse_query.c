/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SELECT: its parts, set operations, and where its rows come from. */
#include "emu/sql/parse.h"

#include <string.h>

bool parse_begins_query(const struct parser *p, unsigned ahead)
{
	while (lexeme_is(parse_peek(p, ahead), "("))
		ahead++;
	if (p->failed != 0)
		return false;
	return lexeme_is(parse_peek(p, ahead), "select") || lexeme_is(parse_peek(p, ahead), "with") ||
	       (lexeme_is(parse_peek(p, ahead), "values") && parse_in(p, IN_POSTGRESQL | IN_SQLITE | IN_MYSQL) &&
	        (p->dialect != SQL_MYSQL || ahead > 0));
}

struct node *parse_order(struct parser *p)
{
	struct node *n = parse_node(p, NODE_ROW), *key;

	p->at += 2; /* ORDER BY, GROUP BY */
	do {
		if (n == NULL || (key = sql_parse_expression(p)) == NULL || !parse_add(p, n, key))
			return NULL;
		if (parse_take(p, "desc"))
			key->descending = true;
		else
			parse_take(p, "asc");
		if (parse_take(p, "nulls")) {
			if (!parse_take(p, "first"))
				parse_expect(p, "last");
		}
	} while (parse_take(p, ","));
	return p->failed == 0 ? n : NULL;
}

/* An item's alias: AS and any name, or a name that is no keyword; MySQL also takes a string. */
static bool alias(struct parser *p, struct bytes *ret)
{
	const struct lexeme *x = parse_peek(p, 0);
	bool as = parse_take(p, "as");

	if (as)
		x = parse_peek(p, 0);
	if (x->kind == LEX_QUOTED || (x->kind == LEX_NAME && (as || !parse_reserved(p, x))) ||
	    (x->kind == LEX_STRING && parse_in(p, IN_MYSQL | IN_MSSQL | IN_SQLITE))) {
		*ret = x->text;
		p->at++;
		return true;
	}
	if (as)
		parse_fail(p);
	return p->failed == 0;
}

static struct node *items(struct parser *p)
{
	struct node *n = parse_node(p, NODE_ROW), *item;

	if (n == NULL)
		return NULL;
	do {
		if (parse_is(p, "*") && (item = parse_node(p, NODE_STAR)) != NULL)
			p->at++;
		else
			item = sql_parse_expression(p);
		if (item == NULL || !parse_add(p, n, item) || !alias(p, &item->alias))
			return NULL;
	} while (parse_take(p, ","));
	return n;
}

/* PostgreSQL and others: name (columns) behind a source. */
static bool source_alias(struct parser *p, struct source *s)
{
	static const char *const next[] = { "left", "right", "inner", "cross", "natural", "full", "outer", "join", "use", "force",
		"ignore", "partition", "tablesample", "with", "on", "using", "union", "minus", "limit", "offset", "fetch", "for", "where", "order", "group", "start", "connect" };

	for (unsigned i = 0; i < COUNT_OF(next); i++) {
		if (parse_is(p, next[i]))
			return true;
	}
	if (!alias(p, &s->alias))
		return false;
	if (s->alias.left > 0 && parse_is(p, "(")) {
		p->at++;
		if ((s->columns = parse_node(p, NODE_ROW)) == NULL || !parse_list(p, s->columns) || !parse_expect(p, ")"))
			return false;
	}
	return true;
}

/* (NOLOCK), WITH (…), USE INDEX (…) */
static bool hints(struct parser *p)
{
	if (p->dialect == SQL_MSSQL && (parse_is2(p, "with", "(") || parse_is2(p, "(", "nolock"))) {
		while (p->failed == 0 && !parse_take(p, ")")) {
			if (parse_at_end(p))
				parse_fail(p);
			p->at++;
		}
	}
	return p->failed == 0;
}

static bool table(struct parser *p, struct source *s)
{
	if (p->dialect == SQL_POSTGRESQL)
		parse_take(p, "lateral");
	if (parse_is(p, "(") && parse_begins_query(p, 0)) {
		p->at++;
		if ((s->query = parse_query(p)) == NULL || !parse_expect(p, ")"))
			return false;
		return source_alias(p, s);
	}
	if (parse_take(p, "(")) { /* (a, b): as if written without */
		struct source *inner = parse_enter(p) ? parse_sources(p) : NULL;

		if (inner == NULL || !parse_expect(p, ")"))
			return false;
		parse_leave(p);
		*s = *inner;
		return true;
	}
	if (parse_is2(p, "table", "(") && p->dialect == SQL_ORACLE) {
		parse_refuse(p, "table()");
		return false;
	}
	if (parse_peek(p, 0)->kind == LEX_NAME && lexeme_is(parse_peek(p, 1), "(")) {
		if ((s->call = sql_parse_primary(p)) == NULL)
			return false;
		return source_alias(p, s);
	}
	if (!sql_parse_name(p, &s->name))
		return false;
	while (parse_take(p, ".")) {
		if (parse_is(p, ".")) /* database..table */
			p->at++;
		s->schema = s->name;
		if (!sql_parse_name(p, &s->name))
			return false;
	}
	if (p->dialect == SQL_ORACLE && parse_is(p, "@"))
		return parse_refuse(p, "link") != NULL;
	return source_alias(p, s) && hints(p);
}

/* How the next source is joined: true while there is one. */
static bool joined(struct parser *p, bool *left, bool *condition)
{
	*left = *condition = false;
	if (parse_take(p, ","))
		return true;
	*condition = true;
	if (parse_take(p, "natural")) {
		parse_refuse(p, "natural join");
		return false;
	}
	if (parse_take(p, "left") || parse_take(p, "right") || parse_take(p, "full"))
		*left = true;
	else if (parse_take(p, "cross"))
		*condition = false;
	else if (!parse_take(p, "inner") && !parse_is(p, "join") && !parse_is(p, "straight_join"))
		return false;
	parse_take(p, "outer");
	if (!parse_take(p, "straight_join"))
		parse_expect(p, "join");
	return p->failed == 0;
}

struct source *parse_sources(struct parser *p)
{
	struct source *first = parse_room(p, sizeof(*first)), *s = first;
	bool left, condition;
	unsigned count = 1;

	if (s == NULL || !table(p, s))
		return NULL;
	while (p->failed == 0 && joined(p, &left, &condition)) {
		if (++count > 16)
			return parse_refuse(p, "many tables");
		while (s->next != NULL) /* those in parentheses */
			s = s->next;
		if ((s->next = parse_room(p, sizeof(*s))) == NULL)
			return NULL;
		s = s->next;
		s->left = left;
		if (!table(p, s))
			return NULL;
		if (parse_take(p, "on")) {
			if ((s->on = sql_parse_expression(p)) == NULL)
				return NULL;
		} else if (parse_take(p, "using")) {
			return parse_refuse(p, "using");
		} else if (condition && left) {
			return parse_fail(p);
		}
	}
	return p->failed == 0 ? first : NULL;
}

/* MySQL: INTO OUTFILE '…' options, INTO DUMPFILE '…', INTO @variable; SQL Server: INTO table. */
static bool into(struct parser *p, struct query *q)
{
	struct bytes name;

	if (!parse_take(p, "into"))
		return p->failed == 0;
	if (p->dialect != SQL_MYSQL)
		return sql_parse_name(p, &name);
	if (parse_peek(p, 0)->kind == LEX_VARIABLE) {
		p->at++;
		return true;
	}
	if (!parse_take(p, "outfile") && !parse_expect(p, "dumpfile"))
		return false;
	if (parse_peek(p, 0)->kind != LEX_STRING)
		return parse_fail(p) != NULL;
	q->into = parse_peek(p, 0)->text;
	q->writes = true;
	p->at++;
	/* FIELDS TERMINATED BY '…' and its like: words and strings */
	while (parse_is(p, "fields") || parse_is(p, "columns") || parse_is(p, "lines") || parse_is(p, "terminated") ||
	       parse_is(p, "optionally") || parse_is(p, "enclosed") || parse_is(p, "escaped") || parse_is(p, "starting")) {
		p->at++;
		if (parse_take(p, "by"))
			p->at++;
	}
	return true;
}

static bool values(struct parser *p, struct core *c)
{
	struct node *row;

	if ((c->values = parse_node(p, NODE_ROW)) == NULL)
		return false;
	do {
		parse_take(p, "row");
		if (!parse_expect(p, "(") || (row = parse_node(p, NODE_ROW)) == NULL || !parse_list(p, row) ||
		    !parse_expect(p, ")") || !parse_add(p, c->values, row))
			return false;
	} while (parse_take(p, ","));
	return true;
}

static bool options(struct parser *p, struct core *c)
{
	static const char *const words[] = { "sql_no_cache", "sql_cache", "sql_calc_found_rows", "straight_join", "high_priority",
		"sql_small_result", "sql_big_result", "sql_buffer_result" };

	for (bool more = true; more;) {
		more = false;
		if (parse_take(p, "distinct") || (p->dialect == SQL_MYSQL && parse_take(p, "distinctrow")) ||
		    (p->dialect == SQL_ORACLE && parse_take(p, "unique")))
			c->distinct = more = true;
		else if (parse_take(p, "all"))
			more = true;
		for (unsigned i = 0; i < COUNT_OF(words) && p->dialect == SQL_MYSQL; i++)
			more |= parse_take(p, words[i]);
	}
	if (p->dialect == SQL_MSSQL && parse_take(p, "top")) {
		if ((c->top = sql_parse_primary(p)) == NULL)
			return false;
		parse_take(p, "percent");
		if (parse_is2(p, "with", "ties"))
			p->at += 2;
	}
	return true;
}

static bool core(struct parser *p, struct query *q, struct core *c)
{
	if (parse_take(p, "(")) {
		c->inner = parse_query(p);
		return c->inner != NULL && parse_expect(p, ")");
	}
	if (parse_is(p, "with"))
		return parse_refuse(p, "with") != NULL;
	if (parse_take(p, "values"))
		return values(p, c);
	if (!parse_expect(p, "select") || !options(p, c))
		return false;
	if (p->dialect == SQL_POSTGRESQL && (parse_is(p, "from") || parse_peek(p, 0)->kind == LEX_END))
		c->items = parse_node(p, NODE_ROW);
	else if ((c->items = items(p)) == NULL)
		return false;
	if (!into(p, q) || (parse_take(p, "from") && (c->from = parse_sources(p)) == NULL))
		return false;
	if (parse_take(p, "where") && (c->where = sql_parse_expression(p)) == NULL)
		return false;
	if (parse_is(p, "connect") || parse_is2(p, "start", "with"))
		return parse_refuse(p, "connect by") != NULL;
	if (parse_is2(p, "group", "by")) {
		if ((c->group = parse_order(p)) == NULL)
			return false;
		if (parse_is2(p, "with", "rollup"))
			return parse_refuse(p, "rollup") != NULL;
	}
	if (parse_take(p, "having") && (c->having = sql_parse_expression(p)) == NULL)
		return false;
	return p->failed == 0;
}

/* LIMIT a [, b | OFFSET b], OFFSET n ROWS, FETCH FIRST n ROWS ONLY */
static bool limits(struct parser *p, struct query *q)
{
	if (parse_in(p, IN_MYSQL | IN_POSTGRESQL | IN_SQLITE) && parse_take(p, "limit")) {
		if (parse_take(p, "all"))
			return true;
		if ((q->limit = sql_parse_expression(p)) == NULL)
			return false;
		if (parse_take(p, ",")) {
			q->offset = q->limit;
			if ((q->limit = sql_parse_expression(p)) == NULL)
				return false;
		}
	}
	if (parse_take(p, "offset")) {
		if ((q->offset = sql_parse_expression(p)) == NULL)
			return false;
		if (!parse_take(p, "rows"))
			parse_take(p, "row");
	}
	if (parse_in(p, IN_POSTGRESQL | IN_MSSQL | IN_ORACLE) && parse_take(p, "fetch")) {
		if (!parse_take(p, "first"))
			parse_expect(p, "next");
		if ((q->limit = sql_parse_primary(p)) == NULL)
			return false;
		if (!parse_take(p, "rows"))
			parse_expect(p, "row");
		return parse_expect(p, "only");
	}
	return p->failed == 0;
}

/* What may stand at a query's end without changing its rows. */
static bool tail(struct parser *p, struct query *q)
{
	if (p->dialect == SQL_MYSQL && parse_take(p, "procedure")) {
		if (parse_peek(p, 0)->kind != LEX_NAME)
			return parse_fail(p) != NULL;
		if ((q->procedure = sql_parse_primary(p)) == NULL)
			return false;
	}
	if (!into(p, q))
		return false;
	if (parse_take(p, "for")) {
		if (parse_is(p, "xml") || parse_is(p, "json") || parse_is(p, "browse"))
			return parse_refuse(p, "for xml") != NULL;
		if (!parse_take(p, "update"))
			parse_expect(p, "share");
	}
	return p->failed == 0;
}

static enum query_set set_here(struct parser *p)
{
	if (parse_take(p, "union")) {
		if (parse_take(p, "all"))
			return SET_UNION_ALL;
		parse_take(p, "distinct");
		return SET_UNION;
	}
	if (parse_take(p, "except") || (p->dialect == SQL_ORACLE && parse_take(p, "minus")))
		return SET_EXCEPT;
	return parse_take(p, "intersect") ? SET_INTERSECT : SET_NONE;
}

struct query *parse_query(struct parser *p)
{
	struct query *q = NULL;
	struct core **end;
	enum query_set set = SET_NONE;
	unsigned count = 0;

	if (!parse_enter(p))
		return NULL;
	q = parse_room(p, sizeof(*q));
	end = q != NULL ? &q->cores : NULL;
	do {
		struct core *c = parse_room(p, sizeof(*c));

		if (c == NULL || q == NULL || ++count > 256 || !core(p, q, c))
			break;
		c->set = set;
		*end = c;
		end = &c->next;
		set = set_here(p);
	} while (set != SET_NONE && p->failed == 0);
	if (p->failed == 0 && count > 256)
		parse_refuse(p, "many selects");
	if (p->failed == 0 && parse_is2(p, "order", "by"))
		q->order = parse_order(p);
	if (p->failed == 0 && limits(p, q))
		(void)!tail(p, q);
	parse_leave(p);
	return p->failed == 0 ? q : NULL;
}
