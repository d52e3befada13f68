/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Java's numbers: their text, their narrowing, their parsing. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Double.toString and Float.toString: the shortest digits that read back the same, with an exponent beyond 10^7 and 10^-3. */
static void real_text(double d, bool narrow, char ret[64])
{
	char digits[32], *e;
	int precision, exponent;
	bool negative = signbit(d);

	if (isnan(d) || isinf(d) || d == 0) {
		snprintf(ret, 64, "%s", isnan(d) ? "NaN" : isinf(d) ? (d < 0 ? "-Infinity" : "Infinity") : negative ? "-0.0" : "0.0");
		return;
	}
	for (precision = 1; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*e", precision - 1, fabs(d));
		if (narrow ? strtof(digits, NULL) == (float)fabs(d) : strtod(digits, NULL) == fabs(d))
			break;
	}
	e = strchr(digits, 'e');
	exponent = atoi(e + 1);
	*e = '\0';
	if (digits[1] == '.')
		memmove(digits + 1, digits + 2, strlen(digits + 2) + 1);
	if (exponent >= -3 && exponent < 7) {
		struct sink s = sink_over(ret, 64);
		int n = (int)strlen(digits);

		if (negative)
			sink_u8(&s, '-');
		if (exponent < 0) {
			sink_put(&s, "0.", 2);
			for (int i = -1; i > exponent; i--)
				sink_u8(&s, '0');
			sink_put(&s, digits, (size_t)n);
		} else {
			for (int i = 0; i <= exponent; i++)
				sink_u8(&s, i < n ? (uint8_t)digits[i] : '0');
			sink_u8(&s, '.');
			if (n > exponent + 1)
				sink_put(&s, digits + exponent + 1, (size_t)(n - exponent - 1));
			else
				sink_u8(&s, '0');
		}
		sink_u8(&s, '\0');
		return;
	}
	snprintf(ret, 64, "%s%c.%sE%d", negative ? "-" : "", digits[0], digits[1] != '\0' ? digits + 1 : "0", exponent);
}

/* BigDecimal.toString(): an exponent where the scale is negative or the number very small. */
static int decimal_text(struct java_run *run, const struct decimal *n, struct bytes *ret)
{
	uint8_t text[2 * DECIMAL_DIGITS_MAX + 32];
	struct sink s = sink_over(text, sizeof(text));
	int adjusted = (int)n->count - 1 - (int)n->scale;

	if (n->count == 0 || adjusted >= -6 || run->language == EXPRESSION_FREEMARKER) {
		decimal_write(&s, n);
	} else {
		char exponent[16];

		if (n->negative)
			sink_u8(&s, '-');
		for (unsigned i = 0; i < n->count; i++) {
			if (i == 1)
				sink_u8(&s, '.');
			sink_u8(&s, (uint8_t)('0' + n->digits[i]));
		}
		snprintf(exponent, sizeof(exponent), "E%d", adjusted);
		sink_put(&s, exponent, strlen(exponent));
	}
	if (s.overflow)
		return -E2BIG;
	*ret = java_copy(run, bytes_of(text, s.used));
	return ret->at == NULL ? -E2BIG : 0;
}

int java_number_text(struct java_run *run, const struct java_value *v, struct bytes *ret)
{
	char text[64];

	if (v->kind == JAVA_BIG || v->kind == JAVA_DECIMAL)
		return decimal_text(run, v->n, ret);
	if (v->kind == JAVA_FLOAT || v->kind == JAVA_DOUBLE)
		real_text(v->d, v->kind == JAVA_FLOAT, text);
	else
		snprintf(text, sizeof(text), "%lld", (long long)v->i);
	*ret = java_copy(run, bytes_text(text));
	return ret->at == NULL ? -E2BIG : 0;
}

double java_to_double(const struct java_value *v)
{
	if (v->kind == JAVA_FLOAT || v->kind == JAVA_DOUBLE)
		return v->d;
	if (v->kind == JAVA_BIG || v->kind == JAVA_DECIMAL)
		return decimal_double(v->n);
	return (double)v->i;
}

