/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operands that the languages bring to numbers, comparisons, searches, and operators of one operand. */
#include "emu/expression/operate.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static bool is(const struct java_run *run, unsigned languages)
{
	return (1u << run->language & languages) != 0;
}

/* EL: a text with a point or exponent is a double, else a long; null is 0. */
static int el_number(struct java_run *run, struct java_value *v)
{
	bool real = false;

	if (v->kind == JAVA_NULL || (v->kind == JAVA_STRING && v->s.left == 0)) {
		*v = java_long(0);
		return 0;
	}
	if (v->kind == JAVA_CHAR)
		*v = java_narrow(*v, JAVA_SHORT);
	if (v->kind != JAVA_STRING)
		return 0;
	for (size_t i = 0; i < v->s.left; i++)
		real |= strchr(".eE", v->s.at[i]) != NULL;
	return java_parse_number(run, v->s, real ? JAVA_DOUBLE : JAVA_LONG, 10, v);
}

static int text_number(struct java_run *run, struct java_value *v)
{
	if (v->kind == JAVA_STRING)
		return java_parse_number(run, v->s, JAVA_DOUBLE, 10, v);
	return 0;
}

static int repeat(struct java_run *run, struct bytes text, int64_t times, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o);

	for (int64_t i = 0; r == 0 && i < times; i++) {
		if ((r = java_step(run)) == 0)
			r = java_write(run, o, text);
	}
	*ret = java_string(r == 0 ? o->text : text);
	return r;
}

int java_operate_coerce(struct java_run *run, enum operator op, struct java_value *a, struct java_value *b, struct java_value *ret)
{
	bool groovy = is(run, IN_JAVA) && run->dialect == DIALECT_GROOVY;
	int r;

	if (is(run, IN_EL))
		return (r = el_number(run, a)) < 0 || (r = el_number(run, b)) < 0 ? r : 1;
	if (is(run, IN_OGNL)) {
		if (a->kind == JAVA_STRING && (r = text_number(run, a)) < 0)
			return r;
		if (b->kind == JAVA_STRING && (r = text_number(run, b)) < 0)
			return r;
		return 1;
	}
	if (is(run, IN_SPEL) && a->kind == JAVA_STRING && op == OP_SUB && b->kind == JAVA_INT && java_text_length(a->s) == 1) {
		*a = java_char(java_text_code(a->s, 0) - b->i);
		*ret = *a;
		struct bytes text;

		if ((r = java_to_text(run, a, &text)) == 0)
			*ret = java_string(text);
		return r;
	}
	if ((is(run, IN_SPEL) || groovy) && a->kind == JAVA_STRING && op == OP_MUL && java_is_whole(b))
		return repeat(run, a->s, java_to_long(b), ret);
	if (is(run, IN_JAVA) && run->dialect == DIALECT_SCRIPT && op != OP_ADD) {
		if ((a->kind == JAVA_STRING && text_number(run, a) < 0) || (b->kind == JAVA_STRING && text_number(run, b) < 0)) {
			*ret = java_double(NAN);
			return 0;
		}
		return 1;
	}
	/* Groovy: list << item */
	if (groovy && op == OP_SHL && a->kind == JAVA_OBJECT) {
		*ret = *a;
		return a->o->kind == OBJECT_LIST ? java_append(run, a->o, *b) : a->o->kind == OBJECT_BUILDER && b->kind == JAVA_STRING ? java_write(run, a->o, b->s) : -EDOM;
	}
	if (groovy && op == OP_SUB && a->kind == JAVA_STRING && b->kind == JAVA_STRING)
		return java_regexp_replace(run, a->s, b->s, bytes_text(""), false, &ret->s) < 0 ? -EDOM : (ret->kind = JAVA_STRING, 0);
	return 1;
}

static int order_of(const struct decimal *a, const struct decimal *b)
{
	int c = decimal_compare(a, b);

	return c < 0 ? -1 : c > 0;
}

static int compare_numbers(struct java_run *run, const struct java_value *a, const struct java_value *b)
{
	enum java_kind kind = java_operate_meet(run, a->kind, b->kind);

	if (kind == JAVA_BIG || kind == JAVA_DECIMAL) {
		const struct decimal *x = java_to_decimal(run, a), *y = java_to_decimal(run, b);

		return x == NULL || y == NULL ? 2 : order_of(x, y);
	}
	if (kind == JAVA_FLOAT || kind == JAVA_DOUBLE) {
		double x = java_to_double(a), y = java_to_double(b);

		return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
	}
	return a->i < b->i ? -1 : a->i > b->i;
}

static int compare_texts(struct bytes a, struct bytes b)
{
	size_t len = a.left < b.left ? a.left : b.left;
	int c = len > 0 ? memcmp(a.at, b.at, len) : 0;

	return c != 0 ? c < 0 ? -1 : 1 : a.left < b.left ? -1 : a.left > b.left;
}

