/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Smarty: its variables, modifiers and tests over PHP's values; functions are PHP's own. */
#include "emu/template/parse_smarty.h"
#include "emu/template/twig_filters.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* $smarty: which release it is, the victim knows. */
static int facts_of(struct render *r, struct datum *ret)
{
	int e;

	*ret = datum_dict(r->arena);
	ret->open = r->out->open = true;
	if (ret->dict == NULL)
		return -ENOMEM;
	struct datum version = datum_text(text_format(r->arena, "%u.%u.%u", 3 + (unsigned)(r->host->seed % 2), 1 + (unsigned)(r->host->seed % 5), (unsigned)(r->host->seed * 7 % 48)));

	version.open = true;
	e = php_array_set(r, ret->dict, datum_words("version"), version);
	return e < 0 ? e : php_array_set(r, ret->dict, datum_words("ldelim"), datum_words("{"));
}

static int name_of(struct render *r, struct bytes name, struct datum *ret)
{
	*ret = (struct datum){ .kind = DATUM_UNDEFINED, .s = name };
	return bytes_equal(name, bytes_text("smarty")) ? facts_of(r, ret) : 0;
}

static int item(struct render *r, struct datum of, struct datum key, struct datum *ret)
{
	struct datum *found = of.kind == DATUM_DICT && key.kind != DATUM_DICT ? php_array_find(of.dict, php_key(key)) : NULL;

	*ret = (struct datum){ .kind = DATUM_UNDEFINED };
	if (found != NULL)
		*ret = *found;
	else if (of.kind == DATUM_TEXT && key.kind == DATUM_INT && key.i >= 0 && (size_t)key.i < of.s.left)
		*ret = datum_text(text_cut(of.s, (size_t)key.i, (size_t)key.i + 1));
	else if (of.kind == DATUM_TEXT && key.kind != DATUM_INT)
		return render_refuse(r, "an offset of a text");
	ret->open |= of.open;
	return 0;
}

static int attribute(struct render *r, struct datum of, struct bytes name, struct datum *ret)
{
	return item(r, of, datum_text(name), ret);
}

static int slice(struct render *r, struct datum of, const struct datum part[3], struct datum *ret)
{
	(void)of;
	(void)part;
	(void)ret;
	return render_refuse(r, "a slice");
}

static int binary(struct render *r, int op, struct datum a, struct datum b, struct datum *ret)
{
	int e, order = 0;
	bool is;

	switch (op) {
	case 'P': /* as a key of b */
		if (a.kind == DATUM_DICT)
			return render_fail(r, "Illegal offset type");
		*ret = php_key(a);
		return 0;
	case OP_COUNTED:
		if (php_int(a) <= php_int(b))
			return php_range(r, datum_int(php_int(a)), datum_int(php_int(b)), datum_int(1), ret);
		*ret = datum_dict(r->arena);
		return 0;
	case OP_IDENTICAL: case OP_NOT_IDENTICAL:
		*ret = datum_bool(php_identical(a, b) == (op == OP_IDENTICAL));
		return 0;
	case OP_EQUAL: case OP_UNEQUAL: case '<': case '>': case OP_AT_MOST: case OP_AT_LEAST:
		e = php_compare(r, a, b, &order);
		is = op == OP_EQUAL ? order == 0 : op == OP_UNEQUAL ? order != 0 : op == '<' ? order < 0 : op == '>' ? order > 0 : op == OP_AT_MOST ? order <= 0 : order >= 0;
		*ret = datum_bool(is);
		ret->open = a.open || b.open;
		return e;
	default: return php_arithmetic(r, op, a, b, ret);
	}
}

static bool is_address(struct bytes s)
{
	return bytes_starts_fold(s, bytes_text("http://")) || bytes_starts_fold(s, bytes_text("https://")) || bytes_starts_fold(s, bytes_text("ftp://"));
}

