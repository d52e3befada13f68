/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings: their methods, and those that only Groovy, JavaScript or a library adds. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

METHOD(length)
{
	*ret = java_int((int64_t)java_text_length(self->s));
	return 0;
}

METHOD(character)
{
	size_t at = java_text_at(self->s, (size_t)args[0].i);

	if (args[0].i < 0 || at >= self->s.left)
		return java_throw(run, "java.lang.StringIndexOutOfBoundsException", "");
	*ret = java_char(java_text_code(self->s, at));
	if (m->variant == 1)
		ret->kind = JAVA_INT;
	return 0;
}

METHOD(substring)
{
	int64_t len = (int64_t)java_text_length(self->s), from = args[0].i, to = count > 1 ? args[1].i : len;

	if (run->dialect == DIALECT_SCRIPT) {
		from = from < 0 ? 0 : from > len ? len : from;
		to = to < 0 ? 0 : to > len ? len : to;
	}
	if (from < 0 || to > len || from > to)
		return java_throw(run, "java.lang.StringIndexOutOfBoundsException", "");
	*ret = java_string(java_text_cut(self->s, (size_t)from, (size_t)to));
	return 0;
}

METHOD(concat)
{
	if (args[0].kind != JAVA_STRING)
		return java_throw(run, "java.lang.NullPointerException", "");
	return java_concat(run, self->s, args[0].s, ret);
}

METHOD(letters)
{
	uint8_t *to = java_take(run, self->s.left + 1);

	if (to == NULL)
		return -E2BIG;
	for (size_t i = 0; i < self->s.left; i++)
		to[i] = (uint8_t)(self->s.at[i] >= 0x80 ? self->s.at[i] : m->variant == 1 ? toupper(self->s.at[i]) : tolower(self->s.at[i]));
	*ret = java_string(bytes_of(to, self->s.left));
	return 0;
}

METHOD(trim)
{
	struct bytes s = self->s;

	while (s.left > 0 && s.at[0] <= ' ')
		s = bytes_of(s.at + 1, s.left - 1);
	while (s.left > 0 && s.at[s.left - 1] <= ' ')
		s.left--;
	*ret = java_string(s);
	return 0;
}

/* The character of a needle found, or -1. */
static int64_t find(struct bytes s, struct bytes needle, int64_t from)
{
	size_t at = java_text_at(s, from > 0 ? (size_t)from : 0);
	ptrdiff_t found = needle.left == 0 ? 0 : bytes_find(bytes_of(s.at + at, s.left - at), needle);

	return found < 0 ? -1 : (int64_t)java_text_length(bytes_of(s.at, at + (size_t)found));
}

static int64_t find_last(struct bytes s, struct bytes needle)
{
	for (size_t at = s.left + 1; at-- > 0;) {
		if (s.left - at >= needle.left && (needle.left == 0 || memcmp(s.at + at, needle.at, needle.left) == 0))
			return (int64_t)java_text_length(bytes_of(s.at, at));
	}
	return -1;
}

/* A text, or the code of a character. */
static struct bytes needle_of(struct java_run *run, const struct java_value *v)
{
	uint8_t code[4];

	if (v->kind == JAVA_STRING)
		return v->s;
	return java_copy(run, bytes_of(code, java_text_put(v->i, code)));
}

METHOD(index_of)
{
	struct bytes needle = needle_of(run, &args[0]);

	*ret = java_int(m->variant == 1 ? find_last(self->s, needle) : find(self->s, needle, count > 1 ? java_to_long(&args[1]) : 0));
	return 0;
}

METHOD(contains)
{
	struct bytes needle;
	int r = java_to_text(run, &args[0], &needle);

	*ret = java_bool(r == 0 && (needle.left == 0 || bytes_find(self->s, needle) >= 0));
	return r;
}

METHOD(starts)
{
	struct bytes s = self->s, n = args[0].s;

	*ret = java_bool(n.left <= s.left && (n.left == 0 || memcmp(m->variant == 1 ? s.at + s.left - n.left : s.at, n.at, n.left) == 0));
	return 0;
}

METHOD(equals)
{
	*ret = java_bool(args[0].kind == JAVA_STRING && (m->variant == 1 ? bytes_equal_fold(self->s, args[0].s) : bytes_equal(self->s, args[0].s)));
	return 0;
}

/* compareTo: the difference of the first letters that differ, or of the lengths. */
METHOD(compare)
{
	struct bytes a = self->s, b = args[0].s;
	size_t i = 0;

	for (; i < a.left && i < b.left; i++) {
		int x = m->variant == 1 ? tolower(a.at[i]) : a.at[i], y = m->variant == 1 ? tolower(b.at[i]) : b.at[i];

		if (x != y) {
			*ret = java_int(x - y);
			return 0;
		}
	}
	*ret = java_int((int64_t)a.left - (int64_t)b.left);
	return 0;
}

