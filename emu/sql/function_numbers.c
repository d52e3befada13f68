/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mathematical functions: exact on decimals where the dialect is exact, the C library's for the rest. */
#include "emu/sql/function.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <math.h>

enum { FN_ABS, FN_SIGN, FN_CEIL, FN_FLOOR };
enum { FN_SQRT, FN_EXP, FN_LN, FN_LOG2, FN_LOG10, FN_SIN, FN_COS, FN_TAN, FN_COT, FN_ASIN, FN_ACOS, FN_ATAN, FN_DEGREES, FN_RADIANS };

static const double PI = 3.14159265358979323846, LN2 = 0.69314718055994530942;

static int whole_decimal(struct sql_run *r, const struct decimal *n, struct sql_value *ret)
{
	int64_t i;

	if (n == NULL)
		return -ENOMEM;
	*ret = value_decimal(n);
	if (r->dialect == SQL_MYSQL) { /* an integer where it has room */
		if (!decimal_int(n, false, &i) || n->count > 18)
			return run_refuse(r, "long decimal");
		*ret = sql_value_int(i);
	}
	return 0;
}

static int shape(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct sql_value v = a[0];
	double d = v.d;

	(void)count;
	*ret = v;
	switch (v.type) {
	case TYPE_REAL:
		ret->d = f->variant == FN_ABS ? fabs(d) : f->variant == FN_CEIL ? ceil(d) : f->variant == FN_FLOOR ? floor(d) : (d > 0) - (d < 0);
		if (f->variant == FN_CEIL || f->variant == FN_FLOOR)
			ret->scale = 0;
		if (f->variant == FN_SIGN && !run_in(r, IN_POSTGRESQL | IN_MSSQL))
			*ret = sql_value_int((d > 0) - (d < 0));
		return 0;
	case TYPE_DECIMAL:
		if (f->variant == FN_ABS) {
			if (v.n->negative)
				ret->n = decimal_negate(r->arena, v.n);
			return ret->n == NULL ? -ENOMEM : 0;
		}
		if (f->variant == FN_SIGN) {
			int s = decimal_is_zero(v.n) ? 0 : v.n->negative ? -1 : 1;

			*ret = r->dialect == SQL_MYSQL ? sql_value_int(s) : value_decimal(decimal_of_int(r->arena, s));
			return 0;
		}
		return whole_decimal(r, decimal_round(r->arena, v.n, 0, f->variant == FN_CEIL ? DECIMAL_CEILING : DECIMAL_FLOOR), ret);
	case TYPE_UNSIGNED:
		if (f->variant == FN_SIGN)
			*ret = sql_value_int(v.i != 0);
		return 0;
	default:
		if (f->variant == FN_ABS) {
			if (v.i == INT64_MIN || (v.i == INT32_MIN && v.type == TYPE_INT && run_in(r, IN_POSTGRESQL | IN_MSSQL)))
				return run_error(r);
			ret->i = v.i < 0 ? -v.i : v.i;
		} else if (f->variant == FN_SIGN) {
			ret->i = (v.i > 0) - (v.i < 0);
		}
		if (r->dialect == SQL_POSTGRESQL && f->variant != FN_ABS)
			*ret = value_real((double)ret->i); /* these know reals and numerics only */
		return 0;
	}
}

/* SQLite: abs() of a text is a real; sign() of one that is no number is NULL. */
static int sqlite_shape(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool integer;
	double d;

	if (type_is_number(a[0].type))
		return shape(r, f, a, count, ret);
	while (f->variant == FN_SIGN && a[0].s.left > 0 && a[0].s.at[a[0].s.left - 1] == ' ')
		a[0].s.left--;
	if (f->variant == FN_SIGN && (a[0].type == TYPE_BYTES || number_prefix(a[0].s, &integer, &d) != a[0].s.left || a[0].s.left == 0)) {
		*ret = value_null(TYPE_NULL);
		return 0;
	}
	(void)number_prefix(a[0].s, &integer, &d);
	*ret = f->variant == FN_ABS ? value_real(fabs(d)) : sql_value_int((d > 0) - (d < 0));
	return 0;
}

static double round_real(double d, int64_t scale, bool cut)
{
	double power = pow(10, (double)(scale < 0 ? -scale : scale)), v = scale < 0 ? d / power : d * power;

	if (scale > 308 || !isfinite(v))
		return d;
	if (scale < -308)
		return 0;
	v = cut ? trunc(v) : rint(v);
	return scale < 0 ? v * power : v / power;
}

