/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Velocity: references and directives in a text. Source: the Velocity user guide. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct velocity {
	struct java_run *run;
	struct bytes text;
	size_t at;
	char ended[12];        /* the directive that ended a block; "": the text's end */
	bool stopped, broken;
};

static bool at_text(const struct velocity *v, size_t at, const char *what)
{
	size_t len = strlen(what);

	return at + len <= v->text.left && memcmp(v->text.at + at, what, len) == 0;
}

static size_t name_end(const struct velocity *v, size_t at)
{
	if (at >= v->text.left || (!isalpha(v->text.at[at]) && v->text.at[at] != '_'))
		return at;
	while (at < v->text.left && (isalnum(v->text.at[at]) || v->text.at[at] == '_' || v->text.at[at] == '-'))
		at++;
	return at;
}

/* The end of a reference that begins at `at` (its dollar); at: it is none. */
static size_t reference_end(const struct velocity *v, size_t at)
{
	size_t begin = at + 1, end;
	bool brace;

	if (at_text(v, begin, "!"))
		begin++;
	brace = at_text(v, begin, "{");
	begin += brace;
	if ((end = name_end(v, begin)) == begin)
		return at;
	for (;;) {
		size_t next = end;

		if (end < v->text.left && v->text.at[end] == '.' && (next = name_end(v, end + 1)) > end + 1) {
			end = next;
			if (!at_text(v, end, "("))
				continue;
			next = java_template_end(v->text, end + 1, ')');
		} else if (at_text(v, end, "[")) {
			next = java_template_end(v->text, end + 1, ']');
		} else {
			break;
		}
		if (next >= v->text.left)
			return at;
		end = next + 1;
	}
	if (!brace)
		return end;
	return at_text(v, end, "}") ? end + 1 : at;
}

static int value_of(struct velocity *v, struct bytes text, struct java_value *ret)
{
	struct node *n;
	int r = java_expression_parse(v->run, text, &n);

	if (r < 0)
		return r;
	v->run->outcome->evaluated = true;
	return java_evaluate(v->run, n, ret);
}

static int put_reference(struct velocity *v, size_t end, struct java_object *out)
{
	struct bytes text = bytes_of(v->text.at + v->at, end - v->at), shown;
	bool quiet = text.left > 1 && text.at[1] == '!', evaluated = v->run->outcome->evaluated;
	struct java_value value;
	int r = value_of(v, text, &value);

	/* a method that throws ends the template, one that is not there leaves the text as it is */
	if (r < 0 && r != -EDOM)
		return r;
	if (r == -EDOM)
		return r;
	v->at = end;
	if (value.kind <= JAVA_VOID) {
		/* an unknown name by itself is no expression of anybody's */
		if (memchr(text.at, '(', text.left) == NULL)
			v->run->outcome->evaluated = evaluated;
		return quiet ? 0 : java_write(v->run, out, text);
	}
	return (r = java_to_output(v->run, &value, &shown)) < 0 ? r : java_write(v->run, out, shown);
}

/* (…) behind a directive's name; -EBADMSG: there is none. */
static int arguments(struct velocity *v, struct bytes *ret)
{
	size_t end;

	while (v->at < v->text.left && (v->text.at[v->at] == ' ' || v->text.at[v->at] == '\t'))
		v->at++;
	if (!at_text(v, v->at, "("))
		return -EBADMSG;
	end = java_template_end(v->text, v->at + 1, ')');
	if (end >= v->text.left)
		return -EBADMSG;
	*ret = bytes_of(v->text.at + v->at + 1, end - v->at - 1);
	v->at = end + 1;
	return 0;
}

/* A directive's line ends with it. */
static void skip_line_end(struct velocity *v)
{
	size_t at = v->at;

	while (at < v->text.left && (v->text.at[at] == ' ' || v->text.at[at] == '\t' || v->text.at[at] == '\r'))
		at++;
	if (at < v->text.left && v->text.at[at] == '\n')
		v->at = at + 1;
}

static int block(struct velocity *, bool active, struct java_object *out);

