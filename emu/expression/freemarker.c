/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Freemarker: interpolations and directives in a text. Source: the Freemarker manual. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { TAG_NAME_MAX = 24 };

struct freemarker {
	struct java_run *run;
	struct bytes text;
	size_t at;
	bool square;               /* [#…] instead of <#…> */
	char tag[TAG_NAME_MAX];    /* what ended a block: "/if", "else" …; "": the text's end */
	struct bytes arguments;    /* of that tag */
	bool broken;
};

static int block(struct freemarker *, bool active, struct java_object *out);

static bool at_text(const struct freemarker *f, size_t at, const char *what)
{
	size_t len = strlen(what);

	return at + len <= f->text.left && memcmp(f->text.at + at, what, len) == 0;
}

static int value_of(struct freemarker *f, struct bytes text, struct java_value *ret)
{
	struct node *n;
	int r = java_expression_parse(f->run, text, &n);

	return r < 0 ? r : java_evaluate(f->run, n, ret);
}

/* ${…}, #{…} and [=…] */
static int interpolate(struct freemarker *f, char close, bool active, struct java_object *out)
{
	size_t begin = f->at + 2, end = java_template_end(f->text, begin, close);
	struct bytes text = bytes_of(f->text.at + begin, end - begin), shown;
	struct java_value v;
	int r;

	if (end >= f->text.left)
		return -EBADMSG;
	if (f->text.at[f->at] == '#' && memrchr(text.at, ';', text.left) != NULL) /* #{a; m1M2}: how many digits */
		text.left = (size_t)((const uint8_t *)memrchr(text.at, ';', text.left) - text.at);
	f->at = end + 1;
	if (!active)
		return 0;
	if ((r = value_of(f, text, &v)) < 0)
		return r;
	f->run->outcome->evaluated = true;
	if (v.kind <= JAVA_VOID)
		return java_throw(f->run, "freemarker.core.InvalidReferenceException", "");
	return (r = java_to_output(f->run, &v, &shown)) < 0 ? r : java_write(f->run, out, shown);
}

/* A tag's end: the first > (or ]) that is in no string and no brackets. */
static size_t tag_end(const struct freemarker *f, size_t at)
{
	return java_template_end(f->text, at, f->square ? ']' : '>');
}

/* Takes a word off the front. */
static struct bytes word_of(struct bytes *s)
{
	size_t len = 0;

	*s = bytes_trim(*s);
	while (len < s->left && (isalnum(s->at[len]) || s->at[len] == '_' || s->at[len] == '$'))
		len++;
	struct bytes ret = bytes_of(s->at, len);

	*s = bytes_trim(bytes_of(s->at + len, s->left - len));
	return ret;
}

/* <#assign a=1 b="x">: expressions one after the other, each as long as it parses. */
static int assign_all(struct freemarker *f, struct bytes text)
{
	int r;

	for (unsigned n = 0; (text = bytes_trim(text)).left > 0 && n < 64; n++) {
		struct bytes name = text.at[0] == '"' ? (text = bytes_of(text.at + 1, text.left - 1), word_of(&text)) : word_of(&text);
		struct java_value v;
		struct node *tree;
		size_t len;

		if (text.left > 0 && text.at[0] == '"')
			text = bytes_trim(bytes_of(text.at + 1, text.left - 1));
		if (name.left == 0 || text.left == 0 || text.at[0] != '=')
			return -EBADMSG;
		text = bytes_of(text.at + 1, text.left - 1);
		/* the longest piece that is an expression and is followed by another name= or nothing */
		for (len = text.left;;) {
			size_t sign = len;

			if ((r = java_expression_parse(f->run, bytes_of(text.at, len), &tree)) == 0)
				break;
			if (r != -EBADMSG)
				return r;
			while (sign > 0 && text.at[sign - 1] != '=')
				sign--;
			if (sign == 0)
				return -EBADMSG;
			for (sign--; sign > 0 && isspace(text.at[sign - 1]); sign--)
				;
			while (sign > 0 && (isalnum(text.at[sign - 1]) || text.at[sign - 1] == '_'))
				sign--;
			while (sign > 0 && (isspace(text.at[sign - 1]) || text.at[sign - 1] == ','))
				sign--;
			if (sign == 0 || sign >= len)
				return -EBADMSG;
			len = sign;
		}
		if ((r = java_evaluate(f->run, tree, &v)) < 0 || (r = java_variable_set(f->run, name, v, false)) < 0)
			return r;
		text = bytes_of(text.at + len, text.left - len);
		text = bytes_trim(text);
		if (text.left > 0 && text.at[0] == ',')
			text = bytes_of(text.at + 1, text.left - 1);
	}
	return 0;
}

