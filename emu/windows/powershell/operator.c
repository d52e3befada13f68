/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operators: about_Arithmetic_Operators, about_Comparison_Operators, about_Split, about_Join. */
#include "emu/windows/powershell/session.h"

#include <math.h>
#include <stdlib.h>

static struct value repeat_string(struct session *s, const struct string *text, int64_t times)
{
	struct units u = units_in(s->host->heap);

	for (int64_t i = 0; i < times && host_step(s->host); i++)
		units_add(&u, text);
	return v_string(units_string(&u));
}

static struct list *copy_list(struct session *s, const struct list *from, unsigned more)
{
	struct list *l = list_new(s->host->heap, from->count + more);

	for (unsigned i = 0; i < from->count; i++)
		list_add(l, from->at[i]);
	l->foreign = from->foreign;
	return l;
}

static struct value add_lists(struct session *s, const struct list *a, const struct value *b)
{
	struct list *more = value_list(s, b), *l = copy_list(s, a, more->count);

	for (unsigned i = 0; i < more->count && host_step(s->host); i++)
		list_add(l, more->at[i]);
	if (b->kind == V_NULL)
		list_add(l, *b);
	return v_list(l);
}

static struct value of_reals(enum operator op, double a, double b)
{
	switch (op) {
	case OP_ADD: return v_double(a + b);
	case OP_SUBTRACT: return v_double(a - b);
	case OP_MULTIPLY: return v_double(a * b);
	case OP_DIVIDE: return v_double(a / b);
	default: return v_double(fmod(a, b));
	}
}

/* Ints that overflow become doubles; longs as well. */
static struct value of_ints(struct session *s, enum operator op, int64_t a, int64_t b, bool longs)
{
	int64_t r = 0;
	bool over = false;

	if ((op == OP_DIVIDE || op == OP_MODULO) && b == 0) {
		session_throw(s, "powershell.divide", NULL);
		return v_null();
	}
	switch (op) {
	case OP_ADD: over = __builtin_add_overflow(a, b, &r); break;
	case OP_SUBTRACT: over = __builtin_sub_overflow(a, b, &r); break;
	case OP_MULTIPLY: over = __builtin_mul_overflow(a, b, &r); break;
	case OP_DIVIDE:
		if (b == -1 || a % b != 0)
			return b == -1 && a != INT64_MIN ? v_int(-a) : v_double((double)a / (double)b);
		r = a / b;
		break;
	default: r = b == -1 ? 0 : a % b; break;
	}
	if (over || (!longs && (r > INT32_MAX || r < INT32_MIN)))
		return of_reals(op, (double)a, (double)b);
	return longs ? v_number(V_LONG, r) : v_int(r);
}

static double real_of(const struct value *v)
{
	return v->kind == V_DOUBLE ? v->real : (double)v->number;
}

static struct value arithmetic(struct session *s, enum operator op, const struct value *a, const struct value *b)
{
	struct value x, y;

	if (op == OP_ADD && a->kind == V_STRING)
		return v_string(string_join(s->host->heap, a->string, value_string(s, b)));
	if (op == OP_ADD && a->kind == V_CHAR && (b->kind == V_CHAR || b->kind == V_STRING))
		return v_string(string_join(s->host->heap, value_string(s, a), value_string(s, b)));
	if (op == OP_ADD && a->kind == V_LIST)
		return add_lists(s, a->list, b);
	if (op == OP_ADD && a->kind == V_NULL)
		return *b;
	if (op == OP_ADD && a->kind == V_TABLE && b->kind == V_TABLE) {
		struct table *t = table_new(s->host->heap);

		for (unsigned i = 0; i < a->table->count; i++)
			table_set(t, a->table->rows[i].key, a->table->rows[i].value);
		for (unsigned i = 0; i < b->table->count; i++)
			table_set(t, b->table->rows[i].key, b->table->rows[i].value);
		return (struct value){ V_TABLE, { .table = t } };
	}
	if (op == OP_MULTIPLY && (a->kind == V_STRING || a->kind == V_LIST)) {
		int64_t times = value_int(s, b);
		struct list *l;

		if (a->kind == V_STRING)
			return repeat_string(s, a->string, times);
		l = list_new(s->host->heap, 8);
		for (int64_t i = 0; i < times && host_step(s->host); i++)
			for (unsigned k = 0; k < a->list->count && host_step(s->host); k++)
				list_add(l, a->list->at[k]);
		return v_list(l);
	}
	if (!value_number(s, a, &x) || !value_number(s, b, &y)) {
		session_throw(s, "powershell.operation", NULL);
		return v_null();
	}
	if (x.kind == V_DOUBLE || y.kind == V_DOUBLE)
		return of_reals(op, real_of(&x), real_of(&y));
	return of_ints(s, op, x.number, y.number, x.kind == V_LONG || y.kind == V_LONG);
}

