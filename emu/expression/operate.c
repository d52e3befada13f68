/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arithmetic and bits: the type that two operands meet in, and what each language does besides. */
#include "emu/expression/operate.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static bool is(const struct java_run *run, unsigned languages)
{
	return (1u << run->language & languages) != 0;
}

enum java_kind java_operate_meet(const struct java_run *run, enum java_kind a, enum java_kind b)
{
	enum java_kind high = a > b ? a : b, low = a > b ? b : a;

	if (high == JAVA_DECIMAL)
		return is(run, IN_JAVA) && run->dialect == DIALECT_GROOVY && (low == JAVA_DOUBLE || low == JAVA_FLOAT) ? JAVA_DOUBLE : JAVA_DECIMAL;
	if (low == JAVA_BIG && high > JAVA_BIG)
		return is(run, IN_OGNL | IN_EL) ? JAVA_DECIMAL : JAVA_DOUBLE;
	if (high == JAVA_FLOAT && low != JAVA_FLOAT && is(run, IN_OGNL | IN_EL | IN_MVEL) && (is(run, IN_EL) || low >= JAVA_INT))
		return JAVA_DOUBLE;
	if (high == JAVA_FLOAT && is(run, IN_EL))
		return JAVA_DOUBLE;
	if (is(run, IN_EL) && high < JAVA_LONG)
		return JAVA_LONG;
	return high < JAVA_INT ? JAVA_INT : high;
}

/* Groovy: exact where the digits end, else ten digits more than the operands have, and at most ten behind the point. */
static int divide_exactly(struct java_run *run, const struct decimal *a, const struct decimal *b, const struct decimal **ret)
{
	const struct decimal *q = decimal_divide(run->arena, a, b, a->scale + 60u, false), *back = q != NULL ? decimal_multiply(run->arena, q, b) : NULL;
	int precision = (a->count > b->count ? a->count : b->count) + 10, scale = a->scale > b->scale ? a->scale : b->scale, least = a->scale - b->scale;

	if (back == NULL)
		return -E2BIG;
	if (decimal_compare(back, a) == 0) {
		q = decimal_trim(run->arena, q);
		*ret = q == NULL || q->scale >= (least > 0 ? least : 0) ? q : decimal_round(run->arena, q, least, DECIMAL_TRUNCATE);
		return *ret == NULL ? -E2BIG : 0;
	}
	precision -= (int)q->count - (int)q->scale;
	scale = scale < 10 ? 10 : scale;
	*ret = decimal_round(run->arena, q, precision < scale ? precision : scale, DECIMAL_HALF_UP);
	return *ret == NULL ? -E2BIG : 0;
}

static int divide_decimals(struct java_run *run, const struct decimal *a, const struct decimal *b, enum java_kind kind, const struct decimal **ret)
{
	unsigned scale = a->scale;

	if (decimal_is_zero(b))
		return java_throw(run, "java.lang.ArithmeticException", "Division by zero");
	if (kind == JAVA_BIG) {
		*ret = decimal_divide(run->arena, a, b, 0, false);
		return *ret == NULL ? -E2BIG : 0;
	}
	if (is(run, IN_FREEMARKER) && scale < 12)
		scale = 12;
	if (is(run, IN_OGNL))
		scale = 6;
	if (is(run, IN_JAVA))
		return divide_exactly(run, a, b, ret);
	if (is(run, IN_MVEL))
		scale = (a->scale > b->scale ? a->scale : b->scale) + 10u;
	*ret = decimal_divide(run->arena, a, b, scale, true);
	if (*ret != NULL && is(run, IN_MVEL | IN_FREEMARKER))
		*ret = decimal_trim(run->arena, *ret);
	return *ret == NULL ? -E2BIG : 0;
}

static int decimals(struct java_run *run, enum operator op, const struct java_value *va, const struct java_value *vb, enum java_kind kind,
                    struct java_value *ret)
{
	const struct decimal *a = java_to_decimal(run, va), *b = java_to_decimal(run, vb), *n = NULL;
	int r = 0;