static bool ends_with_equals(struct bytes text)
{
	return memchr(text.at, '=', text.left) != NULL;
}

static int set(struct freemarker *f, struct bytes text, bool active)
{
	struct java_object *o;
	struct bytes name;
	int r;

	if (ends_with_equals(text))
		return active ? assign_all(f, text) : 0;
	name = word_of(&text);
	if ((r = java_make(f->run, OBJECT_BUILDER, "java.lang.StringBuilder", &o)) < 0 || (r = block(f, active, o)) < 0)
		return r;
	return active ? java_variable_set(f->run, name, java_string(o->text), false) : 0;
}

static int choose(struct freemarker *f, struct bytes condition, bool active, struct java_object *out)
{
	bool done = false, otherwise = false;

	for (;;) {
		bool yes = active && !done && otherwise;
		struct java_value v;
		int r;

		if (active && !done && !otherwise && ((r = value_of(f, condition, &v)) < 0 || (r = java_truth(f->run, &v, &yes)) < 0))
			return r;
		if ((r = block(f, yes, out)) < 0)
			return r;
		done |= yes;
		if (strcmp(f->tag, "/if") == 0)
			return 0;
		if (strcmp(f->tag, "else") != 0 && strcmp(f->tag, "elseif") != 0)
			return -EBADMSG;
		otherwise = strcmp(f->tag, "else") == 0;
		condition = f->arguments;
	}
}

/* <#list xs as x>, <#list map as k, v> */
static int each(struct freemarker *f, struct bytes text, bool active, struct java_object *out)
{
	ptrdiff_t as = bytes_find(text, bytes_text(" as "));
	struct java_value list = java_null(), *items = NULL;
	struct bytes name = { 0 }, second = { 0 }, rest;
	unsigned count = 0;
	size_t begin = f->at;
	int r;

	if (as < 0)
		return java_refuse(f->run, "directive", bytes_text("list"));
	rest = bytes_of(text.at + as + 4, text.left - (size_t)as - 4);
	name = word_of(&rest);
	if (rest.left > 0 && rest.at[0] == ',') {
		rest = bytes_of(rest.at + 1, rest.left - 1);
		second = word_of(&rest);
	}
	if (active && ((r = value_of(f, bytes_of(text.at, (size_t)as), &list)) < 0 || (r = java_items_of(f->run, &list, &items, &count)) < 0))
		return r;
	for (unsigned i = 0; i < count && !f->broken; i++) {
		struct java_value first = items[i];

		f->at = begin;
		if (second.left > 0 && java_is(&items[i], OBJECT_PLAIN) && items[i].o->count == 2) {
			first = items[i].o->items[0];
			if ((r = java_variable_set(f->run, second, items[i].o->items[1], false)) < 0)
				return r;
		}
		if ((r = java_step(f->run)) < 0 || (r = java_variable_set(f->run, name, first, false)) < 0 || (r = block(f, true, out)) < 0)
			return r;
		if (strcmp(f->tag, "else") == 0 && (r = block(f, false, out)) < 0)
			return r;
	}
	if (count == 0 || f->broken) {
		f->at = begin;
		f->broken = false;
		if ((r = block(f, false, out)) < 0)
			return r;
		if (strcmp(f->tag, "else") == 0 && (r = block(f, active && count == 0, out)) < 0)
			return r;
	}
	return strcmp(f->tag, "/list") == 0 ? 0 : -EBADMSG;
}

