/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decimal arithmetic as it is done by hand, digit by digit: numbers here are short. */
#include "emu/sql/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 2 * DECIMAL_DIGITS_MAX + 8 };

/* digits[0..count) may begin with zeros. */
static const struct decimal *make(struct arena *a, bool negative, const uint8_t *digits, size_t count, unsigned scale)
{
	struct decimal *d;

	while (count > 0 && *digits == 0) {
		digits++;
		count--;
	}
	if (count > DECIMAL_DIGITS_MAX || scale > DECIMAL_DIGITS_MAX ||
	    (d = arena_take(a, sizeof(*d) + count)) == NULL)
		return NULL;
	d->negative = negative && count > 0;
	d->scale = (uint16_t)scale;
	d->count = (uint16_t)count;
	memcpy(d->digits, digits, count);
	return d;
}

const struct decimal *decimal_of_unsigned(struct arena *a, uint64_t v)
{
	uint8_t digits[20];

	for (unsigned i = 20; i > 0; i--, v /= 10)
		digits[i - 1] = (uint8_t)(v % 10);
	return make(a, false, digits, 20, 0);
}

const struct decimal *decimal_of_int(struct arena *a, int64_t v)
{
	const struct decimal *d = decimal_of_unsigned(a, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);

	return d != NULL && v < 0 ? decimal_negate(a, d) : d;
}

static bool digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The exponent behind an e, all of the rest; false: there is none, or it is beyond any number here. */
static bool exponent(struct bytes t, size_t at, int *ret)
{
	bool negative = at < t.left && t.at[at] == '-';
	int e = 0;

	at += at < t.left && (t.at[at] == '-' || t.at[at] == '+');
	if (at == t.left)
		return false;
	for (; at < t.left; at++) {
		if (!digit(t.at[at]) || e > DECIMAL_DIGITS_MAX)
			return false;
		e = e * 10 + t.at[at] - '0';
	}
	*ret = negative ? -e : e;
	return true;
}

const struct decimal *decimal_parse(struct arena *a, struct bytes t)
{
	uint8_t digits[ROOM];
	size_t at = t.left > 0 && (t.at[0] == '-' || t.at[0] == '+'), count = 0;
	int scale = 0, e = 0;
	bool point = false, any = false;

	for (; at < t.left && (digit(t.at[at]) || (t.at[at] == '.' && !point)); at++) {
		if (t.at[at] == '.') {
			point = true;
			continue;
		}
		any = true;
		if (count == DECIMAL_DIGITS_MAX)
			return NULL;
		if (count > 0 || t.at[at] != '0' || point)
			digits[count++] = (uint8_t)(t.at[at] - '0');
		scale += point;
	}
	if (!any || (at < t.left && ((t.at[at] | 0x20) != 'e' || !exponent(t, at + 1, &e))))
		return NULL;
	for (scale -= e; scale < 0; scale++) {
		if (count == DECIMAL_DIGITS_MAX)
			return NULL;
		digits[count++] = 0;
	}
	return make(a, t.at[0] == '-', digits, count, (unsigned)scale);
}

const struct decimal *decimal_negate(struct arena *a, const struct decimal *d)
{
	return make(a, !d->negative, d->digits, d->count, d->scale);
}

/* The digit of d that counts 10^power, with its scale brought to `scale`. */
static uint8_t digit_at(const struct decimal *d, unsigned power, unsigned scale)
{
	unsigned shift = scale - d->scale;

	if (power < shift || power - shift >= d->count)
		return 0;
	return d->digits[d->count - 1 - (power - shift)];
}

static int compare_size(const struct decimal *x, const struct decimal *y)
{
	unsigned scale = x->scale > y->scale ? x->scale : y->scale;
	unsigned highest = x->count + scale - x->scale, other = y->count + scale - y->scale;

	for (unsigned p = highest > other ? highest : other; p > 0; p--) {
		int cmp = (int)digit_at(x, p - 1, scale) - (int)digit_at(y, p - 1, scale);

		if (cmp != 0)
			return cmp;
	}
	return 0;
}

int decimal_compare(const struct decimal *x, const struct decimal *y)
{
	if (x->negative != y->negative)
		return x->negative ? -1 : 1;
	return x->negative ? -compare_size(x, y) : compare_size(x, y);
}

