/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Twig's filters of one value. */
#include "emu/template/twig_filters.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int give_text(struct filtering *f, struct bytes s)
{
	*f->ret = datum_text(s);
	return render_full(f->r);
}

bool twig_empty(struct datum d)
{
	return d.kind == DATUM_NONE || d.kind == DATUM_UNDEFINED || (d.kind == DATUM_BOOL && !d.i) || (d.kind == DATUM_TEXT && d.s.left == 0) || (d.kind == DATUM_DICT && d.dict->count == 0);
}

/* Letters of ASCII and Latin-1. */
static uint8_t cased(struct bytes s, size_t i, bool upper)
{
	uint8_t c = s.at[i];

	if (i > 0 && s.at[i - 1] == 0xc3 && (c & 0x1f) != 0x17 && c >= (upper ? 0xa0 : 0x80) && c < (upper ? 0xbf : 0x9f))
		return (uint8_t)(c ^ 0x20);
	return (uint8_t)(c >= 0x80 ? c : upper ? toupper(c) : tolower(c));
}

static int filter_case(struct filtering *f)
{
	bool upper = f->name.at[0] == 'u', title = f->name.at[0] == 't', begin = true;
	struct bytes s;
	uint8_t *at;
	int e = php_text(f->r, f->of, &s);

	if (e < 0 || (at = arena_take(f->r->arena, s.left)) == NULL)
		return e < 0 ? e : -ENOMEM;
	for (size_t i = 0; i < s.left; i++) {
		at[i] = cased(s, i, upper || (begin && (title || f->name.at[0] == 'c')));
		if (title)
			begin = s.at[i] < 0x80 && !isalpha(s.at[i]) && !(s.at[i] == '\'' && !begin);
		else if (s.at[i] != 0xc3)
			begin = false;
	}
	return give_text(f, bytes_of(at, s.left));
}

static int filter_trim(struct filtering *f)
{
	struct datum mask = datum_none(), side = datum_words("both");
	struct bytes s, set = bytes_of(" \t\n\r\0\v", 6);
	int e = php_text(f->r, f->of, &s);

	argument_of(f->a, 0, "characterMask", &mask);
	argument_of(f->a, 1, "side", &side);
	if (e < 0 || (mask.kind != DATUM_NONE && (e = php_text(f->r, mask, &set)) < 0) || side.kind != DATUM_TEXT)
		return e < 0 ? e : render_refuse(f->r, "trim of such a side");
	if (bytes_find(set, bytes_text("..")) >= 0)
		return render_refuse(f->r, "trim of a range");
	while (!bytes_equal(side.s, bytes_text("right")) && s.left > 0 && memchr(set.at, s.at[0], set.left) != NULL)
		s = text_cut(s, 1, s.left);
	while (!bytes_equal(side.s, bytes_text("left")) && s.left > 0 && memchr(set.at, s.at[s.left - 1], set.left) != NULL)
		s.left--;
	return give_text(f, s);
}

/* strtr(): the longest of the keys at each place. */
static int filter_replace(struct filtering *f)
{
	struct datum from;
	struct bytes s, whole = { 0 }, key, value;
	int e = php_text(f->r, f->of, &s);

	if (e < 0 || !argument_of(f->a, 0, "from", &from) || from.kind != DATUM_DICT)
		return e < 0 ? e : render_fail(f->r, "The \"replace\" filter expects an array or \"Traversable\" as replace values, got \"%s\".", php_type(f->of));
	while (s.left > 0) {
		struct bytes best = { 0 };
		size_t len = 0;

		for (size_t i = 0; i < from.dict->count; i++) {
			if ((e = php_text(f->r, from.dict->keys[i], &key)) < 0 || (e = php_text(f->r, from.dict->values[i], &value)) < 0 || (e = render_work(f->r, whole.left)) < 0)
				return e;
			if (key.left > len && key.left <= s.left && memcmp(s.at, key.at, key.left) == 0) {
				len = key.left;
				best = value;
			}
		}
		whole = text_join(f->r->arena, whole, len > 0 ? best : text_cut(s, 0, 1));
		s = text_cut(s, len > 0 ? len : 1, s.left);
		if (whole.left > TEMPLATE_TEXT_MAX)
			return -E2BIG;
	}
	return give_text(f, whole);
}