/* <#attempt> … <#recover> … </#attempt> */
static int attempt(struct freemarker *f, bool active, struct java_object *out)
{
	size_t written = out->text.left, begin = f->at;
	unsigned calls = f->run->calls, depth = f->run->depth;
	int r = block(f, active, out), failed = r;

	if (r == -EDOM) {
		f->run->thrown = java_null();
		f->run->calls = calls;
		f->run->depth = depth;
		out->text.left = written;
		f->at = begin;
		r = block(f, false, out);
	}
	if (r < 0 || strcmp(f->tag, "recover") != 0)
		return r < 0 ? r : -EBADMSG;
	if ((r = block(f, active && failed == -EDOM, out)) < 0)
		return r;
	return strcmp(f->tag, "/attempt") == 0 || strcmp(f->tag, "/recover") == 0 ? 0 : -EBADMSG;
}

static int verbatim(struct freemarker *f, const char *end, bool active, struct java_object *out)
{
	ptrdiff_t len = bytes_find(bytes_of(f->text.at + f->at, f->text.left - f->at), bytes_text(end));
	size_t from = f->at;

	if (len < 0)
		return -EBADMSG;
	f->at += (size_t)len + strlen(end);
	return active ? java_write(f->run, out, bytes_of(f->text.at + from, (size_t)len)) : 0;
}

/* A block whose text goes through as it is made: compress, escape, autoesc … */
static int through(struct freemarker *f, const char *name, bool active, struct java_object *out)
{
	int r = block(f, active, out);

	return r < 0 ? r : f->tag[0] == '/' && strcmp(f->tag + 1, name) == 0 ? 0 : -EBADMSG;
}

static int settings(struct freemarker *f, struct bytes text, bool active)
{
	struct bytes name = word_of(&text);
	struct java_value v;
	int r;

	if (!active || !bytes_equal(name, bytes_text("number_format")) || text.left == 0 || text.at[0] != '=')
		return 0;
	if ((r = value_of(f, bytes_of(text.at + 1, text.left - 1), &v)) < 0)
		return r;
	f->run->defaults = java_take(f->run, sizeof(v));
	if (f->run->defaults == NULL)
		return -E2BIG;
	*f->run->defaults = v;
	return 0;
}

static int directive(struct freemarker *f, const char *name, struct bytes text, bool active, struct java_object *out)
{
	static const char *const blocks[] = { "compress", "escape", "noescape", "autoesc", "noautoesc", "outputformat", "sep" };
	static const char *const alone[] = { "ftl", "t", "lt", "rt", "nt", "flush", "stop", "return" };

	if (strcmp(name, "assign") == 0 || strcmp(name, "global") == 0 || strcmp(name, "local") == 0)
		return set(f, text, active);
	if (strcmp(name, "if") == 0)
		return choose(f, text, active, out);
	if (strcmp(name, "list") == 0)
		return each(f, text, active, out);
	if (strcmp(name, "attempt") == 0)
		return attempt(f, active, out);
	if (strcmp(name, "noparse") == 0)
		return verbatim(f, f->square ? "[/#noparse]" : "</#noparse>", active, out);
	if (strcmp(name, "setting") == 0)
		return settings(f, text, active);
	if (strcmp(name, "break") == 0) {
		f->broken |= active;
		return 0;
	}
	for (size_t i = 0; i < COUNT_OF(blocks); i++) {
		if (strcmp(name, blocks[i]) == 0)
			return through(f, name, active, out);
	}
	for (size_t i = 0; i < COUNT_OF(alone); i++) {
		if (strcmp(name, alone[i]) == 0)
			return 0;
	}
	if (strcmp(name, "include") == 0 || strcmp(name, "import") == 0 || strcmp(name, "macro") == 0 || strcmp(name, "function") == 0 || strcmp(name, "switch") == 0)
		return java_refuse(f->run, "directive", bytes_text(name));
	return -EBADMSG;
}

