/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jinja2's filters of one value; those of lists are in jinja2_lists.c. */
#include "emu/template/jinja2_filters.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int text_of(struct filtering *f, struct bytes *ret)
{
	return python_str(f->r, f->of, ret);
}

static int give_text(struct filtering *f, struct bytes s)
{
	*f->ret = datum_text(s);
	return render_full(f->r);
}

static int filter_case(struct filtering *f)
{
	static const struct arguments none;
	struct bytes s;
	int e = text_of(f, &s);

	if (e == 0 && bytes_equal(f->name, bytes_text("title"))) {
		uint8_t *at = arena_take(f->r->arena, s.left);
		bool begin = true;

		for (size_t i = 0; i < s.left && at != NULL; i++) {
			at[i] = (uint8_t)(begin ? toupper(s.at[i]) : tolower(s.at[i]));
			begin = isspace(s.at[i]) || strchr("-({[<", s.at[i]) != NULL;
		}
		return give_text(f, at != NULL ? bytes_of(at, s.left) : s);
	}
	return e < 0 ? e : python_method(f->r, datum_text(s), f->name, &none, f->ret);
}

static int filter_default(struct filtering *f)
{
	struct datum otherwise = datum_words(""), boolean = datum_bool(false);
	bool truth = true, strict;
	int e = 0;

	argument_of(f->a, 0, "default_value", &otherwise);
	argument_of(f->a, 1, "boolean", &boolean);
	if ((e = python_truth(f->r, boolean, &strict)) < 0 || (strict && (e = python_truth(f->r, f->of, &truth)) < 0))
		return e;
	*f->ret = f->of.kind == DATUM_UNDEFINED || !truth ? otherwise : f->of;
	return 0;
}

static int filter_trim(struct filtering *f)
{
	struct bytes s, set = { 0 };
	struct datum d;
	int e = text_of(f, &s);

	if (argument_of(f->a, 0, "chars", &d) && d.kind == DATUM_TEXT)
		set = d.s;
	return e < 0 ? e : give_text(f, python_strip(s, set, true, true));
}

static int filter_replace(struct filtering *f)
{
	struct datum from, to, count = datum_int(-1);
	struct bytes s, x, y;
	int e;

	if (!argument_of(f->a, 0, "old", &from) || !argument_of(f->a, 1, "new", &to))
		return render_fail(f->r, "do_replace() missing 2 required positional arguments: 'old' and 'new'");
	argument_of(f->a, 2, "count", &count);
	if ((e = text_of(f, &s)) < 0 || (e = python_str(f->r, from, &x)) < 0 || (e = python_str(f->r, to, &y)) < 0 ||
	    (e = render_work(f->r, s.left * (y.left + 1))) < 0)
		return e;
	return give_text(f, python_replace(f->r, s, x, y, count.kind == DATUM_INT ? count.i : -1));
}

