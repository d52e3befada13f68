/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PHP's values as text, as JSON, and as literals. */
#include "emu/template/php.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PRECISION = 14 /* php.ini's */, NESTED_MAX = 24 };

const char *php_type(struct datum d)
{
	static const char *const kinds[] = { [DATUM_UNDEFINED] = "null", [DATUM_NONE] = "null", [DATUM_BOOL] = "bool", [DATUM_INT] = "int", [DATUM_REAL] = "float",
		[DATUM_TEXT] = "string", [DATUM_LIST] = "array", [DATUM_DICT] = "array", [DATUM_OBJECT] = "object", [DATUM_CODE] = "Closure" };

	return kinds[d.kind];
}

/* digits with the point where the exponent wants it; PHP's own way with large and small ones. */
static struct bytes written(struct arena *a, const char *digits, int exponent, bool negative, int precision, bool zero)
{
	char text[64];
	int n = (int)strlen(digits), at = 0;

	if (negative)
		text[at++] = '-';
	if (exponent < -4 || exponent >= precision) {
		at += snprintf(text + at, sizeof(text) - (size_t)at, "%c.%sE%c%d", digits[0], n > 1 ? digits + 1 : "0", exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
	} else if (exponent < 0) {
		at += snprintf(text + at, sizeof(text) - (size_t)at, "0.%.*s%s", -exponent - 1, "00000", digits);
	} else {
		for (int i = 0; i <= exponent || i < n; i++) {
			if (i == exponent + 1)
				text[at++] = '.';
			text[at++] = i < n ? digits[i] : '0';
		}
		if (zero && n <= exponent + 1)
			at += snprintf(text + at, sizeof(text) - (size_t)at, ".0");
	}
	return arena_copy(a, bytes_of(text, (size_t)at), sizeof(text));
}

static struct bytes real_text(struct arena *a, double d, bool exact)
{
	char digits[40], text[40];
	size_t n = 0;
	int exponent;
	const char *e;

	if (isnan(d) || isinf(d))
		return bytes_text(isnan(d) ? "NAN" : d > 0 ? "INF" : "-INF");
	if (exact) {
		real_digits(d, digits, &exponent);
	} else {
		snprintf(text, sizeof(text), "%.*e", PRECISION - 1, fabs(d));
		e = strchr(text, 'e');
		exponent = 0;
		if (e != NULL)
			sscanf(e + 1, "%d", &exponent);
		for (const char *c = text; *c != '\0' && *c != 'e'; c++)
			if (*c != '.')
				digits[n++] = *c;
		while (n > 1 && digits[n - 1] == '0')
			n--;
		digits[n] = '\0';
	}
	if (d == 0)
		return bytes_text(signbit(d) ? (exact ? "-0.0" : "-0") : exact ? "0.0" : "0");
	return written(a, digits, exponent, d < 0, exact ? 17 : PRECISION, exact);
}

struct bytes php_real(struct arena *a, double d)
{
	return real_text(a, d, false);
}

int php_text(struct render *r, struct datum d, struct bytes *ret)
{
	switch (d.kind) {
	case DATUM_UNDEFINED: case DATUM_NONE: *ret = (struct bytes){ 0 }; return 0;
	case DATUM_BOOL: *ret = bytes_text(d.i ? "1" : ""); return 0;
	case DATUM_INT: *ret = text_format(r->arena, "%" PRId64, d.i); return render_full(r);
	case DATUM_REAL: *ret = php_real(r->arena, d.d); return render_full(r);
	case DATUM_TEXT: *ret = d.s; return 0;
	case DATUM_DICT: *ret = bytes_text("Array"); return 0;
	default: return render_fail(r, "Object of class %s could not be converted to string", php_type(d));
	}
}

struct writer {
	struct render *r;
	struct bytes text;
	unsigned nested;
	bool json;
};

static int add(struct writer *w, struct bytes s)
{
	w->text = text_join(w->r->arena, w->text, s);
	return w->r->arena->full ? -ENOMEM : render_work(w->r, w->text.left);
}

static int add_json_text(struct writer *w, struct bytes s)
{
	static const char from[] = "\"\\/\b\f\n\r\t", to[] = "\"\\/bfnrt";
	struct sink out = sink_over(arena_take(w->r->arena, 12 * s.left + 2), 12 * s.left + 2);
	size_t len;
	char text[16];

	if (out.at == NULL)
		return -ENOMEM;
	sink_u8(&out, '"');
	for (size_t i = 0; i < s.left; i += len) {
		uint32_t p = text_point(text_cut(s, i, s.left), &len);
		const char *found = p != 0 && p < 0x80 ? strchr(from, (int)p) : NULL;

		if (found != NULL)
			snprintf(text, sizeof(text), "\\%c", to[found - from]);
		else if (p >= 0x10000)
			snprintf(text, sizeof(text), "\\u%04x\\u%04x", 0xd800 + ((p - 0x10000) >> 10), 0xdc00 + ((p - 0x10000) & 0x3ff));
		else if (p < 0x20 || p >= 0x7f)
			snprintf(text, sizeof(text), p == 0x7f ? "%c" : "\\u%04x", p);
		else
			snprintf(text, sizeof(text), "%c", (int)p);
		sink_put(&out, text, strlen(text));
	}
	sink_u8(&out, '"');
	return add(w, bytes_of(out.at, out.used));
}

/* 'text' of PHP: two escapes. */
static int add_php_text(struct writer *w, struct bytes s)
{
	struct sink out = sink_over(arena_take(w->r->arena, 2 * s.left + 2), 2 * s.left + 2);

	if (out.at == NULL)
		return -ENOMEM;
	sink_u8(&out, '\'');
	for (size_t i = 0; i < s.left; i++) {
		if (s.at[i] == '\'' || s.at[i] == '\\')
			sink_u8(&out, '\\');
		sink_u8(&out, s.at[i]);
	}
	sink_u8(&out, '\'');
	return add(w, bytes_of(out.at, out.used));
}

static bool is_sequence(const struct dict *d)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->keys[i].kind != DATUM_INT || d->keys[i].i != (int64_t)i)
			return false;
	}
	return true;
}