int java_compare(struct java_run *run, const struct java_value *a, const struct java_value *b, int *ret)
{
	if (a->kind == JAVA_STRING && b->kind == JAVA_STRING)
		*ret = compare_texts(a->s, b->s);
	else if (a->kind >= JAVA_CHAR && a->kind <= JAVA_DECIMAL && b->kind >= JAVA_CHAR && b->kind <= JAVA_DECIMAL)
		*ret = compare_numbers(run, a, b);
	else if (a->kind == JAVA_BOOLEAN && b->kind == JAVA_BOOLEAN)
		*ret = a->i < b->i ? -1 : a->i > b->i;
	else if (a->kind == JAVA_NULL && b->kind == JAVA_NULL)
		*ret = 0;
	else
		return java_throw(run, "java.lang.ClassCastException", "");
	return 0;
}

static bool numeric(const struct java_value *v)
{
	return v->kind >= JAVA_CHAR && v->kind <= JAVA_DECIMAL;
}

/* The other operand's kind decides what a text is compared as. */
static int comparable(struct java_run *run, struct java_value *a, struct java_value *b, bool equality)
{
	struct bytes text;
	int r;

	if (is(run, IN_EL)) {
		if ((a->kind == JAVA_STRING) != (b->kind == JAVA_STRING) && (equality || (!numeric(a) && !numeric(b)) || true)) {
			struct java_value *other = a->kind == JAVA_STRING ? b : a, *word = a->kind == JAVA_STRING ? a : b;

			if (numeric(other) && other->kind != JAVA_CHAR)
				return el_number(run, word);
			if (other->kind == JAVA_BOOLEAN && equality) {
				*word = java_bool(bytes_equal_fold(word->s, bytes_text("true")));
				return 0;
			}
			if (other->kind != JAVA_NULL && (r = java_to_text(run, other, &text)) < 0)
				return r;
			if (other->kind != JAVA_NULL)
				*other = java_string(text);
		}
		return 0;
	}
	if (is(run, IN_OGNL) && (a->kind == JAVA_STRING) != (b->kind == JAVA_STRING) && (numeric(a) || numeric(b)) && a->kind != JAVA_CHAR && b->kind != JAVA_CHAR)
		return (r = text_number(run, a)) < 0 ? r : text_number(run, b);
	if (((a->kind == JAVA_CHAR && b->kind == JAVA_STRING) || (b->kind == JAVA_CHAR && a->kind == JAVA_STRING)) && (is(run, IN_MVEL | IN_OGNL) || run->dialect != DIALECT_JAVA)) {
		struct java_value *other = a->kind == JAVA_CHAR ? a : b;

		if ((r = java_to_text(run, other, &text)) < 0)
			return r;
		*other = java_string(text);
	}
	if (run->dialect == DIALECT_SCRIPT && (a->kind == JAVA_STRING) != (b->kind == JAVA_STRING) && (numeric(a) || numeric(b))) {
		if (text_number(run, a) < 0 || text_number(run, b) < 0)
			*a = java_double(NAN);
	}
	return 0;
}

bool java_equals(struct java_run *run, const struct java_value *x, const struct java_value *y)
{
	struct java_value a = *x, b = *y;

	if (a.kind <= JAVA_VOID || b.kind <= JAVA_VOID)
		return a.kind <= JAVA_VOID && b.kind <= JAVA_VOID;
	if (comparable(run, &a, &b, true) < 0)
		return false;
	if (numeric(&a) && numeric(&b))
		return compare_numbers(run, &a, &b) == 0;
	return java_same(run, &a, &b);
}

int java_operate_compare(struct java_run *run, enum operator op, struct java_value *a, struct java_value *b, struct java_value *ret)
{
	int order, r;

	if (op == OP_EQ || op == OP_NE || op == OP_IS) {
		if ((java_is_open(a) || java_is_open(b)) && a->kind != JAVA_NULL && b->kind != JAVA_NULL)
			return java_open(run, "comparison", ret);
		*ret = java_bool(java_equals(run, a, b) == (op != OP_NE));
		return 0;
	}
	if (java_is_open(a) || java_is_open(b))
		return java_open(run, "comparison", ret);
	if (is(run, IN_EL) && (a->kind == JAVA_NULL || b->kind == JAVA_NULL)) {
		*ret = java_bool(a->kind == b->kind && (op == OP_LE || op == OP_GE));
		return 0;
	}
	if ((r = comparable(run, a, b, false)) < 0 || (r = java_compare(run, a, b, &order)) < 0)
		return r;
	if (op == OP_COMPARE)
		*ret = java_int(order);
	else
		*ret = java_bool(order != 2 && (op == OP_LT ? order < 0 : op == OP_GT ? order > 0 : op == OP_LE ? order <= 0 : order >= 0));
	return 0;
}

