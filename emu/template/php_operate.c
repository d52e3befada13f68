/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PHP 8's operators: numbers out of texts, arithmetic, comparison. */
#include "emu/template/php.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 64 };

int php_truth(struct render *r, struct datum d, bool *ret)
{
	(void)r;
	switch (d.kind) {
	case DATUM_UNDEFINED: case DATUM_NONE: *ret = false; break;
	case DATUM_BOOL: case DATUM_INT: *ret = d.i != 0; break;
	case DATUM_REAL: *ret = d.d != 0; break;
	case DATUM_TEXT: *ret = d.s.left > 1 || (d.s.left == 1 && d.s.at[0] != '0'); break;
	case DATUM_DICT: *ret = d.dict->count > 0; break;
	default: *ret = true;
	}
	return 0;
}

/* How many bytes of s are a number, and which. */
static size_t number_prefix(struct bytes s, struct datum *ret)
{
	char text[NUMBER_MAX] = "";
	size_t at = 0, begin, digits = 0, n;
	bool real = false;

	while (at < s.left && isspace(s.at[at]))
		at++;
	begin = at;
	if (at < s.left && (s.at[at] == '+' || s.at[at] == '-'))
		at++;
	for (; at < s.left && isdigit(s.at[at]); at++)
		digits++;
	if (at < s.left && s.at[at] == '.') {
		size_t after = at + 1;

		while (after < s.left && isdigit(s.at[after]))
			after++;
		if (after - at - 1 + digits > 0) {
			digits += after - at - 1;
			at = after;
			real = true;
		}
	}
	if (digits == 0)
		return 0;
	n = at;
	if (n < s.left && (s.at[n] | 0x20) == 'e') {
		n += 1 + (n + 1 < s.left && (s.at[n + 1] == '+' || s.at[n + 1] == '-'));
		if (n < s.left && isdigit(s.at[n])) {
			while (n < s.left && isdigit(s.at[n]))
				n++;
			at = n;
			real = true;
		}
	}
	memcpy(text, s.at + begin, at - begin < NUMBER_MAX - 1 ? at - begin : NUMBER_MAX - 1);
	errno = 0;
	*ret = real ? datum_real(strtod(text, NULL)) : datum_int(strtoll(text, NULL, 10));
	if (errno != 0)
		*ret = datum_real(strtod(text, NULL));
	return at;
}

bool php_numeric(struct bytes s, struct datum *ret)
{
	size_t n = number_prefix(s, ret);

	while (n > 0 && n < s.left && isspace(s.at[n]))
		n++;
	return n > 0 && n == s.left;
}

int php_number(struct render *r, struct datum d, struct datum *ret)
{
	switch (d.kind) {
	case DATUM_INT: case DATUM_REAL: *ret = d; return 0;
	case DATUM_BOOL: *ret = datum_int(d.i); return 0;
	case DATUM_UNDEFINED: case DATUM_NONE: *ret = datum_int(0); return 0;
	case DATUM_TEXT: return number_prefix(d.s, ret) > 0 ? 0 : -EDOM;
	default: (void)r; return -EDOM;
	}
}

double php_float(struct datum d)
{
	struct datum n = datum_int(0);

	if (d.kind == DATUM_DICT)
		return d.dict->count > 0;
	if (d.kind == DATUM_TEXT)
		(void)!number_prefix(d.s, &n);
	else if (d.kind == DATUM_REAL || d.kind == DATUM_INT || d.kind == DATUM_BOOL)
		n = d;
	return n.kind == DATUM_REAL ? n.d : (double)n.i;
}

int64_t php_int(struct datum d)
{
	struct datum n = d;

	if (d.kind == DATUM_TEXT && number_prefix(d.s, &n) == 0)
		return 0;
	if (n.kind == DATUM_INT || n.kind == DATUM_BOOL)
		return n.i;
	if (n.kind == DATUM_REAL)
		return fabs(n.d) < 9.2e18 ? (int64_t)n.d : 0;
	return n.kind == DATUM_DICT ? n.dict->count > 0 : 0;
}

struct datum php_key(struct datum d)
{
	struct datum n;

