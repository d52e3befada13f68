/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where rows come from: tables (the victim's, of which nothing is known), queries, functions; and their products. */
#include "emu/sql/effect.h"
#include "emu/sql/evaluate.h"

#include <errno.h>
#include <string.h>

enum { HEAVY = 3 /* victim's tables multiplied: a query that takes its time */ };

static bool named(struct bytes a, const char *b)
{
	return bytes_equal_fold(a, bytes_text(b));
}

static int open_rows(struct sql_run *r, bool carrier, struct rows *ret)
{
	struct sql_value *cells;
	int e = rows_begin(r, 0, ret);

	ret->open = true;
	ret->carrier = carrier;
	for (unsigned i = 0; e == 0 && i < r->open_rows; i++)
		e = rows_add(r, ret, &cells);
	return e;
}

/* generate_series(a, b [, step]) */
static int series(struct sql_run *r, const struct node *call, struct rows *ret)
{
	struct sql_value v[3], *cells;
	int64_t from, to, step = 1;
	unsigned count = 0;
	int e;

	for (const struct node *a = call->first; a != NULL && count < 3; a = a->next) {
		if ((e = evaluate_node(r, a, &v[count++])) < 0)
			return e;
	}
	if (count < 2 || (e = value_int_of(r, &v[0], &from)) < 0 || (e = value_int_of(r, &v[1], &to)) < 0 ||
	    (count > 2 && (e = value_int_of(r, &v[2], &step)) < 0))
		return run_error(r);
	if (step == 0)
		return run_error(r);
	if (to > from && (to - from) / (step > 0 ? step : 1) > 1000000)
		effect_note(r, SQL_SLEEP, (struct bytes){ 0 }, 0, true);
	if ((e = rows_begin(r, 1, ret)) < 0)
		return e;
	ret->names[0] = call->name;
	for (int64_t i = from; e == 0 && (step > 0 ? i <= to : i >= to) && ret->count < ROWS_IN_MAX; i += step) {
		if ((e = rows_add(r, ret, &cells)) == 0)
			cells[0] = sql_value_int(i);
	}
	ret->open = ret->count == ROWS_IN_MAX;
	return e;
}

/* OPENROWSET(BULK 'file', …), OPENROWSET('provider', 'connection', 'query') */
static int rowset(struct sql_run *r, const struct node *call, struct rows *ret)
{
	const struct node *a = call->first;
	struct bytes s, host;
	ptrdiff_t at;

	if (a != NULL && a->kind == NODE_LITERAL && a->next != NULL && a->next->kind == NODE_LITERAL) {
		s = a->next->lexeme.text;
		at = bytes_find(s, bytes_text("ddress="));
		if (at < 0)
			at = bytes_find(s, bytes_text("erver="));
		if (at >= 0) {
			const uint8_t *equals = memchr(s.at + at, '=', s.left - (size_t)at);
			size_t n = 0, skip = (size_t)(equals - s.at) + 1;
			uint64_t port = 1433;

			while (skip + n < s.left && s.at[skip + n] != ',' && s.at[skip + n] != ';')
				n++;
			host = bytes_of(s.at + skip, n);
			if (skip + n < s.left && s.at[skip + n] == ',') {
				port = 0;
				for (size_t k = skip + n + 1; k < s.left && s.at[k] >= '0' && s.at[k] <= '9' && port < 65536; k++)
					port = port * 10 + s.at[k] - '0';
			}
			effect_note(r, SQL_CONNECT, host, port < 65536 ? port : 0, false);
		}
	}
	return open_rows(r, false, ret);
}

static int call_rows(struct sql_run *r, const struct node *call, struct rows *ret)
{
	struct sql_value *cells;
	int e;

	if (call->kind == NODE_CALL && named(call->name, "generate_series"))
		return series(r, call, ret);
	if (call->kind == NODE_CALL && r->dialect == SQL_MSSQL && (named(call->name, "openrowset") || named(call->name, "opendatasource")))
		return rowset(r, call, ret);
	if ((e = rows_begin(r, 1, ret)) < 0 || (e = rows_add(r, ret, &cells)) < 0 || (e = evaluate_node(r, call, &cells[0])) < 0)
		return e;
	ret->names[0] = call->name;
	ret->open = cells[0].open;
	return 0;
}

/* A query as a table: MySQL wants its columns' names to differ, and shows the one that does not. */
static int derived(struct sql_run *r, const struct query *q, struct rows *ret)
{
	int e = evaluate_query(r, q, ret);

	for (unsigned c = 1; e == 0 && r->dialect == SQL_MYSQL && c < ret->width; c++) {
		for (unsigned k = 0; k < c; k++) {
			struct sql_value name = value_text(ret->names[c]);

			name.open = true;
			if (ret->names[c].left > 0 && bytes_equal_fold(ret->names[c], ret->names[k]))
				return run_error_says(r, "Duplicate column name '", &name, "'");
		}
	}
	return e;
}

static int one_source(struct sql_run *r, const struct source *s, struct rows *ret)
{
	struct sql_value *cells;
	unsigned c = 0;
	int e;

	if (s->query != NULL)
		e = derived(r, s->query, ret);
	else if (s->call != NULL)
		e = call_rows(r, s->call, ret);
	else if (named(s->name, "dual") && run_in(r, IN_MYSQL | IN_ORACLE))
		e = (e = rows_begin(r, 0, ret)) < 0 ? e : rows_add(r, ret, &cells);
	else
		e = open_rows(r, named(s->name, carrier_table), ret);
	if (e < 0)
		return e;
	for (unsigned i = 0; i < ret->width; i++)
		ret->tables[i] = s->alias.left > 0 ? s->alias : s->name;
	for (const struct node *n = s->columns != NULL ? s->columns->first : NULL; n != NULL && c < ret->width; n = n->next)
		ret->names[c++] = n->name;
	if (s->columns == NULL && s->call != NULL && s->alias.left > 0 && ret->width == 1)
		ret->names[0] = s->alias;
	return 0;
}

/* a × b, as far as there is room for. */
static int product(struct sql_run *r, const struct rows *a, const struct rows *b, struct rows *ret)
{
	struct sql_value *cells;
	int e = rows_begin(r, a->width + b->width, ret);

	if (e < 0)
		return e;
	ret->open = a->open || b->open;
	ret->carrier = a->carrier || b->carrier;
	for (unsigned i = 0; i < a->width + b->width; i++) {
		ret->names[i] = i < a->width ? a->names[i] : b->names[i - a->width];
		ret->tables[i] = i < a->width ? a->tables[i] : b->tables[i - a->width];
	}
	for (unsigned i = 0; i < a->count; i++) {
		for (unsigned k = 0; k < b->count; k++) {
			if (ret->open && ret->count >= ROWS_IN_MAX / 2)
				return 0;
			if ((e = rows_add(r, ret, &cells)) < 0)
				return e;
			if (a->width > 0)
				memcpy(cells, a->cells[i], a->width * sizeof(*cells));
			if (b->width > 0)
				memcpy(cells + a->width, b->cells[k], b->width * sizeof(*cells));
		}
	}
	return 0;
}

static int join_condition(struct sql_run *r, const struct node *on, struct rows *rows)
{
	struct scope scope = { .outer = r->scope, .rows = rows };
	struct sql_value v;
	unsigned kept = 0;
	int e = 0, truth;

	r->scope = &scope;
	for (unsigned i = 0; i < rows->count && e == 0; i++) {
		scope.row = i;
		if ((e = evaluate_condition(r, on, &truth, &v)) == 0 && truth > 0)
			rows->cells[kept++] = rows->cells[i];
	}
	r->scope = scope.outer;
	rows->count = kept;
	return e;
}

int sources_rows(struct sql_run *r, const struct source *s, struct rows *ret)
{
	struct sql_value *cells;
	struct rows next, made;
	unsigned open = 0;
	int e;

	if (s == NULL) {
		e = rows_begin(r, 0, ret);
		return e < 0 ? e : rows_add(r, ret, &cells);
	}
	if ((e = one_source(r, s, ret)) < 0)
		return e;
	open += ret->open;
	for (s = s->next; s != NULL; s = s->next) {
		if ((e = one_source(r, s, &next)) < 0 || (e = product(r, ret, &next, &made)) < 0)
			return e;
		open += next.open;
		*ret = made;
		if (s->on != NULL) {
			if (s->left && !ret->open)
				return run_refuse(r, "outer join");
			if ((e = join_condition(r, s->on, ret)) < 0)
				return e;
		}
	}
	if (open >= HEAVY)
		effect_note(r, SQL_SLEEP, (struct bytes){ 0 }, 0, true);
	return 0;
}