const struct decimal *decimal_add(struct arena *a, const struct decimal *x, const struct decimal *y, bool subtract)
{
	unsigned scale = x->scale > y->scale ? x->scale : y->scale;
	bool ny = y->negative != (subtract && y->count > 0), negative = x->negative;
	uint8_t digits[ROOM] = { 0 };
	int carry = 0;
	bool same = negative == ny;

	if (!same && compare_size(x, y) < 0) {
		const struct decimal *swap = x;

		x = y;
		y = swap;
		negative = ny;
	}
	for (unsigned p = 0; p < ROOM; p++) {
		int v = digit_at(x, p, scale) + carry, w = digit_at(y, p, scale);

		v += same ? w : -w;
		carry = v < 0 ? -1 : v / 10;
		digits[ROOM - 1 - p] = (uint8_t)(v < 0 ? v + 10 : v % 10);
	}
	return make(a, negative, digits, ROOM, scale);
}

const struct decimal *decimal_multiply(struct arena *a, const struct decimal *x, const struct decimal *y)
{
	uint32_t sums[2 * DECIMAL_DIGITS_MAX] = { 0 };
	uint8_t digits[2 * DECIMAL_DIGITS_MAX];
	unsigned count = x->count + y->count;

	for (unsigned i = 0; i < x->count; i++) {
		for (unsigned k = 0; k < y->count; k++)
			sums[i + k + 1] += (uint32_t)x->digits[i] * y->digits[k];
	}
	for (unsigned i = count; i > 0; i--) {
		if (i > 1)
			sums[i - 2] += sums[i - 1] / 10;
		digits[i - 1] = (uint8_t)(sums[i - 1] % 10);
	}
	return make(a, x->negative != y->negative, digits, count, (unsigned)x->scale + y->scale);
}

/*
 * Long division of digits by divisor: quotient[0..count) digits, and what is left in rest (divisor->count + 1 digits).
 */
static void long_division(const uint8_t *digits, unsigned count, const struct decimal *divisor, uint8_t *quotient,
                          uint8_t *rest)
{
	unsigned n = divisor->count + 1u;

	memset(rest, 0, n);
	for (unsigned i = 0; i < count; i++) {
		memmove(rest, rest + 1, n - 1);
		rest[n - 1] = digits[i];
		quotient[i] = 0;
		for (;;) {
			int borrow = 0;

			if (rest[0] == 0 && memcmp(rest + 1, divisor->digits, n - 1) < 0)
				break;
			for (unsigned k = n; k > 0; k--) {
				int v = rest[k - 1] - (k > 1 ? divisor->digits[k - 2] : 0) + borrow;

				borrow = v < 0 ? -1 : 0;
				rest[k - 1] = (uint8_t)(v < 0 ? v + 10 : v);
			}
			quotient[i]++;
		}
	}
}

const struct decimal *decimal_divide(struct arena *a, const struct decimal *x, const struct decimal *y, unsigned scale,
                                     bool rounded)
{
	uint8_t digits[3 * ROOM] = { 0 }, quotient[3 * ROOM], rest[DECIMAL_DIGITS_MAX + 1];
	const struct decimal *d;
	unsigned digits_scale = scale + y->scale + 1, count; /* one digit more, for the rounding */

	if (scale > DECIMAL_DIGITS_MAX)
		return NULL;
	memcpy(digits, x->digits, x->count);
	/* x * 10^(digits_scale) / y's digits has scale + 1 digits behind the point */
	if (digits_scale >= x->scale) {
		count = x->count + digits_scale - x->scale;
	} else {
		unsigned less = x->scale - digits_scale;

		count = x->count > less ? x->count - less : 0;
	}
	if (count > sizeof(digits))
		return NULL;
	long_division(digits, count, y, quotient, rest);
	if (count > 2 * DECIMAL_DIGITS_MAX || (d = make(a, x->negative != y->negative, quotient, count, scale + 1)) == NULL)
		return NULL;
	return decimal_round(a, d, (int)scale, rounded ? DECIMAL_HALF_UP : DECIMAL_TRUNCATE);
}

const struct decimal *decimal_remainder(struct arena *a, const struct decimal *x, const struct decimal *y)
{
	const struct decimal *q = decimal_divide(a, x, y, 0, false), *product;

	product = q != NULL ? decimal_multiply(a, q, y) : NULL;
	return product != NULL ? decimal_add(a, x, product, true) : NULL;
}

