/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arithmetic of SQLite ("Expressions", vdbe.c's rules for overflow), SQL Server ("Data type precedence", "Precision,
 * scale and length") and Oracle (NUMBER keeps 38 to 40 digits).
 */
#include "emu/sql/operate.h"

#include <errno.h>
#include <math.h>

enum { ORACLE_DIGITS = 40, MSSQL_DIVISION_SCALE = 6 };

static int sqlite_integers(struct sql_run *r, enum sql_operator op, int64_t x, int64_t y, bool *real, struct sql_value *ret)
{
	int64_t v = 0;

	switch (op) {
	case OP_ADD: *real = __builtin_add_overflow(x, y, &v); break;
	case OP_SUB: *real = __builtin_sub_overflow(x, y, &v); break;
	case OP_MUL: *real = __builtin_mul_overflow(x, y, &v); break;
	case OP_DIV:
		if (y == 0) {
			*ret = value_null(TYPE_NULL);
			return 0;
		}
		*real = x == INT64_MIN && y == -1;
		v = *real ? 0 : x / y;
		break;
	default:
		return run_error(r);
	}
	*ret = sql_value_int(v);
	return 0;
}

static int sqlite_bits(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	int64_t x, y;
	int e;

	if ((e = value_int_of(r, a, &x)) < 0 || (e = value_int_of(r, b, &y)) < 0)
		return e;
	switch (op) {
	case OP_BITAND: x &= y; break;
	case OP_BITOR: x |= y; break;
	default:
		if (op == OP_SHR)
			y = y == INT64_MIN ? INT64_MAX : -y;
		if (y >= 64)
			x = 0;
		else if (y <= -64)
			x = x < 0 ? -1 : 0;
		else
			x = y >= 0 ? (int64_t)((uint64_t)x << y) : x >> -y;
		break;
	}
	*ret = sql_value_int(x);
	return 0;
}

static int sqlite_remainder(struct sql_run *r, const struct sql_value *x, const struct sql_value *y, struct sql_value *ret)
{
	int64_t i, k;
	int e;

	if ((e = value_int_of(r, x, &i)) < 0 || (e = value_int_of(r, y, &k)) < 0)
		return e;
	if (k == 0) {
		*ret = value_null(TYPE_NULL);
		return 0;
	}
	i = k == -1 ? 0 : i % k;
	*ret = x->type == TYPE_REAL || y->type == TYPE_REAL ? value_real((double)i) : sql_value_int(i);
	return 0;
}

int operate_sqlite(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	struct sql_value x, y;
	double c, d;
	bool real = true;
	int e;

	if (op >= OP_BITOR && op <= OP_SHR)
		return sqlite_bits(r, op, a, b, ret);
	if ((e = sql_value_number(r, a, &x)) < 0 || (e = sql_value_number(r, b, &y)) < 0)
		return e;
	if (op == OP_MOD)
		return sqlite_remainder(r, &x, &y, ret);
	if (x.type == TYPE_INT && y.type == TYPE_INT && ((e = sqlite_integers(r, op, x.i, y.i, &real, ret)) < 0 || ret->null || !real))
		return e;
	if ((e = value_real_of(r, &x, &c)) < 0 || (e = value_real_of(r, &y, &d)) < 0)
		return e;
	if (op == OP_DIV && d == 0) {
		*ret = value_null(TYPE_NULL);
		return 0;
	}
	c = op == OP_ADD ? c + d : op == OP_SUB ? c - d : op == OP_MUL ? c * d : c / d;
	*ret = isnan(c) ? value_null(TYPE_NULL) : value_real(c);
	return 0;
}

static int mssql_integers(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	bool big = a->type == TYPE_BIGINT || b->type == TYPE_BIGINT;
	__int128 x = a->i, y = b->i, v;

	if ((op == OP_DIV || op == OP_MOD) && y == 0)
		return operate_by_zero(r);
	switch (op) {
	case OP_ADD: v = x + y; break;
	case OP_SUB: v = x - y; break;
	case OP_MUL: v = x * y; break;
	case OP_DIV: v = x / y; break;
	case OP_MOD: v = x % y; break;
	case OP_BITOR: v = x | y; break;
	case OP_BITAND: v = x & y; break;
	case OP_BITXOR: v = x ^ y; break;
	default: return run_error(r);
	}
	if (big ? v < INT64_MIN || v > INT64_MAX : v < INT32_MIN || v > INT32_MAX)
		return run_error(r);
	*ret = big ? value_bigint((int64_t)v) : sql_value_int((int64_t)v);
	return 0;
}

static int exact(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	const struct decimal *x, *y, *n;
	int e, scale;

	if ((e = value_decimal_of(r, a, &x)) < 0 || (e = value_decimal_of(r, b, &y)) < 0)
		return e;
	if ((op == OP_DIV || op == OP_MOD) && decimal_is_zero(y))
		return operate_by_zero(r);
	/* the quotient's digits: enough for ORACLE_DIGITS significant ones, or the scale by SQL Server's rule */
	scale = r->dialect == SQL_MSSQL ? (int)(x->scale + (y->count > y->scale ? y->count : y->scale)) + 1
	        : ORACLE_DIGITS - ((int)x->count - x->scale - (int)y->count + y->scale) - 1;
	if (r->dialect == SQL_MSSQL && scale < MSSQL_DIVISION_SCALE)
		scale = MSSQL_DIVISION_SCALE;
	n = op == OP_ADD || op == OP_SUB ? decimal_add(r->arena, x, y, op == OP_SUB)
	    : op == OP_MUL ? decimal_multiply(r->arena, x, y)
	    : op == OP_DIV ? decimal_divide(r->arena, x, y, scale > 0 ? (unsigned)scale : 0, r->dialect == SQL_ORACLE)
	    : op == OP_MOD ? decimal_remainder(r->arena, x, y) : NULL;
	if (n == NULL)
		return r->arena->full ? -ENOMEM : run_error(r);
	*ret = value_decimal(n);
	return 0;
}

int operate_mssql(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	struct sql_value x, y;
	double c, d;
	int e;

	if ((e = sql_value_number(r, a, &x)) < 0 || (e = sql_value_number(r, b, &y)) < 0)
		return e;
	if (type_is_integer(x.type) && type_is_integer(y.type))
		return mssql_integers(r, op, &x, &y, ret);
	if (x.type != TYPE_REAL && y.type != TYPE_REAL)
		return exact(r, op, &x, &y, ret);
	if ((e = value_real_of(r, &x, &c)) < 0 || (e = value_real_of(r, &y, &d)) < 0)
		return e;
	if (op == OP_DIV && d == 0)
		return operate_by_zero(r);
	if (op < OP_ADD || op > OP_DIV)
		return run_error(r);
	*ret = value_real(op == OP_ADD ? c + d : op == OP_SUB ? c - d : op == OP_MUL ? c * d : c / d);
	return 0;
}

int operate_oracle(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	return exact(r, op, a, b, ret);
}
