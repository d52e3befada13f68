/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Python's two ways to format: '…' % values, and '…'.format(values). */
#include "emu/template/python.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH_MAX = 4096, NUMBER_MAX = 512 };

/* How one value is to be written. */
struct shape {
	uint8_t fill, align, sign, kind;
	bool alternate, zeros;
	int width, precision;        /* -1: not said */
};

static struct bytes pad(struct render *r, struct bytes s, const struct shape *f, uint8_t align)
{
	size_t length = text_length(s), missing = f->width > 0 && (size_t)f->width > length ? (size_t)f->width - length : 0, left;
	size_t head = align == '=' && s.left > 0 && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0;
	uint8_t *at = arena_take(r->arena, s.left + missing);

	if (at == NULL)
		return (struct bytes){ 0 };
	if (s.left == 0)
		s.at = at; /* nothing, but of some place */
	left = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
	memcpy(at, s.at, head);
	memset(at + head, f->fill, left);
	memcpy(at + head + left, s.at + head, s.left - head);
	memset(at + s.left + left, f->fill, missing - left);
	return bytes_of(at, s.left + missing);
}

static struct bytes whole_text(struct render *r, const struct shape *f, int64_t i)
{
	char text[NUMBER_MAX], digits[80];
	uint64_t n = i < 0 ? -(uint64_t)i : (uint64_t)i;
	const char *prefix = !f->alternate ? "" : f->kind == 'x' ? "0x" : f->kind == 'X' ? "0X" : f->kind == 'o' ? "0o" : f->kind == 'b' ? "0b" : "";
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	switch (f->kind) {
	case 'x': snprintf(digits, sizeof(digits), "%" PRIx64, n); at = 0; break;
	case 'X': snprintf(digits, sizeof(digits), "%" PRIX64, n); at = 0; break;
	case 'o': snprintf(digits, sizeof(digits), "%" PRIo64, n); at = 0; break;
	case 'b':
		do
			digits[--at] = (char)('0' + n % 2);
		while ((n /= 2) > 0);
		break;
	default: snprintf(digits, sizeof(digits), "%" PRIu64, n); at = 0;
	}
	snprintf(text, sizeof(text), "%s%s%s", i < 0 ? "-" : f->sign == '+' ? "+" : f->sign == ' ' ? " " : "", prefix, digits + at);
	return arena_copy(r->arena, bytes_text(text), sizeof(text));
}

static struct bytes real_text(struct render *r, const struct shape *f, double d)
{
	char text[NUMBER_MAX], format[16];
	int precision = f->precision < 0 ? 6 : f->precision > 60 ? 60 : f->precision;

	snprintf(format, sizeof(format), "%%%s.*%c", f->sign == '+' ? "+" : f->sign == ' ' ? " " : "", f->kind);
	switch (f->kind) {
	case 'e': snprintf(text, sizeof(text), f->sign == '+' ? "%+.*e" : "%.*e", precision, d); break;
	case 'E': snprintf(text, sizeof(text), f->sign == '+' ? "%+.*E" : "%.*E", precision, d); break;
	case 'g': snprintf(text, sizeof(text), f->sign == '+' ? "%+.*g" : "%.*g", precision == 0 ? 1 : precision, d); break;
	case '%': snprintf(text, sizeof(text), "%.*f%%", precision, d * 100); break;
	default: snprintf(text, sizeof(text), f->sign == '+' ? "%+.*f" : "%.*f", precision, d); break;
	}
	return arena_copy(r->arena, bytes_text(text), sizeof(text));
}

static bool is_whole(struct datum d)
{
	return d.kind == DATUM_INT || d.kind == DATUM_BOOL;
}

static struct bytes cut_to(struct bytes s, int precision)
{
	return precision < 0 ? s : text_cut(s, 0, text_place(s, (size_t)precision));
}