int64_t java_to_long(const struct java_value *v)
{
	int64_t i = 0;

	if (v->kind == JAVA_FLOAT || v->kind == JAVA_DOUBLE)
		return isnan(v->d) ? 0 : v->d >= 9223372036854775807.0 ? INT64_MAX : v->d <= -9223372036854775808.0 ? INT64_MIN : (int64_t)v->d;
	if (v->kind == JAVA_BIG || v->kind == JAVA_DECIMAL)
		return decimal_int(v->n, false, &i) ? i : 0;
	return v->i;
}

const struct decimal *java_to_decimal(struct java_run *run, const struct java_value *v)
{
	struct bytes text;

	if (v->kind == JAVA_BIG || v->kind == JAVA_DECIMAL)
		return v->n;
	if (v->kind != JAVA_FLOAT && v->kind != JAVA_DOUBLE)
		return decimal_of_int(run->arena, v->i);
	if (!isfinite(v->d) || java_number_text(run, v, &text) < 0)
		return NULL;
	return decimal_parse(run->arena, text);
}

struct java_value java_narrow(struct java_value v, enum java_kind kind)
{
	struct java_value ret = { .kind = kind };
	bool real = v.kind == JAVA_FLOAT || v.kind == JAVA_DOUBLE;
	int64_t i;

	if (kind == JAVA_FLOAT || kind == JAVA_DOUBLE) {
		ret.d = java_to_double(&v);
		if (kind == JAVA_FLOAT)
			ret.d = (double)(float)ret.d;
		return ret;
	}
	i = java_to_long(&v);
	if (real && kind != JAVA_LONG) /* through int, which saturates */
		i = v.d >= 2147483647.0 ? INT32_MAX : v.d <= -2147483648.0 ? INT32_MIN : i;
	switch (kind) {
	case JAVA_BYTE: ret.i = (int8_t)i; break;
	case JAVA_SHORT: ret.i = (int16_t)i; break;
	case JAVA_CHAR: ret.i = (uint16_t)i; break;
	case JAVA_INT: ret.i = (int32_t)i; break;
	default: ret.i = i; break;
	}
	return ret;
}

/* What a suffix of a literal says; JAVA_VOID: none. */
static enum java_kind suffix_kind(const struct java_run *run, uint8_t c)
{
	switch (c) {
	case 'l': case 'L': return JAVA_LONG;
	case 'f': case 'F': return JAVA_FLOAT;
	case 'd': case 'D': return JAVA_DOUBLE;
	case 'h': case 'H': return run->language == EXPRESSION_OGNL ? JAVA_BIG : JAVA_VOID;
	case 'b': return run->language == EXPRESSION_OGNL ? JAVA_DECIMAL : JAVA_VOID;
	case 'B': return run->language == EXPRESSION_OGNL || run->language == EXPRESSION_MVEL ? JAVA_DECIMAL : JAVA_VOID;
	case 'I': return run->language == EXPRESSION_MVEL ? JAVA_BIG : JAVA_VOID;
	case 'g': case 'G': return run->language == EXPRESSION_JAVA ? JAVA_BIG : JAVA_VOID;
	default: return JAVA_VOID;
	}
}

