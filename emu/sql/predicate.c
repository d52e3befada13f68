/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Predicates: AND, OR, IN, BETWEEN, LIKE, IS, comparisons of rows, ANY and ALL. */
#include "emu/sql/effect.h"
#include "emu/sql/expression.h"
#include "emu/sql/operate.h"

#include <errno.h>

int evaluate_condition(struct sql_run *r, const struct node *n, int *ret, struct sql_value *value)
{
	int e = evaluate_node(r, n, value);

	if (e < 0)
		return e;
	if (value->carrier) {
		*ret = 1;
		return 0;
	}
	if (value->open && value->type != TYPE_BOOL && value->type != TYPE_INT) { /* a column, whatever it holds */
		*ret = effect_decide(r, value, 1);
		return 0;
	}
	if (value->type == TYPE_UNKNOWN && (e = cast_literal(r, value, TYPE_BOOL, value)) < 0)
		return e;
	if (value->type == TYPE_NULL && value->null) {
		*ret = -1;
		return 0;
	}
	if (r->dialect == SQL_POSTGRESQL && value->type != TYPE_BOOL)
		return run_mismatch(r);
	if (run_in(r, IN_MSSQL | IN_ORACLE) && value->type != TYPE_BOOL)
		return run_error(r);
	if ((e = value_truth_of(r, value, ret)) < 0)
		return e;
	if (value->open)
		*ret = effect_decide(r, value, *ret);
	return 0;
}

/* PostgreSQL checks the types of what it never evaluates. */
static int check_condition(struct sql_run *r, const struct node *n)
{
	struct sql_value v;
	int e = run_in(r, IN_POSTGRESQL) ? evaluate_type(r, n, &v) : 0;

	if (e == 0 && run_in(r, IN_POSTGRESQL) && v.type != TYPE_BOOL && v.type > TYPE_UNKNOWN)
		e = run_mismatch(r);
	return e;
}

int logic(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value a, b;
	int x, y, e, decided;

	if ((e = evaluate_condition(r, n->first, &x, &a)) < 0)
		return e;
	if (a.carrier && n->op != OP_XOR) { /* the attacked query's own predicate: what is added decides */
		if ((e = evaluate_condition(r, n->first->next, &y, &b)) < 0)
			return e;
		*ret = sql_value_truth(r, y > 0);
		ret->null = y < 0;
		ret->open = b.open;
		ret->carrier = b.carrier;
		return 0;
	}
	decided = n->op == OP_AND ? 0 : 1;
	if (n->op != OP_XOR && x == decided) {
		if ((e = check_condition(r, n->first->next)) < 0)
			return e;
		*ret = sql_value_truth(r, decided);
		ret->open = a.open;
		return 0;
	}
	if ((e = evaluate_condition(r, n->first->next, &y, &b)) < 0)
		return e;
	if (b.carrier && n->op != OP_XOR) {
		*ret = sql_value_truth(r, x > 0);
		ret->null = x < 0;
		ret->open = a.open;
		ret->carrier = a.carrier;
		return 0;
	}
	if (n->op == OP_XOR) {
		*ret = sql_value_truth(r, x != y);
		ret->null = x < 0 || y < 0;
	} else {
		*ret = sql_value_truth(r, y == decided ? decided : !decided);
		ret->null = y != decided && (x < 0 || y < 0);
	}
	/* what is decided by the side that is known does not hang on the other */
	ret->open = a.open || b.open;
	if (n->op != OP_XOR && !b.open && y == decided)
		ret->open = false;
	return 0;
}

/* The parts of a row, or the one value. */
static unsigned parts(const struct node *n, const struct node **first)
{
	*first = n->kind == NODE_ROW ? n->first : n;
	return n->kind == NODE_ROW ? n->count : 1;
}

/* (a, b) = (SELECT c, d …): errors tell; what the rows are is compared where they are equal or not. */
static int row_and_query(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	const struct node *row = n->first->kind == NODE_ROW ? n->first : n->first->next, *a;
	const struct node *query = n->first->kind == NODE_QUERY ? n->first : n->first->next;
	struct sql_value v, one;
	unsigned c = 0;
	struct rows rows;
	int e;

	if (row->kind != NODE_ROW || query->kind != NODE_QUERY)
		return run_error(r);
	if ((e = evaluate_query(r, query->query, &rows)) < 0)
		return e;
	if (rows.width != row->count || (rows.count > 1 && !rows.open))
		return run_error(r);
	if (n->op != OP_EQ && n->op != OP_NE && !rows.open)
		return run_refuse(r, "order of rows");
	*ret = sql_value_truth(r, n->op == OP_EQ);
	ret->open = rows.open;
	ret->null = rows.count == 0;
	for (a = row->first; a != NULL && rows.count > 0; a = a->next, c++) {
		if ((e = evaluate_node(r, a, &v)) < 0 || (e = compare(r, OP_EQ, &v, &rows.cells[0][c], &one)) < 0)
			return e;
		if (!one.null && !one.i)
			ret->i = n->op == OP_NE;
		ret->open |= one.open;
	}
	return 0;
}