/* One of %d, %s, …. */
static int percent_value(struct render *r, const struct shape *f, struct datum d, struct bytes *ret)
{
	uint8_t point[4];
	int e = 0;

	switch (f->kind) {
	case 's': case 'a':
		e = python_str(r, d, ret);
		*ret = cut_to(*ret, f->precision);
		break;
	case 'r': e = python_repr(r, d, ret); break;
	case 'c':
		if (d.kind == DATUM_TEXT && text_length(d.s) == 1)
			*ret = d.s;
		else if (is_whole(d) && d.i >= 0 && d.i < 0x110000)
			*ret = arena_copy(r->arena, bytes_of(point, text_put_point(point, (uint32_t)d.i)), 4);
		else
			return render_fail(r, "%%c requires int or char");
		break;
	case 'd': case 'i': case 'u': case 'x': case 'X': case 'o':
		if (d.kind == DATUM_REAL && (f->kind == 'd' || f->kind == 'i' || f->kind == 'u') && d.d > -9e18 && d.d < 9e18)
			d = datum_int((int64_t)d.d);
		if (!is_whole(d))
			return render_fail(r, "%%%c format: a%s is required, not %s", f->kind, f->kind == 'd' || f->kind == 'i' || f->kind == 'u' ? " real number" : "n integer", python_type(d));
		*ret = whole_text(r, f, d.i);
		break;
	case 'f': case 'F': case 'e': case 'E': case 'g':
		if (!python_is_number(d))
			return render_fail(r, "must be real number, not %s", python_type(d));
		*ret = real_text(r, f, python_real_of(d));
		break;
	default: return render_fail(r, "unsupported format character '%c' (0x%x)", f->kind, f->kind);
	}
	if (e == 0)
		*ret = pad(r, *ret, f, f->align == '<' ? '<' : f->zeros && f->kind != 's' && f->kind != 'r' && f->kind != 'c' ? '=' : '>');
	return e;
}

static size_t read_number(struct bytes s, size_t at, int *ret)
{
	*ret = 0;
	for (; at < s.left && isdigit(s.at[at]); at++)
		*ret = *ret < WIDTH_MAX ? *ret * 10 + s.at[at] - '0' : *ret;
	return at;
}

struct values {
	struct list *several;
	struct datum one;
	size_t next;
};

static bool next_value(struct values *v, struct datum *ret)
{
	if (v->several == NULL) {
		*ret = v->one;
		return v->next++ == 0;
	}
	if (v->next >= v->several->count)
		return false;
	*ret = v->several->at[v->next++];
	return true;
}

/* Reads what follows a % sign; *at is then behind it. */
static int percent_shape(struct render *r, struct bytes s, size_t *at, struct values *v, struct shape *f, struct datum *named, bool *has_name)
{
	struct datum d, *found;

	*f = (struct shape){ .fill = ' ', .align = '>', .width = -1, .precision = -1 };
	*has_name = false;
	if (*at < s.left && s.at[*at] == '(') {
		ptrdiff_t end = bytes_find(text_cut(s, *at, s.left), bytes_text(")"));

		if (end < 0 || v->one.kind != DATUM_DICT)
			return end < 0 ? render_fail(r, "incomplete format key") : render_fail(r, "format requires a mapping");
		if ((found = dict_find_text(v->one.dict, text_cut(s, *at + 1, *at + (size_t)end))) == NULL)
			return render_fail(r, "key not in mapping");
		*named = *found;
		*has_name = true;
		*at += (size_t)end + 1;
	}
	for (; *at < s.left && strchr("-+ #0", s.at[*at]) != NULL && s.at[*at] != '\0'; ++*at) {
		f->align = s.at[*at] == '-' ? '<' : f->align;
		f->sign = s.at[*at] == '+' || (s.at[*at] == ' ' && f->sign == 0) ? s.at[*at] : f->sign;
		f->alternate |= s.at[*at] == '#';
		f->zeros |= s.at[*at] == '0';
	}
	if (*at < s.left && s.at[*at] == '*') {
		if (!next_value(v, &d) || !is_whole(d))
			return render_fail(r, "* wants int");
		f->width = d.i > WIDTH_MAX ? WIDTH_MAX : d.i < 0 ? 0 : (int)d.i;
		++*at;
	} else if (*at < s.left && isdigit(s.at[*at])) {
		*at = read_number(s, *at, &f->width);
	}
	if (*at < s.left && s.at[*at] == '.')
		*at = read_number(s, *at + 1, &f->precision);
	if (*at >= s.left)
		return render_fail(r, "incomplete format");
	f->kind = s.at[(*at)++];
	f->fill = f->zeros && f->align != '<' && strchr("src", f->kind) == NULL ? '0' : ' ';
	return f->width > WIDTH_MAX ? -E2BIG : 0;
}