static int parse_whole(struct java_run *run, struct bytes digits, unsigned radix, bool negative, enum java_kind kind, struct java_value *ret)
{
	unsigned __int128 n = 0;
	uint64_t limit;

	if (digits.left == 0)
		return -EDOM;
	for (size_t i = 0; i < digits.left; i++) {
		uint8_t c = digits.at[i];
		int d = isdigit(c) ? c - '0' : isalpha(c) ? (c | 32) - 'a' + 10 : 99;

		if (c == '_')
			continue;
		if (d >= (int)radix)
			return -EDOM;
		n = n * radix + (unsigned)d;
		if (n >> 100 != 0)
			return -EDOM;
	}
	limit = kind == JAVA_BYTE ? 0x7f : kind == JAVA_SHORT ? 0x7fff : kind == JAVA_INT ? INT32_MAX : INT64_MAX;
	if (n > (unsigned __int128)limit + negative) {
		/* hexadecimal literals reach into the sign */
		if (kind == JAVA_INT && radix != 10 && n <= UINT32_MAX && !negative)
			n = (unsigned __int128)(uint32_t)n;
		else
			return -ERANGE;
	}
	ret->kind = kind;
	ret->i = negative ? (int64_t)-(uint64_t)n : (int64_t)(uint64_t)n;
	if (kind == JAVA_INT)
		ret->i = (int32_t)ret->i;
	return 0;
}

static int parse_real(struct bytes text, enum java_kind kind, struct java_value *ret)
{
	char copy[400], *end;

	if (text.left == 0 || text.left >= sizeof(copy))
		return -EDOM;
	memcpy(copy, text.at, text.left);
	copy[text.left] = '\0';
	ret->kind = kind;
	ret->d = kind == JAVA_FLOAT ? (double)strtof(copy, &end) : strtod(copy, &end);
	return *end == '\0' ? 0 : -EDOM;
}

static int parse_decimal(struct java_run *run, struct bytes text, enum java_kind kind, struct java_value *ret)
{
	const struct decimal *n = decimal_parse(run->arena, text);

	if (n == NULL || (kind == JAVA_BIG && n->scale != 0))
		return -EDOM;
	*ret = java_number(kind, n);
	return 0;
}

/* A literal: what its form and suffix say. */
static int parse_literal(struct java_run *run, struct bytes text, struct java_value *ret)
{
	bool hex = text.left > 2 && text.at[0] == '0' && (text.at[1] | 32) == 'x';
	enum java_kind kind = text.left > 1 && (!hex || (text.at[text.left - 1] | 32) == 'l') ? suffix_kind(run, text.at[text.left - 1]) : JAVA_VOID;
	bool point = !hex && (memchr(text.at, '.', text.left) != NULL || memchr(text.at, 'e', text.left) != NULL || memchr(text.at, 'E', text.left) != NULL);
	int r;

	if (kind != JAVA_VOID)
		text.left--;
	if (kind == JAVA_BIG || kind == JAVA_DECIMAL)
		return parse_decimal(run, text, kind, ret);
	if (point || kind == JAVA_FLOAT || kind == JAVA_DOUBLE) {
		if (kind == JAVA_VOID && run->language == EXPRESSION_FREEMARKER)
			return parse_decimal(run, text, JAVA_DECIMAL, ret);
		if (kind == JAVA_VOID && run->language == EXPRESSION_JAVA && run->dialect == DIALECT_GROOVY)
			return parse_decimal(run, text, JAVA_DECIMAL, ret); /* Groovy */
		return parse_real(text, kind == JAVA_FLOAT ? JAVA_FLOAT : JAVA_DOUBLE, ret);
	}
	if (hex) {
		r = parse_whole(run, bytes_of(text.at + 2, text.left - 2), 16, false, kind == JAVA_LONG ? JAVA_LONG : JAVA_INT, ret);
	} else {
		unsigned radix = text.left > 1 && text.at[0] == '0' && (1u << run->language & (IN_JAVA | IN_OGNL | IN_MVEL)) != 0 ? 8 : 10;

		if (run->language == EXPRESSION_EL && kind == JAVA_VOID)
			kind = JAVA_LONG;
		r = parse_whole(run, text, radix, false, kind == JAVA_LONG ? JAVA_LONG : JAVA_INT, ret);
		if (r == -ERANGE && kind == JAVA_VOID && (1u << run->language & (IN_JAVA | IN_FREEMARKER)) != 0 &&
		    (r = parse_whole(run, text, radix, false, JAVA_LONG, ret)) == -ERANGE)
			r = parse_decimal(run, text, JAVA_BIG, ret);
	}
	return r == -ERANGE ? -EDOM : r;
}

