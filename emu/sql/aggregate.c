/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Aggregates over a group's rows. Of the victim's own tables nobody knows how many rows there are. */
#include "emu/sql/effect.h"
#include "emu/sql/evaluate.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

enum aggregate { COUNT, SUM, AVG, MIN, MAX, CONCAT, TOTAL };

static const struct { const char *name; unsigned in; enum aggregate what; } names[] = {
	{ "count", IN_ALL, COUNT }, { "sum", IN_ALL, SUM }, { "avg", IN_ALL, AVG }, { "min", IN_ALL, MIN }, { "max", IN_ALL, MAX },
	{ "group_concat", IN_MYSQL | IN_SQLITE, CONCAT }, { "string_agg", IN_POSTGRESQL | IN_MSSQL, CONCAT },
	{ "listagg", IN_ORACLE, CONCAT }, { "wm_concat", IN_ORACLE, CONCAT }, { "total", IN_SQLITE, TOTAL },
};

static int which(const struct sql_run *r, const struct node *n)
{
	for (unsigned i = 0; n->kind == NODE_CALL && i < COUNT_OF(names); i++) {
		if (run_in(r, names[i].in) && bytes_equal_fold(n->name, bytes_text(names[i].name)) &&
		    !(r->dialect == SQL_SQLITE && (names[i].what == MIN || names[i].what == MAX) && n->count > 1))
			return (int)names[i].what;
	}
	return -1;
}

bool aggregate_is(const struct sql_run *r, const struct node *n)
{
	return which(r, n) >= 0;
}

bool aggregate_within(const struct sql_run *r, const struct node *n)
{
	bool found = aggregate_is(r, n);

	for (const struct node *a = n->first; a != NULL && !found; a = a->next)
		found = aggregate_within(r, a);
	return found;
}

struct sums {
	unsigned count;
	struct sql_value value;   /* so far; of no type yet */
	bool open;
	struct sink text;
	struct bytes separator;
};

static int add_number(struct sql_run *r, const struct sql_value *v, struct sums *s)
{
	struct sql_value n, sum;
	int e = sql_value_number(r, v, &n);

	if (e < 0)
		return e;
	if (r->dialect == SQL_MYSQL && type_is_integer(n.type)) { /* sums are exact there */
		const struct decimal *d;

		if ((e = value_decimal_of(r, &n, &d)) < 0)
			return e;
		n = value_decimal(d);
	} else if (r->dialect == SQL_POSTGRESQL && type_is_integer(n.type)) {
		n.type = TYPE_BIGINT;
	}
	if (s->count == 0) {
		s->value = n;
		return 0;
	}
	if ((e = operate(r, OP_ADD, &s->value, &n, &sum)) < 0)
		return e;
	if (r->dialect == SQL_SQLITE && type_is_integer(s->value.type) && type_is_integer(n.type) && sum.type == TYPE_REAL)
		return run_error(r); /* integer overflow */
	s->value = sum;
	return e;
}

static int add(struct sql_run *r, enum aggregate what, const struct sql_value *v, struct sums *s)
{
	struct bytes text;
	int cmp, e = 0;

	s->open |= v->open;
	switch (what) {
	case SUM: case AVG: case TOTAL:
		e = add_number(r, v, s);
		break;
	case MIN: case MAX:
		if (s->count > 0 && (e = compare_order(r, v, &s->value, &cmp)) < 0)
			return e;
		if (s->count == 0 || (what == MIN ? cmp < 0 : cmp > 0))
			s->value = *v;
		break;
	case CONCAT:
		if ((e = value_write(r, v, false, &text)) < 0)
			return e;
		if (s->count > 0)
			sink_put(&s->text, s->separator.at, s->separator.left);
		sink_put(&s->text, text.at, text.left);
		break;
	default:
		break;
	}
	s->count++;
	return e;
}

static int average(struct sql_run *r, const struct sums *s, struct sql_value *ret)
{
	struct sql_value n = sql_value_int(s->count), sum = s->value;
	const struct decimal *d;
	int e;

	if (r->dialect == SQL_SQLITE) {
		*ret = value_real(0);
		e = value_real_of(r, &s->value, &ret->d);
		ret->d /= s->count;
		return e;
	}
	if (r->dialect == SQL_POSTGRESQL && type_is_integer(sum.type)) {
		if ((e = value_decimal_of(r, &sum, &d)) < 0)
			return e;
		sum = value_decimal(d);
	}
	return operate(r, OP_DIV, &sum, &n, ret);
}