int python_percent(struct render *r, struct bytes s, struct datum value, struct bytes *ret)
{
	struct values v = { .one = value, .several = value.kind == DATUM_LIST && value.list->form == FORM_TUPLE ? value.list : NULL };
	struct bytes whole = { 0 }, part;
	struct shape f;
	struct datum d;
	bool named;
	int e;

	for (size_t at = 0; at < s.left;) {
		size_t from = at;

		while (at < s.left && s.at[at] != '%')
			at++;
		whole = text_join(r->arena, whole, text_cut(s, from, at));
		if (at++ == s.left)
			break;
		if ((e = percent_shape(r, s, &at, &v, &f, &d, &named)) < 0)
			return e;
		if (f.kind == '%') {
			whole = text_join(r->arena, whole, bytes_text("%"));
			continue;
		}
		if (!named && !next_value(&v, &d))
			return render_fail(r, "not enough arguments for format string");
		if ((e = percent_value(r, &f, d, &part)) < 0 || (e = render_work(r, whole.left + part.left)) < 0)
			return e;
		whole = text_join(r->arena, whole, part);
		if (whole.left > TEMPLATE_TEXT_MAX)
			return -E2BIG;
	}
	if (v.several != NULL ? v.next < v.several->count : v.next == 0 && value.kind != DATUM_DICT && !(value.kind == DATUM_LIST && value.list->form == FORM_LIST))
		return render_fail(r, "not all arguments converted during string formatting");
	*ret = whole;
	return render_full(r);
}

/* [[fill]align][sign][#][0][width][.precision][type] */
static int read_spec(struct render *r, struct bytes s, struct shape *f)
{
	size_t at = 0;

	*f = (struct shape){ .fill = ' ', .width = -1, .precision = -1 };
	if (s.left > 1 && strchr("<>=^", s.at[1]) != NULL && s.at[1] != '\0') {
		f->fill = s.at[0];
		f->align = s.at[1];
		at = 2;
	} else if (s.left > 0 && strchr("<>=^", s.at[0]) != NULL && s.at[0] != '\0') {
		f->align = s.at[0];
		at = 1;
	}
	if (at < s.left && strchr("+- ", s.at[at]) != NULL)
		f->sign = s.at[at++];
	if (at < s.left && s.at[at] == '#')
		f->alternate = at++ > 0 || true;
	if (at < s.left && s.at[at] == '0') {
		f->zeros = true;
		f->fill = f->align == 0 ? '0' : f->fill;
		f->align = f->align == 0 ? '=' : f->align;
		at++;
	}
	if (at < s.left && isdigit(s.at[at]))
		at = read_number(s, at, &f->width);
	if (at < s.left && (s.at[at] == ',' || s.at[at] == '_'))
		return render_refuse(r, "format() with groups");
	if (at < s.left && s.at[at] == '.')
		at = read_number(s, at + 1, &f->precision);
	if (at < s.left)
		f->kind = s.at[at++];
	if (f->width > WIDTH_MAX)
		return -E2BIG;
	return at < s.left ? render_fail(r, "Invalid format specifier") : 0;
}

static int format_value(struct render *r, struct datum d, struct bytes spec, struct bytes *ret)
{
	uint8_t point[4];
	struct shape f;
	int e = read_spec(r, spec, &f);

	if (e < 0)
		return e;
	if (spec.left == 0)
		return python_str(r, d, ret);
	if (d.kind == DATUM_TEXT && (f.kind == 0 || f.kind == 's')) {
		if (f.align == '=')
			return render_fail(r, "'=' alignment not allowed in string format specifier");
		*ret = pad(r, cut_to(d.s, f.precision), &f, f.align == 0 ? '<' : f.align);
		return 0;
	}
	if (is_whole(d) && f.kind != 0 && strchr("bcdoxX", f.kind) != NULL) {
		if (f.kind == 'c' && d.i >= 0 && d.i < 0x110000)
			*ret = arena_copy(r->arena, bytes_of(point, text_put_point(point, (uint32_t)d.i)), 4);
		else
			*ret = whole_text(r, &f, d.i);
	} else if (is_whole(d) && f.kind == 0 && d.kind == DATUM_INT) {
		*ret = whole_text(r, &f, d.i);
	} else if (python_is_number(d) && f.kind != 0 && strchr("eEfFg%", f.kind) != NULL) {
		*ret = real_text(r, &f, python_real_of(d));
	} else if (d.kind == DATUM_REAL && f.kind == 0) {
		return render_refuse(r, "format() of a float");
	} else if (d.kind == DATUM_TEXT || python_is_number(d)) {
		return render_fail(r, "Unknown format code '%c' for object of type '%s'", f.kind, python_type(d));
	} else {
		return render_fail(r, "unsupported format string passed to %s.__format__", python_type(d));
	}
	*ret = pad(r, *ret, &f, f.align == 0 ? (f.kind == 'c' ? '<' : '>') : f.align);
	return 0;
}

