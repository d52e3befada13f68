/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Freemarker's built-ins: value?name and value?name(arguments). */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#define BUILTIN(name) static int name(struct java_run *run, const char *which, struct java_value *self, struct java_value *args, unsigned count, struct java_value *ret)

static int text_of(struct java_run *run, const struct java_value *v, struct bytes *ret)
{
	if (v->kind == JAVA_STRING || java_is_number(v))
		return java_to_output(run, v, ret);
	if (java_is_open(v) || v->kind == JAVA_OBJECT)
		return java_to_text(run, v, ret);
	return java_throw(run, "freemarker.core.NonStringException", "");
}

static const char *method_name(const char *which)
{
	static const char *const names[][2] = {
		{ "upper_case", "toUpperCase" }, { "lower_case", "toLowerCase" }, { "length", "length" }, { "trim", "trim" }, { "contains", "contains" }, { "starts_with", "startsWith" },
		{ "ends_with", "endsWith" }, { "index_of", "indexOf" }, { "last_index_of", "lastIndexOf" }, { "cap_first", "capitalize" }, { "substring", "substring" }, { "matches", "matches" },
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(which, names[i][0]) == 0)
			return names[i][1];
	}
	return which;
}

/* What is a method of Java's String too. */
BUILTIN(by_method)
{
	struct bytes text;
	struct java_value v;
	int r = text_of(run, self, &text);

	v = java_string(text);
	return r < 0 ? r : java_method_call(run, &v, NULL, bytes_text(method_name(which)), args, count, ret);
}

BUILTIN(string)
{
	struct bytes text;
	int r;

	if (self->kind == JAVA_BOOLEAN && count == 2) {
		*ret = args[self->i != 0 ? 0 : 1];
		return 0;
	}
	if (java_is_number(self) && (strcmp(which, "c") == 0 || strcmp(which, "cn") == 0 || (count == 1 && args[0].kind == JAVA_STRING && (bytes_equal(args[0].s, bytes_text("computer")) || bytes_equal(args[0].s, bytes_text("0")))))) {
		if ((r = java_number_text(run, self, &text)) == 0)
			*ret = java_string(text);
		return r;
	}
	if (count > 0)
		return java_refuse(run, "number format", args[0].kind == JAVA_STRING ? args[0].s : (struct bytes){ 0 });
	if (self->kind == JAVA_BOOLEAN)
		r = java_to_text(run, self, &text);
	else if (java_is(self, OBJECT_LIST) || java_is(self, OBJECT_MAP))
		return java_throw(run, "freemarker.core.UnexpectedTypeException", "");
	else
		r = java_to_output(run, self, &text);
	*ret = java_string(text);
	return r;
}

BUILTIN(number)
{
	if (java_is_number(self)) {
		*ret = *self;
		return 0;
	}
	if (self->kind != JAVA_STRING)
		return java_throw(run, "freemarker.core.NonNumericalException", "");
	return java_parse_number(run, self->s, JAVA_DECIMAL, 10, ret);
}

BUILTIN(rounded)
{
	const struct decimal *n = java_is_number(self) ? java_to_decimal(run, self) : NULL, *whole;
	bool up = strcmp(which, "ceiling") == 0, down = strcmp(which, "floor") == 0;

	if (n == NULL)
		return java_throw(run, "freemarker.core.NonNumericalException", "");
	if (strcmp(which, "abs") == 0) {
		*ret = java_number(JAVA_DECIMAL, n->negative ? decimal_negate(run->arena, n) : n);
		return ret->n == NULL ? -E2BIG : 0;
	}
	if (strcmp(which, "round") == 0) { /* half up, of negative ones too */
		const struct decimal *half = decimal_parse(run->arena, bytes_text("0.5"));

		n = half != NULL ? decimal_add(run->arena, n, half, false) : NULL;
		down = true;
	}
	whole = n == NULL ? NULL : decimal_round(run->arena, n, 0, up ? DECIMAL_CEILING : down ? DECIMAL_FLOOR : DECIMAL_TRUNCATE);
	*ret = java_number(JAVA_DECIMAL, whole);
	return whole == NULL ? -E2BIG : 0;
}

