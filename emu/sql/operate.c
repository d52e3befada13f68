/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operators that dialects share, and which way the others go. */
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

int operate_by_zero(struct sql_run *r)
{
	switch (r->dialect) {
	case SQL_POSTGRESQL: return run_error_says(r, "division by zero", NULL, "");
	case SQL_MSSQL: return run_error_says(r, "Divide by zero error encountered", NULL, "");
	case SQL_ORACLE: return run_error_says(r, "divisor is equal to zero", NULL, "");
	default: return run_error(r);
	}
}

int operate_concat(struct sql_run *r, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	struct bytes x = { 0 }, y = { 0 };
	uint8_t *room;
	int e;

	/* Oracle's NULL is an empty text */
	if ((a->null || b->null) && r->dialect != SQL_ORACLE) {
		*ret = value_null(TYPE_TEXT);
		return 0;
	}
	if (r->dialect == SQL_POSTGRESQL && !type_is_string(a->type) && !type_is_string(b->type))
		return run_error(r);
	if (r->dialect == SQL_POSTGRESQL && (a->type == TYPE_BYTES || b->type == TYPE_BYTES) && a->type != b->type)
		return run_refuse(r, "bytea ||");
	if ((!a->null && (e = value_write(r, a, false, &x)) < 0) || (!b->null && (e = value_write(r, b, false, &y)) < 0))
		return e;
	if (r->dialect == SQL_POSTGRESQL && a->type == TYPE_BYTES) {
		x = a->s;
		y = b->s;
	}
	run_work(r, x.left + y.left);
	if (x.left + y.left > VALUE_BYTES_MAX)
		return -E2BIG;
	if ((room = run_room(r, x.left + y.left)) == NULL)
		return -ENOMEM;
	memcpy(room, x.at != NULL ? x.at : room, x.left);
	memcpy(room + x.left, y.at != NULL ? y.at : room, y.left);
	*ret = value_text(bytes_of(room, x.left + y.left));
	if (a->type == TYPE_BYTES && (b->type == TYPE_BYTES || r->dialect == SQL_MYSQL))
		ret->type = r->dialect == SQL_SQLITE ? TYPE_TEXT : TYPE_BYTES;
	if (r->dialect == SQL_MYSQL && b->type == TYPE_BYTES)
		ret->type = TYPE_BYTES;
	if (r->dialect == SQL_ORACLE && ret->s.left == 0)
		ret->null = true;
	ret->open = a->open || b->open;
	return 0;
}

/* What the result's type is where a side is NULL: the other side's. */
static int with_null(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b,
                     struct sql_value *ret)
{
	struct sql_value one, two, stand_in = sql_value_int(1);
	int e;

	/* the type is found with ones in the NULLs' places; what a text or an error would be does not matter */
	one = a->null ? (a->type == TYPE_DECIMAL ? value_decimal(decimal_of_int(r->arena, 1)) : a->type == TYPE_REAL ? value_real(1) : stand_in) : *a;
	two = b->null ? (b->type == TYPE_DECIMAL ? value_decimal(decimal_of_int(r->arena, 1)) : b->type == TYPE_REAL ? value_real(1) : stand_in) : *b;
	one.scale = a->scale;
	two.scale = b->scale;
	if (a->null && type_is_integer(a->type))
		one.type = a->type;
	if (b->null && type_is_integer(b->type))
		two.type = b->type;
	if (a->null && r->dialect == SQL_MYSQL && type_is_string(a->type))
		one = value_real(1);
	if (b->null && r->dialect == SQL_MYSQL && type_is_string(b->type))
		two = value_real(1);
	if (r->dialect == SQL_POSTGRESQL) {
		if ((a->null && (a->type == TYPE_TEXT || a->type == TYPE_BOOL || a->type == TYPE_BYTES)) ||
		    (b->null && (b->type == TYPE_TEXT || b->type == TYPE_BOOL || b->type == TYPE_BYTES)))
			return run_error(r);
		if (a->null && b->null && (a->type == TYPE_NULL || a->type == TYPE_UNKNOWN) && (b->type == TYPE_NULL || b->type == TYPE_UNKNOWN))
			return run_error(r); /* operator is not unique */
		if (a->null && a->type <= TYPE_UNKNOWN)
			one.type = type_is_integer(b->type) ? b->type : TYPE_INT;
		if (b->null && b->type <= TYPE_UNKNOWN)
			two.type = type_is_integer(a->type) ? a->type : TYPE_INT;
		if (b->type == TYPE_DECIMAL && one.n == NULL && type_is_integer(one.type))
			one = value_decimal(decimal_of_int(r->arena, 1));
	}
	e = r->dialect == SQL_MYSQL ? operate_mysql(r, op, &one, &two, ret)
	    : r->dialect == SQL_POSTGRESQL ? operate_postgresql(r, op, &one, &two, ret) : -EDOM;
	if (r->dialect == SQL_POSTGRESQL && e < 0 && (e != -EDOM || r->mismatch))
		return e;
	if (r->dialect == SQL_POSTGRESQL && e == -EDOM && !type_is_number(one.type))
		return e;
	one.scale = e == 0 ? ret->scale : 0;
	*ret = value_null(e == 0 ? ret->type : TYPE_INT);
	ret->scale = one.scale;
	ret->open = a->open || b->open;
	return 0;
}