/* <@name …/>: a value that is a template (what ?interpret made) */
static int call(struct freemarker *f, bool active, struct java_object *out)
{
	size_t begin = f->at + 2, end = tag_end(f, begin);
	struct bytes text = bytes_trim(bytes_of(f->text.at + begin, end - begin));
	struct java_value v;
	int r;

	if (end >= f->text.left)
		return -EBADMSG;
	f->at = end + 1;
	if (text.left > 0 && text.at[text.left - 1] == '/')
		text.left--;
	if (!active)
		return 0;
	if ((r = value_of(f, bytes_trim(text), &v)) < 0)
		return r;
	if (!java_is(&v, OBJECT_BUILDER))
		return java_refuse(f->run, "macro", text);
	if (++f->run->calls > CALLS_MAX)
		return -E2BIG;
	r = java_freemarker_run(f->run, v.o->text, out);
	f->run->calls--;
	return r;
}

/* A tag; *ended: it is one that ends a block. */
static int tag(struct freemarker *f, bool active, struct java_object *out, bool *ended)
{
	bool closes = f->text.at[f->at + 1] == '/'; /* </#name */
	size_t begin = f->at + 2 + closes, len = 0, end;
	char name[TAG_NAME_MAX];
	struct bytes text;

	while (begin + len < f->text.left && (isalnum(f->text.at[begin + len]) || f->text.at[begin + len] == '_') && len < sizeof(name) - 2)
		len++;
	name[0] = '/';
	memcpy(name + closes, f->text.at + begin, len);
	name[closes + len] = '\0';
	end = tag_end(f, begin + len);
	if (len == 0 || end >= f->text.left)
		return -EBADMSG;
	text = bytes_trim(bytes_of(f->text.at + begin + len, end - begin - len));
	if (text.left > 0 && text.at[text.left - 1] == '/')
		text.left--;
	f->at = end + 1;
	if (closes || strcmp(name, "else") == 0 || strcmp(name, "elseif") == 0 || strcmp(name, "recover") == 0) {
		memcpy(f->tag, name, sizeof(name));
		f->arguments = text;
		*ended = true;
		return 0;
	}
	if (active)
		f->run->outcome->evaluated = true;
	return directive(f, name, text, active, out);
}

static int block(struct freemarker *f, bool active, struct java_object *out)
{
	bool ended = false;
	int r = 0;

	if (++f->run->calls > CALLS_MAX)
		return -E2BIG;
	f->tag[0] = '\0';
	while (f->at < f->text.left && r == 0 && !ended) {
		bool now = active && !f->broken;
		size_t from = f->at;

		if (at_text(f, from, "${") || at_text(f, from, "#{") || at_text(f, from, "[=")) {
			r = interpolate(f, f->text.at[from] == '[' ? ']' : '}', now, out);
		} else if (at_text(f, from, "<#--") || at_text(f, from, "[#--")) {
			ptrdiff_t close = bytes_find(bytes_of(f->text.at + from, f->text.left - from), bytes_text(f->text.at[from] == '<' ? "-->" : "--]"));

			f->at = close < 0 ? f->text.left : from + (size_t)close + 3;
		} else if (at_text(f, from, "<#") || at_text(f, from, "</#") || at_text(f, from, "[#") || at_text(f, from, "[/#")) {
			f->square = f->text.at[from] == '[';
			r = tag(f, now, out, &ended);
		} else if (at_text(f, from, "<@") || at_text(f, from, "[@")) {
			f->square = f->text.at[from] == '[';
			r = call(f, now, out);
		} else {
			for (f->at++; f->at < f->text.left && strchr("$#<[", f->text.at[f->at]) == NULL; f->at++)
				;
			r = now ? java_write(f->run, out, bytes_of(f->text.at + from, f->at - from)) : 0;
		}
	}
	if (!ended)
		f->tag[0] = '\0';
	f->run->calls--;
	return r;
}

int java_freemarker_run(struct java_run *run, struct bytes text, struct java_object *out)
{
	struct freemarker f = { .run = run, .text = text };
	int r = block(&f, true, out);

	return r == 0 && f.tag[0] != '\0' ? -EBADMSG : r;
}