const struct decimal *decimal_round(struct arena *a, const struct decimal *d, int scale, enum decimal_rounding how)
{
	uint8_t digits[ROOM + 1] = { 0 };
	int drop = d->scale - scale;
	unsigned count, kept = scale < 0 ? 0 : (unsigned)scale;
	bool up, rest = false;

	if (scale > DECIMAL_DIGITS_MAX || scale < -DECIMAL_DIGITS_MAX)
		return NULL;
	if (drop <= 0) {
		if (d->count - drop > DECIMAL_DIGITS_MAX)
			return NULL;
		memcpy(digits, d->digits, d->count);
		return make(a, d->negative, digits, (size_t)(d->count - drop), kept);
	}
	count = d->count > (unsigned)drop ? d->count - (unsigned)drop : 0;
	memcpy(digits + 1, d->digits, count);
	for (unsigned i = count; i < d->count; i++)
		rest |= d->digits[i] != 0;
	up = how == DECIMAL_HALF_UP ? d->count >= (unsigned)drop && d->digits[d->count - (unsigned)drop] >= 5
	     : how == DECIMAL_FLOOR ? rest && d->negative : how == DECIMAL_CEILING && rest && !d->negative;
	for (unsigned i = count + 1; i > 0 && up; i--) {
		up = digits[i - 1] == 9;
		digits[i - 1] = up ? 0 : (uint8_t)(digits[i - 1] + 1);
	}
	count++;
	for (; scale < 0 && count < ROOM; scale++)
		digits[count++] = 0;
	return make(a, d->negative, digits, count, kept);
}

const struct decimal *decimal_trim(struct arena *a, const struct decimal *d)
{
	unsigned scale = d->scale;

	while (scale > 0 && (d->count == 0 || d->count < d->scale - scale + 1 || d->digits[d->count - 1 - (d->scale - scale)] == 0))
		scale--;
	return decimal_round(a, d, (int)scale, DECIMAL_TRUNCATE);
}

bool decimal_is_zero(const struct decimal *d)
{
	return d->count == 0;
}

void decimal_write(struct sink *s, const struct decimal *d)
{
	unsigned whole = d->count > d->scale ? d->count - d->scale : 0;

	if (d->negative)
		sink_u8(s, '-');
	if (whole == 0)
		sink_u8(s, '0');
	for (unsigned i = 0; i < whole; i++)
		sink_u8(s, (uint8_t)('0' + d->digits[i]));
	if (d->scale > 0)
		sink_u8(s, '.');
	for (unsigned p = d->scale; p > 0; p--)
		sink_u8(s, (uint8_t)('0' + digit_at(d, p - 1, d->scale)));
}

double decimal_double(const struct decimal *d)
{
	char text[2 * ROOM];
	struct sink s = sink_over(text, sizeof(text) - 1);

	decimal_write(&s, d);
	text[s.used] = '\0';
	return strtod(text, NULL);
}

bool decimal_unsigned(const struct decimal *d, bool rounded, uint64_t *ret)
{
	unsigned whole = d->count > d->scale ? d->count - d->scale : 0;
	uint64_t v = 0;

	for (unsigned i = 0; i < whole; i++) {
		if (__builtin_mul_overflow(v, (uint64_t)10, &v) || __builtin_add_overflow(v, (uint64_t)d->digits[i], &v))
			return false;
	}
	if (rounded && d->scale > 0 && d->count >= d->scale && d->digits[d->count - d->scale] >= 5 &&
	    __builtin_add_overflow(v, (uint64_t)1, &v))
		return false;
	if (d->negative && v > 0)
		return false;
	*ret = v;
	return true;
}

bool decimal_int(const struct decimal *d, bool rounded, int64_t *ret)
{
	uint8_t raw[sizeof(struct decimal) + DECIMAL_DIGITS_MAX] __attribute__((aligned(8)));
	struct decimal *size = (struct decimal *)(void *)raw;
	uint64_t v;

	memcpy(raw, d, sizeof(*d) + d->count);
	size->negative = false;
	if (!decimal_unsigned(size, rounded, &v) || v > (uint64_t)INT64_MAX + d->negative)
		return false;
	*ret = d->negative ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}