/* The separator: a word of its own, or the second argument. */
static int separator(struct sql_run *r, const struct node *n, struct sums *s)
{
	const struct node *by = n->separator != NULL ? n->separator : n->first != NULL && r->dialect != SQL_MYSQL ? n->first->next : NULL;
	struct sql_value v;
	int e = 0;

	s->separator = r->dialect == SQL_ORACLE ? (struct bytes){ 0 } : bytes_text(",");
	if (by != NULL && (e = evaluate_node(r, by, &v)) == 0 && !v.null)
		e = value_write(r, &v, false, &s->separator);
	return e;
}

/* The argument of one row; of several in MySQL's group_concat: all together. */
static int argument(struct sql_run *r, const struct node *n, enum aggregate what, struct sql_value *ret)
{
	struct sql_value v, sum;
	int e = evaluate_node(r, n->first, ret);

	for (const struct node *a = n->first->next; e == 0 && a != NULL && what == CONCAT && r->dialect == SQL_MYSQL; a = a->next) {
		if ((e = evaluate_node(r, a, &v)) == 0 && (e = operate_concat(r, ret, &v, &sum)) == 0)
			*ret = sum;
	}
	return e;
}

static int over_rows(struct sql_run *r, const struct node *n, enum aggregate what, struct sums *s)
{
	struct scope *scope = r->scope;
	unsigned row = scope->row, count = scope->group_count;
	struct sql_value v, *seen = run_room(r, (count + 1) * sizeof(*seen));
	const unsigned *group = scope->group;
	int e = seen == NULL ? -ENOMEM : 0;

	scope->group = NULL; /* aggregates do not stand in aggregates */
	for (unsigned i = 0; i < count && e == 0; i++) {
		bool known = false;
		int cmp;

		scope->row = group[i];
		if (n->star) {
			s->count++;
			continue;
		}
		if ((e = argument(r, n, what, &v)) < 0 || v.null)
			continue;
		for (unsigned k = 0; k < s->count && n->distinct && !known; k++)
			known = compare_order(r, &seen[k], &v, &cmp) == 0 && cmp == 0;
		if (known)
			continue;
		seen[s->count] = v;
		e = add(r, what, &v, s);
	}
	scope->group = group;
	scope->row = row;
	return e;
}

int aggregate_call(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	enum aggregate what = (enum aggregate)which(r, n);
	struct sums s = { .value = value_null(TYPE_NULL) };
	uint8_t *room = run_room(r, 65536);
	bool open;
	int e;

	if (r->scope == NULL || !r->scope->grouped || r->scope->group == NULL)
		return run_error(r);
	if (room == NULL)
		return -ENOMEM;
	if (!n->star && n->first == NULL)
		return run_error(r);
	if (n->order != NULL && !r->scope->rows->open && n->order->count > 0)
		return run_refuse(r, "ordered aggregate");
	s.text = sink_over(room, 65536);
	if ((what == CONCAT && (e = separator(r, n, &s)) < 0) || (e = over_rows(r, n, what, &s)) < 0)
		return e;
	open = s.open || r->scope->rows->open;
	if (what == COUNT) {
		*ret = r->scope->rows->open ? effect_unknown_number(r, n->name, r->scope->row) : sql_value_int(s.count);
		if (r->dialect == SQL_POSTGRESQL)
			ret->type = TYPE_BIGINT;
	} else if (s.count == 0) {
		*ret = what == TOTAL ? value_real(0) : value_null(s.value.type);
	} else if (what == AVG) {
		e = average(r, &s, ret);
	} else if (what == CONCAT) {
		if (s.text.overflow)
			return -E2BIG;
		*ret = value_text(bytes_of(room, s.text.used));
	} else if (what == TOTAL) {
		*ret = value_real(0);
		e = value_real_of(r, &s.value, &ret->d);
	} else {
		*ret = s.value;
	}
	ret->open |= open;
	return e;
}