static int round_integer(struct sql_run *r, const struct sql_value *v, int64_t scale, bool cut, struct sql_value *ret)
{
	uint64_t size = v->type != TYPE_UNSIGNED && v->i < 0 ? 0 - (uint64_t)v->i : (uint64_t)v->i, power = 1, rest;
	bool negative = v->type != TYPE_UNSIGNED && v->i < 0;

	*ret = *v;
	if (scale >= 0)
		return 0;
	if (scale < -18) {
		ret->i = 0;
		return scale < -19 || cut ? 0 : run_refuse(r, "round far before the point");
	}
	for (; scale < 0; scale++)
		power *= 10;
	rest = size % power;
	size -= rest;
	if (!cut && rest >= power / 2 && __builtin_add_overflow(size, power, &size))
		return run_error(r);
	if (v->type != TYPE_UNSIGNED && size > (uint64_t)INT64_MAX)
		return run_error(r);
	ret->i = negative ? -(int64_t)size : (int64_t)size;
	return 0;
}

/* SQLite adds half of the last digit, and a little, and cuts (printf.c). */
static double sqlite_round(double d, int scale)
{
	long double power = powl(10, scale), size = fabsl((long double)d);

	size += 0.5L / power + size * 3e-16L;
	size = floorl(size * power) / power;
	return (double)(d < 0 ? -size : size);
}

/* round(n [, scale]), truncate(n, scale), trunc() */
static int rounding(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int64_t scale = count > 1 ? a[1].i : 0;
	bool cut = f->variant == 1;
	const struct decimal *n;
	int e;

	if (count > 1 && a[1].type == TYPE_UNSIGNED && scale < 0)
		scale = 30;
	if (r->dialect == SQL_POSTGRESQL && (scale > 300 || scale < -300))
		return run_refuse(r, "round to many digits");
	if (r->dialect != SQL_POSTGRESQL)
		scale = scale > 60 ? 60 : scale < -60 ? -60 : scale;
	if (r->dialect == SQL_SQLITE) { /* always a real */
		double d;

		if ((e = value_real_of(r, &a[0], &d)) < 0)
			return e;
		scale = scale < 0 ? 0 : scale > 30 ? 30 : scale;
		if (fabs(d) > 1e15 || scale > 15) {
			*ret = value_real(d);
			return scale > 15 ? run_refuse(r, "round to many digits") : 0;
		}
		*ret = value_real(sqlite_round(d, (int)scale));
		return 0;
	}
	if (r->dialect == SQL_POSTGRESQL && (count > 1 || a[0].type == TYPE_DECIMAL)) {
		if (a[0].type == TYPE_REAL)
			return run_error(r); /* round(real, n) is none */
		if ((e = value_decimal_of(r, &a[0], &n)) < 0)
			return e;
		*ret = value_decimal(decimal_round(r->arena, n, (int)scale, cut ? DECIMAL_TRUNCATE : DECIMAL_HALF_UP));
		return ret->n == NULL ? -ENOMEM : 0;
	}
	if (r->dialect == SQL_POSTGRESQL) {
		*ret = value_real(0);
		if ((e = value_real_of(r, &a[0], &ret->d)) < 0)
			return e;
		ret->d = cut ? trunc(ret->d) : rint(ret->d);
		return 0;
	}
	if (a[0].type == TYPE_REAL) {
		*ret = value_real(round_real(a[0].d, scale, cut));
		ret->scale = (uint8_t)(count == 1 ? 0 : scale < 0 ? 0 : scale > SCALE_FREE - 1 ? SCALE_FREE : scale);
		return 0;
	}
	if (a[0].type == TYPE_DECIMAL) {
		if (scale > 38)
			scale = 38;
		n = decimal_round(r->arena, a[0].n, (int)scale, cut ? DECIMAL_TRUNCATE : DECIMAL_HALF_UP);
		*ret = value_decimal(n);
		return n == NULL ? -ENOMEM : 0;
	}
	return round_integer(r, &a[0], scale, cut, ret);
}

static int real_result(struct sql_run *r, double d, struct sql_value *ret)
{
	if (!isfinite(d)) {
		if (r->dialect == SQL_MYSQL && isnan(d)) {
			*ret = value_null(TYPE_REAL);
			return 0;
		}
		if (r->dialect == SQL_SQLITE) {
			*ret = isnan(d) ? value_null(TYPE_NULL) : value_real(d);
			return 0;
		}
		return r->dialect == SQL_MYSQL ? run_error_says(r, "DOUBLE value is out of range in '", NULL, "") : run_error(r);
	}
	*ret = value_real(d);
	return 0;
}