	if (d.kind == DATUM_TEXT && d.s.left > 0 && d.s.left < 19 && (isdigit(d.s.at[0]) || (d.s.at[0] == '-' && d.s.left > 1)) && php_numeric(d.s, &n) && n.kind == DATUM_INT &&
	    !isspace(d.s.at[d.s.left - 1]) && !(d.s.at[0] == '0' && d.s.left > 1) && !(d.s.at[0] == '-' && d.s.at[1] == '0'))
		return n;
	if (d.kind == DATUM_TEXT || d.kind == DATUM_INT)
		return d;
	return d.kind == DATUM_NONE || d.kind == DATUM_UNDEFINED ? datum_words("") : datum_int(php_int(d));
}

int php_unary(struct render *r, int op, struct datum d, struct datum *ret)
{
	return php_arithmetic(r, '*', d, datum_int(op == '-' ? -1 : 1), ret);
}

static int whole(int op, int64_t a, int64_t b, struct datum *ret)
{
	int64_t result = 0;
	bool overflow;

	switch (op) {
	case '+': overflow = __builtin_add_overflow(a, b, &result); break;
	case '-': overflow = __builtin_sub_overflow(a, b, &result); break;
	default: overflow = __builtin_mul_overflow(a, b, &result); break;
	}
	if (overflow)
		*ret = datum_real(op == '+' ? (double)a + (double)b : op == '-' ? (double)a - (double)b : (double)a * (double)b);
	else
		*ret = datum_int(result);
	return 0;
}

static int power(struct datum a, struct datum b, struct datum *ret)
{
	int64_t result = 1;

	*ret = datum_real(pow(php_float(a), php_float(b)));
	if (a.kind != DATUM_INT || b.kind != DATUM_INT || b.i < 0 || b.i > 64)
		return 0;
	for (int64_t i = 0; i < b.i; i++) {
		if (__builtin_mul_overflow(result, a.i, &result))
			return 0;
	}
	*ret = datum_int(result);
	return 0;
}

static int divide(struct render *r, struct datum a, struct datum b, struct datum *ret)
{
	if (php_float(b) == 0)
		return render_fail(r, "Division by zero");
	if (a.kind == DATUM_INT && b.kind == DATUM_INT && !(b.i == -1 && a.i == INT64_MIN) && a.i % b.i == 0)
		*ret = datum_int(a.i / b.i);
	else
		*ret = datum_real(php_float(a) / php_float(b));
	return 0;
}

static int modulo(struct render *r, struct datum a, struct datum b, struct datum *ret)
{
	int64_t x = php_int(a), y = php_int(b);

	if (y == 0)
		return render_fail(r, "Modulo by zero");
	*ret = datum_int(y == -1 ? 0 : x % y);
	return 0;
}

static int bits(int op, struct datum a, struct datum b, struct datum *ret)
{
	int64_t x = php_int(a), y = php_int(b);

	*ret = datum_int(op == OP_BIT_AND ? x & y : op == OP_BIT_OR ? x | y : x ^ y);
	return 0;
}

int php_arithmetic(struct render *r, int op, struct datum a, struct datum b, struct datum *ret)
{
	struct datum x, y, result;
	bool open = a.open || b.open;
	int e = 0;

	if (php_number(r, a, &x) < 0 || php_number(r, b, &y) < 0)
		return render_fail(r, "Unsupported operand types: %s %s %s", php_type(a), op == OP_POWER ? "**" : (const char[]){ (char)op, '\0' }, php_type(b));
	switch (op) {
	case '/': e = divide(r, x, y, &result); break;
	case '%': e = modulo(r, x, y, &result); break;
	case OP_POWER: e = power(x, y, &result); break;
	case OP_BIT_AND: case OP_BIT_OR: case OP_BIT_XOR: e = bits(op, x, y, &result); break;
	case OP_FLOOR:
		if ((e = divide(r, x, y, &result)) == 0)
			result = datum_int((int64_t)floor(php_float(result)));
		break;
	default:
		if (x.kind == DATUM_INT && y.kind == DATUM_INT)
			e = whole(op, x.i, y.i, &result);
		else
			result = datum_real(op == '+' ? php_float(x) + php_float(y) : op == '-' ? php_float(x) - php_float(y) : php_float(x) * php_float(y));
	}
	if (e == 0) {
		*ret = result;
		ret->open = open;
	}
	return e;
}

static int sign(double a, double b)
{
	return (a > b) - (a < b);
}