BUILTIN(make)
{
	static const char package[] = "freemarker.template.utility.";

	if (self->kind != JAVA_STRING)
		return java_throw(run, "freemarker.core.NonStringException", "");
	/* only models of the library's own can be made so; others do not convert */
	if (!bytes_starts_fold(self->s, bytes_text(package)))
		return class_find(run, self->s) == NULL ? java_open(run, "new object", ret) : java_throw(run, "freemarker.core._MiscTemplateException", "");
	return java_method_new(run, class_named(run, self->s), args, count, ret);
}

BUILTIN(eval)
{
	if (self->kind != JAVA_STRING)
		return java_throw(run, "freemarker.core.NonStringException", "");
	return java_evaluate_inside(run, EXPRESSION_FREEMARKER, self->s, false, ret);
}

BUILTIN(interpret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o);

	if (r < 0 || self->kind != JAVA_STRING)
		return r < 0 ? r : java_throw(run, "freemarker.core.NonStringException", "");
	*ret = java_object(o);
	return java_write(run, o, self->s);
}

BUILTIN(size)
{
	if (self->kind != JAVA_OBJECT)
		return java_throw(run, "freemarker.core.NonSequenceException", "");
	*ret = java_int(self->o->kind == OBJECT_MAP ? self->o->count / 2 : self->o->count);
	return 0;
}

BUILTIN(item)
{
	struct java_value *items;
	unsigned n;
	int r = java_items_of(run, self, &items, &n);

	if (r < 0)
		return r;
	*ret = n == 0 ? java_null() : items[strcmp(which, "first") == 0 ? 0 : n - 1];
	return 0;
}

BUILTIN(join)
{
	struct java_object *o;
	struct java_value *items;
	struct bytes text;
	unsigned n;
	int r = java_items_of(run, self, &items, &n);

	if (r < 0 || (r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o)) < 0)
		return r;
	for (unsigned i = 0; i < n && r == 0; i++) {
		if ((i > 0 && count > 0 && args[0].kind == JAVA_STRING && (r = java_write(run, o, args[0].s)) < 0) || (r = text_of(run, &items[i], &text)) < 0)
			return r;
		r = java_write(run, o, text);
	}
	*ret = java_string(o->text);
	return r;
}

BUILTIN(reverse)
{
	struct java_object *o;
	int r;

	if (!java_is(self, OBJECT_LIST))
		return java_throw(run, "freemarker.core.NonSequenceException", "");
	r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o);
	for (unsigned i = self->o->count; i-- > 0 && r == 0;)
		r = java_append(run, o, self->o->items[i]);
	*ret = java_object(o);
	return r;
}

BUILTIN(parts)
{
	return java_method_call(run, self, NULL, bytes_text(strcmp(which, "keys") == 0 ? "keySet" : "values"), NULL, 0, ret);
}

BUILTIN(kind_is)
{
	*ret = java_bool(strcmp(which, "is_string") == 0 ? self->kind == JAVA_STRING : strcmp(which, "is_number") == 0 ? java_is_number(self) :
	                 strcmp(which, "is_boolean") == 0 ? self->kind == JAVA_BOOLEAN : strcmp(which, "is_hash") == 0 ? java_is(self, OBJECT_MAP) :
	                 strcmp(which, "is_sequence") == 0 ? java_is(self, OBJECT_LIST) : java_is(self, OBJECT_LIST) || java_is(self, OBJECT_MAP));
	return 0;
}

static int replaced(struct java_run *run, struct bytes text, const char *const (*pairs)[2], unsigned pairs_count, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o);

	for (size_t i = 0; i < text.left && r == 0; i++) {
		struct bytes put = bytes_of(text.at + i, 1);

		for (unsigned k = 0; k < pairs_count; k++)
			put = text.at[i] == (uint8_t)pairs[k][0][0] ? bytes_text(pairs[k][1]) : put;
		r = java_write(run, o, put);
	}
	*ret = java_string(o->text);
	return r;
}

