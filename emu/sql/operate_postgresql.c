/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arithmetic of PostgreSQL: 9.3 "Mathematical Functions and Operators"; the scale of a quotient as numeric.c chooses it. */
#include "emu/sql/operate.h"

#include <errno.h>
#include <math.h>

enum { SIGNIFICANT = 16, GROUP = 4, SCALE_MAX = 1000 };

/* The weight of the first group of four digits, and that group. */
static int first_group(const struct decimal *n, unsigned *group)
{
	int first = (int)n->count - n->scale - 1; /* power of ten of the first digit */
	int weight = first >= 0 ? first / GROUP : -((-first + GROUP - 1) / GROUP);

	*group = 0;
	for (int p = weight * GROUP + GROUP - 1; p >= weight * GROUP; p--) {
		int at = (int)n->count - 1 - (p + n->scale);

		*group = *group * 10 + (at >= 0 && at < n->count ? n->digits[at] : 0);
	}
	return n->count == 0 ? 0 : weight;
}

static int quotient_scale(const struct decimal *x, const struct decimal *y)
{
	unsigned gx, gy;
	int weight = first_group(x, &gx) - first_group(y, &gy), scale;

	if (gx <= gy)
		weight--;
	scale = SIGNIFICANT - weight * GROUP;
	scale = scale > x->scale ? scale : x->scale;
	scale = scale > y->scale ? scale : y->scale;
	return scale < SCALE_MAX ? scale : SCALE_MAX;
}

/* Exact for whole exponents; the scale is at least 16 digits. */
static const struct decimal *power(struct sql_run *r, const struct decimal *x, const struct decimal *y)
{
	const struct decimal *result = decimal_of_int(r->arena, 1), *one = result;
	int scale = x->scale > SIGNIFICANT ? x->scale : SIGNIFICANT;
	int64_t n;

	if (!decimal_int(y, false, &n) || !decimal_is_zero(decimal_remainder(r->arena, y, one)) || n > 24 || n < -24)
		return NULL;
	for (int64_t i = 0; i < (n < 0 ? -n : n) && result != NULL; i++)
		result = decimal_multiply(r->arena, result, x);
	if (result == NULL)
		return NULL;
	return n < 0 ? decimal_divide(r->arena, one, result, (unsigned)scale, true)
	             : decimal_round(r->arena, result, scale, DECIMAL_HALF_UP);
}

static int decimals(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	const struct decimal *x, *y, *n = NULL;
	int e;

	if ((e = value_decimal_of(r, a, &x)) < 0 || (e = value_decimal_of(r, b, &y)) < 0)
		return e;
	if ((op == OP_DIV || op == OP_MOD) && decimal_is_zero(y))
		return operate_by_zero(r);
	switch (op) {
	case OP_ADD: case OP_SUB: n = decimal_add(r->arena, x, y, op == OP_SUB); break;
	case OP_MUL: n = decimal_multiply(r->arena, x, y); break;
	case OP_DIV: n = decimal_divide(r->arena, x, y, (unsigned)quotient_scale(x, y), true); break;
	case OP_MOD: n = decimal_remainder(r->arena, x, y); break;
	case OP_POWER:
		if (decimal_is_zero(x) && y->negative)
			return run_error(r);
		if ((n = power(r, x, y)) == NULL)
			return run_refuse(r, "numeric power");
		break;
	default: return run_error(r);
	}
	if (n == NULL)
		return run_refuse(r, "long numeric");
	*ret = value_decimal(n);
	return 0;
}

static int reals(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	double x, y, d;
	int e;

	if ((e = value_real_of(r, a, &x)) < 0 || (e = value_real_of(r, b, &y)) < 0)
		return e;
	switch (op) {
	case OP_ADD: d = x + y; break;
	case OP_SUB: d = x - y; break;
	case OP_MUL: d = x * y; break;
	case OP_DIV:
		if (y == 0 && !isnan(x))
			return operate_by_zero(r);
		d = x / y;
		break;
	case OP_POWER:
		if ((x == 0 && y < 0) || (x < 0 && y != floor(y)))
			return run_error(r);
		d = pow(x, y);
		break;
	default: return run_mismatch(r);
	}
	if (op == OP_POWER && d == 0 && x != 0 && !isinf(y))
		return run_error(r); /* underflow */
	if ((isinf(d) && !isinf(x) && !isinf(y)) || ((op == OP_MUL || op == OP_DIV) && d == 0 && x != 0 && !isinf(y) && (op == OP_DIV || y != 0)))
		return run_error(r);
	*ret = value_real(d);
	return 0;
}

static int integers(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	bool big = a->type == TYPE_BIGINT || b->type == TYPE_BIGINT;
	__int128 x = a->i, y = b->i, v;
	uint32_t word = (uint32_t)a->i;

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
	case OP_SHL: case OP_SHR:
		if (b->type == TYPE_BIGINT)
			return run_error(r); /* no such operator */
		if (a->type == TYPE_BIGINT) /* the left side says how wide; the processor takes the count modulo that */
			v = op == OP_SHL ? (int64_t)((uint64_t)a->i << (b->i & 63)) : a->i >> (b->i & 63);
		else
			v = op == OP_SHL ? (int32_t)(word << (b->i & 31)) : (int32_t)word >> (b->i & 31);
		big = a->type == TYPE_BIGINT;
		break;
	default: return run_error(r);
	}
	if (big ? v < INT64_MIN || v > INT64_MAX : v < INT32_MIN || v > INT32_MAX)
		return run_error(r);
	*ret = big ? value_bigint((int64_t)v) : sql_value_int((int64_t)v);
	return 0;
}

/* Literals take the other side's type; two of them, or what is no number, have no such operator. */
static int sides(struct sql_run *r, const struct sql_value *a, const struct sql_value *b, struct sql_value *x, struct sql_value *y)
{
	int e = 0;

	*x = *a;
	*y = *b;
	if (a->type == TYPE_UNKNOWN && type_is_number(b->type))
		e = cast_literal(r, a, b->type, x);
	else if (b->type == TYPE_UNKNOWN && type_is_number(a->type))
		e = cast_literal(r, b, a->type, y);
	if (a->type == TYPE_UNKNOWN && b->type == TYPE_UNKNOWN && (a->open || b->open)) { /* columns, or one and a literal */
		if ((e = cast_literal(r, a, TYPE_INT, x)) == 0)
			e = cast_literal(r, b, TYPE_INT, y);
	}
	if (e == 0 && (!type_is_number(x->type) || !type_is_number(y->type)))
		e = run_mismatch(r);
	return e;
}

int operate_postgresql(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	struct sql_value x, y;
	int e = sides(r, a, b, &x, &y);

	if (e < 0)
		return e;
	if (type_is_integer(x.type) && type_is_integer(y.type) && op != OP_POWER)
		return integers(r, op, &x, &y, ret);
	if (x.type == TYPE_REAL || y.type == TYPE_REAL || (op == OP_POWER && x.type != TYPE_DECIMAL && y.type != TYPE_DECIMAL))
		return reals(r, op, &x, &y, ret);
	return decimals(r, op, &x, &y, ret);
}
