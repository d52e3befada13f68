/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operators on values: arithmetic, bits, concatenation, comparison, LIKE, casts. Errors as in value.h. */
#ifndef EMU_SQL_OPERATE_H
#define EMU_SQL_OPERATE_H

#include "emu/sql/value.h"

int operate(struct sql_run *, enum sql_operator, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret);
int operate_negate(struct sql_run *, const struct sql_value *, struct sql_value *ret);
int operate_bitnot(struct sql_run *, const struct sql_value *, struct sql_value *ret);
int operate_concat(struct sql_run *, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret);

/* A division by zero: -EDOM, with what the engine says of it, so that it was evaluated shows in an error. */
int operate_by_zero(struct sql_run *);

/* The dialects' own arithmetic; neither side is NULL. */
int operate_mysql(struct sql_run *, enum sql_operator, const struct sql_value *, const struct sql_value *, struct sql_value *);
int operate_postgresql(struct sql_run *, enum sql_operator, const struct sql_value *, const struct sql_value *, struct sql_value *);
int operate_sqlite(struct sql_run *, enum sql_operator, const struct sql_value *, const struct sql_value *, struct sql_value *);
int operate_mssql(struct sql_run *, enum sql_operator, const struct sql_value *, const struct sql_value *, struct sql_value *);
int operate_oracle(struct sql_run *, enum sql_operator, const struct sql_value *, const struct sql_value *, struct sql_value *);

/* OP_EQ … OP_GE, OP_NULLSAFE (also IS NOT DISTINCT FROM). */
int compare(struct sql_run *, enum sql_operator, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret);
/* < 0, 0, > 0 of two values that are not NULL. */
int compare_order(struct sql_run *, const struct sql_value *a, const struct sql_value *b, int *ret);
/* PostgreSQL: literals take the type of the other side, or text. */
int compare_unify(struct sql_run *, struct sql_value *a, struct sql_value *b);
/* Text by the collation that MySQL and SQL Server have by default: ASCII case folded, blanks at the end ignored. */
int compare_folded(struct bytes, struct bytes);

int like(struct sql_run *, enum sql_operator, const struct sql_value *text, const struct sql_value *pattern,
         const struct sql_value *escape, struct sql_value *ret);
/* POSIX-like expressions: literals . ^ $ [] * + ? {} | (). -EDOM: it is none. */
int regexp_match(struct sql_run *, struct bytes text, struct bytes pattern, bool fold, bool *ret);

int cast_to(struct sql_run *, const struct sql_value *, const struct type_name *, bool attempt, struct sql_value *ret);
/* The type that several values of a CASE, COALESCE or UNION have together, and a value brought to it. */
int cast_common(struct sql_run *, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret /* NULL of it */);
int cast_value(struct sql_run *, const struct sql_value *, const struct sql_value *common, struct sql_value *ret);
/* PostgreSQL: a literal read as this type. */
int cast_literal(struct sql_run *, const struct sql_value *, enum sql_type, struct sql_value *ret);

#endif