/* {fetch}, {include}: a file of the server's, or what answers at an address. */
static int file_of(struct render *r, struct datum name, bool include, struct datum *ret)
{
	struct bytes s, path;
	int e = php_text(r, name, &s);

	*ret = (struct datum){ .kind = DATUM_TEXT, .open = true };
	if (e < 0)
		return e;
	if (is_address(s)) {
		r->out->open = true;
		template_effect_note(r->out, &(struct template_effect){ .kind = TEMPLATE_FETCH, .text = s, .open = include }, r->arena);
		return 0;
	}
	path = bytes_starts_fold(s, bytes_text("file:")) ? text_cut(s, bytes_starts_fold(s, bytes_text("file://")) ? 7 : 5, s.left) : s;
	if (include && (path.left == 0 || path.at[0] != '/'))
		return render_fail(r, "Unable to load template '%s%.*s'", bytes_find(s, bytes_text(":")) < 0 ? "file:" : "", (int)(s.left < 200 ? s.left : 200), (const char *)s.at);
	return render_run(r, LANGUAGE_PATH, path, &ret->s);
}

static int method(struct render *r, struct datum of, struct bytes name, const struct arguments *a, struct datum *ret)
{
	(void)of;
	(void)name;
	(void)a;
	(void)ret;
	return render_refuse(r, "a method of an object");
}

/* A class's own function, by two colons. */
static int static_method(struct render *r, struct bytes name, const struct arguments *a, struct datum *ret)
{
	struct datum first = datum_none(), second = datum_none();

	argument_of(a, 0, NULL, &first);
	argument_of(a, 1, NULL, &second);
	*ret = datum_none();
	if (bytes_find(name, bytes_text("getStreamVariable")) >= 0)
		return file_of(r, first, false, ret);
	if (bytes_find(name, bytes_text("writeFile")) >= 0 && first.kind == DATUM_TEXT && second.kind == DATUM_TEXT) {
		template_effect_note(r->out, &(struct template_effect){ .kind = TEMPLATE_WRITE, .text = first.s, .data = second.s, .open = true }, r->arena);
		return 0;
	}
	r->out->open = ret->open = true; /* whether there is one, the victim knows */
	return 0;
}

static int php_code(struct render *r, struct datum code, struct datum *ret)
{
	*ret = (struct datum){ .kind = DATUM_TEXT, .open = true };
	return render_run(r, LANGUAGE_PHP, text_join(r->arena, bytes_text("<?php "), code.s), &ret->s);
}

/* PHP's functions of one value that Twig has a filter for. */
static const struct { const char *function, *filter; } alike[] = {
	{ "strtoupper", "upper" }, { "strtolower", "lower" }, { "upper", "upper" }, { "lower", "lower" }, { "count", "length" }, { "abs", "abs" },
	{ "trim", "trim" }, { "json_encode", "json_encode" }, { "nl2br", "nl2br" }, { "mb_strlen", "length" }, { "round", "round" }, { "default", "default" },
};

static const char *filter_like(struct bytes name)
{
	for (unsigned i = 0; i < COUNT_OF(alike); i++) {
		if (bytes_equal(name, bytes_text(alike[i].function)))
			return alike[i].filter;
	}
	return NULL;
}

static struct bytes reversed(struct render *r, struct bytes s)
{
	uint8_t *at = arena_take(r->arena, s.left);

	for (size_t i = 0; i < s.left && at != NULL; i++)
		at[i] = s.at[s.left - 1 - i];
	return at != NULL ? bytes_of(at, s.left) : (struct bytes){ 0 };
}

