/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Java code and expressions without delimiters: a whole value that reads as code, not as prose, and calls what reaches out
 * of an application (processes, classes by name, script engines, the language's own context). What it is and does,
 * emulation tells.
 */
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <string.h>

enum {
	CODE_MAX = 32 << 10,
	OPEN_MAX = 64,
	DELIMITERS_MAX = 16,   /* looked at in one value */
	DOCUMENT = 4096,       /* of a longer value the code alone is taken */
	PROSE_PAIRS = 2,       /* words side by side that no grammar of code puts there */
};

/* Words that reach out where they are called, or their members are; with `whole`: a name that nothing else has. */
static const struct reach {
	const char *word;
	bool whole;
} reaches[] = {
	{ "getRuntime", true }, { "ProcessBuilder", true }, { "forName", false }, { "getClass", false }, { "ScriptEngineManager", true }, { "getEngineByName", true },
	{ "execute", false }, { "exec", false }, { "_memberAccess", true }, { "OgnlContext", true }, { "OgnlUtil", true }, { "getMethod", false }, { "getDeclaredMethod", false }, { "defineClass", true },
	{ "newInstance", false }, { "invoke", false }, { "InetAddress", true }, { "InitialContext", true }, { "ServletActionContext", true }, { "GroovyShell", true }, { "URLClassLoader", true }, { "HttpURLConnection", true },
	{ "FileInputStream", true }, { "FileReader", true }, { "FileOutputStream", true }, { "readAllLines", true }, { "readAllBytes", true }, { "getenv", true }, { "getProperty", false }, { "allowStaticMethodAccess", true },
	{ "denyMethodExecution", true }, { "SpelExpressionParser", true }, { "MVEL", false }, { "ShellSession", true }, { "getInputStream", true }, { "openConnection", true }, { "openStream", true },
};

/* Words that stand before another one in code. */
static const char *const keywords[] = {
	"new", "return", "throw", "throws", "def", "var", "let", "const", "import", "package", "function", "else", "public", "private", "protected", "static", "final", "class", "extends", "implements", "if", "in", "instanceof",
	"int", "long", "char", "byte", "boolean", "double", "float", "void", "and", "or", "not", "eq", "ne", "case", "catch", "try", "do", "while", "for",
};

static bool word_is(struct bytes w, const char *text)
{
	return bytes_equal(w, bytes_text(text));
}

static bool is_keyword(struct bytes w)
{
	for (size_t i = 0; i < COUNT_OF(keywords); i++) {
		if (word_is(w, keywords[i]))
			return true;
	}
	return false;
}

struct look {
	struct bytes b;
	size_t at;
	struct bytes last;         /* the word before, "" where another sign stood between */
	uint8_t before;            /* the sign before the present word, 0: none */
	unsigned reach, prose, open, statements, marks;
	bool quoted;               /* the last thing was a string */
	bool bad;
};

static void read_string(struct look *l)
{
	uint8_t quote = l->b.at[l->at++];

	while (l->at < l->b.left && l->b.at[l->at] != quote)
		l->at += l->b.at[l->at] == '\\' ? 2 : 1;
	l->bad |= l->at >= l->b.left;
	l->at++;
	l->last = (struct bytes){ 0 };
	l->before = '"';
	l->quoted = true;
}

/* T(a.b.C), @a.b.C@name: only the languages have them. */
static void read_word(struct look *l)
{
	size_t from = l->at, next;
	struct bytes w;
	bool called, member, section;

	while (l->at < l->b.left && (isalnum(l->b.at[l->at]) || l->b.at[l->at] == '_' || l->b.at[l->at] == '$'))
		l->at++;
	w = bytes_of(l->b.at + from, l->at - from);
	for (next = l->at; next < l->b.left && l->b.at[next] == ' '; next++)
		;
	called = next < l->b.left && l->b.at[next] == '(';
	member = next < l->b.left && strchr(".(=@[", l->b.at[next]) != NULL;
	/* systemd.exec(5): a manual's page, none of these is given a digit */
	section = called && next + 2 < l->b.left && isdigit(l->b.at[next + 1]) && l->b.at[next + 2] == ')';
	if (l->last.left > 0 && !is_keyword(l->last) && !is_keyword(w) && !isupper(l->last.at[0]))
		l->prose++;
	if (word_is(w, "T") && called)
		l->reach++;
	/* Freemarker's "class"?new() */
	if (l->before == '?' && (word_is(w, "new") || word_is(w, "eval") || word_is(w, "interpret") || word_is(w, "api")))
		l->reach++;
	for (size_t i = 0; i < COUNT_OF(reaches); i++) {
		if (!section && word_is(w, reaches[i].word) && (called || (reaches[i].whole && (member || l->before == '@' || l->before == '\'' || l->before == '"'))) &&
		    (reaches[i].whole || l->before == '.' || l->before == '@'))
			l->reach++;
	}
	l->last = w;
	l->before = 0;
	l->quoted = false;
}

static void read_mark(struct look *l)
{
	uint8_t c = l->b.at[l->at++];

	if (isspace(c)) {
		if (c == '\n')
			l->last = (struct bytes){ 0 };
		return;
	}
	l->marks++;
	l->statements += c == ';';
	if (c == '(' || c == '[' || c == '{') {
		l->bad |= ++l->open > OPEN_MAX;
	} else if (c == ')' || c == ']' || c == '}') {
		l->bad |= l->open == 0;
		l->open -= l->open > 0;
	} else if (c == '@' && l->before != '.' && l->at < l->b.left && islower(l->b.at[l->at])) {
		/* @class@member */
		size_t end = l->at;

		while (end < l->b.left && (isalnum(l->b.at[end]) || strchr("._$", l->b.at[end]) != NULL))
			end++;
		l->reach += end < l->b.left && l->b.at[end] == '@' && memchr(l->b.at + l->at, '.', end - l->at) != NULL;
	} else if (c < 0x20 || c == 0x7f) {
		l->bad = true;
	}
	l->before = c;
	l->last = (struct bytes){ 0 };
	l->quoted = false;
}

static bool is_code(struct bytes b, bool *statements)
{
	struct look l = { .b = b };

	while (l.at < b.left && !l.bad) {
		uint8_t c = b.at[l.at];

		if (c == '/' && l.at + 1 < b.left && b.at[l.at + 1] == '/' && (l.at == 0 || b.at[l.at - 1] != ':')) {
			while (l.at < b.left && b.at[l.at] != '\n')
				l.at++;
		} else if (c == '"' || c == '\'') {
			read_string(&l);
		} else if (isalpha(c) || c == '_' || c == '$') {
			read_word(&l);
		} else {
			read_mark(&l);
		}
	}
	*statements = l.statements > 0;
	return !l.bad && l.open == 0 && l.reach > 0 && l.prose < PROSE_PAIRS && l.marks > 2;
}

/* Is one of the languages' own signs there, so that it is no Java? */
static bool is_expression(struct bytes b)
{
	return bytes_find(b, bytes_text("T(")) == 0 || bytes_find(b, bytes_text("(#")) >= 0 || bytes_find(b, bytes_text("#_")) >= 0 || (b.at[0] == '#' || b.at[0] == '@' || b.at[0] == '(');
}

/* Up to the bracket that closes one opened before b; 0: none. */
static size_t closed_length(struct bytes b)
{
	unsigned open = 1;

	for (size_t i = 0; i < b.left; i++) {
		uint8_t c = b.at[i];

		if (c == '"' || c == '\'') {
			for (i++; i < b.left && b.at[i] != c; i++)
				i += b.at[i] == '\\';
		} else if (c == '{' || c == '}') {
			open += c == '{' ? 1 : -1u;
			if (open == 0)
				return i;
		}
	}
	return 0;
}

/* ${…}, %{…} and their like, with such code between */
static void look_between(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .language = LANGUAGE_TEMPLATE, .class_name = "template", .contexts = CONTEXT_ALONE, .sink = carrier_sink(c), .text = l->text };
	unsigned tried = 0;
	bool statements;

	for (size_t i = 0; i + 2 < l->text.left && tried < DELIMITERS_MAX; i++) {
		struct bytes inside = bytes_of(l->text.at + i + 2, l->text.left - i - 2);

		if (l->text.at[i + 1] != '{' || l->text.at[i] == '\0' || strchr("$%#*@", l->text.at[i]) == NULL)
			continue;
		tried++;
		inside.left = closed_length(inside);
		if (inside.left == 0 || !is_code(inside, &statements))
			continue;
		s.core = bytes_of(l->text.at + i, inside.left + 3);
		if (l->text.left > DOCUMENT)
			s.text = s.core;
		if (c->kind == CARRIER_PATH)
			s.sink = SINK_HEADER; /* as template.c has it */
		finder_note(f, c, l, &s);
		return;
	}
}

