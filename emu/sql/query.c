/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries: SELECTs put together, ordered, cut. The attacked query's own SELECT gives no rows, but its predicate is told. */
#include "emu/sql/effect.h"
#include "emu/sql/evaluate.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

int rows_begin(struct sql_run *r, unsigned width, struct rows *ret)
{
	*ret = (struct rows){ .width = width };
	if (width > COLUMNS_MAX)
		return run_refuse(r, "many columns");
	ret->names = run_room(r, (width + 1) * sizeof(*ret->names));
	ret->tables = run_room(r, (width + 1) * sizeof(*ret->tables));
	ret->cells = run_room(r, ROWS_IN_MAX * sizeof(*ret->cells));
	return ret->names == NULL || ret->tables == NULL || ret->cells == NULL ? -ENOMEM : 0;
}

int rows_add(struct sql_run *r, struct rows *rows, struct sql_value **ret)
{
	if (rows->count == ROWS_IN_MAX)
		return -E2BIG;
	if ((*ret = run_room(r, (rows->width + 1) * sizeof(**ret))) == NULL)
		return -ENOMEM;
	rows->cells[rows->count++] = *ret;
	return 0;
}

static bool same_cell(struct sql_run *r, const struct sql_value *a, const struct sql_value *b)
{
	int cmp;

	if (a->null || b->null)
		return a->null && b->null;
	return compare_order(r, a, b, &cmp) == 0 && cmp == 0;
}

static bool same_row(struct sql_run *r, const struct rows *a, unsigned i, const struct rows *b, unsigned k)
{
	for (unsigned c = 0; c < a->width; c++) {
		if (!same_cell(r, &a->cells[i][c], &b->cells[k][c]))
			return false;
	}
	return true;
}

static bool holds_row(struct sql_run *r, const struct rows *in, unsigned count, const struct rows *of, unsigned k)
{
	for (unsigned i = 0; i < count; i++) {
		if (same_row(r, in, i, of, k))
			return true;
	}
	return false;
}

static void distinct(struct sql_run *r, struct rows *rows)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < rows->count; i++) {
		if (!holds_row(r, rows, kept, rows, i))
			rows->cells[kept++] = rows->cells[i];
	}
	rows->count = kept;
}

static int values_rows(struct sql_run *r, const struct node *values, struct rows *ret)
{
	int e = rows_begin(r, values->first->count, ret);

	for (const struct node *row = values->first; e == 0 && row != NULL; row = row->next) {
		struct sql_value *cells;
		unsigned c = 0;

		if (row->count != ret->width)
			return run_error(r);
		if ((e = rows_add(r, ret, &cells)) < 0)
			return e;
		for (const struct node *n = row->first; n != NULL; n = n->next) {
			if ((e = evaluate_node(r, n, &cells[c++])) < 0)
				return e;
		}
	}
	return e;
}

/* Does it begin with the query's own column? */
static bool is_own(const struct node *n)
{
	while (n->first != NULL && n->kind != NODE_CALL && n->kind != NODE_CASE)
		n = n->first;
	return n->kind == NODE_COLUMN && bytes_equal(n->name, bytes_text(carrier_column));
}

/*
 * Is what the attack added a predicate at all? Ordinary text holds AND and OR between words and numbers; closed quotes
 * make a number one.
 */
static bool added_predicate(const struct sql_run *r, const struct node *n)
{
	bool found = false, own = is_own(n);

	switch (n->kind) {
	case NODE_BINARY:
		if (n->op > OP_AND)
			return !own && n->op <= OP_NULLSAFE;
		break;
	case NODE_UNARY:
		break;
	case NODE_LITERAL:
		return r->quoted && n->lexeme.kind != LEX_STRING ? true : r->quoted && n->lexeme.text.left > 0 && n->lexeme.text.at[0] >= '1' && n->lexeme.text.at[0] <= '9';
	case NODE_WORD:
		return r->quoted;
	case NODE_LIKE: case NODE_IN: case NODE_BETWEEN: case NODE_IS:
		return !own;
	default:
		return n->kind != NODE_COLUMN && n->kind != NODE_VARIABLE;
	}
	for (const struct node *a = n->first; a != NULL && !found; a = a->next)
		found = added_predicate(r, a);
	return found;
}

/* The attacked query's predicate: what the attack made of it, if it is more than the query's own. */
static void tell_truth(struct sql_run *r, const struct node *where, const struct sql_value *v, int truth)
{
	if (!v->carrier && added_predicate(r, where))
		effect_note(r, SQL_TRUTH, (struct bytes){ 0 }, truth > 0, v->open);
}

static int core_rows(struct sql_run *r, const struct core *c, struct rows *ret)
{
	unsigned *kept = run_room(r, ROWS_IN_MAX * sizeof(*kept)), count = 0, open_rows = r->open_rows;
	bool unread = r->unread;
	struct scope scope = { .outer = r->scope };
	struct rows in;
	int e, truth;

	if (c->inner != NULL)
		return evaluate_query(r, c->inner, ret);
	r->unread = false;
	if (c->values != NULL)
		return values_rows(r, c->values, ret);
	if (kept == NULL)
		return -ENOMEM;
	r->open_rows = c->group != NULL ? 4 : 1;
	if ((e = sources_rows(r, c->from, &in)) < 0)
		return e;
	r->open_rows = open_rows;
	scope.rows = &in;
	r->scope = &scope;
	for (unsigned i = 0; e == 0 && i < in.count; i++) {
		struct sql_value v = { .carrier = true };

		scope.row = i;
		truth = 1;
		if (c->where != NULL && (e = evaluate_condition(r, c->where, &truth, &v)) == 0 && in.carrier)
			tell_truth(r, c->where, &v, truth);
		if (truth > 0)
			kept[count++] = i;
	}
	if (e == 0)
		e = grouping_rows(r, c, &in, kept, count, unread, ret);
	r->random.kept = false;
	r->scope = scope.outer;
	if (e < 0)
		return e;
	if (c->distinct)
		distinct(r, ret);
	if (in.carrier)
		ret->count = 0;
	ret->carrier = in.carrier;
	if (c->top != NULL && !ret->open) {
		struct sql_value n;

		if ((e = evaluate_node(r, c->top, &n)) < 0)
			return e;
		if (!n.null && type_is_integer(n.type) && n.i >= 0 && (uint64_t)n.i < ret->count)
			ret->count = (unsigned)n.i;
	}
	return 0;
}