static int order_of_texts(struct bytes a, struct bytes b)
{
	size_t n = a.left < b.left ? a.left : b.left;
	int c = n > 0 ? memcmp(a.at, b.at, n) : 0;

	return c != 0 ? c < 0 ? -1 : 1 : (a.left > b.left) - (a.left < b.left);
}

static int order_of_numbers(struct datum a, struct datum b)
{
	return a.kind == DATUM_INT && b.kind == DATUM_INT ? (a.i > b.i) - (a.i < b.i) : sign(php_float(a), php_float(b));
}

static int order_of_arrays(struct render *r, const struct dict *a, const struct dict *b, int *ret)
{
	int e = 0;

	*ret = (a->count > b->count) - (a->count < b->count);
	for (size_t i = 0; i < a->count && e == 0 && *ret == 0; i++) {
		struct datum *other = php_array_find(b, a->keys[i]);

		if (other == NULL || a->values[i].kind == DATUM_DICT || other->kind == DATUM_DICT) {
			if (other != NULL)
				return render_refuse(r, "comparison of arrays in arrays");
			*ret = 1;
			return 0;
		}
		e = php_compare(r, a->values[i], *other, ret);
	}
	return e;
}

int php_compare(struct render *r, struct datum a, struct datum b, int *ret)
{
	bool none_a = a.kind == DATUM_NONE || a.kind == DATUM_UNDEFINED, none_b = b.kind == DATUM_NONE || b.kind == DATUM_UNDEFINED, x = false, y = false;
	struct datum m, n;
	int e;

	if (a.kind == DATUM_TEXT && b.kind == DATUM_TEXT) {
		*ret = php_numeric(a.s, &m) && php_numeric(b.s, &n) ? order_of_numbers(m, n) : order_of_texts(a.s, b.s);
		return 0;
	}
	if ((none_a && b.kind == DATUM_TEXT) || (none_b && a.kind == DATUM_TEXT)) {
		*ret = order_of_texts(none_a ? (struct bytes){ 0 } : a.s, none_b ? (struct bytes){ 0 } : b.s);
		return 0;
	}
	if (a.kind == DATUM_BOOL || b.kind == DATUM_BOOL || none_a || none_b) {
		if ((e = php_truth(r, a, &x)) == 0)
			e = php_truth(r, b, &y);
		*ret = (int)x - (int)y;
		return e;
	}
	if (a.kind == DATUM_DICT && b.kind == DATUM_DICT)
		return order_of_arrays(r, a.dict, b.dict, ret);
	if (a.kind == DATUM_DICT || b.kind == DATUM_DICT) {
		*ret = a.kind == DATUM_DICT ? 1 : -1;
		return 0;
	}
	if (a.kind == DATUM_TEXT || b.kind == DATUM_TEXT) {
		struct bytes s, t;

		if (a.kind == DATUM_TEXT ? php_numeric(a.s, &m) : php_numeric(b.s, &m)) {
			*ret = a.kind == DATUM_TEXT ? order_of_numbers(m, b) : order_of_numbers(a, m);
			return 0;
		}
		if ((e = php_text(r, a, &s)) == 0 && (e = php_text(r, b, &t)) == 0)
			*ret = order_of_texts(s, t);
		return e;
	}
	*ret = order_of_numbers(a, b);
	return 0;
}

bool php_identical(struct datum a, struct datum b)
{
	if ((a.kind == DATUM_NONE || a.kind == DATUM_UNDEFINED) && (b.kind == DATUM_NONE || b.kind == DATUM_UNDEFINED))
		return true;
	if (a.kind != b.kind)
		return false;
	if (a.kind == DATUM_TEXT)
		return bytes_equal(a.s, b.s);
	if (a.kind == DATUM_REAL)
		return a.d == b.d;
	if (a.kind != DATUM_DICT)
		return a.i == b.i;
	for (size_t i = 0; i < a.dict->count && a.dict->count == b.dict->count; i++) {
		struct datum x = a.dict->values[i], y = b.dict->values[i];

		if (a.dict->keys[i].kind != b.dict->keys[i].kind || (a.dict->keys[i].kind == DATUM_INT ? a.dict->keys[i].i != b.dict->keys[i].i : !bytes_equal(a.dict->keys[i].s, b.dict->keys[i].s)) ||
		    x.kind == DATUM_DICT || y.kind == DATUM_DICT || !php_identical(x, y))
			return false;
	}
	return a.dict->count == b.dict->count;
}