	if (a == NULL || b == NULL)
		return -EDOM;
	switch (op) {
	case OP_ADD: n = decimal_add(run->arena, a, b, false); break;
	case OP_SUB: n = decimal_add(run->arena, a, b, true); break;
	case OP_MUL: n = decimal_multiply(run->arena, a, b); break;
	case OP_DIV: r = divide_decimals(run, a, b, kind, &n); break;
	case OP_MOD:
		if (decimal_is_zero(b))
			return java_throw(run, "java.lang.ArithmeticException", "Division by zero");
		n = decimal_remainder(run->arena, a, b);
		break;
	default:
		return java_refuse(run, "operator", (struct bytes){ 0 });
	}
	if (n != NULL && is(run, IN_FREEMARKER) && n->scale > 12)
		n = decimal_round(run->arena, n, 12, DECIMAL_HALF_UP);
	if (r == 0 && n == NULL)
		return -E2BIG;
	*ret = java_number(kind, n);
	return r;
}

static int reals(enum operator op, double a, double b, enum java_kind kind, struct java_value *ret)
{
	double d = op == OP_ADD ? a + b : op == OP_SUB ? a - b : op == OP_MUL ? a * b : op == OP_DIV ? a / b : op == OP_MOD ? fmod(a, b) : pow(a, b);

	*ret = (struct java_value){ .kind = kind, .d = kind == JAVA_FLOAT ? (double)(float)d : d };
	return 0;
}

static int wholes(struct java_run *run, enum operator op, int64_t a, int64_t b, enum java_kind kind, struct java_value *ret)
{
	uint64_t n = 0, ua = (uint64_t)a, ub = (uint64_t)b;
	bool wide = kind == JAVA_LONG || is(run, IN_OGNL); /* OGNL computes with longs and cuts them */
	unsigned mask = wide ? 63 : 31;

	if ((op == OP_DIV || op == OP_MOD) && b == 0)
		return java_throw(run, "java.lang.ArithmeticException", "/ by zero");
	switch (op) {
	case OP_ADD: n = ua + ub; break;
	case OP_SUB: n = ua - ub; break;
	case OP_MUL: n = ua * ub; break;
	case OP_DIV: n = b == -1 ? -ua : (uint64_t)(a / b); break;
	case OP_MOD: n = b == -1 ? 0 : (uint64_t)(a % b); break;
	case OP_BITAND: n = ua & ub; break;
	case OP_BITOR: n = ua | ub; break;
	case OP_BITXOR: n = ua ^ ub; break;
	case OP_SHL: n = ua << (ub & mask); break;
	case OP_SHR: n = (uint64_t)(a >> (ub & mask)); break;
	case OP_USHR: n = wide ? ua >> (ub & 63) : (uint64_t)((uint32_t)a >> (ub & 31)); break;
	default: return java_refuse(run, "operator", (struct bytes){ 0 });
	}
	*ret = kind == JAVA_LONG ? java_long((int64_t)n) : java_int((int64_t)(int32_t)n);
	return 0;
}

int java_operate_numbers(struct java_run *run, enum operator op, const struct java_value *a, const struct java_value *b, enum java_kind kind,
                    struct java_value *ret)
{
	if (kind == JAVA_BIG || kind == JAVA_DECIMAL)
		return decimals(run, op, a, b, kind, ret);
	if (kind == JAVA_FLOAT || kind == JAVA_DOUBLE) {
		if (op >= OP_BITOR && op <= OP_BITAND)
			return java_throw(run, "java.lang.IllegalArgumentException", "");
		if (is(run, IN_OGNL) && op == OP_MOD) { /* of whole numbers, told as a real one */
			int r = wholes(run, op, java_to_long(a), java_to_long(b), JAVA_LONG, ret);

			*ret = java_narrow(*ret, kind);
			return r;
		}
		return reals(op, java_to_double(a), java_to_double(b), kind, ret);
	}
	return wholes(run, op, java_to_long(a), java_to_long(b), kind, ret);
}

/* Whole numbers of Velocity and of JavaScript grow instead of wrapping. */
static int grow(struct java_run *run, enum operator op, const struct java_value *a, const struct java_value *b, struct java_value *ret)
{
	struct java_value exact = { 0 };
	int64_t i;

	if ((op != OP_ADD && op != OP_SUB && op != OP_MUL) || decimals(run, op, a, b, JAVA_BIG, &exact) < 0)
		return 0;
	if (run->dialect == DIALECT_SCRIPT)
		*ret = decimal_int(exact.n, false, &i) && i == (int32_t)i ? java_int(i) : java_double(decimal_double(exact.n));
	else if (is(run, IN_MVEL)) /* wraps where it is computed, and grows where a constant is folded */
		return decimal_int(exact.n, false, &i) && i == ret->i ? 0 : java_refuse(run, "overflow", (struct bytes){ 0 });
	else if (decimal_int(exact.n, false, &i))
		*ret = i == (int32_t)i && ret->kind == JAVA_INT ? java_int(i) : java_long(i);
	else
		*ret = exact;
	return 0;
}