/* PostgreSQL minds columns of other types; others bring them together. */
static int check_types(struct sql_run *r, const struct rows *a, const struct rows *b)
{
	struct sql_value common;
	int e = 0;

	for (unsigned c = 0; r->dialect == SQL_POSTGRESQL && a->count > 0 && b->count > 0 && c < a->width && e == 0; c++)
		e = cast_common(r, &a->cells[0][c], &b->cells[0][c], &common);
	return e;
}

static int combine(struct sql_run *r, enum query_set set, struct rows *a, struct rows *b)
{
	unsigned kept = 0;
	int e;

	if (a->carrier || (a->open && a->width == 0)) { /* as many columns as it takes */
		*a = *b;
		a->carrier = a->open = true; /* and as many rows as it has before */
		return 0;
	}
	if (a->width != b->width && !(b->open && b->width <= 1))
		return run_error(r);
	if (b->open && b->width != a->width)
		return 0;
	if ((e = check_types(r, a, b)) < 0)
		return e;
	a->open |= b->open;
	if (set == SET_UNION || set == SET_UNION_ALL) {
		for (unsigned i = 0; i < b->count; i++) {
			if (a->count == ROWS_IN_MAX)
				return -E2BIG;
			a->cells[a->count++] = b->cells[i];
		}
		if (set == SET_UNION)
			distinct(r, a);
		return 0;
	}
	distinct(r, a);
	for (unsigned i = 0; i < a->count; i++) {
		if (holds_row(r, b, b->count, a, i) == (set == SET_INTERSECT))
			a->cells[kept++] = a->cells[i];
	}
	a->count = kept;
	return 0;
}

static int limit(struct sql_run *r, const struct query *q, struct rows *rows)
{
	struct sql_value v;
	int64_t skip = 0, n = INT64_MAX;
	int e;

	if (q->offset != NULL) {
		if ((e = evaluate_node(r, q->offset, &v)) < 0 || (!v.null && (e = value_int_of(r, &v, &skip)) < 0))
			return e;
	}
	if (q->limit != NULL) {
		if ((e = evaluate_node(r, q->limit, &v)) < 0 || (!v.null && (e = value_int_of(r, &v, &n)) < 0))
			return e;
		if (v.null || (n < 0 && r->dialect == SQL_SQLITE))
			n = INT64_MAX;
	}
	if ((n < 0 || skip < 0) && r->dialect != SQL_SQLITE)
		return run_error(r);
	if (rows->open)
		return 0; /* nobody knows how many there are */
	skip = skip < 0 ? 0 : skip < rows->count ? skip : rows->count;
	rows->cells += skip;
	rows->count -= (unsigned)skip;
	if (n < rows->count)
		rows->count = (unsigned)n;
	return 0;
}

static int write_file(struct sql_run *r, const struct query *q, const struct rows *rows)
{
	char text[4096];
	struct sink s = sink_over(text, sizeof(text));
	struct bytes cell;
	int e;

	for (unsigned i = 0; i < rows->count; i++) {
		for (unsigned c = 0; c < rows->width; c++) {
			if (c > 0)
				sink_u8(&s, '\t');
			if (rows->cells[i][c].null)
				continue;
			if ((e = value_write(r, &rows->cells[i][c], true, &cell)) < 0)
				return e;
			sink_put(&s, cell.at, cell.left);
		}
		sink_u8(&s, '\n');
	}
	effect_note_data(r, SQL_WRITE, q->into, bytes_of(text, s.used), false);
	return 0;
}

/* PROCEDURE ANALYSE(…): its arguments are evaluated. */
static int procedure(struct sql_run *r, const struct node *call)
{
	struct sql_value v;
	int e = 0;

	for (const struct node *a = call->first; e == 0 && a != NULL; a = a->next)
		e = evaluate_node(r, a, &v);
	return e;
}

int evaluate_query(struct sql_run *r, const struct query *q, struct rows *ret)
{
	struct rows next;
	bool first = true;
	int e = 0;

	if (r->depth == RUN_DEPTH_MAX)
		return -E2BIG;
	r->depth++;
	for (const struct core *c = q->cores; c != NULL && e == 0; c = c->next, first = false) {
		if ((e = core_rows(r, c, first ? ret : &next)) == 0 && !first)
			e = combine(r, c->set, ret, &next);
	}
	if (e == 0 && q->order != NULL)
		e = order_rows(r, q, ret);
	if (e == 0 && (q->limit != NULL || q->offset != NULL))
		e = limit(r, q, ret);
	if (e == 0 && q->procedure != NULL)
		e = procedure(r, q->procedure);
	if (e == 0 && q->writes)
		e = write_file(r, q, ret);
	r->depth--;
	return e;
}