static double curve(int variant, double d, bool postgresql)
{
	switch (variant) {
	case FN_SQRT: return sqrt(d);
	case FN_EXP: return exp(d);
	case FN_LN: return log(d);
	case FN_LOG2: return log(d) / LN2; /* so the engines compute it */
	case FN_LOG10: return log10(d);
	case FN_SIN: return sin(d);
	case FN_COS: return cos(d);
	case FN_TAN: return tan(d);
	case FN_COT: return 1 / tan(d);
	case FN_ASIN: return asin(d);
	case FN_ACOS: return acos(d);
	case FN_ATAN: return atan(d);
	case FN_DEGREES: return postgresql ? d / (PI / 180) : d * (180 / PI);
	default: return d * (PI / 180);
	}
}

static int curve_call(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool logarithm = f->variant >= FN_LN && f->variant <= FN_LOG10;
	double d;
	int e;

	(void)count;
	if (r->dialect == SQL_POSTGRESQL && a[0].type == TYPE_DECIMAL && f->variant <= FN_LOG10)
		return run_refuse(r, "numeric function");
	if (r->dialect == SQL_SQLITE && type_is_string(a[0].type))
		return run_refuse(r, "number in a text");
	if ((e = value_real_of(r, &a[0], &d)) < 0)
		return e;
	if (logarithm ? d <= 0 : f->variant == FN_SQRT && d < 0) {
		*ret = value_null(TYPE_REAL);
		return run_in(r, IN_MYSQL | IN_SQLITE) ? 0 : run_error(r);
	}
	if (f->variant == FN_COT && d == 0)
		return run_error(r);
	if (r->dialect == SQL_ORACLE)
		return run_refuse(r, "number function");
	if (r->dialect == SQL_POSTGRESQL && f->variant == FN_EXP && exp(d) == 0)
		return run_error(r); /* underflow */
	return real_result(r, curve(f->variant, d, r->dialect == SQL_POSTGRESQL), ret);
}

/* log(x) and log(base, x) */
static int log_call(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	double base = a[0].d, x = count > 1 ? a[1].d : a[0].d;

	(void)f;
	if (x <= 0 || (count > 1 && (base <= 0 || base == 1))) {
		*ret = value_null(TYPE_REAL);
		return run_in(r, IN_MYSQL | IN_SQLITE) ? 0 : run_error(r);
	}
	if (run_in(r, IN_POSTGRESQL | IN_ORACLE) && count > 1)
		return run_refuse(r, "numeric function");
	return real_result(r, count > 1 ? log(x) / log(base) : run_in(r, IN_MYSQL | IN_MSSQL) ? log(x) : log10(x), ret);
}

static int power(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	double x, y;
	int e;

	(void)f;
	(void)count;
	if (r->dialect == SQL_POSTGRESQL)
		return operate_postgresql(r, OP_POWER, &a[0], &a[1], ret);
	if ((e = value_real_of(r, &a[0], &x)) < 0 || (e = value_real_of(r, &a[1], &y)) < 0)
		return e;
	if (r->dialect == SQL_ORACLE || (r->dialect == SQL_MSSQL && a[0].type == TYPE_DECIMAL))
		return run_refuse(r, "number function");
	x = pow(x, y);
	if (r->dialect == SQL_MYSQL && !isfinite(x))
		return run_error(r);
	if (r->dialect == SQL_MSSQL && type_is_integer(a[0].type)) {
		*ret = sql_value_int((int64_t)x);
		return fabs(x) > INT32_MAX ? run_error(r) : 0;
	}
	return real_result(r, x, ret);
}

static int modulo(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)f;
	(void)count;
	if (r->dialect == SQL_ORACLE && decimal_is_zero(a[1].n)) {
		*ret = a[0];
		return 0;
	}
	if (r->dialect == SQL_SQLITE) {
		double x, y;

		if (type_is_string(a[0].type) || type_is_string(a[1].type))
			return run_refuse(r, "number in a text");
		if (value_real_of(r, &a[0], &x) < 0 || value_real_of(r, &a[1], &y) < 0)
			return run_error(r);
		return real_result(r, fmod(x, y), ret);
	}
	return operate(r, OP_MOD, &a[0], &a[1], ret);
}

static int pi(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)f;
	(void)a;
	(void)count;
	*ret = value_real(PI);
	if (r->dialect == SQL_MYSQL)
		ret->scale = 6;
	return 0;
}

static int atan2_call(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)f;
	return real_result(r, count > 1 ? atan2(a[0].d, a[1].d) : atan(a[0].d), ret);
}

static int bit_count(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct sql_value zero = sql_value_int(0), v;
	int e = operate_mysql(r, OP_BITOR, &a[0], &zero, &v);

	(void)f;
	(void)count;
	if (e == 0)
		*ret = sql_value_int(__builtin_popcountll((uint64_t)v.i));
	return e;
}