/* #set($x = …): the name may be a property */
static int set(struct velocity *v, struct bytes text)
{
	const uint8_t *sign = memchr(text.at, '=', text.left);
	struct java_value value;
	struct node *target;
	size_t len = sign != NULL ? (size_t)(sign - text.at) : 0;
	int r;

	if (len == 0)
		return -EBADMSG;
	if ((r = value_of(v, bytes_of(sign + 1, text.left - len - 1), &value)) < 0 || (r = java_expression_parse(v->run, bytes_of(text.at, len), &target)) < 0)
		return r;
	if (value.kind <= JAVA_VOID)
		return 0;
	return java_assign(v->run, target, value);
}

static int choose(struct velocity *v, struct bytes condition, bool active, struct java_object *out)
{
	bool done = false;

	for (bool now = true;;) {
		struct java_value value;
		bool yes = now && active && !done && condition.at == NULL;
		int r;

		if (active && !done && condition.at != NULL) {
			if ((r = value_of(v, condition, &value)) < 0 || (r = java_truth(v->run, &value, &yes)) < 0)
				return r;
		}
		skip_line_end(v);
		if ((r = block(v, yes && active, out)) < 0)
			return r;
		done |= yes;
		if (strcmp(v->ended, "end") == 0 || v->stopped)
			return 0;
		if (strcmp(v->ended, "elseif") == 0) {
			if ((r = arguments(v, &condition)) < 0)
				return r;
		} else if (strcmp(v->ended, "else") == 0) {
			condition = (struct bytes){ 0 };
		} else {
			return -EBADMSG;
		}
	}
}

static int each(struct velocity *v, struct bytes text, bool active, struct java_object *out)
{
	ptrdiff_t in = bytes_find(text, bytes_text(" in "));
	struct java_value list, *items = NULL;
	struct bytes name;
	size_t begin;
	unsigned count = 0;
	int r;

	if (in <= 1)
		return -EBADMSG;
	name = bytes_of(text.at + 1, (size_t)in - 1);
	while (name.left > 0 && (name.at[0] == '$' || name.at[0] == ' ' || name.at[0] == '{' || name.at[0] == '!'))
		name = bytes_of(name.at + 1, name.left - 1);
	while (name.left > 0 && (isspace(name.at[name.left - 1]) || name.at[name.left - 1] == '}'))
		name.left--;
	if (active && ((r = value_of(v, bytes_of(text.at + in + 4, text.left - (size_t)in - 4), &list)) < 0 || (r = java_items_of(v->run, &list, &items, &count)) < 0))
		return r;
	skip_line_end(v);
	begin = v->at;
	for (unsigned i = 0; i < count && !v->stopped && !v->broken; i++) {
		v->at = begin;
		if ((r = java_step(v->run)) < 0 || (r = java_variable_set(v->run, name, items[i], false)) < 0 || (r = block(v, true, out)) < 0)
			return r;
	}
	if (count == 0 || v->broken) {
		v->at = begin;
		v->broken = false;
		if ((r = block(v, false, out)) < 0)
			return r;
	}
	return strcmp(v->ended, "end") == 0 || v->stopped ? 0 : -EBADMSG;
}

static int evaluate_text(struct velocity *v, struct bytes text, struct java_object *out)
{
	struct java_value value;
	int r;

	if ((r = value_of(v, text, &value)) < 0)
		return r;
	if (value.kind != JAVA_STRING)
		return 0;
	if (++v->run->calls > CALLS_MAX)
		return -E2BIG;
	r = java_velocity_run(v->run, value.s, out);
	v->run->calls--;
	return r;
}

/* 1: no directive of this name; the text goes on as it is. */
static int directive(struct velocity *v, struct bytes name, bool active, struct java_object *out)
{
	static const char *const ends[] = { "end", "else", "elseif" };
	struct bytes text;
	int r;

	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		if (bytes_equal(name, bytes_text(ends[i]))) {
			strcpy(v->ended, ends[i]);
			return 0;
		}
	}
	if (bytes_equal(name, bytes_text("stop"))) {
		v->stopped |= active;
		return 0;
	}
	if (bytes_equal(name, bytes_text("break"))) {
		v->broken |= active;
		return 0;
	}
	if (bytes_equal(name, bytes_text("set"))) {
		if ((r = arguments(v, &text)) < 0)
			return r;
		skip_line_end(v);
		return active ? set(v, text) : 0;
	}
	if (bytes_equal(name, bytes_text("if")))
		return (r = arguments(v, &text)) < 0 ? r : choose(v, text, active, out);
	if (bytes_equal(name, bytes_text("foreach")))
		return (r = arguments(v, &text)) < 0 ? r : each(v, text, active, out);
	if (bytes_equal(name, bytes_text("evaluate")))
		return (r = arguments(v, &text)) < 0 ? r : active ? evaluate_text(v, text, out) : 0;
	if (bytes_equal(name, bytes_text("parse")) || bytes_equal(name, bytes_text("include")) || bytes_equal(name, bytes_text("macro")) || bytes_equal(name, bytes_text("define")))
		return java_refuse(v->run, "directive", name);
	return 1;
}