METHOD(replace)
{
	struct bytes from, to, rest = self->s;
	struct java_object *out;
	int r;

	if ((r = java_to_text(run, &args[0], &from)) < 0 || (r = java_to_text(run, &args[1], &to)) < 0 ||
	    (r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out)) < 0)
		return r;
	if (from.left == 0)
		return java_refuse(run, "method", bytes_text("replace"));
	for (ptrdiff_t at; r == 0 && (at = bytes_find(rest, from)) >= 0;) {
		if ((r = java_step(run)) < 0 || (r = java_write(run, out, bytes_of(rest.at, (size_t)at))) < 0 || (r = java_write(run, out, to)) < 0)
			return r;
		rest = bytes_of(rest.at + at + from.left, rest.left - (size_t)at - from.left);
		if (run->dialect == DIALECT_SCRIPT)
			break;
	}
	if ((r = java_write(run, out, rest)) == 0)
		*ret = java_string(out->text);
	return r;
}

METHOD(replace_pattern)
{
	ret->kind = JAVA_STRING;
	return java_regexp_replace(run, self->s, args[0].s, args[1].s, m->variant == 1, &ret->s);
}

METHOD(matches)
{
	size_t groups[20];
	bool found;
	int r = java_regexp_match(run, self->s, args[0].s, true, 0, groups, &found);

	*ret = java_bool(r == 0 && found);
	return r;
}

METHOD(split)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &o);

	if (r < 0)
		return r;
	o->of = class_of("java.lang.String");
	*ret = java_object(o);
	return java_regexp_split(run, self->s, args[0].s, count > 1 ? args[1].i : 0, o);
}

/* getBytes, toCharArray, chars */
METHOD(bytes)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &o);
	size_t len = m->variant == 0 ? self->s.left : java_text_length(self->s);

	if (r < 0)
		return r;
	o->of = class_named(run, bytes_text(m->variant == 0 ? "byte" : "char"));
	for (size_t i = 0; i < len && r == 0; i++)
		r = java_append(run, o, m->variant == 0 ? (struct java_value){ .kind = JAVA_BYTE, .i = (int8_t)self->s.at[i] } : java_char(java_text_code(self->s, java_text_at(self->s, i))));
	*ret = java_object(o);
	return r;
}

METHOD(hash)
{
	uint32_t h = 0;

	for (size_t at = 0, n = 0; at < self->s.left; n++) {
		h = h * 31 + (uint32_t)java_text_code(self->s, at);
		at += java_text_at(bytes_of(self->s.at + at, self->s.left - at), 1);
	}
	*ret = java_int((int32_t)h);
	return 0;
}

METHOD(repeat)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o);

	if (args[0].i < 0)
		return java_throw(run, "java.lang.IllegalArgumentException", "");
	for (int64_t i = 0; i < args[0].i && r == 0; i++) {
		if ((r = java_step(run)) == 0)
			r = java_write(run, o, self->s);
	}
	*ret = java_string(o->text);
	return r;
}

METHOD(reverse)
{
	size_t len = self->s.left, at = 0;
	uint8_t *to = java_take(run, len + 1);

	if (to == NULL)
		return -E2BIG;
	while (at < len) {
		size_t width = java_text_at(bytes_of(self->s.at + at, len - at), 1);

		memcpy(to + len - at - width, self->s.at + at, width);
		at += width;
	}
	*ret = java_string(bytes_of(to, len));
	return 0;
}

METHOD(same)
{
	*ret = *self;
	return 0;
}

METHOD(blank)
{
	size_t i = 0;

	while (m->variant == 1 && i < self->s.left && isspace(self->s.at[i]))
		i++;
	*ret = java_bool(i == self->s.left);
	return 0;
}

METHOD(lines)
{
	struct bytes rest = self->s;
	struct java_object *o;
	int r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o);

	while (rest.left > 0 && r == 0) {
		const uint8_t *end = memchr(rest.at, '\n', rest.left);
		size_t len = end != NULL ? (size_t)(end - rest.at) : rest.left;

		r = java_append(run, o, java_string(bytes_of(rest.at, len > 0 && rest.at[len - 1] == '\r' ? len - 1 : len)));
		rest = bytes_of(rest.at + len + (end != NULL), rest.left - len - (end != NULL));
	}
	*ret = java_object(o);
	return r;
}

METHOD(value_of)
{
	struct bytes text;
	int r;

	if (java_is(&args[0], OBJECT_ARRAY)) {
		struct java_value v = args[0];

		if ((r = java_stream_rest(run, &v, &text)) == 0)
			*ret = java_string(text);
		return r;
	}
	if ((r = java_to_text(run, &args[0], &text)) == 0)
		*ret = java_string(text);
	return r;
}

/* String.join(between, items…) */
METHOD(join)
{
	struct java_value *items = args + 1;
	struct java_object *o;
	struct bytes text;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o);
	unsigned n = count - 1;

	if (r == 0 && n == 1 && args[1].kind == JAVA_OBJECT)
		r = java_items_of(run, &args[1], &items, &n);
	for (unsigned i = 0; i < n && r == 0; i++) {
		if ((i > 0 && (r = java_write(run, o, args[0].s)) < 0) || (r = java_to_text(run, &items[i], &text)) < 0)
			return r;
		r = java_write(run, o, text);
	}
	*ret = java_string(o->text);
	return r;
}