static struct value bits(struct session *s, enum operator op, const struct value *a, const struct value *b)
{
	struct value x, y;
	int64_t p, q, r;
	bool longs;

	if (!value_number(s, a, &x) || !value_number(s, b, &y)) {
		session_throw(s, "powershell.operation", NULL);
		return v_null();
	}
	p = value_int(s, &x);
	q = value_int(s, &y);
	longs = x.kind == V_LONG || p > INT32_MAX || p < INT32_MIN || ((y.kind == V_LONG || q > INT32_MAX || q < INT32_MIN) && op < OP_SHL);
	switch (op) {
	case OP_BAND: r = p & q; break;
	case OP_BOR: r = p | q; break;
	case OP_BXOR: r = p ^ q; break;
	case OP_SHL: r = longs ? (int64_t)((uint64_t)p << (q & 63)) : (int32_t)((uint32_t)p << (q & 31)); break;
	default: r = longs ? p >> (q & 63) : (int32_t)p >> (q & 31); break;
	}
	return longs ? v_number(V_LONG, r) : v_int((int32_t)r);
}

static struct value range(struct session *s, const struct value *a, const struct value *b)
{
	int64_t from = value_int(s, a), to = value_int(s, b), step = from <= to ? 1 : -1;
	struct list *l;

	if (llabs(to - from) >= LIST_MAX) {
		heap_fill(s->host->heap);
		return v_null();
	}
	l = list_new(s->host->heap, (unsigned)llabs(to - from) + 1);
	for (int64_t i = from;; i += step) {
		list_add(l, v_int(i));
		if (i == to)
			return v_list(l);
	}
}

bool operator_equal(struct session *s, const struct value *a, const struct value *b, bool folded)
{
	struct value x, y;

	if (a->kind == V_NULL || b->kind == V_NULL)
		return a->kind == b->kind;
	if (a->kind == V_BOOL)
		return a->truth == value_truth(b);
	if (value_is_number(a) && value_number(s, b, &y)) {
		(void)value_number(s, a, &x);
		return x.kind == V_DOUBLE || y.kind == V_DOUBLE ? real_of(&x) == real_of(&y) : x.number == y.number;
	}
	if (a->kind == V_OBJECT || a->kind == V_TABLE || a->kind == V_BLOCK)
		return a->kind == b->kind && a->object == b->object;
	if (a->kind == V_TYPE && b->kind == V_TYPE)
		return same_name(a->type, b->type);
	return string_compare(value_string(s, a), value_string(s, b), folded && a->kind != V_CHAR) == 0 ||
	    (a->kind == V_CHAR && folded && string_compare(value_string(s, a), value_string(s, b), true) == 0);
}

int operator_order(struct session *s, const struct value *a, const struct value *b, bool folded)
{
	struct value x, y;

	if ((value_is_number(a) || a->kind == V_NULL || a->kind == V_CHAR) && value_number(s, a, &x) && value_number(s, b, &y))
		return real_of(&x) < real_of(&y) ? -1 : real_of(&x) > real_of(&y);
	return string_compare(value_string(s, a), value_string(s, b), folded);
}