/* Functions of PHP's that are the same everywhere and cost no interpreter. -ENOENT: another. */
static int plain_function(struct render *r, struct bytes name, const struct arguments *a, struct datum *ret)
{
	const char *filter = a->positional.count == 1 ? filter_like(name) : NULL;
	static const struct arguments none;
	struct bytes s;
	int e;

	if (filter != NULL && !bytes_equal(name, bytes_text("upper")) && !bytes_equal(name, bytes_text("lower")) && !bytes_equal(name, bytes_text("default"))) {
		if (bytes_equal(name, bytes_text("count")) && a->positional.at[0].kind != DATUM_DICT)
			return render_fail(r, "count(): Argument #1 ($value) must be of type Countable|array, %s given", php_type(a->positional.at[0]));
		return twig_filter(r, bytes_text(filter), a->positional.at[0], &none, ret);
	}
	if (a->positional.count != 1 || (!bytes_equal(name, bytes_text("strrev")) && !bytes_equal(name, bytes_text("strlen"))))
		return -ENOENT;
	if ((e = php_text(r, a->positional.at[0], &s)) < 0)
		return e;
	*ret = name.at[3] == 'r' ? datum_text(reversed(r, s)) : datum_int((int64_t)s.left);
	return render_full(r);
}

static int call(struct render *r, struct datum callee, const struct arguments *a, struct datum *ret)
{
	struct datum first = datum_none();
	int e;

	argument_of(a, 0, NULL, &first);
	if (bytes_equal(callee.s, bytes_text("{fetch}")) || bytes_equal(callee.s, bytes_text("{include}")))
		return file_of(r, first, callee.s.at[1] == 'i', ret);
	if (bytes_equal(callee.s, bytes_text("{php}")))
		return php_code(r, first, ret);
	if (bytes_find(callee.s, bytes_text("::")) > 0)
		return static_method(r, callee.s, a, ret);
	if ((e = plain_function(r, callee.s, a, ret)) == -ENOENT)
		e = php_call(r, callee.s, a, ret);
	return e == -ENOENT ? render_fail(r, "unknown function '%.*s'", (int)(callee.s.left < 100 ? callee.s.left : 100), (const char *)callee.s.at) : e;
}

static int modifier_cat(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct datum more = datum_none();
	struct bytes s, t;
	int e;

	argument_of(a, 0, NULL, &more);
	if ((e = php_text(r, of, &s)) < 0 || (e = php_text(r, more, &t)) < 0)
		return e;
	*ret = datum_text(text_join(r->arena, s, t));
	return render_full(r);
}

static int modifier_capitalize(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct bytes s;
	uint8_t *at;
	int e = php_text(r, of, &s);

	(void)a;
	if (e < 0 || (at = arena_take(r->arena, s.left)) == NULL)
		return e < 0 ? e : -ENOMEM;
	for (size_t i = 0; i < s.left; i++) {
		bool word = i > 0 && (isalnum(s.at[i - 1]) || s.at[i - 1] == '_' || s.at[i - 1] == '\'');

		if (s.at[i] >= 0x80 || isdigit(s.at[i]))
			return render_refuse(r, "capitalize of such a text");
		at[i] = (uint8_t)(word ? s.at[i] : toupper(s.at[i]));
	}
	*ret = datum_text(bytes_of(at, s.left));
	return 0;
}

static int modifier_replace(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct datum from, to;
	struct bytes s, x, y, whole = { 0 };
	ptrdiff_t at;
	int e;

	if (!argument_of(a, 0, NULL, &from) || !argument_of(a, 1, NULL, &to))
		return render_fail(r, "Too few arguments to function smarty_modifier_replace()");
	if ((e = php_text(r, of, &s)) < 0 || (e = php_text(r, from, &x)) < 0 || (e = php_text(r, to, &y)) < 0)
		return e;
	while (x.left > 0 && (at = bytes_find(s, x)) >= 0) {
		whole = text_join(r->arena, text_join(r->arena, whole, text_cut(s, 0, (size_t)at)), y);
		s = text_cut(s, (size_t)at + x.left, s.left);
		if ((e = render_work(r, whole.left)) < 0)
			return e;
	}
	*ret = datum_text(text_join(r->arena, whole, s));
	return render_full(r);
}