static int hash(struct velocity *v, bool active, struct java_object *out)
{
	size_t begin = v->at + 1, end;
	bool brace = at_text(v, begin, "{");
	ptrdiff_t close;
	int r;

	if (at_text(v, begin, "#")) {
		while (v->at < v->text.left && v->text.at[v->at] != '\n')
			v->at++;
		v->at += v->at < v->text.left;
		return 0;
	}
	if (at_text(v, begin, "*")) {
		close = bytes_find(bytes_of(v->text.at + begin, v->text.left - begin), bytes_text("*#"));
		v->at = close < 0 ? v->text.left : begin + (size_t)close + 2;
		return 0;
	}
	if (at_text(v, begin, "[[")) {
		close = bytes_find(bytes_of(v->text.at + begin, v->text.left - begin), bytes_text("]]#"));
		if (close < 0)
			return -EBADMSG;
		v->at = begin + (size_t)close + 3;
		return active ? java_write(v->run, out, bytes_of(v->text.at + begin + 2, (size_t)close - 2)) : 0;
	}
	begin += brace;
	if ((end = name_end(v, begin)) > begin) {
		size_t before = v->at;

		v->at = end + brace;
		if ((r = directive(v, bytes_of(v->text.at + begin, end - begin), active, out)) <= 0)
			return r;
		v->at = before;
	}
	v->at++;
	return active ? java_write(v->run, out, bytes_text("#")) : 0;
}

/* Up to the directive that ends it, or the text's end. */
static int block(struct velocity *v, bool active, struct java_object *out)
{
	int r = 0;

	if (++v->run->calls > CALLS_MAX)
		return -E2BIG;
	v->ended[0] = '\0';
	while (v->at < v->text.left && r == 0 && !v->stopped) {
		size_t from = v->at, end;

		if (v->text.at[v->at] == '\\' && v->at + 1 < v->text.left && strchr("$#", v->text.at[v->at + 1]) != NULL) {
			v->at += 2;
			r = active ? java_write(v->run, out, bytes_of(v->text.at + from + 1, 1)) : 0;
			continue;
		}
		if (v->text.at[v->at] == '#') {
			char outer[sizeof(v->ended)];

			memcpy(outer, v->ended, sizeof(outer));
			v->ended[0] = '\0';
			r = hash(v, active && !v->broken, out);
			/* an inner block's own end is not this one's: choose() and each() have taken it */
			if (v->ended[0] != '\0' && from + 1 < v->text.left && (at_text(v, from, "#end") || at_text(v, from, "#{end") || at_text(v, from, "#else") || at_text(v, from, "#{else")))
				break;
			memcpy(v->ended, outer, sizeof(outer));
			continue;
		}
		if (v->text.at[v->at] == '$' && (end = reference_end(v, v->at)) > v->at) {
			if (active && !v->broken)
				r = put_reference(v, end, out);
			else
				v->at = end;
			continue;
		}
		for (v->at++; v->at < v->text.left && strchr("#$\\", v->text.at[v->at]) == NULL; v->at++)
			;
		r = active && !v->broken ? java_write(v->run, out, bytes_of(v->text.at + from, v->at - from)) : 0;
	}
	v->run->calls--;
	return r;
}

int java_velocity_run(struct java_run *run, struct bytes text, struct java_object *out)
{
	struct velocity v = { .run = run, .text = text };
	int r = block(&v, true, out);

	return r == 0 && v.ended[0] != '\0' && !v.stopped ? -EBADMSG : r;
}
