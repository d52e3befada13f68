/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Python's operators on plain values. */
#include "emu/template/python.h"

#include <errno.h>
#include <math.h>
#include <string.h>

bool python_is_number(struct datum d)
{
	return d.kind == DATUM_BOOL || d.kind == DATUM_INT || d.kind == DATUM_REAL;
}

double python_real_of(struct datum d)
{
	return d.kind == DATUM_REAL ? d.d : (double)d.i;
}

static bool is_whole(struct datum d)
{
	return d.kind == DATUM_BOOL || d.kind == DATUM_INT;
}

int python_truth(struct render *r, struct datum d, bool *ret)
{
	size_t length = 0;
	int e;

	switch (d.kind) {
	case DATUM_UNDEFINED: case DATUM_NONE: *ret = false; return 0;
	case DATUM_BOOL: case DATUM_INT: *ret = d.i != 0; return 0;
	case DATUM_REAL: *ret = d.d != 0; return 0;
	case DATUM_CODE: *ret = true; return 0;
	case DATUM_OBJECT: return python_object_truth(r, d, ret);
	default:
		if (d.kind == DATUM_LIST && d.list->form == FORM_GENERATOR) {
			*ret = true;
			return 0;
		}
		e = python_length(r, d, &length);
		*ret = length > 0;
		return e;
	}
}

int python_unary(struct render *r, int op, struct datum d, struct datum *ret)
{
	if (d.kind == DATUM_UNDEFINED)
		return jinja2_undefined(r, d);
	if (d.kind == DATUM_OBJECT) {
		int e = python_object_value(r, d, &d);

		if (e < 0)
			return e;
	}
	if (!python_is_number(d))
		return render_fail(r, "bad operand type for unary %c: '%s'", op, python_type(d));
	if (d.kind == DATUM_REAL) {
		*ret = datum_real(op == '-' ? -d.d : d.d);
		return 0;
	}
	if (op == '-' && d.i == INT64_MIN)
		return render_refuse(r, "a number beyond 64 bits");
	*ret = datum_int(op == '-' ? -d.i : d.i);
	return 0;
}

static int power(struct render *r, struct datum a, struct datum b, struct datum *ret)
{
	int64_t result = 1;

	if (!is_whole(a) || !is_whole(b) || b.i < 0) {
		double x = python_real_of(a), y = python_real_of(b);

		if (x == 0 && y < 0)
			return render_fail(r, "0.0 cannot be raised to a negative power");
		if (x < 0 && y != floor(y))
			return render_refuse(r, "a complex number");
		*ret = datum_real(pow(x, y));
		return isinf(ret->d) && !isinf(x) && !isinf(y) ? render_fail(r, "(34, 'Numerical result out of range')") : 0;
	}
	for (int64_t i = 0; i < b.i && a.i != 0 && a.i != 1; i++) {
		if (a.i == -1) {
			result = b.i % 2 != 0 ? -1 : 1;
			break;
		}
		if (__builtin_mul_overflow(result, a.i, &result))
			return render_refuse(r, "a number beyond 64 bits");
	}
	*ret = datum_int(a.i == 0 && b.i > 0 ? 0 : a.i == 1 ? 1 : result);
	return 0;
}

static int whole(struct render *r, int op, int64_t a, int64_t b, struct datum *ret)
{
	bool overflow = false;
	int64_t result = 0;

	if ((op == OP_FLOOR || op == '%') && b == 0)
		return render_fail(r, op == '%' ? "integer modulo by zero" : "integer division or modulo by zero");
	if ((op == OP_FLOOR || op == '%') && b == -1 && a == INT64_MIN)
		return render_refuse(r, "a number beyond 64 bits");
	switch (op) {
	case '+': overflow = __builtin_add_overflow(a, b, &result); break;
	case '-': overflow = __builtin_sub_overflow(a, b, &result); break;
	case '*': overflow = __builtin_mul_overflow(a, b, &result); break;
	case OP_FLOOR: result = a / b - (a % b != 0 && (a < 0) != (b < 0)); break;
	default: result = a % b + (a % b != 0 && (a < 0) != (b < 0) ? b : 0); break;
	}
	if (overflow)
		return render_refuse(r, "a number beyond 64 bits");
	*ret = datum_int(result);
	return 0;
}