BUILTIN(escaped)
{
	static const char *const html[][2] = { { "<", "&lt;" }, { ">", "&gt;" }, { "&", "&amp;" }, { "\"", "&quot;" } };
	static const char *const xml[][2] = { { "<", "&lt;" }, { ">", "&gt;" }, { "&", "&amp;" }, { "\"", "&quot;" }, { "'", "&apos;" } };
	struct bytes text;
	int r = text_of(run, self, &text);

	if (r < 0)
		return r;
	return strcmp(which, "xml") == 0 ? replaced(run, text, xml, COUNT_OF(xml), ret) : replaced(run, text, html, COUNT_OF(html), ret);
}

BUILTIN(url)
{
	struct bytes text;
	struct java_value v;
	int r = text_of(run, self, &text);

	v = java_string(text);
	if (r == 0 && (r = java_method_call(run, NULL, class_of("java.net.URLEncoder"), bytes_text("encode"), &v, 1, ret)) == 0)
		return java_regexp_replace(run, ret->s, bytes_text("\\+"), bytes_text("%20"), true, &ret->s);
	return r;
}

/* replace and split take plain text, not patterns */
BUILTIN(replace)
{
	struct bytes text;
	struct java_value v;
	int r = text_of(run, self, &text);

	if (r < 0 || count < 2 || args[0].kind != JAVA_STRING || args[0].s.left == 0 || args[1].kind != JAVA_STRING || count > 2)
		return r < 0 ? r : java_refuse(run, "replace", (struct bytes){ 0 });
	v = java_string(text);
	return java_method_call(run, &v, NULL, bytes_text("replace"), args, 2, ret);
}

BUILTIN(split)
{
	struct java_object *o;
	struct bytes rest;
	int r = text_of(run, self, &rest);

	if (r < 0 || count != 1 || args[0].kind != JAVA_STRING || args[0].s.left == 0)
		return r < 0 ? r : java_refuse(run, "split", (struct bytes){ 0 });
	r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o);
	while (r == 0) {
		ptrdiff_t at = bytes_find(rest, args[0].s);

		r = java_append(run, o, java_string(bytes_of(rest.at, at < 0 ? rest.left : (size_t)at)));
		if (at < 0)
			break;
		rest = bytes_of(rest.at + at + args[0].s.left, rest.left - (size_t)at - args[0].s.left);
	}
	*ret = java_object(o);
	return r;
}

BUILTIN(pad)
{
	struct bytes text, fill = bytes_text(" ");
	struct java_object *o;
	int64_t width = count > 0 ? java_to_long(&args[0]) : 0;
	bool left = strcmp(which, "left_pad") == 0;
	size_t have;
	int r = text_of(run, self, &text);

	if (r < 0 || (r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o)) < 0)
		return r;
	if (count > 1 && args[1].kind == JAVA_STRING && args[1].s.left == 1)
		fill = args[1].s;
	else if (count > 1)
		return java_refuse(run, "pad", (struct bytes){ 0 });
	have = java_text_length(text);
	if (!left)
		r = java_write(run, o, text);
	for (; r == 0 && (int64_t)have < width; have++) {
		if ((r = java_step(run)) == 0)
			r = java_write(run, o, fill);
	}
	if (r == 0 && left)
		r = java_write(run, o, text);
	*ret = java_string(o->text);
	return r;
}

/* 1?lower_abc: a, 27: aa */
BUILTIN(abc)
{
	char letters[16];
	size_t at = sizeof(letters);
	int64_t n = java_is_number(self) ? java_to_long(self) : 0;

	if (n < 1)
		return java_throw(run, "freemarker.core._TemplateModelException", "");
	for (; n > 0 && at > 0; n /= 26)
		letters[--at] = (char)((which[0] == 'l' ? 'a' : 'A') + --n % 26);
	*ret = java_string(java_copy(run, bytes_of(letters + at, sizeof(letters) - at)));
	return 0;
}

BUILTIN(itself)
{
	*ret = *self;
	return 0;
}

BUILTIN(then)
{
	bool yes;
	int r = java_truth(run, self, &yes);

	if (r < 0 || count != 2)
		return r < 0 ? r : -EBADMSG;
	*ret = args[yes ? 0 : 1];
	return 0;
}

