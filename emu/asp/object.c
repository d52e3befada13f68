/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of the languages, and the objects that pages make: shells, files, requests to others, processes. */
#include "emu/asp/inside.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is(struct bytes name, const char *text)
{
	return bytes_equal_fold(name, bytes_text(text));
}

static bool holds(struct bytes b, const char *word)
{
	for (size_t i = 0; i < b.left; i++)
		if (bytes_starts_fold(bytes_of(b.at + i, b.left - i), bytes_text(word)))
			return true;
	return false;
}

static struct asp_value object(enum asp_object kind, struct bytes text)
{
	return (struct asp_value){ .kind = ASP_OBJECT, .object = kind, .text = text };
}

static const struct { const char *name; enum asp_object object; } globals[] = {
	{ "response", OBJECT_RESPONSE }, { "request", OBJECT_REQUEST }, { "server", OBJECT_SERVER }, { "math", OBJECT_MATH },
	{ "string", OBJECT_STRING }, { "system", OBJECT_OTHER }, { "wscript", OBJECT_SERVER }, { "convert", OBJECT_STRING },
	{ "process", OBJECT_PROCESS },
};

static const char *const functions[] = {
	"chr", "chrw", "asc", "len", "ucase", "lcase", "left", "right", "mid", "replace", "strreverse", "cstr", "cint", "clng",
	"hex", "oct", "trim", "abs", "int", "sqr", "eval", "execute", "executeglobal", "createobject", "now", "date", "time", "rnd",
	"string", "space", "array", "escape", "unescape", "session", "application",
};

bool asp_global_known(struct bytes name)
{
	bool known = is(name, "activexobject");

	for (size_t i = 0; i < COUNT_OF(globals); i++)
		known |= is(name, globals[i].name);
	for (size_t i = 0; i < COUNT_OF(functions); i++)
		known |= is(name, functions[i]);
	return known;
}

/* A class by its name in the registry. */
static struct asp_value create(struct asp_page *p, struct bytes class)
{
	static const struct { const char *word; enum asp_object object; } classes[] = {
		{ "wscript.shell", OBJECT_SHELL }, { "shell.application", OBJECT_SHELL }, { "filesystemobject", OBJECT_FILES },
		{ "xmlhttp", OBJECT_HTTP }, { "winhttp", OBJECT_HTTP },
	};

	for (size_t i = 0; i < COUNT_OF(classes); i++)
		if (holds(class, classes[i].word))
			return object(classes[i].object, (struct bytes){ 0 });
	asp_stop(p, "an object of another class");
	return object(OBJECT_OTHER, class);
}

/* Runs a command line of Windows; what it prints. */
static struct bytes command(struct asp_page *p, struct bytes line)
{
	struct template_effect effect = { .kind = TEMPLATE_RUN, .language = LANGUAGE_CMD, .text = line };
	struct bytes output = { 0 };

	p->did = true;
	template_effect_note(p->out, &effect, p->arena);
	if (p->host->run == NULL)
		p->out->open = true;
	else if ((p->error = p->host->run(p->host->context, LANGUAGE_CMD, line, &output)) < 0)
		p->stopped = true;
	return output;
}

static struct asp_value fetch(struct asp_page *p, struct bytes url)
{
	struct template_effect effect = { .kind = TEMPLATE_FETCH, .text = url };

	p->did = true;
	template_effect_note(p->out, &effect, p->arena);
	return asp_open(p);
}

/* A number without its fraction; one that no integer holds is 0. */
static long long whole(double v)
{
	return v > -9e15 && v < 9e15 ? (long long)v : 0;
}

static struct bytes cut(struct bytes b, double from, double len)
{
	long long first = whole(from), count = whole(len), left = (long long)b.left;
	size_t at = first < 0 ? 0 : first > left ? b.left : (size_t)first, n;

	if (b.left == 0)
		return b;
	left -= (long long)at;
	n = count < 0 ? 0 : count > left ? (size_t)left : (size_t)count;

	return bytes_of(b.at + at, n);
}

/* A copy of the text, each letter made by the way's letter: u, l, r. */
static struct asp_value changed(struct asp_page *p, struct bytes b, char way)
{
	uint8_t *to = arena_take(p->arena, b.left + 1);

	if (to == NULL) {
		p->error = -1;
		return asp_text(b);
	}
	for (size_t i = 0; i < b.left; i++)
		to[i] = (uint8_t)(way == 'u' ? toupper(b.at[i]) : way == 'l' ? tolower(b.at[i]) : b.at[b.left - 1 - i]);
	return asp_text(bytes_of(to, b.left));
}

