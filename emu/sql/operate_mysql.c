/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arithmetic of MySQL and MariaDB. Manual: "Arithmetic Operators", "Precision Math"; MariaDB's decimal division keeps
 * whole groups of nine digits behind the point and shows the dividend's scale and four more.
 */
#include "emu/sql/operate.h"

#include <errno.h>
#include <math.h>

enum { SCALE_MAX = 38, DIGITS_MAX = 65, DIVISION_SCALE = 4, GROUP = 9 };

static unsigned whole_groups(unsigned scale)
{
	return (scale + GROUP - 1) / GROUP * GROUP;
}

static struct sql_value real(double d, unsigned scale)
{
	struct sql_value v = value_real(d);

	v.scale = (uint8_t)(scale < SCALE_FREE ? scale : SCALE_FREE);
	return v;
}

static int reals(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	unsigned most = a->scale > b->scale ? a->scale : b->scale;
	double x, y, d;
	int e;

	if ((e = value_real_of(r, a, &x)) < 0 || (e = value_real_of(r, b, &y)) < 0)
		return e;
	if ((op == OP_DIV || op == OP_MOD) && y == 0) {
		*ret = value_null(TYPE_REAL);
		return 0;
	}
	d = op == OP_ADD ? x + y : op == OP_SUB ? x - y : op == OP_MUL ? x * y : op == OP_DIV ? x / y : fmod(x, y);
	if (!isfinite(d))
		return run_error(r);
	*ret = real(d, op == OP_DIV ? most + DIVISION_SCALE : most);
	return 0;
}

static const struct decimal *division(struct sql_run *r, const struct decimal *x, const struct decimal *y)
{
	unsigned fx = whole_groups(x->scale), fy = whole_groups(y->scale);
	int more = DIVISION_SCALE - (int)(fx - x->scale + fy - y->scale);

	return decimal_divide(r->arena, x, y, whole_groups(fx + fy + (more > 0 ? (unsigned)more : 0)), false);
}

static int decimals(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	unsigned most = a->scale > b->scale ? a->scale : b->scale, scale = most;
	const struct decimal *x, *y, *n;
	int e;

	if ((e = value_decimal_of(r, a, &x)) < 0 || (e = value_decimal_of(r, b, &y)) < 0)
		return e;
	if ((op == OP_DIV || op == OP_MOD) && decimal_is_zero(y)) {
		*ret = value_null(TYPE_DECIMAL);
		return 0;
	}
	switch (op) {
	case OP_ADD: case OP_SUB:
		n = decimal_add(r->arena, x, y, op == OP_SUB);
		break;
	case OP_MUL:
		n = decimal_multiply(r->arena, x, y);
		scale = a->scale + b->scale;
		break;
	case OP_DIV:
		n = division(r, x, y);
		scale = a->scale + DIVISION_SCALE;
		break;
	default:
		n = decimal_remainder(r->arena, x, y);
		break;
	}
	if (n == NULL || n->count > DIGITS_MAX + n->scale || n->count > 81)
		return run_refuse(r, "long decimal");
	*ret = value_decimal(n);
	ret->scale = (uint8_t)(scale < SCALE_MAX ? scale : SCALE_MAX);
	return 0;
}


static int integers(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	bool is_unsigned = a->type == TYPE_UNSIGNED || b->type == TYPE_UNSIGNED;
	__int128 x = a->type == TYPE_UNSIGNED ? (__int128)(uint64_t)a->i : a->i;
	__int128 y = b->type == TYPE_UNSIGNED ? (__int128)(uint64_t)b->i : b->i, v;

	if ((op == OP_MOD || op == OP_INTDIV) && y == 0) {
		*ret = value_null(is_unsigned ? TYPE_UNSIGNED : TYPE_INT);
		return 0;
	}
	v = op == OP_ADD ? x + y : op == OP_SUB ? x - y : op == OP_MUL ? x * y : op == OP_INTDIV ? x / y : x % y;
	if (op == OP_MOD)
		is_unsigned = a->type == TYPE_UNSIGNED;
	if (is_unsigned ? v < 0 || v > UINT64_MAX : v < INT64_MIN || v > INT64_MAX)
		return run_error(r);
	*ret = is_unsigned ? value_unsigned((uint64_t)v) : sql_value_int((int64_t)v);
	return 0;
}