/* Between the characters; before each line. */
static int modifier_spread(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct datum by = datum_words(" ");
	struct bytes s, between, whole = { 0 };
	size_t len;
	int e;

	argument_of(a, 0, NULL, &by);
	if ((e = php_text(r, of, &s)) < 0 || (e = php_text(r, by, &between)) < 0)
		return e;
	for (size_t i = 0; i < s.left; i += len) {
		(void)text_point(text_cut(s, i, s.left), &len);
		whole = text_join(r->arena, text_join(r->arena, whole, i > 0 ? between : (struct bytes){ 0 }), text_cut(s, i, i + len));
		if ((e = render_work(r, whole.left)) < 0)
			return e;
	}
	*ret = datum_text(whole);
	return render_full(r);
}

static int modifier_indent(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct datum count = datum_int(4), with = datum_words(" ");
	struct bytes s, one, whole = { 0 };
	int e;

	argument_of(a, 0, NULL, &count);
	argument_of(a, 1, NULL, &with);
	if ((e = php_text(r, of, &s)) < 0 || (e = php_text(r, with, &one)) < 0)
		return e;
	if (php_int(count) < 0 || php_int(count) > 64 || bytes_find(s, bytes_text("\n")) >= 0)
		return render_refuse(r, "indent of such a text");
	for (int64_t i = 0; i < php_int(count); i++)
		whole = text_join(r->arena, whole, one);
	*ret = datum_text(text_join(r->arena, whole, s));
	return render_full(r);
}

static int modifier_escape(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	static const struct arguments none;
	struct datum kind = datum_words("html");
	struct bytes s, whole = { 0 };
	int e;

	argument_of(a, 0, NULL, &kind);
	if (kind.kind == DATUM_TEXT && bytes_equal(kind.s, bytes_text("html")))
		return twig_filter(r, bytes_text("e"), of, &none, ret);
	if (kind.kind == DATUM_TEXT && bytes_equal(kind.s, bytes_text("url")))
		return twig_filter(r, bytes_text("url_encode"), of, &none, ret);
	if (kind.kind != DATUM_TEXT || !bytes_equal(kind.s, bytes_text("hex")))
		return render_refuse(r, "escape of another kind");
	if ((e = php_text(r, of, &s)) < 0 || (e = render_work(r, s.left * s.left * 2)) < 0)
		return e;
	for (size_t i = 0; i < s.left; i++)
		whole = text_join(r->arena, whole, text_format(r->arena, "%%%02x", s.at[i]));
	*ret = datum_text(whole);
	return render_full(r);
}

/* sprintf() of one value. */
static int modifier_format(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct datum format;
	char text[64];
	struct bytes s;
	int e, precision = 0;

	if (!argument_of(a, 0, NULL, &format) || format.kind != DATUM_TEXT || format.s.left >= sizeof(text))
		return render_refuse(r, "string_format of such a format");
	memcpy(text, format.s.at, format.s.left);
	text[format.s.left] = '\0';
	if (strcmp(text, "%d") == 0) {
		*ret = datum_int(php_int(of));
		return 0;
	}
	if (sscanf(text, "%%.%df", &precision) == 1 && precision >= 0 && precision < 10 && format.s.left == 4) {
		*ret = datum_text(text_format(r->arena, "%.*f", precision, php_float(of)));
		return 0;
	}
	if (strcmp(text, "%s") != 0)
		return render_refuse(r, "string_format of such a format");
	e = php_text(r, of, &s);
	*ret = datum_text(s);
	return e;
}

static int modifier_count(struct render *r, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct bytes s;
	int64_t count = 0;
	int e = php_text(r, of, &s);
	size_t len;

	if (a->positional.count > 0)
		return render_refuse(r, "count_characters with blanks");
	for (size_t i = 0; i < s.left && e == 0; i += len) {
		(void)text_point(text_cut(s, i, s.left), &len);
		count += !isspace(s.at[i]);
	}
	*ret = datum_int(count);
	return e;
}