static struct asp_value replaced(struct asp_page *p, struct bytes b, struct bytes old, struct bytes new)
{
	size_t size = TEMPLATE_TEXT_MAX;
	struct sink s = sink_over(arena_take(p->arena, size), size);

	if (s.at == NULL || old.left == 0)
		return asp_text(b);
	for (ptrdiff_t at; (at = bytes_find(b, old)) >= 0; b = bytes_of(b.at + at + old.left, b.left - (size_t)at - old.left)) {
		sink_put(&s, b.at, (size_t)at);
		sink_put(&s, new.at, new.left);
	}
	sink_put(&s, b.at, b.left);
	p->out->bounded |= s.overflow;
	return asp_text(bytes_of(s.at, s.used));
}

static struct asp_value in_base(struct asp_page *p, double n, const char *form)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), form, (unsigned)whole(n));

	return asp_text(arena_copy(p->arena, bytes_of(digits, (size_t)len), sizeof(digits)));
}

static struct asp_value letters(struct asp_page *p, const struct asp_value *arguments, int count)
{
	uint8_t codes[ASP_ARGUMENTS_MAX];

	for (int i = 0; i < count; i++)
		codes[i] = (uint8_t)whole(asp_number_of(&arguments[i]));
	return asp_text(arena_copy(p->arena, bytes_of(codes, (size_t)(count > 0 ? count : 0)), sizeof(codes)));
}

/* Functions of texts and numbers. False: the name is none. */
static bool plain_function(struct asp_page *p, struct bytes name, const struct asp_value *a, int count, struct asp_value *ret)
{
	struct bytes text = count > 0 ? asp_text_of(p, &a[0]) : (struct bytes){ 0 };
	double number = count > 0 ? asp_number_of(&a[0]) : 0, second = count > 1 ? asp_number_of(&a[1]) : 0;

	if (is(name, "chr") || is(name, "chrw") || is(name, "fromcharcode"))
		*ret = letters(p, a, count);
	else if (is(name, "asc"))
		*ret = asp_number(text.left > 0 ? text.at[0] : 0);
	else if (is(name, "len"))
		*ret = asp_number((double)text.left);
	else if (is(name, "ucase") || is(name, "toupper") || is(name, "touppercase"))
		*ret = changed(p, text, 'u');
	else if (is(name, "lcase") || is(name, "tolower") || is(name, "tolowercase"))
		*ret = changed(p, text, 'l');
	else if (is(name, "strreverse"))
		*ret = changed(p, text, 'r');
	else if (is(name, "left"))
		*ret = asp_text(cut(text, 0, second));
	else if (is(name, "right"))
		*ret = asp_text(cut(text, (double)text.left - second, second));
	else if (is(name, "mid"))
		*ret = asp_text(cut(text, second - 1, count > 2 ? asp_number_of(&a[2]) : (double)text.left));
	else if (is(name, "replace") && count > 2)
		*ret = replaced(p, text, asp_text_of(p, &a[1]), asp_text_of(p, &a[2]));
	else if (is(name, "cstr") || is(name, "tostring") || is(name, "trim"))
		*ret = asp_text(text);
	else if (is(name, "cint") || is(name, "clng") || is(name, "toint32"))
		*ret = asp_number(nearbyint(number));
	else if (is(name, "int") || is(name, "floor"))
		*ret = asp_number(floor(number));
	else if (is(name, "abs"))
		*ret = asp_number(fabs(number));
	else if (is(name, "sqr") || is(name, "sqrt"))
		*ret = asp_number(sqrt(number));
	else if (is(name, "pow"))
		*ret = asp_number(pow(number, second));
	else if (is(name, "hex"))
		*ret = in_base(p, number, "%X");
	else if (is(name, "oct"))
		*ret = in_base(p, number, "%o");
	else
		return false;
	return true;
}

struct asp_value asp_global(struct asp_page *p, struct bytes name, const struct asp_value *arguments, int count)
{
	struct asp_value v;