int operate(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	int e;

	if (op == OP_CONCAT)
		return operate_concat(r, a, b, ret);
	if (op == OP_JSON)
		return run_refuse(r, "json operator");
	if (r->dialect == SQL_MSSQL && op == OP_ADD && type_is_string(a->type) && type_is_string(b->type))
		return operate_concat(r, a, b, ret);
	if (a->type == TYPE_DECIMAL && b->type == TYPE_DECIMAL && !a->null && !b->null)
		run_work(r, 16ull * (a->n->count + 1u) * (b->n->count + 1u));
	if (a->null || b->null)
		return with_null(r, op, a, b, ret);
	switch (r->dialect) {
	case SQL_MYSQL: e = operate_mysql(r, op, a, b, ret); break;
	case SQL_POSTGRESQL: e = operate_postgresql(r, op, a, b, ret); break;
	case SQL_SQLITE: e = operate_sqlite(r, op, a, b, ret); break;
	case SQL_MSSQL: e = operate_mssql(r, op, a, b, ret); break;
	default: e = operate_oracle(r, op, a, b, ret); break;
	}
	if (e == 0)
		ret->open = a->open || b->open;
	return e;
}

int operate_negate(struct sql_run *r, const struct sql_value *v, struct sql_value *ret)
{
	struct sql_value n, zero = sql_value_int(0);
	int e;

	if (r->dialect == SQL_POSTGRESQL && (v->type == TYPE_NULL || type_is_string(v->type)) && (v->null || v->type != TYPE_UNKNOWN))
		return run_mismatch(r);
	if (v->null) {
		*ret = value_null(type_is_number(v->type) ? v->type : r->dialect == SQL_MYSQL && v->type == TYPE_TEXT ? TYPE_REAL : TYPE_INT);
		return 0;
	}
	if (v->type == TYPE_BOOL)
		return run_error(r);
	if (v->type == TYPE_UNKNOWN) { /* PostgreSQL reads it as a real */
		if ((e = cast_literal(r, v, TYPE_REAL, &n)) < 0)
			return e;
	} else if ((e = sql_value_number(r, v, &n)) < 0) {
		return e;
	}
	if (n.type == TYPE_REAL) {
		*ret = n;
		ret->d = -n.d;
	} else if (n.type == TYPE_DECIMAL) {
		*ret = n;
		ret->n = decimal_negate(r->arena, n.n);
		e = ret->n == NULL ? -ENOMEM : 0;
	} else if (n.type == TYPE_UNSIGNED) {
		/* -18446744073709551615 is a decimal, -9223372036854775808 an integer */
		if ((uint64_t)n.i == (uint64_t)INT64_MAX + 1) {
			*ret = sql_value_int(INT64_MIN);
		} else if ((uint64_t)n.i > (uint64_t)INT64_MAX + 1) {
			*ret = value_decimal(decimal_negate(r->arena, decimal_of_unsigned(r->arena, (uint64_t)n.i)));
		} else {
			*ret = sql_value_int(-n.i);
		}
	} else if (n.i == INT64_MIN) {
		if (r->dialect != SQL_SQLITE)
			return run_error(r);
		*ret = value_real(9223372036854775808.0);
	} else {
		zero.type = n.type;
		e = operate(r, OP_SUB, &zero, &n, ret);
	}
	ret->open = v->open;
	return e;
}

int operate_bitnot(struct sql_run *r, const struct sql_value *v, struct sql_value *ret)
{
	int64_t i;
	int e;

	if (v->null) {
		*ret = value_null(r->dialect == SQL_MYSQL ? TYPE_UNSIGNED : TYPE_INT);
		return 0;
	}
	if (r->dialect == SQL_POSTGRESQL && !type_is_integer(v->type))
		return run_error(r);
	if (r->dialect == SQL_MYSQL) {
		struct sql_value zero = sql_value_int(0);

		if ((e = operate_mysql(r, OP_BITOR, v, &zero, ret)) < 0)
			return e;
		ret->i = ~ret->i;
	} else {
		if ((e = value_int_of(r, v, &i)) < 0)
			return e;
		*ret = sql_value_int(~i);
		ret->type = v->type == TYPE_BIGINT ? TYPE_BIGINT : TYPE_INT;
	}
	ret->open = v->open;
	return 0;
}