/* $x is odd and its like, as PHP computes it: 1 & x, x % n, or their contrary. */
static int parity(struct render *r, struct bytes name, struct datum of, const struct arguments *a, struct datum *ret)
{
	struct datum by = datum_none(), value;
	bool div = bytes_find(name, bytes_text("div")) > 0, contrary = bytes_equal(name, bytes_text("is even")) || bytes_equal(name, bytes_text("is div"));
	int e = 0;

	argument_of(a, 0, NULL, &by);
	if (div)
		e = php_arithmetic(r, '%', of, by, &value);
	else if (by.kind == DATUM_NONE || (e = php_arithmetic(r, '/', of, by, &of)) == 0)
		e = php_arithmetic(r, OP_BIT_AND, datum_int(1), of, &value);
	if (e == 0)
		*ret = contrary ? datum_bool(php_int(value) == 0) : value;
	return e;
}

static int filter(struct render *r, struct bytes name, struct datum of, const struct arguments *a, struct datum *ret)
{
	static const struct { const char *name; int (*run)(struct render *, struct datum, const struct arguments *, struct datum *); } modifiers[] = {
		{ "cat", modifier_cat }, { "capitalize", modifier_capitalize }, { "replace", modifier_replace }, { "spacify", modifier_spread },
		{ "indent", modifier_indent }, { "escape", modifier_escape }, { "string_format", modifier_format }, { "count_characters", modifier_count },
	};
	static const char *const others[] = { "date_format", "regex_replace", "strip", "strip_tags", "truncate", "wordwrap", "count_words", "count_sentences", "count_paragraphs",
		"from_charset", "to_charset", "unescape", "noprint", "debug_print_var", "mb_wordwrap" };
	struct arguments all = { 0 };
	int e = -ENOENT;

	if (bytes_starts_fold(name, bytes_text("is ")))
		return parity(r, name, of, a, ret);
	for (unsigned i = 0; i < COUNT_OF(modifiers); i++) {
		if (bytes_equal(name, bytes_text(modifiers[i].name)))
			e = modifiers[i].run(r, of, a, ret);
	}
	for (unsigned i = 0; i < COUNT_OF(others); i++) {
		if (bytes_equal(name, bytes_text(others[i])))
			return render_refuse(r, others[i]);
	}
	if (e == -ENOENT && bytes_equal(name, bytes_text("default")))
		e = twig_filter(r, name, (of.kind == DATUM_TEXT && of.s.left > 0) || of.kind == DATUM_INT || of.kind == DATUM_BOOL || of.kind == DATUM_REAL ? of : datum_none(), a, ret);
	if (e == -ENOENT && filter_like(name) != NULL && (bytes_equal(name, bytes_text("upper")) || bytes_equal(name, bytes_text("lower"))))
		e = twig_filter(r, name, of, a, ret);
	if (e != -ENOENT) {
		ret->open |= e == 0 && of.open;
		return e;
	}
	if ((e = list_put(&all.positional, r->arena, of)) < 0)
		return e;
	for (size_t i = 0; i < a->positional.count && e == 0; i++)
		e = list_put(&all.positional, r->arena, a->positional.at[i]);
	return e < 0 ? e : call(r, (struct datum){ .kind = DATUM_UNDEFINED, .s = name }, &all, ret);
}

static int file(struct render *r, const struct node *n, struct datum name)
{
	(void)n;
	(void)name;
	return render_refuse(r, "a file");
}

static const struct semantics smarty = {
	.name = name_of, .attribute = attribute, .item = item, .slice = slice, .unary = php_unary, .binary = binary, .truth = php_truth, .text = php_text,
	.iterate = php_iterate, .call = call, .method = method, .filter = filter, .file = file,
};

int smarty_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	return render_template(DIALECT_SMARTY, &smarty, text, host, a, ret);
}
