/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the rows of FROM to the rows of SELECT: one each, or one a group. */
#include "emu/sql/effect.h"
#include "emu/sql/evaluate.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

/* Columns that * and t.* stand for. */
static unsigned star_width(const struct rows *in, const struct node *star)
{
	unsigned n = 0;

	for (unsigned c = 0; c < in->width; c++)
		n += star->table.left == 0 || bytes_equal_fold(in->tables[c], star->table);
	return n > 0 ? n : in->open;
}

static unsigned width_of(const struct rows *in, const struct node *items)
{
	unsigned width = 0;

	for (const struct node *n = items->first; n != NULL; n = n->next)
		width += n->kind == NODE_STAR ? star_width(in, n) : 1;
	return width;
}

static int name_columns(struct sql_run *r, const struct rows *in, const struct node *items, struct rows *ret)
{
	unsigned at = 0;
	struct sql_value v;
	int e;

	for (const struct node *n = items->first; n != NULL; n = n->next) {
		/* MySQL's name_const(name, value) gives the column its name */
		if (n->kind == NODE_CALL && n->first != NULL && n->alias.left == 0 && bytes_equal_fold(n->name, bytes_text("name_const"))) {
			if ((e = evaluate_node(r, n->first, &v)) < 0 || (e = value_write(r, &v, false, &ret->names[at])) < 0)
				return e;
			at++;
			continue;
		}
		if (n->kind != NODE_STAR) {
			ret->names[at++] = n->alias.left > 0 ? n->alias : n->name;
			continue;
		}
		if (in->width == 0 && in->open)
			at++;
		for (unsigned c = 0; c < in->width; c++) {
			if (n->table.left == 0 || bytes_equal_fold(in->tables[c], n->table))
				ret->names[at++] = in->names[c];
		}
	}
	return 0;
}

static int check_shown(struct sql_run *r, const struct sql_value *v)
{
	/* SQL Server and Oracle know no boolean as a value */
	return v->type == TYPE_BOOL && run_in(r, IN_MSSQL | IN_ORACLE) ? run_error(r) : 0;
}

/* One row's items, in the scope as it stands. */
static int items_row(struct sql_run *r, const struct rows *in, const struct node *items, struct rows *ret)
{
	struct sql_value *cells;
	unsigned at = 0;
	int e = rows_add(r, ret, &cells);

	for (const struct node *n = items->first; e == 0 && n != NULL; n = n->next) {
		if (n->kind != NODE_STAR) {
			if ((e = evaluate_node(r, n, &cells[at])) == 0)
				e = check_shown(r, &cells[at++]);
			continue;
		}
		if (in->width == 0 && !in->open)
			return run_error(r); /* no tables used */
		if (in->width == 0) {
			cells[at] = effect_unknown(r, bytes_text("*"), r->scope->row);
			cells[at++].type = TYPE_UNKNOWN;
		}
		for (unsigned c = 0; c < in->width; c++) {
			if (n->table.left == 0 || bytes_equal_fold(in->tables[c], n->table))
				cells[at++] = in->cells[r->scope->row][c];
		}
	}
	return e;
}

static bool calls(const struct node *n, const char *name)
{
	bool found = n->kind == NODE_CALL && bytes_equal_fold(n->name, bytes_text(name));

	for (const struct node *a = n->first; a != NULL && !found; a = a->next)
		found = calls(a, name);
	return found;
}

/* What GROUP BY names: an item by its number or alias, or an expression. */
static const struct node *key_node(const struct node *key, const struct node *items)
{
	const struct node *n = items->first;
	unsigned number = 0;

	if (key->kind == NODE_LITERAL && key->lexeme.kind == LEX_INTEGER) {
		for (size_t i = 0; i < key->lexeme.text.left && number < 1000; i++)
			number = number * 10 + key->lexeme.text.at[i] - '0';
		for (; n != NULL && number > 1; number--)
			n = n->next;
		return n;
	}
	if (key->kind == NODE_COLUMN && key->table.left == 0) {
		for (; n != NULL; n = n->next) {
			if (n->alias.left > 0 && bytes_equal_fold(n->alias, key->name))
				return n;
		}
	}
	return key;
}

struct groups {
	unsigned count, keys;
	struct sql_value **key;      /* [group][key] */
	unsigned *group_of;          /* of each kept row */
};

static int find_group(struct sql_run *r, const struct groups *g, const struct sql_value *key)
{
	for (unsigned i = 0; i < g->count; i++) {
		bool same = true;

		for (unsigned k = 0; k < g->keys && same; k++) {
			int cmp = 1;

			same = g->key[i][k].null || key[k].null ? g->key[i][k].null && key[k].null
			       : compare_order(r, &g->key[i][k], &key[k], &cmp) == 0 && cmp == 0;
		}
		if (same)
			return (int)i;
	}
	return -1;
}