bool operator_like(const struct string *t, const struct string *p, bool folded)
{
	uint32_t at = 0, i = 0, star = UINT32_MAX, back = 0;

	while (at < t->len) {
		uint16_t c = t->at[at], want = i < p->len ? p->at[i] : 0;

		if (folded && c >= 'A' && c <= 'Z')
			c += 32;
		if (folded && want >= 'A' && want <= 'Z')
			want += 32;
		if (i < p->len && want == '*') {
			star = i++;
			back = at;
		} else if (i < p->len && (want == '?' || want == c)) {
			i++;
			at++;
		} else if (star != UINT32_MAX) {
			i = star + 1;
			at = ++back;
		} else {
			return false;
		}
	}
	while (i < p->len && p->at[i] == '*')
		i++;
	return i == p->len;
}

static bool matches(struct session *s, const struct value *a, const struct value *b, bool folded, bool keep)
{
	struct match m;

	if (!regex_find(s, value_string(s, b), value_string(s, a), 0, folded, &m))
		return false;
	if (keep) {
		struct table *t = m.names;

		for (unsigned i = 0; i < m.groups->count; i++)
			if (m.groups->at[i].kind != V_NULL)
				table_write(t, heap_print(s->host->heap, "%u", i), m.groups->at[i]);
		session_set(s, "Matches", (struct value){ V_TABLE, { .table = t } });
	}
	return true;
}

static bool compare(struct session *s, enum operator op, const struct value *a, const struct value *b, bool folded)
{
	switch (op) {
	case OP_EQ: return operator_equal(s, a, b, folded);
	case OP_NE: return !operator_equal(s, a, b, folded);
	case OP_GT: return operator_order(s, a, b, folded) > 0;
	case OP_GE: return operator_order(s, a, b, folded) >= 0;
	case OP_LT: return operator_order(s, a, b, folded) < 0;
	case OP_LE: return operator_order(s, a, b, folded) <= 0;
	case OP_LIKE: return operator_like(value_string(s, a), value_string(s, b), folded);
	case OP_NOTLIKE: return !operator_like(value_string(s, a), value_string(s, b), folded);
	case OP_MATCH: return matches(s, a, b, folded, true);
	default: return !matches(s, a, b, folded, false);
	}
}

static bool contains(struct session *s, const struct value *all, const struct value *one, bool folded)
{
	struct list *l = value_list(s, all);

	for (unsigned i = 0; i < l->count && host_step(s->host); i++)
		if (operator_equal(s, &l->at[i], one, folded))
			return true;
	return false;
}

static struct value join(struct session *s, const struct value *all, const struct string *between)
{
	struct units u = units_in(s->host->heap);
	struct list *l = value_list(s, all);

	u.foreign = l->foreign;
	for (unsigned i = 0; i < l->count && host_step(s->host); i++) {
		if (i != 0)
			units_add(&u, between);
		units_add(&u, value_string(s, &l->at[i]));
	}
	return v_string(units_string(&u));
}

static struct value split(struct session *s, const struct value *a, const struct value *b, bool folded)
{
	struct list *texts = value_list(s, a), *how = value_list(s, b), *all = list_new(s->host->heap, 8);
	struct value v;

	if (how->count != 0 && how->at[0].kind == V_BLOCK) {
		session_unsupported(s, "-split by a block", "");
		return v_null();
	}
	for (unsigned i = 0; i < texts->count && session_goes_on(s); i++) {
		struct list *parts = regex_split(s, how->count != 0 ? value_string(s, &how->at[0]) : string_text(s->host->heap, "\\s+"),
		    value_string(s, &texts->at[i]), how->count > 1 ? value_int(s, &how->at[1]) : 0, folded);

		for (unsigned k = 0; k < parts->count; k++)
			list_add(all, parts->at[k]);
	}
	v = v_list(all);
	return v;
}