static int real(struct render *r, int op, double a, double b, struct datum *ret)
{
	double m;

	if ((op == '/' || op == OP_FLOOR || op == '%') && b == 0)
		return render_fail(r, op == '/' ? "division by zero" : op == '%' ? "float modulo" : "float floor division by zero");
	m = op == OP_FLOOR || op == '%' ? fmod(a, b) : 0;
	if (m != 0 && (m < 0) != (b < 0))
		m += b;
	else if (m == 0)
		m = copysign(0, b);
	switch (op) {
	case '+': *ret = datum_real(a + b); break;
	case '-': *ret = datum_real(a - b); break;
	case '*': *ret = datum_real(a * b); break;
	case '/': *ret = datum_real(a / b); break;
	case '%': *ret = datum_real(m); break;
	default: {
		double div = (a - m) / b, f = floor(div);

		*ret = datum_real(div != 0 ? (div - f > 0.5 ? f + 1 : f) : copysign(0, a / b));
	}
	}
	return 0;
}

/* Texts and lists, times. */
static int repeat(struct render *r, struct datum of, int64_t times, struct datum *ret)
{
	size_t n = times > 0 ? (size_t)times : 0;
	int e = 0;

	if (of.kind == DATUM_TEXT) {
		uint8_t *at;

		if (of.s.left > 0 && n > TEMPLATE_TEXT_MAX / of.s.left)
			return -E2BIG;
		if ((at = arena_take(r->arena, n * of.s.left)) == NULL)
			return -ENOMEM;
		for (size_t i = 0; i < n && of.s.left > 0; i++)
			memcpy(at + i * of.s.left, of.s.at, of.s.left);
		*ret = datum_text(bytes_of(at, n * of.s.left));
		ret->raw = of.raw;
		return render_work(r, n * of.s.left);
	}
	if (of.list->count > 0 && n > RENDER_LIST_MAX / of.list->count)
		return -E2BIG;
	*ret = datum_list(r->arena, of.list->form);
	for (size_t i = 0; i < n && e == 0; i++)
		for (size_t k = 0; k < of.list->count && e == 0; k++)
			e = list_put(ret->list, r->arena, of.list->at[k]);
	return e;
}

static bool is_sequence(struct datum d)
{
	return d.kind == DATUM_TEXT || (d.kind == DATUM_LIST && d.list->form <= FORM_TUPLE);
}

static int chain(struct render *r, struct datum a, struct datum b, struct datum *ret)
{
	int e = 0;

	if (a.kind == DATUM_TEXT) {
		*ret = datum_text(text_join(r->arena, a.s, b.s));
		ret->raw = a.raw;
		return (e = render_work(r, ret->s.left)) < 0 ? e : render_full(r);
	}
	*ret = datum_list(r->arena, a.list->form);
	for (size_t i = 0; i < a.list->count && e == 0; i++)
		e = list_put(ret->list, r->arena, a.list->at[i]);
	for (size_t i = 0; i < b.list->count && e == 0; i++)
		e = list_put(ret->list, r->arena, b.list->at[i]);
	return e;
}

bool python_equal(struct datum a, struct datum b)
{
	if (python_is_number(a) && python_is_number(b))
		return is_whole(a) && is_whole(b) ? a.i == b.i : python_real_of(a) == python_real_of(b);
	if (a.kind != b.kind)
		return false;
	switch (a.kind) {
	case DATUM_NONE: case DATUM_UNDEFINED: return true;
	case DATUM_TEXT: return a.raw == b.raw && bytes_equal(a.s, b.s);
	case DATUM_LIST:
		if (a.list == b.list)
			return true;
		if (a.list->form != b.list->form || a.list->count != b.list->count || a.list->form == FORM_GENERATOR || a.list->form == FORM_VALUES)
			return false;
		for (size_t i = 0; i < a.list->count; i++) {
			if (a.list->at[i].kind == DATUM_LIST || a.list->at[i].kind == DATUM_DICT ? a.list->at[i].list != b.list->at[i].list : !python_equal(a.list->at[i], b.list->at[i]))
				return false; /* lists in lists: only the same one */
		}
		return true;
	case DATUM_DICT:
		for (size_t i = 0; i < a.dict->count; i++) {
			struct datum *other = python_dict_find(b.dict, a.dict->keys[i]);

			if (other == NULL || other->kind == DATUM_LIST || other->kind == DATUM_DICT || !python_equal(*other, a.dict->values[i]))
				return false;
		}
		return a.dict->count == b.dict->count;
	default: return a.object == b.object;
	}
}