static int range(struct java_run *run, const struct java_value *a, const struct java_value *b, bool open, struct java_value *ret)
{
	int64_t from = java_to_long(a), to = java_to_long(b), step = from <= to ? 1 : -1;
	struct java_object *o;
	int r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o);

	if (r < 0 || !java_is_number(a) || !java_is_number(b))
		return r < 0 ? r : java_throw(run, "java.lang.IllegalArgumentException", "");
	if (open) {
		if (from == to) {
			*ret = java_object(o);
			return 0;
		}
		to -= step;
	}
	for (int64_t i = from;; i += step) {
		if ((r = java_append(run, o, java_int(i))) < 0)
			return r;
		if (i == to)
			break;
	}
	*ret = java_object(o);
	return 0;
}

static int found_in(struct java_run *run, struct java_value *item, struct java_value *in, bool *ret)
{
	struct java_value *items;
	unsigned count;
	int r;

	*ret = false;
	if (in->kind == JAVA_STRING && item->kind == JAVA_STRING) {
		*ret = bytes_find(in->s, item->s) >= 0;
		return 0;
	}
	if (in->kind == JAVA_NULL)
		return 0;
	if (in->kind != JAVA_OBJECT) {
		*ret = java_equals(run, item, in);
		return 0;
	}
	if ((r = java_items_of(run, in, &items, &count)) < 0)
		return r;
	for (unsigned i = 0; i < count && !*ret; i++)
		*ret = java_equals(run, item, &items[i]);
	return 0;
}

int java_operate_search(struct java_run *run, enum operator op, struct java_value *a, struct java_value *b, struct java_value *ret)
{
	bool found = false;
	size_t groups[20];
	struct bytes text;
	int low, high, r;

	switch (op) {
	case OP_RANGE: case OP_RANGE_OPEN:
		return range(run, a, b, op == OP_RANGE_OPEN, ret);
	case OP_BETWEEN:
		if (!java_is(b, OBJECT_LIST) || b->o->count != 2)
			return java_throw(run, "java.lang.IllegalArgumentException", "");
		if ((r = java_compare(run, a, &b->o->items[0], &low)) < 0 || (r = java_compare(run, a, &b->o->items[1], &high)) < 0)
			return r;
		*ret = java_bool(low >= 0 && high <= 0);
		return 0;
	case OP_MATCHES: case OP_FIND:
		if ((r = java_to_text(run, a, &text)) < 0 || b->kind != JAVA_STRING)
			return r < 0 ? r : java_throw(run, "java.lang.IllegalArgumentException", "");
		if ((r = java_regexp_match(run, text, b->s, op == OP_MATCHES, 0, groups, &found)) < 0)
			return r;
		*ret = java_bool(found);
		return 0;
	case OP_CONTAINS:
		r = found_in(run, b, a, &found);
		break;
	default:
		r = found_in(run, a, b, &found);
		break;
	}
	*ret = java_bool(found != (op == OP_NOT_IN));
	return r;
}

static bool is_empty(const struct java_value *v)
{
	return v->kind <= JAVA_VOID || (v->kind == JAVA_STRING && v->s.left == 0) ||
	       (v->kind == JAVA_OBJECT && (v->o->kind == OBJECT_LIST || v->o->kind == OBJECT_ARRAY || v->o->kind == OBJECT_MAP) && v->o->count == 0);
}

int java_operate_one(struct java_run *run, enum operator op, struct java_value *a, struct java_value *ret)
{
	struct java_value zero = java_int(0);
	bool truth;
	int r;

	switch (op) {
	case OP_NOT:
		if ((r = java_truth(run, a, &truth)) == 0)
			*ret = java_bool(!truth);
		return r;
	case OP_EMPTY:
		*ret = java_bool(is_empty(a));
		return 0;
	case OP_BITNOT:
		if (!java_is_whole(a) && a->kind != JAVA_CHAR)
			return java_throw(run, "java.lang.IllegalArgumentException", "");
		*ret = a->kind == JAVA_LONG ? java_long(~a->i) : java_int(~a->i);
		return 0;
	case OP_PLUS:
		if (!numeric(a))
			return is(run, IN_OGNL) ? (*ret = *a, 0) : java_throw(run, "java.lang.IllegalArgumentException", "");
		*ret = *a;
		return 0;
	default:
		break;
	}
	if (java_is_open(a))
		return java_open(run, "operator", ret);
	if (is(run, IN_EL) && (r = el_number(run, a)) < 0)
		return r;
	if (is(run, IN_OGNL) && a->kind == JAVA_STRING && (r = text_number(run, a)) < 0)
		return r;
	if (!numeric(a) && !(is(run, IN_OGNL) && a->kind == JAVA_BOOLEAN))
		return java_throw(run, "java.lang.IllegalArgumentException", "");
	if (a->kind == JAVA_FLOAT || a->kind == JAVA_DOUBLE) {
		*ret = *a;
		ret->d = -a->d;
		return 0;
	}
	return java_operate_numbers(run, OP_SUB, &zero, a, a->kind < JAVA_INT ? JAVA_INT : a->kind, ret);
}