BUILTIN(contained)
{
	struct java_value *items;
	unsigned n;
	int r = java_items_of(run, self, &items, &n);

	*ret = java_bool(false);
	for (unsigned i = 0; i < n && count > 0; i++)
		*ret = java_bool(ret->i != 0 || java_equals(run, &items[i], &args[0]));
	return r;
}

BUILTIN(uncap)
{
	struct bytes text;
	uint8_t *to;
	int r = text_of(run, self, &text);

	if (r < 0 || (to = java_take(run, text.left + 1)) == NULL)
		return r < 0 ? r : -E2BIG;
	memcpy(to, text.at, text.left);
	if (text.left > 0)
		to[0] = (uint8_t)tolower(to[0]);
	*ret = java_string(bytes_of(to, text.left));
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct java_run *, const char *, struct java_value *, struct java_value *, unsigned, struct java_value *);
} builtins[] = {
	{ "upper_case", by_method }, { "lower_case", by_method }, { "length", by_method }, { "trim", by_method }, { "contains", by_method }, { "starts_with", by_method }, { "ends_with", by_method },
	{ "index_of", by_method }, { "last_index_of", by_method }, { "cap_first", by_method }, { "substring", by_method }, { "uncap_first", uncap }, { "string", string }, { "c", string }, { "cn", string }, { "number", number }, { "int", rounded }, { "long", rounded },
	{ "floor", rounded }, { "ceiling", rounded }, { "round", rounded }, { "abs", rounded }, { "new", make }, { "eval", eval }, { "eval_json", eval }, { "interpret", interpret }, { "size", size }, { "first", item },
	{ "last", item }, { "join", join }, { "reverse", reverse }, { "keys", parts }, { "values", parts }, { "is_string", kind_is }, { "is_number", kind_is }, { "is_boolean", kind_is }, { "is_hash", kind_is },
	{ "is_sequence", kind_is }, { "is_enumerable", kind_is }, { "html", escaped }, { "xhtml", escaped }, { "xml", escaped }, { "esc", escaped }, { "url", url }, { "replace", replace }, { "split", split },
	{ "left_pad", pad }, { "right_pad", pad }, { "lower_abc", abc }, { "upper_abc", abc }, { "api", itself }, { "no_esc", itself }, { "then", then }, { "seq_contains", contained },
};

int java_freemarker_builtin(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value self, args[8];
	unsigned count = 0;
	int r;

	if (bytes_equal(n->name, bytes_text("has_content")) || bytes_equal(n->name, bytes_text("exists")) || bytes_equal(n->name, bytes_text("if_exists")) || bytes_equal(n->name, bytes_text("default"))) {
		bool soft = run->soft, there;

		run->soft = true;
		r = java_evaluate(run, n->first, &self);
		run->soft = soft;
		if (r < 0 && r != -EDOM)
			return r;
		there = r == 0 && self.kind > JAVA_VOID && !(n->name.at[0] == 'h' && ((self.kind == JAVA_STRING && self.s.left == 0) || (self.kind == JAVA_OBJECT && self.o->count == 0)));
		if (n->name.at[0] == 'd')
			return there ? (*ret = self, 0) : n->arguments != NULL ? java_evaluate(run, n->arguments, ret) : -EBADMSG;
		*ret = n->name.at[0] == 'i' ? there ? self : java_text("") : java_bool(there);
		return 0;
	}
	if ((r = java_evaluate(run, n->first, &self)) < 0)
		return r;
	for (const struct node *a = n->arguments; a != NULL; a = a->next) {
		if (count == COUNT_OF(args))
			return java_refuse(run, "arguments", n->name);
		if ((r = java_evaluate(run, a, &args[count++])) < 0)
			return r;
	}
	if (self.kind <= JAVA_VOID)
		return java_throw(run, "freemarker.core.InvalidReferenceException", "");
	if (java_is_open(&self))
		return java_open(run, "built-in", ret);
	for (size_t i = 0; i < COUNT_OF(builtins); i++) {
		if (bytes_equal(n->name, bytes_text(builtins[i].name))) {
			run->outcome->evaluated = true;
			*ret = java_null();
			return builtins[i].run(run, builtins[i].name, &self, args, count, ret);
		}
	}
	return java_refuse(run, "built-in", n->name);
}