static int order_of_text(struct bytes a, struct bytes b)
{
	size_t n = a.left < b.left ? a.left : b.left;
	int c = n > 0 ? memcmp(a.at, b.at, n) : 0;

	return c != 0 ? c < 0 ? -1 : 1 : a.left < b.left ? -1 : a.left > b.left;
}

int python_order(struct render *r, struct datum a, struct datum b, int *ret)
{
	if (python_is_number(a) && python_is_number(b)) {
		double x = python_real_of(a), y = python_real_of(b);

		*ret = is_whole(a) && is_whole(b) ? (a.i > b.i) - (a.i < b.i) : (x > y) - (x < y);
		return 0;
	}
	if (a.kind == DATUM_TEXT && b.kind == DATUM_TEXT && a.raw == b.raw) {
		*ret = order_of_text(a.s, b.s);
		return 0;
	}
	if (a.kind == DATUM_LIST && b.kind == DATUM_LIST && a.list->form == b.list->form && a.list->form <= FORM_TUPLE) {
		for (size_t i = 0; i < a.list->count && i < b.list->count; i++) {
			if (a.list->at[i].kind == DATUM_LIST || b.list->at[i].kind == DATUM_LIST)
				return render_refuse(r, "the order of lists in lists");
			if (!python_equal(a.list->at[i], b.list->at[i]))
				return python_order(r, a.list->at[i], b.list->at[i], ret);
		}
		*ret = (a.list->count > b.list->count) - (a.list->count < b.list->count);
		return 0;
	}
	if (a.kind == DATUM_UNDEFINED || b.kind == DATUM_UNDEFINED)
		return jinja2_undefined(r, a.kind == DATUM_UNDEFINED ? a : b);
	return render_fail(r, "'<' not supported between instances of '%s' and '%s'", python_type(a), python_type(b));
}

int python_contains(struct render *r, struct datum whole_, struct datum part, bool *ret)
{
	struct list all = { 0 };
	int e;

	*ret = false;
	if (whole_.kind == DATUM_UNDEFINED)
		return 0;
	if (whole_.kind == DATUM_TEXT) {
		if (part.kind != DATUM_TEXT)
			return part.kind == DATUM_UNDEFINED ? jinja2_undefined(r, part)
				: render_fail(r, "'in <string>' requires string as left operand, not %s", python_type(part));
		*ret = part.s.left == 0 || bytes_find(whole_.s, part.s) >= 0;
		return 0;
	}
	if (whole_.kind == DATUM_DICT) {
		if (part.kind == DATUM_DICT || (part.kind == DATUM_LIST && part.list->form == FORM_LIST))
			return render_fail(r, "unhashable type: '%s'", python_type(part));
		*ret = python_dict_find(whole_.dict, part) != NULL;
		return 0;
	}
	if (whole_.kind != DATUM_LIST && whole_.kind != DATUM_OBJECT)
		return render_fail(r, "argument of type '%s' is not iterable", python_type(whole_));
	e = python_iterate(r, whole_, &all, NULL);
	for (size_t i = 0; i < all.count && e == 0 && !*ret; i++)
		*ret = python_equal(all.at[i], part);
	return e;
}