static int write_value(struct writer *, struct datum);

static int write_array(struct writer *w, const struct dict *d)
{
	bool list = is_sequence(d);
	int e = add(w, bytes_text(w->json && !list ? "{" : "["));

	for (size_t i = 0; i < d->count && e == 0; i++) {
		struct bytes key;

		if (i > 0 && (e = add(w, bytes_text(","))) < 0)
			return e;
		if (!list) {
			if ((e = php_text(w->r, d->keys[i], &key)) < 0)
				return e;
			e = w->json ? add_json_text(w, key) : write_value(w, d->keys[i]);
			if (e < 0 || (e = add(w, bytes_text(w->json ? ":" : "=>"))) < 0)
				return e;
		}
		e = write_value(w, d->values[i]);
	}
	return e == 0 ? add(w, bytes_text(w->json && !list ? "}" : "]")) : e;
}

static int write_value(struct writer *w, struct datum d)
{
	int e;

	switch (d.kind) {
	case DATUM_UNDEFINED: case DATUM_NONE: return add(w, bytes_text("null"));
	case DATUM_BOOL: return add(w, bytes_text(d.i ? "true" : "false"));
	case DATUM_INT: return add(w, text_format(w->r->arena, "%" PRId64, d.i));
	case DATUM_REAL: return add(w, d.d == floor(d.d) && fabs(d.d) < 1e15 && w->json ? text_format(w->r->arena, "%.1f", d.d) : real_text(w->r->arena, d.d, true));
	case DATUM_TEXT: return w->json ? add_json_text(w, d.s) : add_php_text(w, d.s);
	case DATUM_DICT:
		if (w->nested++ >= NESTED_MAX)
			return -E2BIG;
		e = write_array(w, d.dict);
		w->nested--;
		return e;
	default: return render_refuse(w->r, "such a value in an expression");
	}
}

int php_json(struct render *r, struct datum d, struct bytes *ret)
{
	struct writer w = { .r = r, .json = true };
	int e = write_value(&w, d);

	*ret = w.text;
	return e;
}

int php_written(struct render *r, struct datum d, struct bytes *ret)
{
	struct writer w = { .r = r };
	int e = write_value(&w, d);

	*ret = w.text;
	return e;
}