int compare_rows(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	const struct node *a, *b;
	struct sql_value x, y, one;
	unsigned count;
	int e;

	if (n->first->next->kind == NODE_QUERY || n->first->kind == NODE_QUERY)
		return row_and_query(r, n, ret);
	count = parts(n->first, &a);
	if (parts(n->first->next, &b) != count)
		return run_error(r);
	if (n->op != OP_EQ && n->op != OP_NE)
		return run_refuse(r, "order of rows");
	*ret = sql_value_truth(r, n->op == OP_EQ);
	for (; count > 0; count--, a = a->next, b = b->next) {
		if ((e = evaluate_node(r, a, &x)) < 0 || (e = evaluate_node(r, b, &y)) < 0 || (e = compare(r, OP_EQ, &x, &y, &one)) < 0)
			return e;
		if (one.null)
			ret->null = true;
		ret->open |= one.open;
		if (!one.null && one.i == 0) {
			*ret = sql_value_truth(r, n->op == OP_NE);
			ret->open = one.open;
			return 0;
		}
	}
	return 0;
}

static void negate(const struct sql_run *r, const struct node *n, struct sql_value *v)
{
	(void)r;
	if (n->negated && !v->null)
		v->i = !v->i;
}

static void carried(struct sql_run *r, struct sql_value *ret)
{
	*ret = sql_value_truth(r, true);
	ret->carrier = ret->open = true;
}

int predicate_between(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value v, low, high, a, b;
	int e;

	if ((e = evaluate_node(r, n->first, &v)) < 0 || (e = evaluate_node(r, n->first->next, &low)) < 0 ||
	    (e = evaluate_node(r, n->first->next->next, &high)) < 0)
		return e;
	if (v.carrier) {
		carried(r, ret);
		return 0;
	}
	if (r->dialect == SQL_MYSQL && !v.null && !low.null && !high.null) {
		/* all three are compared as one type: texts only where all are */
		bool texts = type_is_string(v.type) && type_is_string(low.type) && type_is_string(high.type);

		if (texts && (v.type == TYPE_BYTES || low.type == TYPE_BYTES || high.type == TYPE_BYTES))
			v.type = TYPE_BYTES; /* one collation for all three */
		if (!texts && (type_is_string(v.type) || type_is_string(low.type) || type_is_string(high.type))) {
			if ((e = sql_value_number(r, &v, &v)) < 0 || (e = sql_value_number(r, &low, &low)) < 0 || (e = sql_value_number(r, &high, &high)) < 0)
				return e;
			if (v.type != TYPE_REAL)
				return run_refuse(r, "between of mixed types");
		}
	}
	if ((e = compare(r, OP_GE, &v, &low, &a)) < 0 || (e = compare(r, OP_LE, &v, &high, &b)) < 0)
		return e;
	*ret = sql_value_truth(r, a.i != 0 && b.i != 0);
	ret->null = (a.null && (b.null || b.i)) || (b.null && (a.null || a.i));
	if ((!a.null && !a.i) || (!b.null && !b.i))
		*ret = sql_value_truth(r, false);
	ret->open = a.open || b.open;
	negate(r, n, ret);
	return 0;
}

static void found(struct sql_run *r, const struct sql_value *one, struct sql_value *ret)
{
	(void)r;
	if (one->null) {
		ret->null |= ret->i == 0;
	} else if (one->i != 0) {
		ret->i = 1;
		ret->null = false;
	}
	ret->open |= one->open;
}

