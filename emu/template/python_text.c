/* SPDX-License-Identifier: GPL-2.0-or-later */
/* str() and repr() of Python's values. */
#include "emu/template/python.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *python_type(struct datum d)
{
	static const char *const forms[] = { "list", "tuple", "generator", "dict_keys", "dict_values", "dict_items", "range" };
	static const char *const kinds[] = { [DATUM_UNDEFINED] = "Undefined", [DATUM_NONE] = "NoneType", [DATUM_BOOL] = "bool", [DATUM_INT] = "int",
		[DATUM_REAL] = "float", [DATUM_TEXT] = "str", [DATUM_DICT] = "dict", [DATUM_OBJECT] = "object", [DATUM_CODE] = "Macro" };

	if (d.kind == DATUM_TEXT && d.raw)
		return "bytes";
	return d.kind == DATUM_LIST ? forms[d.list->form] : kinds[d.kind];
}

struct bytes python_real(struct arena *a, double d)
{
	char digits[32], text[400];
	int exponent, n, at = 0;

	if (isnan(d) || isinf(d))
		return bytes_text(isnan(d) ? "nan" : d > 0 ? "inf" : "-inf");
	real_digits(d, digits, &exponent);
	n = (int)strlen(digits);
	if (signbit(d))
		text[at++] = '-';
	if (d == 0) {
		at += snprintf(text + at, sizeof(text) - (size_t)at, "0.0");
	} else if (exponent < -4 || exponent >= 16) {
		at += snprintf(text + at, sizeof(text) - (size_t)at, "%c%s%se%c%02d", digits[0], n > 1 ? "." : "", digits + 1, exponent < 0 ? '-' : '+',
		               exponent < 0 ? -exponent : exponent);
	} else if (exponent < 0) {
		at += snprintf(text + at, sizeof(text) - (size_t)at, "0.%.*s%s", -exponent - 1, "0000", digits);
	} else {
		for (int i = 0; i <= exponent || i < n || i == exponent + 1; i++) {
			if (i == exponent + 1)
				text[at++] = '.';
			text[at++] = i < n ? digits[i] : '0';
		}
	}
	return arena_copy(a, bytes_of(text, (size_t)at), sizeof(text));
}

/* 'text' as Python writes it: the quote that costs no escape, escapes for what does not print. */
static struct bytes quoted(struct render *r, struct bytes s, bool raw)
{
	bool single = memchr(s.at != NULL ? (const void *)s.at : "", '\'', s.left) != NULL;
	bool twofold = memchr(s.at != NULL ? (const void *)s.at : "", '"', s.left) != NULL;
	uint8_t quote = single && !twofold ? '"' : '\'', *at;
	size_t room = 4 * s.left + 3;
	struct sink out;
	char escape[8];

	if ((at = arena_take(r->arena, room)) == NULL)
		return (struct bytes){ 0 };
	out = sink_over(at, room);
	if (raw)
		sink_u8(&out, 'b');
	sink_u8(&out, quote);
	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i];

		if (c == quote || c == '\\') {
			sink_u8(&out, '\\');
			sink_u8(&out, c);
		} else if (c == '\n' || c == '\r' || c == '\t') {
			sink_u8(&out, '\\');
			sink_u8(&out, c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
		} else if (c < 0x20 || c == 0x7f || (raw && c >= 0x80)) {
			snprintf(escape, sizeof(escape), "\\x%02x", c);
			sink_put(&out, escape, 4);
		} else {
			sink_u8(&out, c);
		}
	}
	sink_u8(&out, quote);
	return bytes_of(out.at, out.used);
}

struct writer {
	struct render *r;
	struct bytes text;
	unsigned nested;
};

static int add(struct writer *w, struct bytes s)
{
	w->text = text_join(w->r->arena, w->text, s);
	return w->r->arena->full ? -ENOMEM : render_work(w->r, w->text.left);
}

static int write_value(struct writer *, struct datum);