static int compare(struct render *r, int op, struct datum a, struct datum b, struct datum *ret)
{
	bool is = false;
	int order = 0, e = 0;

	switch (op) {
	case OP_EQUAL: is = python_equal(a, b); break;
	case OP_UNEQUAL: is = !python_equal(a, b); break;
	case OP_IN: case OP_NOT_IN:
		e = python_contains(r, b, a, &is);
		is = is == (op == OP_IN);
		break;
	default:
		if ((a.kind == DATUM_REAL && isnan(a.d)) || (b.kind == DATUM_REAL && isnan(b.d)))
			break;
		e = python_order(r, a, b, &order);
		is = op == '<' ? order < 0 : op == '>' ? order > 0 : op == OP_AT_MOST ? order <= 0 : order >= 0;
	}
	*ret = datum_bool(is);
	return e;
}

static int arithmetic(struct render *r, int op, struct datum a, struct datum b, struct datum *ret)
{
	static const struct { int op; const char *name; } names[] = { { OP_POWER, "** or pow()" }, { OP_FLOOR, "//" }, { '+', "+" }, { '-', "-" }, { '*', "*" }, { '/', "/" }, { '%', "%" } };
	const char *name = "?";

	if (op == '%' && a.kind == DATUM_TEXT && !a.raw) {
		*ret = datum_text((struct bytes){ 0 });
		return python_percent(r, a.s, b, &ret->s);
	}
	if (a.kind == DATUM_UNDEFINED || b.kind == DATUM_UNDEFINED)
		return jinja2_undefined(r, a.kind == DATUM_UNDEFINED ? a : b);
	if (python_is_number(a) && python_is_number(b)) {
		if (op == OP_POWER)
			return power(r, a, b, ret);
		return op != '/' && is_whole(a) && is_whole(b) ? whole(r, op, a.i, b.i, ret) : real(r, op, python_real_of(a), python_real_of(b), ret);
	}
	if (op == '*' && is_sequence(a) && is_whole(b))
		return repeat(r, a, b.i, ret);
	if (op == '*' && is_sequence(b) && is_whole(a))
		return repeat(r, b, a.i, ret);
	if (op == '+' && is_sequence(a) && a.kind == b.kind && (a.kind == DATUM_TEXT ? a.raw == b.raw : a.list->form == b.list->form))
		return chain(r, a, b, ret);
	if (op == '+' && a.kind == DATUM_TEXT && !a.raw)
		return render_fail(r, "can only concatenate str (not \"%s\") to str", python_type(b));
	if (op == '+' && a.kind == DATUM_LIST && a.list->form <= FORM_TUPLE)
		return render_fail(r, "can only concatenate %s (not \"%s\") to %s", python_type(a), python_type(b), python_type(a));
	if (op == '*' && (is_sequence(a) || is_sequence(b)))
		return render_fail(r, "can't multiply sequence by non-int of type '%s'", python_type(is_sequence(a) ? b : a));
	for (unsigned i = 0; i < COUNT_OF(names); i++)
		name = names[i].op == op ? names[i].name : name;
	return render_fail(r, "unsupported operand type(s) for %s: '%s' and '%s'", name, python_type(a), python_type(b));
}

int python_binary(struct render *r, int op, struct datum a, struct datum b, struct datum *ret)
{
	bool open = a.open || b.open;
	int e;

	if (op == 'P') { /* as a key of b */
		if (a.kind == DATUM_DICT || (a.kind == DATUM_LIST && a.list->form == FORM_LIST))
			return render_fail(r, "unhashable type: '%s'", python_type(a));
		*ret = a;
		return 0;
	}
	if (python_object_any(a) || python_object_any(b)) {
		*ret = datum_bool(op != OP_UNEQUAL && op != OP_NOT_IN);
		ret->open = r->out->open = true;
		return 0;
	}
	if (a.kind == DATUM_OBJECT && (e = python_object_value(r, a, &a)) < 0)
		return e;
	if (b.kind == DATUM_OBJECT && op != OP_IN && op != OP_NOT_IN && (e = python_object_value(r, b, &b)) < 0)
		return e;
	if (op == OP_EQUAL || op == OP_UNEQUAL || op == OP_IN || op == OP_NOT_IN || op == '<' || op == '>' || op == OP_AT_MOST || op == OP_AT_LEAST)
		e = compare(r, op, a, b, ret);
	else
		e = arithmetic(r, op, a, b, ret);
	if (e == 0)
		ret->open |= open;
	return e;
}