/* Division that leaves the whole numbers: JavaScript's, Groovy's, MVEL's, EL's, Freemarker's. */
static enum java_kind divided(const struct java_run *run, enum java_kind kind)
{
	if (is(run, IN_EL))
		return kind == JAVA_BIG || kind == JAVA_DECIMAL ? JAVA_DECIMAL : JAVA_DOUBLE;
	if (is(run, IN_JAVA) && run->dialect == DIALECT_GROOVY)
		return kind < JAVA_FLOAT ? JAVA_DECIMAL : kind;
	if ((is(run, IN_JAVA) && run->dialect == DIALECT_SCRIPT) || is(run, IN_MVEL))
		return kind < JAVA_BIG ? JAVA_DOUBLE : kind;
	return kind;
}

static int power(struct java_run *run, const struct java_value *a, const struct java_value *b, enum java_kind kind, struct java_value *ret)
{
	double d = pow(java_to_double(a), java_to_double(b));

	if (kind >= JAVA_BIG || is(run, IN_MVEL) || run->dialect == DIALECT_SCRIPT) {
		*ret = java_double(d);
		return 0;
	}
	*ret = java_double(d);
	*ret = java_narrow(*ret, JAVA_LONG);
	if (kind == JAVA_INT && ret->i <= INT32_MAX)
		*ret = java_int(ret->i);
	return 0;
}

static int arithmetic(struct java_run *run, enum operator op, const struct java_value *a, const struct java_value *b, struct java_value *ret)
{
	enum java_kind kind;
	int r;

	if (is(run, IN_FREEMARKER)) {
		const struct java_value one = java_int(1);
		struct java_value x = *a, y = *b;

		(void)one;
		if (op == OP_MOD) {
			x = java_narrow(x, JAVA_LONG);
			y = java_narrow(y, JAVA_LONG);
			return wholes(run, op, x.i, y.i, JAVA_LONG, ret);
		}
		return decimals(run, op, &x, &y, JAVA_DECIMAL, ret);
	}
	kind = java_operate_meet(run, a->kind, b->kind);
	if (op == OP_POWER)
		return power(run, a, b, kind, ret);
	if (op == OP_DIV)
		kind = divided(run, kind);
	if (op == OP_SHL || op == OP_SHR || op == OP_USHR)
		kind = a->kind < JAVA_INT ? JAVA_INT : a->kind;
	if (is(run, IN_VELOCITY) && (op == OP_DIV || op == OP_MOD) && kind <= JAVA_BIG && java_to_double(b) == 0) {
		*ret = java_null();
		return 0;
	}
	r = java_operate_numbers(run, op, a, b, kind, ret);
	if (r == 0 && kind <= JAVA_LONG && (is(run, IN_VELOCITY | IN_MVEL) || run->dialect == DIALECT_SCRIPT))
		return grow(run, op, a, b, ret);
	return r;
}

static int concatenate(struct java_run *run, const struct java_value *a, const struct java_value *b, struct java_value *ret)
{
	struct bytes x, y;
	int r;

	if (is(run, IN_FREEMARKER)) {
		if ((r = java_to_output(run, a, &x)) < 0 || (r = java_to_output(run, b, &y)) < 0)
			return r;
	} else if ((r = java_to_text(run, a, &x)) < 0 || (r = java_to_text(run, b, &y)) < 0) {
		return r;
	}
	return java_concat(run, x, y, ret);
}