/* MySQL's generator: with a seed, the same numbers in every server. */
static int random_call(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	const uint32_t most = 0x3fffffff;

	(void)f;
	if (count == 0 || r->dialect != SQL_MYSQL) {
		*ret = value_real((double)((r->seed * 6364136223846793005u + r->steps) >> 11 & 0xfffff) / 0x100000);
		ret->open = true;
		return 0;
	}
	if (!r->random.set || !r->random.kept) { /* a call's numbers go on from row to row only */
		uint64_t seed = (uint32_t)(a[0].null ? 0 : a[0].i);

		r->random.one = (uint32_t)(seed * 0x10001u + 55555555u) % most;
		r->random.two = (uint32_t)(seed * 0x10000001u) % most;
		r->random.set = true;
	}
	r->random.one = (uint32_t)(((uint64_t)r->random.one * 3 + r->random.two) % most);
	r->random.two = (uint32_t)(((uint64_t)r->random.one + r->random.two + 33) % most);
	*ret = value_real((double)r->random.one / most);
	return 0;
}

static const struct function list[] = {
	{ "abs", IN_SQLITE, "a", TYPE_INT, FN_ABS, sqlite_shape }, { "sign", IN_SQLITE, "a", TYPE_INT, FN_SIGN, sqlite_shape },
	{ "abs", IN_ALL, "n", TYPE_INT, FN_ABS, shape }, { "sign", IN_ALL, "n", TYPE_INT, FN_SIGN, shape },
	{ "ceil", IN_ALL & ~IN_MSSQL, "n", TYPE_INT, FN_CEIL, shape }, { "ceiling", IN_ALL & ~IN_ORACLE, "n", TYPE_INT, FN_CEIL, shape },
	{ "floor", IN_ALL, "n", TYPE_INT, FN_FLOOR, shape }, { "round", IN_ALL, "n?i", TYPE_INT, 0, rounding },
	{ "truncate", IN_MYSQL, "ni", TYPE_INT, 1, rounding }, { "trunc", IN_POSTGRESQL | IN_ORACLE, "n?i", TYPE_INT, 1, rounding },
	{ "sqrt", IN_ALL, "n", TYPE_REAL, FN_SQRT, curve_call }, { "exp", IN_ALL, "n", TYPE_REAL, FN_EXP, curve_call },
	{ "ln", IN_ALL & ~IN_MSSQL, "n", TYPE_REAL, FN_LN, curve_call }, { "log2", IN_MYSQL | IN_SQLITE, "n", TYPE_REAL, FN_LOG2, curve_call },
	{ "log10", IN_ALL & ~IN_ORACLE, "n", TYPE_REAL, FN_LOG10, curve_call }, { "log", IN_ALL, "r?r", TYPE_REAL, 0, log_call },
	{ "sin", IN_ALL, "r", TYPE_REAL, FN_SIN, curve_call }, { "cos", IN_ALL, "r", TYPE_REAL, FN_COS, curve_call },
	{ "tan", IN_ALL, "r", TYPE_REAL, FN_TAN, curve_call }, { "cot", IN_MYSQL | IN_POSTGRESQL | IN_MSSQL, "r", TYPE_REAL, FN_COT, curve_call },
	{ "asin", IN_ALL, "r", TYPE_REAL, FN_ASIN, curve_call }, { "acos", IN_ALL, "r", TYPE_REAL, FN_ACOS, curve_call },
	{ "atan", IN_MYSQL, "r?r", TYPE_REAL, 0, atan2_call }, { "atan", IN_ALL & ~IN_MYSQL, "r", TYPE_REAL, FN_ATAN, curve_call },
	{ "atan2", IN_ALL, "rr", TYPE_REAL, 0, atan2_call }, { "degrees", IN_ALL & ~IN_ORACLE, "r", TYPE_REAL, FN_DEGREES, curve_call },
	{ "radians", IN_ALL & ~IN_ORACLE, "r", TYPE_REAL, FN_RADIANS, curve_call }, { "pi", IN_ALL & ~IN_ORACLE, "", TYPE_REAL, 0, pi },
	{ "pow", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE, "nn", TYPE_REAL, 0, power }, { "power", IN_ALL, "nn", TYPE_REAL, 0, power },
	{ "mod", IN_POSTGRESQL, "AA", TYPE_INT, 0, modulo }, { "mod", IN_MYSQL | IN_ORACLE | IN_SQLITE, "nn", TYPE_INT, 0, modulo }, { "bit_count", IN_MYSQL, "a", TYPE_INT, 0, bit_count },
	{ "rand", IN_MYSQL | IN_MSSQL, "?I", TYPE_REAL, 0, random_call }, { "random", IN_POSTGRESQL, "", TYPE_REAL, 0, random_call },
};

const struct function_table functions_numbers = { list, COUNT_OF(list) };