/* {{groovy}}…{{/groovy}}: a wiki's macros that hold code of a language. */
static void look_in_macros(struct finder *f, const struct carrier *c, const struct layer *l)
{
	static const struct { const char *open, *close; enum language language; } macros[] = {
		{ "{{groovy", "{{/groovy}}", LANGUAGE_JAVA }, { "{{velocity", "{{/velocity}}", LANGUAGE_VELOCITY },
	};

	for (size_t i = 0; i < COUNT_OF(macros); i++) {
		struct sighting s = { .language = macros[i].language, .class_name = i == 0 ? "java" : "template", .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };
		ptrdiff_t from = bytes_find(l->text, bytes_text(macros[i].open)), begin, end;
		struct bytes rest;

		if (from < 0)
			continue;
		rest = bytes_of(l->text.at + from, l->text.left - (size_t)from);
		if ((begin = bytes_find(rest, bytes_text("}}"))) < 0 || (end = bytes_find(rest, bytes_text(macros[i].close))) < begin + 2)
			continue;
		s.text = bytes_trim(bytes_of(rest.at + begin + 2, (size_t)(end - begin) - 2));
		if (s.text.left > 0)
			finder_note(f, c, l, &s);
	}
}

void expression_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .language = LANGUAGE_TEMPLATE, .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };
	struct bytes b = bytes_trim(l->text);
	bool statements = false;

	if (c->kind != CARRIER_STREAM && c->kind != CARRIER_BODY && l->text.left <= CODE_MAX) {
		look_between(f, c, l);
		look_in_macros(f, c, l);
	}
	if (c->kind == CARRIER_STREAM || c->kind == CARRIER_COOKIE || b.left < 8 || b.left > CODE_MAX || memchr(b.at, '(', b.left) == NULL)
		return;
	/* a body that is a form, JSON, XML or parts has been looked at field by field; templates have their own recogniser */
	if (strchr("{[<-%$&?=", b.at[0]) != NULL)
		return;
	if (c->kind == CARRIER_BODY && body_is_form(b))
		return;
	if (!is_code(b, &statements))
		return;
	s.class_name = is_expression(b) ? "template" : "java";
	if (statements)
		s.language = LANGUAGE_JAVA;
	if (c->kind == CARRIER_HEADER)
		s.sink = SINK_HEADER;
	s.text = b;
	finder_note(f, c, l, &s);
}