static int filter_escape(struct filtering *f)
{
	static const struct text_entity entities[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&#34;" }, { '\'', "&#39;" } };
	struct bytes s;
	int e = text_of(f, &s);

	if (e < 0)
		return e;
	return give_text(f, text_escape(f->r->arena, s, entities, COUNT_OF(entities)));
}

static int filter_string(struct filtering *f)
{
	struct bytes s;
	int e = text_of(f, &s);

	return e < 0 ? e : give_text(f, s);
}

/* int(): a text is a number of the base, or a real that is cut. */
static int filter_int(struct filtering *f)
{
	struct datum otherwise = datum_int(0), base = datum_int(10);
	struct bytes s;
	char text[64], *end;

	argument_of(f->a, 0, "default", &otherwise);
	argument_of(f->a, 1, "base", &base);
	*f->ret = otherwise;
	if (f->of.kind == DATUM_INT || f->of.kind == DATUM_BOOL) {
		*f->ret = datum_int(f->of.i);
	} else if (f->of.kind == DATUM_REAL && fabs(f->of.d) < 9e18) {
		*f->ret = datum_int((int64_t)f->of.d);
	} else if (f->of.kind == DATUM_REAL && isfinite(f->of.d)) {
		return render_refuse(f->r, "a number beyond 64 bits");
	} else if (f->of.kind == DATUM_TEXT && !f->of.raw && (s = python_strip(f->of.s, (struct bytes){ 0 }, true, true)).left > 0 && s.left < sizeof(text)) {
		int64_t value;

		memcpy(text, s.at, s.left);
		text[s.left] = '\0';
		if ((strchr(text, '_') != NULL && strspn(text, "0123456789_+-") == s.left) || base.kind != DATUM_INT || base.i < 0 || base.i > 36 || base.i == 1)
			return render_refuse(f->r, "int() of such a text");
		errno = 0;
		value = strtoll(text + (base.i == 2 && strncmp(text, "0b", 2) == 0 ? 2 : base.i == 8 && strncmp(text, "0o", 2) == 0 ? 2 : 0), &end, (int)base.i);
		if (errno != 0)
			return render_refuse(f->r, "a number beyond 64 bits");
		if (*end == '\0') {
			*f->ret = datum_int(value);
		} else {
			double d = strtod(text, &end);

			if (*end == '\0' && strpbrk(text, "xXpP") == NULL && fabs(d) < 9e18)
				*f->ret = datum_int((int64_t)d);
		}
	}
	return 0;
}

static int filter_float(struct filtering *f)
{
	struct datum otherwise = datum_real(0);
	struct bytes s;
	char text[64], *end;

	argument_of(f->a, 0, "default", &otherwise);
	*f->ret = otherwise;
	if (python_is_number(f->of)) {
		*f->ret = datum_real(python_real_of(f->of));
	} else if (f->of.kind == DATUM_TEXT && (s = python_strip(f->of.s, (struct bytes){ 0 }, true, true)).left > 0 && s.left < sizeof(text)) {
		memcpy(text, s.at, s.left);
		text[s.left] = '\0';
		double d = strtod(text, &end);

		if (*end == '\0' && strpbrk(text, "xXpP") == NULL)
			*f->ret = datum_real(d);
	}
	return 0;
}

static int filter_abs(struct filtering *f)
{
	if (f->of.kind == DATUM_UNDEFINED)
		return jinja2_undefined(f->r, f->of);
	if (!python_is_number(f->of))
		return render_fail(f->r, "bad operand type for abs(): '%s'", python_type(f->of));
	if (f->of.kind != DATUM_REAL && f->of.i == INT64_MIN)
		return render_refuse(f->r, "a number beyond 64 bits");
	*f->ret = f->of.kind == DATUM_REAL ? datum_real(fabs(f->of.d)) : datum_int(f->of.i < 0 ? -f->of.i : f->of.i);
	return 0;
}

static int filter_round(struct filtering *f)
{
	struct datum precision = datum_int(0), method = datum_words("common");
	double scale, d;
	char text[64];

	argument_of(f->a, 0, "precision", &precision);
	argument_of(f->a, 1, "method", &method);
	if (f->of.kind == DATUM_UNDEFINED)
		return jinja2_undefined(f->r, f->of);
	if (!python_is_number(f->of))
		return render_fail(f->r, "type %s doesn't define __round__ method", python_type(f->of));
	if (precision.kind != DATUM_INT || precision.i < 0 || precision.i > 15)
		return render_refuse(f->r, "such a precision");
	d = python_real_of(f->of);
	if (method.kind == DATUM_TEXT && bytes_equal(method.s, bytes_text("common"))) {
		if (f->of.kind != DATUM_REAL) {
			*f->ret = datum_int(f->of.i);
			return 0;
		}
		if (fabs(d) > 1e15)
			return render_refuse(f->r, "such a precision");
		snprintf(text, sizeof(text), "%.*f", (int)precision.i, d);
		*f->ret = datum_real(strtod(text, NULL));
		return 0;
	}
	scale = pow(10, (double)precision.i);
	if (method.kind != DATUM_TEXT || (!bytes_equal(method.s, bytes_text("ceil")) && !bytes_equal(method.s, bytes_text("floor"))))
		return render_fail(f->r, "method must be common, ceil or floor");
	*f->ret = datum_real((method.s.at[0] == 'c' ? ceil(d * scale) : floor(d * scale)) / scale);
	return 0;
}

static int filter_format(struct filtering *f)
{
	struct datum values = datum_list(f->r->arena, FORM_TUPLE);
	struct bytes s;
	int e = text_of(f, &s);

	for (size_t i = 0; i < f->a->positional.count && e == 0; i++)
		e = list_put(values.list, f->r->arena, f->a->positional.at[i]);
	if (f->a->named.count > 0) {
		values = datum_dict(f->r->arena);
		for (size_t i = 0; i < f->a->named.count && e == 0; i++)
			e = dict_put(values.dict, f->r->arena, f->a->named.keys[i], f->a->named.values[i]);
	}
	*f->ret = datum_text((struct bytes){ 0 });
	return e < 0 ? e : python_percent(f->r, s, values, &f->ret->s);
}

static int filter_center(struct filtering *f)
{
	struct arguments a = { 0 };
	struct datum width = datum_int(80);
	struct bytes s;
	int e = text_of(f, &s);

	argument_of(f->a, 0, "width", &width);
	if (e < 0 || (e = list_put(&a.positional, f->r->arena, width)) < 0)
		return e;
	return python_method(f->r, datum_text(s), bytes_text("center"), &a, f->ret);
}

static int filter_attr(struct filtering *f)
{
	struct datum name;
	int e;

	if (!argument_of(f->a, 0, "name", &name))
		return render_fail(f->r, "do_attr() missing 1 required positional argument: 'name'");
	if (name.kind != DATUM_TEXT)
		return render_refuse(f->r, "attr() of what is no text");
	e = python_object_attribute(f->r, f->of, name.s, f->ret);
	if (e == -ENOENT && f->of.kind == DATUM_UNDEFINED)
		return jinja2_undefined(f->r, f->of);
	if (e != -ENOENT)
		return e;
	*f->ret = (struct datum){ .kind = DATUM_UNDEFINED, .s = text_format(f->r->arena, "'%s object' has no attribute '%.*s'", python_type(f->of), (int)(name.s.left < 200 ? name.s.left : 200), (const char *)name.s.at) };
	return 0;
}

static int filter_urlencode(struct filtering *f)
{
	static const char digits[] = "0123456789ABCDEF";
	struct sink out;
	struct bytes s;
	int e = text_of(f, &s);

	if (e < 0)
		return e;
	if (f->of.kind == DATUM_DICT || f->of.kind == DATUM_LIST)
		return render_refuse(f->r, "urlencode of pairs");
	out = sink_over(arena_take(f->r->arena, 3 * s.left), 3 * s.left);
	for (size_t i = 0; i < s.left && out.at != NULL; i++) {
		if (isalnum(s.at[i]) || strchr("_.-~/", s.at[i]) != NULL) {
			sink_u8(&out, s.at[i]);
		} else {
			sink_u8(&out, '%');
			sink_u8(&out, (uint8_t)digits[s.at[i] >> 4]);
			sink_u8(&out, (uint8_t)digits[s.at[i] & 15]);
		}
	}
	return give_text(f, bytes_of(out.at, out.used));
}

static int filter_wordcount(struct filtering *f)
{
	struct bytes s;
	int64_t count = 0;
	int e = text_of(f, &s);

	for (size_t i = 0; i < s.left && e == 0; i++) {
		bool word = isalnum(s.at[i]) || s.at[i] == '_' || s.at[i] >= 0x80;
		bool before = i > 0 && (isalnum(s.at[i - 1]) || s.at[i - 1] == '_' || s.at[i - 1] >= 0x80);

		count += word && !before;
	}
	*f->ret = datum_int(count);
	return e;
}

static int filter_truncate(struct filtering *f)
{
	struct datum length = datum_int(255), kill = datum_bool(false), end = datum_words("..."), leeway = datum_int(5);
	struct bytes s, cut;
	int e = text_of(f, &s);

	argument_of(f->a, 0, "length", &length);
	argument_of(f->a, 1, "killwords", &kill);
	argument_of(f->a, 2, "end", &end);
	argument_of(f->a, 3, "leeway", &leeway);
	if (e < 0 || length.kind != DATUM_INT || end.kind != DATUM_TEXT || leeway.kind != DATUM_INT)
		return e < 0 ? e : render_refuse(f->r, "truncate() of such arguments");
	if (length.i < (int64_t)text_length(end.s) || leeway.i < 0)
		return render_fail(f->r, "expected length >= %zu, got %" PRId64, text_length(end.s), length.i);
	if ((int64_t)text_length(s) <= length.i + leeway.i)
		return give_text(f, s);
	cut = text_cut(s, 0, text_place(s, (size_t)length.i - text_length(end.s)));
	if (kill.kind != DATUM_BOOL || kill.i == 0) {
		size_t n = cut.left;

		while (n > 0 && cut.at[n - 1] != ' ')
			n--;
		cut.left = n > 0 ? n - 1 : cut.left;
	}
	return give_text(f, text_join(f->r->arena, cut, end.s));
}

static int filter_indent(struct filtering *f)
{
	struct datum width = datum_int(4), first = datum_bool(false), blank = datum_bool(false);
	struct bytes s, by, whole = { 0 };
	int e = text_of(f, &s);
	bool begin = true;

	argument_of(f->a, 0, "width", &width);
	argument_of(f->a, 1, "first", &first);
	argument_of(f->a, 2, "blank", &blank);
	if (e < 0 || (width.kind != DATUM_INT && width.kind != DATUM_TEXT) || (width.kind == DATUM_INT && (width.i < 0 || width.i > 256)))
		return e < 0 ? e : render_refuse(f->r, "indent() of such a width");
	by = width.kind == DATUM_TEXT ? width.s : text_format(f->r->arena, "%*s", (int)width.i, "");
	for (; begin || s.left > 0; begin = false) {
		size_t n = 0;

		while (n < s.left && s.at[n] != '\n')
			n++;
		if (begin ? first.i != 0 : blank.i != 0 || n > 0)
			whole = text_join(f->r->arena, whole, by);
		n += n < s.left;
		whole = text_join(f->r->arena, whole, bytes_of(s.at, n));
		s = bytes_of(s.at + n, s.left - n);
	}
	return (e = render_work(f->r, whole.left * 4)) < 0 ? e : give_text(f, whole);
}

static int filter_length(struct filtering *f)
{
	size_t length;
	int e = python_length(f->r, f->of, &length);

	if (e == 0)
		*f->ret = datum_int((int64_t)length);
	return e;
}

static int filter_same(struct filtering *f)
{
	struct bytes s;
	int e;

	if (f->name.at[0] == 'f') /* forceescape */
		return filter_escape(f);
	e = text_of(f, &s);
	return e < 0 ? e : give_text(f, s);
}

static const struct { const char *name; int (*run)(struct filtering *); } filters[] = {
	{ "upper", filter_case }, { "lower", filter_case }, { "capitalize", filter_case }, { "title", filter_case }, { "default", filter_default },
	{ "d", filter_default }, { "trim", filter_trim }, { "replace", filter_replace }, { "escape", filter_escape }, { "e", filter_escape },
	{ "string", filter_string }, { "int", filter_int }, { "float", filter_float }, { "abs", filter_abs }, { "round", filter_round },
	{ "format", filter_format }, { "center", filter_center }, { "attr", filter_attr }, { "urlencode", filter_urlencode },
	{ "wordcount", filter_wordcount }, { "truncate", filter_truncate }, { "indent", filter_indent }, { "length", filter_length },
	{ "count", filter_length }, { "safe", filter_same }, { "forceescape", filter_same },
};

int jinja2_filter(struct render *r, struct bytes name, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct filtering f = { .r = r, .name = name, .a = a, .ret = ret };
	int e = 0;

	if (of.kind == DATUM_OBJECT && !bytes_equal(name, bytes_text("attr")) && !bytes_equal(name, bytes_text("default")) &&
	    (e = python_object_value(r, of, &of)) < 0)
		return e;
	if (python_object_any(of)) {
		*ret = of;
		return 0;
	}
	f.of = of;
	for (unsigned i = 0; i < COUNT_OF(filters); i++) {
		if (!bytes_equal(name, bytes_text(filters[i].name)))
			continue;
		if ((e = filters[i].run(&f)) == 0)
			ret->open |= of.open;
		return e;
	}
	if ((e = jinja2_filter_list(&f)) == 0)
		ret->open |= of.open;
	return e == -ENOENT ? render_fail(r, "No filter named '%.*s'.", (int)(name.left < 100 ? name.left : 100), (const char *)name.at) : e;
}
