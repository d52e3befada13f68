/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reals as the engines print them, and numbers at the beginning of a text. */
#include "emu/sql/value.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is it just between d and its neighbour? PostgreSQL does not count on rounding to even. */
static bool between(const char *text, double d)
{
	long double off = fabsl(strtold(text, NULL) - (long double)d);

	return off == ((long double)nextafter(d, INFINITY) - (long double)d) / 2;
}

/* The shortest digits that read back as d; *exponent: of the first. */
static int shortest(double d, bool strict, char digits[20], int *exponent)
{
	char text[40];
	int n = 0;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, fabs(d));
		if (strtod(text, NULL) == fabs(d) && (!strict || !between(text, fabs(d))))
			break;
	}
	for (const char *c = text; *c != 'e'; c++) {
		if (*c != '.')
			digits[n++] = *c;
	}
	*exponent = atoi(strchr(text, 'e') + 1);
	while (n > 1 && digits[n - 1] == '0')
		n--;
	return n;
}

static void plain(struct sink *s, const char *digits, int n, int exponent)
{
	if (exponent < 0)
		sink_put(s, "0.", 2);
	for (int i = -1; i > exponent; i--)
		sink_u8(s, '0');
	for (int i = 0; i < n || i <= exponent; i++) {
		if (i > 0 && i == exponent + 1)
			sink_u8(s, '.');
		sink_u8(s, i < n ? (uint8_t)digits[i] : '0');
	}
}

static void scientific(struct sink *s, const char *digits, int n, int exponent, const char *form)
{
	char text[16];

	sink_u8(s, (uint8_t)digits[0]);
	if (n > 1) {
		sink_u8(s, '.');
		sink_put(s, digits + 1, (size_t)n - 1);
	}
	sink_put(s, text, (size_t)snprintf(text, sizeof(text), form, exponent));
}

static struct bytes kept(struct sql_run *r, const struct sink *s)
{
	return arena_copy(r->arena, bytes_of(s->at, s->used), s->used);
}

/* SQLite prints 15 digits and always a point. */
static struct bytes sqlite_text(struct sql_run *r, double d)
{
	char text[48];
	int len;

	if (isinf(d))
		return bytes_text(d < 0 ? "-Inf" : "Inf");
	len = snprintf(text, sizeof(text), "%.15g", d == 0 ? 0.0 : d);
	if (strpbrk(text, ".e") == NULL) {
		len += snprintf(text + len, sizeof(text) - (size_t)len, ".0");
	} else if (strchr(text, '.') == NULL) { /* 1e+20 is 1.0e+20 */
		char *e = strchr(text, 'e');

		memmove(e + 2, e, strlen(e) + 1);
		memcpy(e, ".0", 2);
		len += 2;
	}
	return arena_copy(r->arena, bytes_of(text, (size_t)len), (size_t)len);
}

struct bytes real_text(struct sql_run *r, double d)
{
	char digits[20], text[400];
	struct sink s = sink_over(text, sizeof(text));
	int exponent, n;

	if (r->dialect == SQL_SQLITE)
		return sqlite_text(r, d);
	if (isnan(d))
		return bytes_text("NaN");
	if (isinf(d))
		return bytes_text(d < 0 ? "-Infinity" : "Infinity");
	if (signbit(d) && (d != 0 || r->dialect == SQL_POSTGRESQL))
		sink_u8(&s, '-');
	n = shortest(d, r->dialect == SQL_POSTGRESQL, digits, &exponent);
	if (r->dialect == SQL_MYSQL) {
		if (exponent >= -15 && exponent <= 14)
			plain(&s, digits, n, exponent);
		else
			scientific(&s, digits, n, exponent, "e%d");
	} else if (exponent >= -4 && exponent < 15) {
		plain(&s, digits, n, exponent);
	} else {
		scientific(&s, digits, n, exponent, r->dialect == SQL_ORACLE ? "E%+03d" : "e%+03d");
	}
	return kept(r, &s);
}

struct bytes real_fixed(struct sql_run *r, double d, unsigned scale)
{
	char text[512];
	int len = snprintf(text, sizeof(text), "%.*f", (int)scale, d == 0 ? 0.0 : d);

	return arena_copy(r->arena, bytes_of(text, (size_t)len), (size_t)len);
}

static bool blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

size_t number_prefix(struct bytes t, bool *integer, double *ret)
{
	char text[512];
	size_t at = 0, begin, digits = 0, end;
	bool point = false;

	*integer = true;
	*ret = 0;
	while (at < t.left && blank(t.at[at]))
		at++;
	begin = at;
	at += at < t.left && (t.at[at] == '-' || t.at[at] == '+');
	for (; at < t.left && (isdigit(t.at[at]) || (t.at[at] == '.' && !point)); at++) {
		point |= t.at[at] == '.';
		digits += t.at[at] != '.';
	}
	if (digits == 0)
		return 0;
	end = at;
	if (at + 1 < t.left && (t.at[at] | 0x20) == 'e') {
		size_t e = at + 1 + (t.at[at + 1] == '-' || t.at[at + 1] == '+');

		for (at = e; at < t.left && isdigit(t.at[at]); at++)
			end = at + 1;
		*integer = !point && end < e;
	} else {
		*integer = !point;
	}
	if (end - begin >= sizeof(text))
		return 0;
	memcpy(text, t.at + begin, end - begin);
	text[end - begin] = '\0';
	*ret = strtod(text, NULL);
	return end;
}

size_t integer_prefix(struct bytes t, bool *fits, int64_t *ret)
{
	bool negative, any = false;
	uint64_t v = 0;
	size_t at = 0;

	*fits = true;
	while (at < t.left && blank(t.at[at]))
		at++;
	negative = at < t.left && t.at[at] == '-';
	at += at < t.left && (t.at[at] == '-' || t.at[at] == '+');
	for (; at < t.left && isdigit(t.at[at]); at++) {
		any = true;
		if (*fits && (__builtin_mul_overflow(v, (uint64_t)10, &v) || __builtin_add_overflow(v, t.at[at] - 48u, &v) ||
		              v > (uint64_t)INT64_MAX + negative))
			*fits = false;
	}
	*ret = !*fits ? (negative ? INT64_MIN : INT64_MAX) : negative ? (int64_t)(0 - v) : (int64_t)v;
	return any ? at : 0;
}