/* What stands before ! or : in a field: a place, a name, and attributes and items of it. */
static int field_value(struct render *r, struct bytes name, const struct arguments *a, size_t *next, struct datum *ret)
{
	size_t at = 0, from;
	int place, e = 0;
	struct datum *found;

	while (at < name.left && name.at[at] != '.' && name.at[at] != '[')
		at++;
	if (at == 0) {
		place = (int)(*next)++;
	} else if (isdigit(name.at[0])) {
		(void)read_number(name, 0, &place);
	} else {
		if ((found = dict_find_text(&a->named, text_cut(name, 0, at))) == NULL)
			return render_fail(r, "'%.*s'", (int)at, (const char *)name.at);
		*ret = *found;
		place = -1;
	}
	if (place >= 0) {
		if ((size_t)place >= a->positional.count)
			return render_fail(r, "Replacement index %d out of range for positional args tuple", place);
		*ret = a->positional.at[place];
	}
	while (at < name.left && e == 0) {
		bool item = name.at[at] == '[';
		struct bytes key;

		for (from = ++at; at < name.left && (item ? name.at[at] != ']' : name.at[at] != '.' && name.at[at] != '['); at++)
			;
		key = text_cut(name, from, at);
		at += item;
		if (!item)
			e = python_object_attribute(r, *ret, key, ret);
		else if (key.left > 0 && isdigit(key.at[0]) && (read_number(key, 0, &place), true))
			e = python_item(r, *ret, datum_int(place), ret);
		else
			e = ret->kind == DATUM_OBJECT ? python_object_item(r, *ret, datum_text(key), ret) : python_item(r, *ret, datum_text(key), ret);
	}
	return e == -ENOENT ? render_fail(r, "no such attribute or item") : e;
}

static int field(struct render *r, struct bytes f, const struct arguments *a, size_t *next, struct bytes *ret)
{
	size_t end = 0;
	struct bytes spec = { 0 };
	struct datum d;
	uint8_t conversion = 0;
	int e;

	while (end < f.left && f.at[end] != '!' && f.at[end] != ':')
		end++;
	if ((e = field_value(r, text_cut(f, 0, end), a, next, &d)) < 0)
		return e;
	if (end + 1 < f.left && f.at[end] == '!') {
		conversion = f.at[end + 1];
		end += 2;
	}
	if (end < f.left && f.at[end] == ':')
		spec = text_cut(f, end + 1, f.left);
	if (bytes_find(spec, bytes_text("{")) >= 0)
		return render_refuse(r, "format() with a field in a field");
	if (conversion != 0) {
		struct bytes s;

		if ((e = conversion == 's' ? python_str(r, d, &s) : python_repr(r, d, &s)) < 0)
			return e;
		d = datum_text(s);
	}
	return format_value(r, d, spec, ret);
}

int python_format(struct render *r, struct bytes s, const struct arguments *a, struct bytes *ret)
{
	struct bytes whole = { 0 }, part;
	size_t next = 0;
	int e;

	for (size_t at = 0; at < s.left;) {
		uint8_t c = s.at[at];
		ptrdiff_t end;

		if (c != '{' && c != '}') {
			size_t from = at;

			while (at < s.left && s.at[at] != '{' && s.at[at] != '}')
				at++;
			part = text_cut(s, from, at);
		} else if (at + 1 < s.left && s.at[at + 1] == c) {
			part = bytes_of(&s.at[at], 1);
			at += 2;
		} else if (c == '}' || (end = bytes_find(text_cut(s, at, s.left), bytes_text("}"))) < 0) {
			return render_fail(r, c == '}' ? "Single '}' encountered in format string" : "expected '}' before end of string");
		} else {
			if ((e = field(r, text_cut(s, at + 1, at + (size_t)end), a, &next, &part)) < 0)
				return e;
			at += (size_t)end + 1;
		}
		whole = text_join(r->arena, whole, part);
		if (whole.left > TEMPLATE_TEXT_MAX)
			return -E2BIG;
		if ((e = render_work(r, whole.left)) < 0)
			return e;
	}
	*ret = whole;
	return render_full(r);
}