/* Lists and maps put together; 1: neither is one. */
static int add_collections(struct java_run *run, const struct java_value *a, const struct java_value *b, struct java_value *ret)
{
	struct java_object *o;
	int r;

	if (!is(run, IN_FREEMARKER | IN_JAVA | IN_EL | IN_MVEL) || a->kind != JAVA_OBJECT || (a->o->kind != OBJECT_LIST && a->o->kind != OBJECT_MAP))
		return 1;
	if ((r = java_make(run, a->o->kind, a->o->type->name, &o)) < 0)
		return r;
	for (unsigned i = 0; i < a->o->count; i++) {
		if ((r = java_append(run, o, a->o->items[i])) < 0)
			return r;
	}
	*ret = java_object(o);
	if (b->kind != JAVA_OBJECT || b->o->kind != a->o->kind)
		return a->o->kind == OBJECT_LIST && is(run, IN_JAVA) ? java_append(run, o, *b) : java_throw(run, "java.lang.IllegalArgumentException", "");
	for (unsigned i = 0; i < b->o->count; i++) {
		if (o->kind == OBJECT_MAP && (r = java_map_put(run, o, b->o->items[i], b->o->items[i + 1])) < 0)
			return r;
		if (o->kind == OBJECT_LIST && (r = java_append(run, o, b->o->items[i])) < 0)
			return r;
		i += o->kind == OBJECT_MAP;
	}
	return 0;
}

/* What each language makes of operands that are no numbers, before they are computed with. 1: goes on with numbers. */
static int prepare(struct java_run *run, enum operator op, struct java_value *a, struct java_value *b, struct java_value *ret)
{
	bool text = a->kind == JAVA_STRING || b->kind == JAVA_STRING;

	if (java_is_open(a) || java_is_open(b))
		return op == OP_ADD && (text || java_is_open(a)) && is(run, IN_SPEL | IN_OGNL | IN_JAVA | IN_MVEL | IN_FREEMARKER | IN_VELOCITY) ? concatenate(run, a, b, ret) : java_open(run, "operator", ret);
	if (op == OP_ADD) {
		int r = add_collections(run, a, b, ret);

		if (r <= 0)
			return r;
		if (is(run, IN_SPEL) && text)
			return concatenate(run, a, b, ret);
		if (is(run, IN_JAVA | IN_MVEL | IN_FREEMARKER) && text)
			return concatenate(run, a, b, ret);
		if (is(run, IN_VELOCITY) && text && a->kind != JAVA_NULL && b->kind != JAVA_NULL)
			return concatenate(run, a, b, ret);
		if (is(run, IN_OGNL) && (a->kind < JAVA_BOOLEAN || b->kind < JAVA_BOOLEAN || a->kind >= JAVA_STRING || b->kind >= JAVA_STRING ||
		                         ((a->kind == JAVA_CHAR) != (b->kind == JAVA_CHAR))))
			return concatenate(run, a, b, ret);
	}
	return java_operate_coerce(run, op, a, b, ret);
}

int java_operate(struct java_run *run, enum operator op, struct java_value *a, struct java_value *b, struct java_value *ret)
{
	int r;

	if (op == OP_CONCAT) {
		struct java_value empty = java_text("");

		return concatenate(run, a->kind <= JAVA_VOID && is(run, IN_EL) ? &empty : a, b->kind <= JAVA_VOID && is(run, IN_EL) ? &empty : b, ret);
	}
	if (op >= OP_EQ && op <= OP_GE && op != OP_IN)
		return java_operate_compare(run, op, a, b, ret);
	if (op == OP_COMPARE || op == OP_IS)
		return java_operate_compare(run, op, a, b, ret);
	if (op == OP_IN || op == OP_NOT_IN || op == OP_CONTAINS || op == OP_MATCHES || op == OP_FIND || op == OP_BETWEEN || op == OP_RANGE || op == OP_RANGE_OPEN)
		return java_operate_search(run, op, a, b, ret);
	if ((r = prepare(run, op, a, b, ret)) <= 0)
		return r;
	if ((op == OP_BITAND || op == OP_BITOR || op == OP_BITXOR) && a->kind == JAVA_BOOLEAN && b->kind == JAVA_BOOLEAN && !is(run, IN_OGNL)) {
		*ret = java_bool(op == OP_BITAND ? (a->i & b->i) != 0 : op == OP_BITOR ? (a->i | b->i) != 0 : a->i != b->i);
		return 0;
	}
	if (a->kind < JAVA_BOOLEAN || a->kind > JAVA_DECIMAL || b->kind < JAVA_BOOLEAN || b->kind > JAVA_DECIMAL)
		return java_throw(run, "java.lang.IllegalStateException", "");
	if (!is(run, IN_OGNL) && (a->kind == JAVA_BOOLEAN || b->kind == JAVA_BOOLEAN))
		return java_throw(run, "java.lang.IllegalStateException", "");
	return arithmetic(run, op, a, b, ret);
}
