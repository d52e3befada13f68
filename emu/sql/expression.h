/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of expression that have files of their own; inner to evaluate_node(). */
#ifndef EMU_SQL_EXPRESSION_H
#define EMU_SQL_EXPRESSION_H

#include "emu/sql/evaluate.h"

/* predicate.c */
int logic(struct sql_run *, const struct node *, struct sql_value *ret);
int compare_rows(struct sql_run *, const struct node *, struct sql_value *ret);
int predicate_between(struct sql_run *, const struct node *, struct sql_value *ret);
int predicate_in(struct sql_run *, const struct node *, struct sql_value *ret);
int predicate_like(struct sql_run *, const struct node *, struct sql_value *ret);
int predicate_is(struct sql_run *, const struct node *, struct sql_value *ret);
int predicate_quantified(struct sql_run *, const struct node *, struct sql_value *ret);

/* choice.c: CASE, IF, COALESCE and their like: arguments that may never be evaluated */
bool choice_is(const struct sql_run *, const struct node *call);
int choice(struct sql_run *, const struct node *call, struct sql_value *ret);
int choice_case(struct sql_run *, const struct node *, struct sql_value *ret);
int cast_node(struct sql_run *, const struct node *, struct sql_value *ret);
/* A function that no table has: refused where the dialect may have it; an error where it was asked of nothing real. */
int function_unknown(struct sql_run *, const struct node *call);
bool collation_is_binary(struct bytes collation);

#endif