static int keys_of(struct sql_run *r, const struct core *c, struct sql_value *ret)
{
	unsigned k = 0;
	int e = 0;

	for (const struct node *key = c->group->first; e == 0 && key != NULL; key = key->next) {
		const struct node *n = key_node(key, c->items);

		e = n == NULL ? run_error(r) : evaluate_node(r, n, &ret[k++]);
	}
	return e;
}

/*
 * MySQL looks a key up and, where it is new, computes it once more to put it in: with rand() in it the second may be
 * there already, and the error shows it.
 */
static int group_rows(struct sql_run *r, const struct core *c, unsigned *kept, unsigned count, struct groups *g)
{
	bool twice = false;
	int e = 0;

	r->random.set = false;
	r->random.kept = true;
	for (const struct node *key = c->group->first; key != NULL && r->dialect == SQL_MYSQL; key = key->next) {
		const struct node *n = key_node(key, c->items);

		twice |= n != NULL && calls(n, "rand");
	}
	g->keys = c->group->count;
	g->key = run_room(r, (count + 1) * sizeof(*g->key));
	g->group_of = run_room(r, (count + 1) * sizeof(*g->group_of));
	if (g->key == NULL || g->group_of == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++) {
		struct sql_value *key = run_room(r, (g->keys + 1) * sizeof(*key));
		int found;

		if (key == NULL)
			return -ENOMEM;
		r->scope->row = kept[i];
		if ((e = keys_of(r, c, key)) < 0)
			return e;
		found = find_group(r, g, key);
		if (found < 0 && twice) {
			if ((e = keys_of(r, c, key)) < 0)
				return e;
			if ((found = find_group(r, g, key)) >= 0)
				return run_error_says(r, "Duplicate entry '", &key[0], "' for key '");
		}
		g->group_of[i] = found >= 0 ? (unsigned)found : g->count;
		if (found < 0)
			g->key[g->count++] = key;
	}
	return 0;
}

static int emit_group(struct sql_run *r, const struct core *c, const struct rows *in, const unsigned *rows, unsigned count, struct rows *ret)
{
	struct sql_value v;
	int e, truth = 1;

	r->scope->group = rows;
	r->scope->group_count = count;
	r->scope->grouped = true;
	r->scope->row = count > 0 ? rows[0] : in->count; /* no row: its columns are NULL or unknown */
	r->scope->aliases = c->items;
	if (c->having != NULL && (e = evaluate_condition(r, c->having, &truth, &v)) < 0)
		return e;
	r->scope->aliases = NULL;
	return truth > 0 ? items_row(r, in, c->items, ret) : 0;
}

static int grouped(struct sql_run *r, const struct core *c, const struct rows *in, unsigned *kept, unsigned count, struct rows *ret)
{
	struct groups g = { 0 };
	unsigned *members = run_room(r, (count + 1) * sizeof(*members));
	int e;

	if (members == NULL)
		return -ENOMEM;
	if (c->group == NULL)
		return emit_group(r, c, in, kept, count, ret);
	if ((e = group_rows(r, c, kept, count, &g)) < 0)
		return e;
	for (unsigned i = 0; i < g.count && e == 0; i++) {
		unsigned n = 0;

		for (unsigned k = 0; k < count; k++) {
			if (g.group_of[k] == i)
				members[n++] = kept[k];
		}
		e = emit_group(r, c, in, members, n, ret);
	}
	return e;
}

/* Items that nothing evaluates have their types checked all the same; what their rows hold, nobody asks. */
static int types_only(struct sql_run *r, const struct node *items, unsigned count, struct rows *ret)
{
	struct sql_value type, *cells;
	int e = 0;

	for (const struct node *n = items->first; e == 0 && n != NULL; n = n->next)
		e = n->kind == NODE_STAR ? 0 : evaluate_type(r, n, &type);
	for (unsigned i = 0; e == 0 && i < count; i++)
		e = rows_add(r, ret, &cells);
	return e;
}

int grouping_rows(struct sql_run *r, const struct core *c, const struct rows *in, unsigned *kept, unsigned count, bool unread,
                  struct rows *ret)
{
	bool aggregates = c->group != NULL || c->having != NULL;
	int e;

	for (const struct node *n = c->items->first; n != NULL && !aggregates; n = n->next)
		aggregates = aggregate_within(r, n);
	if ((e = rows_begin(r, width_of(in, c->items), ret)) < 0)
		return e;
	if ((e = name_columns(r, in, c->items, ret)) < 0)
		return e;
	ret->open = in->open;
	if (aggregates) {
		ret->open = in->open && c->group != NULL;
		e = grouped(r, c, in, kept, count, ret);
		if (in->carrier)
			ret->open = true;
		return e;
	}
	if (r->dialect == SQL_POSTGRESQL && (count == 0 || unread))
		return types_only(r, c->items, unread ? count : 0, ret);
	for (unsigned i = 0; i < count && e == 0; i++) {
		r->scope->row = kept[i];
		e = items_row(r, in, c->items, ret);
	}
	return e;
}