static int filter_escape(struct filtering *f)
{
	static const struct text_entity entities[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#039;" } };
	struct datum strategy = datum_words("html");
	struct bytes s;
	int e = php_text(f->r, f->of, &s);

	argument_of(f->a, 0, "strategy", &strategy);
	if (e < 0 || strategy.kind != DATUM_TEXT || !bytes_equal(strategy.s, bytes_text("html")))
		return e < 0 ? e : render_refuse(f->r, "escape of another kind");
	return give_text(f, text_escape(f->r->arena, s, entities, COUNT_OF(entities)));
}

static int filter_split(struct filtering *f)
{
	struct datum delimiter = datum_words(""), limit = datum_none();
	struct bytes s, by;
	int64_t most;
	ptrdiff_t at;
	size_t len;
	int e = php_text(f->r, f->of, &s);

	argument_of(f->a, 0, "delimiter", &delimiter);
	argument_of(f->a, 1, "limit", &limit);
	if (e < 0 || (e = php_text(f->r, delimiter, &by)) < 0)
		return e;
	*f->ret = datum_dict(f->r->arena);
	most = limit.kind == DATUM_NONE ? INT64_MAX : php_int(limit);
	if (most < 1 || (by.left == 0 && limit.kind != DATUM_NONE && most > 1))
		return render_refuse(f->r, "split of such a limit");
	while (by.left == 0 ? s.left > 0 : most-- > 1 && (at = bytes_find(s, by)) >= 0) {
		len = by.left == 0 ? 1 : (size_t)at;
		if (by.left == 0)
			(void)text_point(s, &len);
		if ((e = php_array_push(f->r, f->ret->dict, datum_text(text_cut(s, 0, len)))) < 0)
			return e;
		s = text_cut(s, len + by.left, s.left);
	}
	return by.left == 0 && f->ret->dict != NULL && f->ret->dict->count > 0 ? 0 : php_array_push(f->r, f->ret->dict, datum_text(s));
}

static int filter_default(struct filtering *f)
{
	struct datum otherwise = datum_words("");

	argument_of(f->a, 0, "default", &otherwise);
	*f->ret = twig_empty(f->of) ? otherwise : f->of;
	return 0;
}

static int filter_abs(struct filtering *f)
{
	struct datum d;

	if (f->of.kind == DATUM_DICT || (f->of.kind == DATUM_TEXT && !php_numeric(f->of.s, &d)))
		return render_fail(f->r, "abs(): Argument #1 ($num) must be of type int|float, %s given", php_type(f->of));
	if (php_number(f->r, f->of, &d) < 0)
		return -EDOM;
	*f->ret = d.kind == DATUM_REAL ? datum_real(fabs(d.d)) : d.i == INT64_MIN ? datum_real(-(double)d.i) : datum_int(d.i < 0 ? -d.i : d.i);
	return 0;
}

static int filter_round(struct filtering *f)
{
	struct datum precision = datum_int(0), method = datum_words("common");
	double d = php_float(f->of), scale;
	char text[64];

	argument_of(f->a, 0, "precision", &precision);
	argument_of(f->a, 1, "method", &method);
	if (php_int(precision) < 0 || php_int(precision) > 14 || fabs(d) > 1e15 || method.kind != DATUM_TEXT)
		return render_refuse(f->r, "such a precision");
	scale = pow(10, (double)php_int(precision));
	if (bytes_equal(method.s, bytes_text("common"))) {
		/* what is written with fifteen digits decides, as PHP's pre-rounding does */
		snprintf(text, sizeof(text), "%.15g", fabs(d) * scale);
		d = copysign(floor(strtod(text, NULL) + 0.5) / scale, d);
	} else if (bytes_equal(method.s, bytes_text("ceil")) || bytes_equal(method.s, bytes_text("floor"))) {
		d = (method.s.at[0] == 'c' ? ceil(d * scale) : floor(d * scale)) / scale;
	} else {
		return render_fail(f->r, "The round filter only supports the \"common\", \"ceil\", and \"floor\" methods.");
	}
	*f->ret = datum_real(d);
	return 0;
}

static int filter_number_format(struct filtering *f)
{
	struct datum decimal = datum_int(0), point = datum_words("."), comma = datum_words(",");
	struct bytes p, c, whole = { 0 };
	char text[80];
	size_t digits, n;
	int e;

	argument_of(f->a, 0, "decimal", &decimal);
	argument_of(f->a, 1, "decimalPoint", &point);
	argument_of(f->a, 2, "thousandSep", &comma);
	if (fabs(php_float(f->of)) > 1e14 || php_int(decimal) < 0 || php_int(decimal) > 10)
		return render_refuse(f->r, "number_format of such a number");
	if ((e = php_text(f->r, point, &p)) < 0 || (e = php_text(f->r, comma, &c)) < 0)
		return e;
	double scale = pow(10, (double)php_int(decimal)), d = php_float(f->of);

	snprintf(text, sizeof(text), "%.15g", fabs(d) * scale);
	d = floor(strtod(text, NULL) + 0.5) / scale;
	snprintf(text, sizeof(text), "%.*f", (int)php_int(decimal), d);
	digits = strcspn(text, ".");
	if (php_float(f->of) < 0 && d > 0)
		whole = bytes_text("-");
	for (size_t i = 0; i < digits; i += n) {
		n = i == 0 && digits % 3 != 0 ? digits % 3 : 3;
		if (i > 0)
			whole = text_join(f->r->arena, whole, c);
		whole = text_join(f->r->arena, whole, arena_copy(f->r->arena, bytes_of(text + i, n), n));
	}
	if (text[digits] == '.')
		whole = text_join(f->r->arena, text_join(f->r->arena, whole, p), arena_copy(f->r->arena, bytes_text(text + digits + 1), sizeof(text)));
	return give_text(f, whole);
}

static int filter_json(struct filtering *f)
{
	struct bytes s;
	int e;

	if (f->a->positional.count > 0)
		return render_refuse(f->r, "json_encode with options");
	e = php_json(f->r, f->of, &s);
	return e < 0 ? e : give_text(f, s);
}

static int filter_url(struct filtering *f)
{
	static const char digits[] = "0123456789ABCDEF";
	struct sink out;
	struct bytes s;
	int e;

	if (f->of.kind == DATUM_DICT)
		return render_refuse(f->r, "url_encode of an array");
	if ((e = php_text(f->r, f->of, &s)) < 0)
		return e;
	out = sink_over(arena_take(f->r->arena, 3 * s.left), 3 * s.left);
	for (size_t i = 0; i < s.left && out.at != NULL; i++) {
		if (isalnum(s.at[i]) || strchr("_.-~", s.at[i]) != NULL) {
			sink_u8(&out, s.at[i]);
		} else {
			sink_u8(&out, '%');
			sink_u8(&out, (uint8_t)digits[s.at[i] >> 4]);
			sink_u8(&out, (uint8_t)digits[s.at[i] & 15]);
		}
	}
	return give_text(f, bytes_of(out.at, out.used));
}

static int filter_raw(struct filtering *f)
{
	*f->ret = f->of;
	return 0;
}

/* sprintf(): what PHP's knows of it. */
static int filter_format(struct filtering *f)
{
	struct bytes s, whole = { 0 }, one;
	size_t next = 0;
	int e = php_text(f->r, f->of, &s);

	for (size_t i = 0; i < s.left && e == 0; i++) {
		if (s.at[i] != '%') {
			whole = text_join(f->r->arena, whole, text_cut(s, i, i + 1));
			continue;
		}
		if (++i == s.left)
			return render_fail(f->r, "Missing format specifier at end of string");
		if (s.at[i] == '%') {
			whole = text_join(f->r->arena, whole, bytes_text("%"));
			continue;
		}
		if (strchr("sd", s.at[i]) == NULL)
			return render_refuse(f->r, "such a format");
		if (next >= f->a->positional.count)
			return render_fail(f->r, "%zu arguments are required, %zu given", next + 2, f->a->positional.count + 1);
		e = s.at[i] == 'd' ? php_text(f->r, datum_int(php_int(f->a->positional.at[next])), &one) : php_text(f->r, f->a->positional.at[next], &one);
		next++;
		whole = text_join(f->r->arena, whole, one);
		if (e == 0)
			e = render_work(f->r, whole.left);
	}
	return e < 0 ? e : give_text(f, whole);
}

static int filter_breaks(struct filtering *f)
{
	struct bytes s, whole = { 0 };
	int e = php_text(f->r, f->of, &s);

	for (size_t i = 0; i < s.left && e == 0; i++) {
		if (s.at[i] == '\r')
			return render_refuse(f->r, "nl2br of such lines");
		if (s.at[i] == '\n')
			whole = text_join(f->r->arena, whole, bytes_text("<br />"));
		whole = text_join(f->r->arena, whole, text_cut(s, i, i + 1));
		e = render_work(f->r, whole.left);
	}
	return e < 0 ? e : give_text(f, whole);
}

static const struct { const char *name; int (*run)(struct filtering *); } filters[] = {
	{ "upper", filter_case }, { "lower", filter_case }, { "title", filter_case }, { "capitalize", filter_case }, { "trim", filter_trim },
	{ "replace", filter_replace }, { "escape", filter_escape }, { "e", filter_escape }, { "split", filter_split }, { "default", filter_default },
	{ "abs", filter_abs }, { "round", filter_round }, { "number_format", filter_number_format }, { "json_encode", filter_json },
	{ "url_encode", filter_url }, { "raw", filter_raw }, { "format", filter_format }, { "nl2br", filter_breaks },
};

/* Filters there are, but not here. */
static const char *const others[] = { "date", "date_modify", "convert_encoding", "striptags", "spaceless", "data_uri", "slug", "u", "file_excerpt", "trans" };

int twig_filter(struct render *r, struct bytes name, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct filtering f = { .r = r, .name = name, .of = of, .a = a, .ret = ret };
	int e = -ENOENT;

	for (unsigned i = 0; i < COUNT_OF(filters) && e == -ENOENT; i++) {
		if (bytes_equal(name, bytes_text(filters[i].name)))
			e = filters[i].run(&f);
	}
	if (e == -ENOENT)
		e = twig_filter_list(&f);
	if (e == 0)
		ret->open |= f.of.open;
	for (unsigned i = 0; e == -ENOENT && i < COUNT_OF(others); i++) {
		if (bytes_equal(name, bytes_text(others[i])))
			return render_refuse(r, others[i]);
	}
	return e == -ENOENT ? render_fail(r, "Unknown \"%.*s\" filter.", (int)(name.left < 100 ? name.left : 100), (const char *)name.at) : e;
}