	if (count >= 0 && plain_function(p, name, arguments, count, &v))
		return v;
	if (is(name, "eval") || is(name, "execute") || is(name, "executeglobal"))
		return count > 0 && arguments[0].kind == ASP_TEXT_VALUE ? asp_run(p, arguments[0].text) : asp_open(p);
	if ((is(name, "createobject") || is(name, "activexobject")) && count > 0)
		return create(p, asp_text_of(p, &arguments[0]));
	for (size_t i = 0; i < COUNT_OF(globals); i++)
		if (is(name, globals[i].name))
			return count > 0 && globals[i].object == OBJECT_REQUEST ? asp_open(p) : object(globals[i].object, (struct bytes){ 0 });
	for (unsigned i = 0; i < p->names_count; i++)
		if (bytes_equal_fold(p->names[i].name, name))
			return p->names[i].value;
	/* the clock, chance, what the application keeps */
	return asp_open(p);
}

/* Start("cmd", "/c …"), exec("…"), run("…", …) */
static struct asp_value start(struct asp_page *p, const struct asp_value *arguments, int count, bool waits)
{
	struct asp_value line = arguments[0];

	if (count > 1 && arguments[1].kind == ASP_TEXT_VALUE) {
		struct asp_value blank = asp_text(bytes_text(" "));

		line = asp_operate(p, bytes_text("&"), &line, &blank);
		line = asp_operate(p, bytes_text("&"), &line, &arguments[1]);
	}
	if (line.kind != ASP_TEXT_VALUE)
		return asp_open(p);
	struct bytes output = command(p, line.text);

	return waits ? asp_number(0) : object(OBJECT_EXEC, output);
}

struct asp_value asp_member(struct asp_page *p, const struct asp_value *of, struct bytes name, const struct asp_value *arguments, int count)
{
	struct asp_value v;

	if (of->kind == ASP_OPEN)
		return asp_open(p);
	if (of->kind != ASP_OBJECT) {
		struct asp_value all[ASP_ARGUMENTS_MAX + 1] = { *of };

		if (is(name, "length"))
			return asp_number((double)asp_text_of(p, of).left);
		for (int i = 0; i < count && i < ASP_ARGUMENTS_MAX; i++)
			all[i + 1] = arguments[i];
		if (plain_function(p, name, all, count < 0 ? 1 : count + 1, &v))
			return v;
		asp_stop(p, "a method of a text");
		return *of;
	}
	if (is(name, "createobject") && count > 0)
		return create(p, asp_text_of(p, &arguments[0]));
	if ((of->object == OBJECT_STRING || of->object == OBJECT_MATH) && count >= 0 && plain_function(p, name, arguments, count, &v))
		return v;
	if (of->object == OBJECT_RESPONSE && is(name, "write")) {
		if (count > 0)
			asp_write(p, asp_text_of(p, &arguments[0]));
		return (struct asp_value){ 0 };
	}
	if (of->object == OBJECT_RESPONSE)
		return *of;
	if (of->object == OBJECT_SHELL && count > 0 && (is(name, "exec") || is(name, "run") || is(name, "shellexecute")))
		return start(p, arguments, count, !is(name, "exec"));
	if (is(name, "start") && count > 0 && (of->object == OBJECT_PROCESS || of->object == OBJECT_OTHER))
		return start(p, arguments, count, false);
	if (of->object == OBJECT_EXEC && (is(name, "stdout") || is(name, "stderr") || is(name, "standardoutput")))
		return object(OBJECT_STREAM, is(name, "stderr") ? (struct bytes){ 0 } : of->text);
	if (of->object == OBJECT_STREAM && (is(name, "readall") || is(name, "readtoend") || is(name, "readline")))
		return asp_text(of->text);
	if (of->object == OBJECT_HTTP && is(name, "open") && count > 1)
		return fetch(p, asp_text_of(p, &arguments[1]));
	if (of->object == OBJECT_FILES && is(name, "opentextfile") && count > 0) {
		struct asp_value type = asp_text(bytes_text("type "));

		type = asp_operate(p, bytes_text("&"), &type, &arguments[0]);
		return object(OBJECT_STREAM, command(p, asp_text_of(p, &type)));
	}
	if (of->object == OBJECT_OTHER && count < 0)
		return is(name, "process") ? object(OBJECT_PROCESS, name) : is(name, "string") || is(name, "convert") ? object(OBJECT_STRING, name) :
		    is(name, "math") ? object(OBJECT_MATH, name) : *of;
	if (of->object == OBJECT_REQUEST || of->object == OBJECT_SERVER || of->object == OBJECT_HTTP)
		return asp_open(p);
	asp_stop(p, "a method of an object");
	return asp_open(p);
}
