/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees evaluated: expressions, queries, statements. Errors as in value.h. */
#ifndef EMU_SQL_EVALUATE_H
#define EMU_SQL_EVALUATE_H

#include "emu/sql/value.h"

enum { ROWS_IN_MAX = 512 /* of one set: products of open tables and series */, COLUMNS_MAX = 128 };

/* Rows of named columns. */
struct rows {
	unsigned width, count;
	struct bytes *names, *tables; /* width of them */
	struct sql_value **cells;     /* count rows */
	bool open;                    /* the victim's own: any column, and nobody knows how many rows */
	bool carrier;                 /* the attacked query's own table */
};

/* Where names are looked up: the current row of a set, and outwards. */
struct scope {
	struct scope *outer;
	const struct rows *rows;
	unsigned row;
	const unsigned *group;        /* rows that aggregates go over; NULL: none */
	unsigned group_count;
	bool grouped;
	const struct node *aliases;   /* select items that ORDER BY and HAVING may name */
};

/* The table that a place's query reads, and the column that its input is compared with. */
extern const char carrier_table[], carrier_column[];

int evaluate_node(struct sql_run *, const struct node *, struct sql_value *ret);
/* The value's type without doing anything: a NULL of it. */
int evaluate_type(struct sql_run *, const struct node *, struct sql_value *ret);
/* -1 unknown, 0, 1: of what stands where a condition does. */
int evaluate_condition(struct sql_run *, const struct node *, int *ret, struct sql_value *value);
/* count(), sum() … over scope->group. false: no aggregate of that name. */
bool aggregate_is(const struct sql_run *, const struct node *);
int aggregate_call(struct sql_run *, const struct node *, struct sql_value *ret);
bool aggregate_within(const struct sql_run *, const struct node *);

int evaluate_query(struct sql_run *, const struct query *, struct rows *ret);
/* The rows of FROM: its tables' product, conditions of joins applied. */
int sources_rows(struct sql_run *, const struct source *, struct rows *ret);
/* One SELECT: groups by group, or one group, or each row. */
int grouping_rows(struct sql_run *, const struct core *, const struct rows *in, unsigned *kept, unsigned kept_count,
                  bool unread, struct rows *ret);
int order_rows(struct sql_run *, const struct query *, struct rows *);

int rows_begin(struct sql_run *, unsigned width, struct rows *ret);
int rows_add(struct sql_run *, struct rows *, struct sql_value **ret); /* a new row's cells */

#endif