static struct value replace(struct session *s, const struct value *a, const struct value *b, bool folded)
{
	struct list *how = value_list(s, b), *all;
	struct value none = v_text(s->host->heap, "");
	const struct value *by = how->count > 1 ? &how->at[1] : &none;

	if (how->count == 0)
		return *a;
	if (a->kind != V_LIST)
		return v_string(regex_replace(s, value_string(s, &how->at[0]), value_string(s, a), by, folded));
	all = list_new(s->host->heap, a->list->count);
	for (unsigned i = 0; i < a->list->count && session_goes_on(s); i++)
		list_add(all, v_string(regex_replace(s, value_string(s, &how->at[0]), value_string(s, &a->list->at[i]), by, folded)));
	return v_list(all);
}

/* A comparison of a list gives those of its elements that it fits. */
static struct value filter(struct session *s, enum operator op, const struct value *a, const struct value *b, bool folded)
{
	struct list *l = list_new(s->host->heap, 4);

	for (unsigned i = 0; i < a->list->count && host_step(s->host); i++)
		if (compare(s, op, &a->list->at[i], b, folded))
			list_add(l, a->list->at[i]);
	return v_list(l);
}

struct value operator_binary(struct session *s, enum operator cased, const struct value *a, const struct value *b)
{
	enum operator op = cased & (OP_CASE - 1);
	bool folded = (cased & OP_CASE) == 0;
	struct list *l;

	if ((a->kind == V_UNKNOWN || b->kind == V_UNKNOWN) && op != OP_ADD && op != OP_FORMAT && op != OP_JOIN)
		return v_unknown();
	switch (op) {
	case OP_ADD: case OP_SUBTRACT: case OP_MULTIPLY: case OP_DIVIDE: case OP_MODULO: return arithmetic(s, op, a, b);
	case OP_BAND: case OP_BOR: case OP_BXOR: case OP_SHL: case OP_SHR: return bits(s, op, a, b);
	case OP_RANGE: return range(s, a, b);
	case OP_FORMAT:
		l = value_list(s, b);
		if (b->kind == V_NULL)
			list_add(l, *b);
		return v_string(operator_format(s, value_string(s, a), l));
	case OP_JOIN: return join(s, a, value_string(s, b));
	case OP_SPLIT: return split(s, a, b, folded);
	case OP_REPLACE: return replace(s, a, b, folded);
	case OP_CONTAINS: return v_bool(contains(s, a, b, folded));
	case OP_NOTCONTAINS: return v_bool(!contains(s, a, b, folded));
	case OP_IN: return v_bool(contains(s, b, a, folded));
	case OP_NOTIN: return v_bool(!contains(s, b, a, folded));
	case OP_IS: case OP_ISNOT: {
		const char *type = b->kind == V_TYPE ? b->type : type_name(s, value_string(s, b));

		return v_bool(type_is(a, type) == (op == OP_IS));
	}
	case OP_AS: return type_cast(s, b->kind == V_TYPE ? b->type : type_name(s, value_string(s, b)), a);
	default:
		if (a->kind == V_LIST)
			return filter(s, op, a, b, folded);
		return v_bool(compare(s, op, a, b, folded));
	}
}

struct value operator_unary(struct session *s, enum operator cased, const struct value *v)
{
	enum operator op = cased & (OP_CASE - 1);
	struct value zero = v_int(0), none = v_null();

	if (v->kind == V_UNKNOWN && op != OP_JOIN)
		return *v;
	switch (op) {
	case OP_NOT: return v_bool(!value_truth(v));
	case OP_BNOT: return v_int(~value_int(s, v));
	case OP_NEGATE: return arithmetic(s, OP_SUBTRACT, &zero, v);
	case OP_PLUS: return arithmetic(s, OP_ADD, &zero, v);
	case OP_JOIN: return join(s, v, string_text(s->host->heap, ""));
	default: return split(s, v, &none, (cased & OP_CASE) == 0);
	}
}