int predicate_in(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value v, item, one;
	struct rows rows;
	int e;

	if (n->first->kind == NODE_ROW)
		return run_refuse(r, "row in a list");
	if ((e = evaluate_node(r, n->first, &v)) < 0)
		return e;
	*ret = sql_value_truth(r, false);
	if (n->query != NULL) {
		if ((e = evaluate_query(r, n->query, &rows)) < 0)
			return e;
		if (rows.width != 1 && !(rows.open && rows.width == 0))
			return run_error(r);
		ret->open = rows.open;
		for (unsigned i = 0; i < rows.count && rows.width == 1 && !v.carrier; i++) {
			if ((e = compare(r, OP_EQ, &v, &rows.cells[i][0], &one)) < 0)
				return e;
			found(r, &one, ret);
		}
	} else {
		struct sql_value common = v;

		/* PostgreSQL brings all to one type first */
		for (const struct node *i = n->first->next; i != NULL && r->dialect == SQL_POSTGRESQL && !v.carrier; i = i->next) {
			struct sql_value with = common, type;

			if ((e = evaluate_type(r, i, &type)) < 0 || (e = cast_common(r, &with, &type, &common)) < 0)
				return e;
		}
		for (const struct node *i = n->first->next; i != NULL; i = i->next) {
			if ((e = evaluate_node(r, i, &item)) < 0)
				return e;
			if (v.carrier || (ret->i && !ret->open))
				continue;
			if ((e = compare(r, OP_EQ, &v, &item, &one)) < 0)
				return e;
			found(r, &one, ret);
		}
	}
	if (v.carrier)
		carried(r, ret);
	else
		negate(r, n, ret);
	return 0;
}

int predicate_like(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value text, pattern, escape;
	const struct node *second = n->first->next;
	int e;

	if ((e = evaluate_node(r, n->first, &text)) < 0 || (e = evaluate_node(r, second, &pattern)) < 0 ||
	    (second->next != NULL && (e = evaluate_node(r, second->next, &escape)) < 0))
		return e;
	if (text.carrier && n->op != OP_REGEXP) {
		carried(r, ret);
		return 0;
	}
	if (text.carrier) { /* the pattern itself may be wrong, and so tell */
		struct sql_value empty = value_text((struct bytes){ 0 });

		if ((e = like(r, n->op, &empty, &pattern, NULL, ret)) < 0)
			return e;
		carried(r, ret);
		return 0;
	}
	if (n->op == OP_SOUNDS)
		return run_refuse(r, "sounds like");
	if (r->dialect == SQL_SQLITE && n->op == OP_REGEXP)
		return run_error(r); /* no such function */
	if ((e = like(r, n->op, &text, &pattern, second->next != NULL ? &escape : NULL, ret)) == 0)
		negate(r, n, ret);
	return e;
}

int predicate_is(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	bool truth = bytes_equal(n->name, bytes_text("true")), falsehood = bytes_equal(n->name, bytes_text("false"));
	struct sql_value v, other;
	int e, t;

	if (bytes_equal(n->name, bytes_text("same"))) {
		if ((e = evaluate_node(r, n->first, &v)) < 0 || (e = evaluate_node(r, n->first->next, &other)) < 0 ||
		    (e = compare(r, OP_NULLSAFE, &v, &other, ret)) < 0)
			return e;
	} else if (bytes_equal(n->name, bytes_text("null"))) {
		if ((e = evaluate_node(r, n->first, &v)) < 0)
			return e;
		*ret = sql_value_truth(r, v.null);
		ret->open = v.open;
		if (v.carrier)
			carried(r, ret);
	} else {
		if ((e = evaluate_condition(r, n->first, &t, &v)) < 0)
			return e;
		*ret = sql_value_truth(r, truth ? t == 1 : falsehood ? t == 0 : t < 0);
		ret->open = v.open;
	}
	if (!ret->carrier)
		negate(r, n, ret);
	return 0;
}

int predicate_quantified(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	bool all = bytes_equal_fold(n->name, bytes_text("all"));
	struct sql_value v, one;
	struct rows rows;
	int e;

	if ((e = evaluate_node(r, n->first, &v)) < 0 || (e = evaluate_query(r, n->query, &rows)) < 0)
		return e;
	if (rows.width != 1)
		return rows.open ? run_refuse(r, "any of a table") : run_error(r);
	*ret = sql_value_truth(r, all);
	for (unsigned i = 0; i < rows.count; i++) {
		if ((e = compare(r, n->op, &v, &rows.cells[i][0], &one)) < 0)
			return e;
		ret->open |= one.open;
		if (one.null)
			ret->null = true;
		else if ((one.i != 0) != all) {
			*ret = sql_value_truth(r, !all);
			ret->open = one.open || rows.open;
			return 0;
		}
	}
	ret->open |= rows.open;
	return 0;
}