/* a DIV b of what are no integers. */
static int whole_division(struct sql_run *r, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	const struct decimal *x, *y, *n;
	int64_t i;
	int e;

	if ((e = value_decimal_of(r, a, &x)) < 0 || (e = value_decimal_of(r, b, &y)) < 0)
		return e;
	if (decimal_is_zero(y)) {
		*ret = value_null(TYPE_INT);
		return 0;
	}
	if ((n = decimal_divide(r->arena, x, y, 0, false)) == NULL)
		return run_refuse(r, "long decimal");
	if (!decimal_int(n, false, &i))
		return run_error(r);
	*ret = sql_value_int(i);
	return 0;
}

/* As 64 bits: decimals and reals are rounded. */
static int bits(struct sql_run *r, const struct sql_value *v, uint64_t *ret)
{
	struct sql_value n = *v;
	int64_t i;
	int e;

	/* texts by way of reals: '1e2' is 100 here, though no cast makes it so */
	if (type_is_string(v->type) && (e = sql_value_number(r, v, &n)) < 0)
		return e;
	if (n.type == TYPE_DECIMAL && !n.n->negative && decimal_unsigned(n.n, true, ret))
		return 0;
	if (n.type == TYPE_REAL)
		n.d = round(n.d); /* half away from zero, unlike elsewhere */
	if (n.type == TYPE_REAL && n.d >= 9223372036854775808.0) {
		*ret = n.d >= 18446744073709551616.0 ? UINT64_MAX : (uint64_t)n.d;
		return run_refuse(r, "bits of a large real");
	}
	if ((e = value_int_of(r, &n, &i)) < 0)
		return e;
	*ret = (uint64_t)i;
	return 0;
}

static int bitwise(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	uint64_t x, y;
	int64_t count;
	int e;

	if ((e = bits(r, a, &x)) < 0 || (e = bits(r, b, &y)) < 0)
		return e;
	if ((op == OP_SHL || op == OP_SHR) && b->type == TYPE_REAL) { /* a count is rounded as elsewhere */
		if ((e = value_int_of(r, b, &count)) < 0)
			return e;
		y = (uint64_t)count;
	}
	switch (op) {
	case OP_BITOR: x |= y; break;
	case OP_BITAND: x &= y; break;
	case OP_BITXOR: x ^= y; break;
	case OP_SHL: x = (uint32_t)y < 64 ? x << (uint32_t)y : 0; break;
	default: x = (uint32_t)y < 64 ? x >> (uint32_t)y : 0; break;
	}
	*ret = value_unsigned(x);
	return 0;
}

int operate_mysql(struct sql_run *r, enum sql_operator op, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	struct sql_value x, y;
	int e;

	if (op >= OP_BITOR && op <= OP_SHR)
		return bitwise(r, op, a, b, ret);
	if ((e = sql_value_number(r, a, &x)) < 0 || (e = sql_value_number(r, b, &y)) < 0)
		return e;
	if (op == OP_INTDIV)
		return type_is_integer(x.type) && type_is_integer(y.type) ? integers(r, op, &x, &y, ret) : whole_division(r, &x, &y, ret);
	if (x.type == TYPE_REAL || y.type == TYPE_REAL)
		return reals(r, op, &x, &y, ret);
	if (x.type == TYPE_DECIMAL || y.type == TYPE_DECIMAL || op == OP_DIV)
		return decimals(r, op, &x, &y, ret);
	return integers(r, op, &x, &y, ret);
}