int java_parse_number(struct java_run *run, struct bytes text, enum java_kind kind, unsigned radix, struct java_value *ret)
{
	bool negative = text.left > 0 && text.at[0] == '-';
	int r;

	if (kind == JAVA_VOID)
		return parse_literal(run, text, ret);
	if (kind == JAVA_FLOAT || kind == JAVA_DOUBLE) {
		while (text.left > 0 && isspace(text.at[0]))
			text = bytes_of(text.at + 1, text.left - 1);
		while (text.left > 0 && isspace(text.at[text.left - 1]))
			text.left--;
		if (text.left > 1 && strchr("dDfF", text.at[text.left - 1]) != NULL)
			text.left--;
		r = parse_real(text, kind, ret);
	} else if (kind == JAVA_BIG || kind == JAVA_DECIMAL) {
		r = parse_decimal(run, text, kind, ret);
	} else {
		if (negative || (text.left > 0 && text.at[0] == '+'))
			text = bytes_of(text.at + 1, text.left - 1);
		r = memchr(text.at, '_', text.left) != NULL ? -EDOM : parse_whole(run, text, radix == 0 ? 10 : radix, negative, kind, ret);
	}
	return r < 0 ? java_throw(run, "java.lang.NumberFormatException", "") : 0;
}

/* A number as a page of an American server has it: groups of three, up to three decimals. */
int java_grouped(struct java_run *run, const struct java_value *v, struct bytes *ret)
{
	const struct decimal *n = java_to_decimal(run, v);
	uint8_t plain[2 * DECIMAL_DIGITS_MAX + 8], text[3 * DECIMAL_DIGITS_MAX];
	struct sink s = sink_over(plain, sizeof(plain)), out = sink_over(text, sizeof(text));
	size_t whole, from = 0;
	bool negative;

	if (run->defaults != NULL && run->defaults->kind == JAVA_STRING &&
	    (bytes_equal(run->defaults->s, bytes_text("computer")) || bytes_equal(run->defaults->s, bytes_text("c")) || bytes_equal(run->defaults->s, bytes_text("0"))))
		return java_number_text(run, v, ret);
	run->outcome->asked_java = true;
	if (n == NULL)
		return java_number_text(run, v, ret);
	negative = n->negative;
	if (n->scale > 3) {
		/* half to the even neighbour */
		const struct decimal *half = decimal_round(run->arena, n, 3, DECIMAL_HALF_UP), *down = decimal_round(run->arena, n, 3, DECIMAL_TRUNCATE);
		const struct decimal *rest = down != NULL ? decimal_add(run->arena, n, down, true) : NULL;

		if (half == NULL || rest == NULL)
			return -E2BIG;
		rest = decimal_trim(run->arena, rest);
		n = rest != NULL && rest->count == 1 && rest->digits[0] == 5 && rest->scale == 4 && down->count > 0 && down->digits[down->count - 1] % 2 == 0 ? down : half;
		if (rest != NULL && rest->count == 1 && rest->digits[0] == 5 && rest->scale == 4 && down->count == 0)
			n = down;
	}
	if ((n = decimal_trim(run->arena, n)) == NULL)
		return -E2BIG;
	if (negative && decimal_is_zero(n))
		sink_u8(&s, '-');
	decimal_write(&s, n);
	if (s.used > 0 && plain[0] == '-') {
		sink_u8(&out, '-');
		from = 1;
	}
	for (whole = from; whole < s.used && plain[whole] != '.'; whole++)
		;
	for (size_t i = from; i < s.used; i++) {
		if (i < whole && i > from && (whole - i) % 3 == 0 && !run->host->old)
			sink_u8(&out, ',');
		sink_u8(&out, plain[i]);
	}
	if (out.overflow)
		return -E2BIG;
	*ret = java_copy(run, bytes_of(text, out.used));
	return ret->at == NULL ? -E2BIG : 0;
}