static int write_list(struct writer *w, struct datum d)
{
	static const char *const opening[] = { "[", "(", "", "dict_keys([", "dict_values([", "dict_items([" };
	static const char *const closing[] = { "]", ")", "", "])", "])", "])" };
	const struct list *l = d.list;
	int e;

	if (l->form == FORM_RANGE) {
		int64_t first = l->count > 0 ? l->at[0].i : 0;

		return add(w, l->step == 1 ? text_format(w->r->arena, "range(%" PRId64 ", %" PRId64 ")", first, l->count > 0 ? first + (int64_t)l->count : 0)
		                           : text_format(w->r->arena, "range(%" PRId64 ", %" PRId64 ", %" PRId64 ")", first, first + (int64_t)l->count * l->step, l->step));
	}
	if (l->form == FORM_GENERATOR) {
		w->r->out->open = true;
		return add(w, text_format(w->r->arena, "<generator object %s at 0x7f%02x%08x>", l->maker != NULL ? l->maker : "?",
		                          (unsigned)(w->r->host->seed * 37 & 0xff), (unsigned)(w->r->host->seed * 2654435761u & 0xfffffff0)));
	}
	e = add(w, bytes_text(opening[l->form]));
	for (size_t i = 0; i < l->count && e == 0; i++) {
		if (i > 0 && (e = add(w, bytes_text(", "))) < 0)
			return e;
		e = write_value(w, l->at[i]);
	}
	if (e == 0 && l->form == FORM_TUPLE && l->count == 1)
		e = add(w, bytes_text(","));
	return e == 0 ? add(w, bytes_text(closing[l->form])) : e;
}

static int write_dict(struct writer *w, const struct dict *d)
{
	int e = add(w, bytes_text("{"));

	for (size_t i = 0; i < d->count && e == 0; i++) {
		if ((i > 0 && (e = add(w, bytes_text(", "))) < 0) || (e = write_value(w, d->keys[i])) < 0 || (e = add(w, bytes_text(": "))) < 0)
			return e;
		e = write_value(w, d->values[i]);
	}
	return e == 0 ? add(w, bytes_text("}")) : e;
}

static int write_plain(struct writer *w, struct datum d)
{
	struct bytes s;
	int e;

	switch (d.kind) {
	case DATUM_UNDEFINED: return add(w, bytes_text("Undefined"));
	case DATUM_NONE: return add(w, bytes_text("None"));
	case DATUM_BOOL: return add(w, bytes_text(d.i ? "True" : "False"));
	case DATUM_INT: return add(w, text_format(w->r->arena, "%" PRId64, d.i));
	case DATUM_REAL: return add(w, python_real(w->r->arena, d.d));
	case DATUM_TEXT: return add(w, quoted(w->r, d.s, d.raw));
	case DATUM_CODE: return add(w, text_format(w->r->arena, "<Macro '%.*s'>", (int)d.code->name.left, (const char *)d.code->name.at));
	default:
		e = python_object_text(w->r, d, &s);
		return e == 0 ? add(w, s) : e;
	}
}

static int write_value(struct writer *w, struct datum d)
{
	int e = -E2BIG;

	if (d.kind != DATUM_LIST && d.kind != DATUM_DICT)
		return write_plain(w, d);
	if (w->nested++ < PYTHON_NESTED_MAX)
		e = d.kind == DATUM_LIST ? write_list(w, d) : write_dict(w, d.dict);
	w->nested--;
	return e;
}

int python_repr(struct render *r, struct datum d, struct bytes *ret)
{
	struct writer w = { .r = r };
	int e = write_value(&w, d);

	*ret = w.text;
	return e;
}

int python_str(struct render *r, struct datum d, struct bytes *ret)
{
	if (d.kind == DATUM_UNDEFINED) {
		*ret = (struct bytes){ 0 };
		return 0;
	}
	if (d.kind == DATUM_TEXT && !d.raw) {
		*ret = d.s;
		return 0;
	}
	return python_repr(r, d, ret);
}