METHOD(from_codes)
{
	struct java_object *o;
	uint8_t code[4];
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o);

	for (unsigned i = 0; i < count && r == 0; i++)
		r = java_is_number(&args[i]) ? java_write(run, o, bytes_of(code, java_text_put(java_to_long(&args[i]), code))) : -EDOM;
	*ret = java_string(o->text);
	return r;
}

/* new String(), of a text, of bytes or characters (and where they begin and end) */
METHOD(make)
{
	struct bytes text = { 0 };
	int r = 0;

	if (count > 0 && (r = java_stream_rest(run, &args[0], &text)) < 0)
		return r;
	if (count >= 3 && java_is_number(&args[1]) && java_is_number(&args[2])) {
		size_t from = (size_t)java_to_long(&args[1]), to = from + (size_t)java_to_long(&args[2]);

		text = from <= text.left && to <= text.left && from <= to ? bytes_of(text.at + from, to - from) : text;
	}
	*ret = java_string(text);
	return r;
}

/* Groovy's "id".execute() */
METHOD(run_command)
{
	struct bytes words[CALL_ARGUMENTS_MAX];
	unsigned n;
	int r = java_process_words(run, self, words, &n);

	return r < 0 ? r : java_process_start(run, words, n, false, ret);
}

METHOD(capital)
{
	uint8_t *to = java_take(run, self->s.left + 1);

	if (to == NULL)
		return -E2BIG;
	memcpy(to, self->s.at, self->s.left);
	if (self->s.left > 0)
		to[0] = (uint8_t)toupper(to[0]);
	*ret = java_string(bytes_of(to, self->s.left));
	return 0;
}

static const char string[] = "java.lang.String";
static const struct java_method list[] = {
	{ string, "length", "", 0, 0, length }, { string, "size", "", 0, 0, length }, { string, "charAt", "i", 0, 0, character }, { string, "codePointAt", "i", 0, 1, character },
	{ string, "charCodeAt", "i", 0, 1, character }, { string, "substring", "i", 0, 0, substring }, { string, "substring", "ii", 0, 0, substring },
	{ string, "subSequence", "ii", 0, 0, substring }, { string, "concat", "s", 0, 0, concat }, { string, "toUpperCase", "*", 0, 1, letters },
	{ string, "toLowerCase", "*", 0, 0, letters }, { string, "trim", "", 0, 0, trim }, { string, "strip", "", 0, 0, trim },
	{ string, "indexOf", "a", 0, 0, index_of }, { string, "indexOf", "ai", 0, 0, index_of }, { string, "lastIndexOf", "a", 0, 1, index_of }, { string, "contains", "a", 0, 0, contains },
	{ string, "includes", "a", 0, 0, contains }, { string, "startsWith", "s", 0, 0, starts }, { string, "endsWith", "s", 0, 1, starts }, { string, "equals", "a", 0, 0, equals },
	{ string, "equalsIgnoreCase", "s", 0, 1, equals }, { string, "compareTo", "s", 0, 0, compare }, { string, "compareToIgnoreCase", "s", 0, 1, compare },
	{ string, "replace", "aa", 0, 0, replace }, { string, "replaceAll", "ss", 0, 1, replace_pattern }, { string, "replaceFirst", "ss", 0, 0, replace_pattern },
	{ string, "matches", "s", 0, 0, matches }, { string, "split", "s", 0, 0, split }, { string, "split", "si", 0, 0, split }, { string, "getBytes", "*", 0, 0, bytes }, { string, "bytes", "", 0, 0, bytes },
	{ string, "toCharArray", "", 0, 1, bytes }, { string, "chars", "", 0, 1, bytes }, { string, "hashCode", "", 0, 0, hash }, { string, "repeat", "i", 0, 0, repeat }, { string, "multiply", "i", 0, 0, repeat },
	{ string, "reverse", "", 0, 0, reverse }, { string, "toString", "", 0, 0, same }, { string, "intern", "", 0, 0, same }, { string, "isEmpty", "", 0, 0, blank },
	{ string, "isBlank", "", 0, 1, blank }, { string, "lines", "", 0, 0, lines }, { string, "readLines", "", 0, 0, lines }, { string, "valueOf", "a", METHOD_STATIC, 0, value_of },
	{ string, "copyValueOf", "a", METHOD_STATIC, 0, value_of }, { string, "join", "s*", METHOD_STATIC, 0, join }, { string, "fromCharCode", "*", METHOD_STATIC, 0, from_codes },
	{ string, "new", "*", METHOD_NEW, 0, make }, { string, "execute", "*", 0, 0, run_command }, { string, "capitalize", "", 0, 0, capital },
	{ "org.springframework.util.StringUtils", "capitalize", "s", METHOD_STATIC, 0, value_of },
};
const struct method_table methods_string = { list, COUNT_OF(list) };
