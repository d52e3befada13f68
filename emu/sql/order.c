/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ORDER BY: keys by number or by a column's name; other keys are evaluated for what they do. */
#include "emu/sql/evaluate.h"
#include "emu/sql/operate.h"

#include <errno.h>

/* Which column the key means; -1: an expression. -ERANGE in *error: none of them. */
static int key_column(const struct node *key, const struct rows *rows, bool *wrong)
{
	unsigned number = 0;

	if (key->kind == NODE_LITERAL && key->lexeme.kind == LEX_INTEGER) {
		for (size_t i = 0; i < key->lexeme.text.left && number < 100000; i++)
			number = number * 10 + key->lexeme.text.at[i] - '0';
		*wrong = number < 1 || number > rows->width;
		return (int)number - 1;
	}
	for (unsigned c = 0; key->kind == NODE_COLUMN && c < rows->width; c++) {
		if (bytes_equal_fold(rows->names[c], key->name))
			return (int)c;
	}
	return -1;
}

static int cell_order(struct sql_run *r, const struct sql_value *a, const struct sql_value *b, int *ret)
{
	if (a->null || b->null) {
		/* NULLs: first in MySQL, SQLite and SQL Server, last in PostgreSQL and Oracle */
		*ret = (b->null - a->null) * (run_in(r, IN_POSTGRESQL | IN_ORACLE) ? -1 : 1);
		return 0;
	}
	return compare_order(r, a, b, ret);
}

static int sort(struct sql_run *r, struct rows *rows, int column, bool descending)
{
	int e = 0, cmp;

	/* by insertion: rows are few, and it is stable */
	for (unsigned i = 1; i < rows->count; i++) {
		struct sql_value *row = rows->cells[i];
		unsigned k = i;

		for (; k > 0; k--) {
			if ((e = cell_order(r, &rows->cells[k - 1][column], &row[column], &cmp)) < 0)
				return e;
			if (descending ? cmp >= 0 : cmp <= 0)
				break;
			rows->cells[k] = rows->cells[k - 1];
		}
		rows->cells[k] = row;
	}
	return 0;
}

int order_rows(struct sql_run *r, const struct query *q, struct rows *rows)
{
	struct rows none = { .open = rows->carrier || rows->open, .count = 1, .carrier = rows->carrier };
	struct sql_value *no_cells[1] = { 0 };
	struct scope scope = { .outer = r->scope, .rows = rows->count > 0 ? rows : &none };
	unsigned keys = q->order->count;
	int e = 0;

	none.cells = no_cells;
	/* the last key first: each sort keeps the order of the one before */
	for (unsigned k = keys; k > 0 && e == 0; k--) {
		const struct node *key = q->order->first;
		struct sql_value v;
		bool wrong = false;
		int column;

		for (unsigned i = 1; i < k; i++)
			key = key->next;
		column = key_column(key, rows, &wrong);
		if (wrong && !rows->open && !rows->carrier)
			return run_error(r);
		if (column >= 0 && !wrong) {
			e = sort(r, rows, column, key->descending);
		} else if (column < 0) {
			r->scope = &scope;
			e = evaluate_node(r, key, &v);
			r->scope = scope.outer;
			if (e == 0 && rows->count > 1 && !rows->open && key->kind != NODE_LITERAL && key->kind != NODE_WORD)
				e = run_refuse(r, "order by an expression");
		}
	}
	return e;
}
