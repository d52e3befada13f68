/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code of Python, Ruby, Node, Perl and ASP in values: a name of the language's interface, and around it what reads as code
 * of that language up to where it breaks out of, and back into, the application's own. Prose about code is none.
 */
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/script_signs.h"
#include "control/extract/writing.h"

#include <ctype.h>
#include <string.h>

enum {
	SCRIPT_MAX = 32 << 10,  /* bytes of one value looked at */
	SIGNS_MAX = 32,         /* signs weighed in one value */
	STARTS_MAX = 24,        /* places tried where the code may begin */
	NEST_MAX = 64,          /* brackets in brackets */
};

/* Where a walk over code came to. */
struct walked {
	size_t end;      /* behind the code */
	bool whole;      /* no quote and no bracket is open there */
	bool reached;    /* the sign stands in it, and in no string */
	bool prose;      /* words beside words */
};

/* How a string or comment is written. */
static bool is_quote(uint8_t c)
{
	return c == '\'' || c == '"' || c == '`';
}

static bool is_word(uint8_t c)
{
	return isalnum(c) || c == '_' || c >= 0x80;
}

static bool is_comment(enum language language, struct bytes b, size_t i)
{
	bool slashes = language == LANGUAGE_NODE && b.at[i] == '/' && i + 1 < b.left && b.at[i + 1] == '/';
	bool hash = language != LANGUAGE_NODE && language != LANGUAGE_ASP && b.at[i] == '#' && (i + 1 == b.left || b.at[i + 1] != '{');

	return slashes || hash;
}

/* The end of the string that opens at b[i], behind its closing quote; 0: it has none. */
static size_t string_end(struct bytes b, size_t i, bool asp)
{
	uint8_t quote = b.at[i];

	for (i++; i < b.left; i++) {
		if (b.at[i] == '\\' && !asp)
			i++;
		else if (b.at[i] == quote)
			return i + 1;
	}
	return 0;
}

/* Words that follow each other as in prose: neither says that another may. */
static bool is_prose(struct bytes before, struct bytes word)
{
	if (before.left == 0 || sign_is_keyword(before) || sign_is_keyword(word))
		return false;
	for (size_t i = 0; i < word.left; i++)
		if (isdigit(word.at[i]) || word.at[i] == '_')
			return false;
	return true;
}

/* Walks over code that begins at b[start]. */
static struct walked walk(enum language language, struct bytes b, size_t start, size_t sign)
{
	struct walked w = { .end = start };
	struct bytes before = { 0 };
	uint8_t open[NEST_MAX];
	unsigned depth = 0;
	size_t i = start, outer = start;

	while (i < b.left && depth < NEST_MAX) {
		uint8_t c = b.at[i];
		size_t from = i;

		w.reached |= i == sign;
		if (is_comment(language, b, i)) {
			const uint8_t *line = memchr(b.at + i, '\n', b.left - i);

			if (depth == 0 && line == NULL)
				break;
			i = line == NULL ? b.left : (size_t)(line - b.at);
		} else if (is_quote(c) && !(language == LANGUAGE_ASP && c == '\'')) {
			i = string_end(b, i, language == LANGUAGE_ASP);
			if (i == 0) {
				i = from;
				break;
			}
			before.left = 0;
			if (depth == 0)
				outer = i;
		} else if (is_word(c)) {
			while (i < b.left && is_word(b.at[i])) {
				i++;
				w.reached |= i == sign;
			}
			w.prose |= is_prose(before, bytes_of(b.at + from, i - from));
			before = bytes_of(b.at + from, i - from);
		} else if (strchr("([{", c) != NULL && c != 0) {
			open[depth++] = c == '(' ? ')' : c == '[' ? ']' : '}';
			before.left = 0;
			i++;
		} else if (strchr(")]}", c) != NULL && c != 0) {
			if (depth == 0 || open[depth - 1] != c)
				break;
			depth--;
			before.left = 0;
			i++;
		} else {
			/* a tag is a page's, not a script's; a blank leaves the word before it */
			w.prose |= c == '<' && language != LANGUAGE_ASP && i + 1 < b.left && (isalpha(b.at[i + 1]) || b.at[i + 1] == '/');
			if (!isblank(c))
				before.left = 0;
			i++;
		}
		if (depth == 0 && i <= b.left)
			outer = i;
	}
	w.whole = depth == 0;
	w.end = depth == 0 && i > outer ? i : depth == 0 ? i : outer;
	return w;
}

/* Does what is left out, before or behind the code, read as prose, or as a page? */
static bool around_is_prose(enum language language, struct bytes b)
{
	struct bytes before = { 0 };
	ptrdiff_t tag = language == LANGUAGE_ASP ? -1 : bytes_find(b, bytes_text("</"));

	if (tag >= 0 && (size_t)tag + 2 < b.left && isalpha(b.at[tag + 2]))
		return true;

	for (size_t i = 0; i < b.left;) {
		size_t from = i;

		while (i < b.left && is_word(b.at[i]))
			i++;
		if (i > from) {
			if (is_prose(before, bytes_of(b.at + from, i - from)))
				return true;
			before = bytes_of(b.at + from, i - from);
		} else {
			if (!isspace(b.at[i]))
				before.left = 0;
			i++;
		}
	}
	return false;
}

/* Behind what breaks out: the value's own word and the statement's end, a quote's operators. */
static size_t skip_breakout(struct bytes b, size_t at)
{
	size_t word = at;

	while (at < b.left && (isspace(b.at[at]) || strchr("'\"+.;,)]}|&", b.at[at]) != NULL) && b.at[at] != 0)
		at++;
	for (word = at; word < b.left && (isalnum(b.at[word]) || b.at[word] == '-'); word++)
		;
	/* "1;import os" */
	if (word > at && word < b.left && (b.at[word] == ';' || b.at[word] == '\n'))
		return skip_breakout(bytes_of(b.at, b.left), word + 1);
	return at;
}

/* Templates have recognisers of their own. */
static bool in_template(enum language language, struct bytes b, size_t start)
{
	struct bytes rest = bytes_of(b.at + start, b.left - start);

	if (bytes_starts_fold(rest, bytes_text("{{")) || bytes_starts_fold(rest, bytes_text("{%")) ||
	    bytes_starts_fold(rest, bytes_text("${")) || bytes_starts_fold(rest, bytes_text("<%")))
		return true;
	for (size_t i = 0; i < start && i + 1 < b.left; i++) {
		uint8_t c = b.at[i], d = b.at[i + 1];

		if ((c == '{' && (d == '{' || d == '%')) || (c == '<' && d == '%' && language != LANGUAGE_ASP))
			return true;
		if (d == '{' && (c == '$' || c == '*' || c == '@' || c == '~') && language != LANGUAGE_NODE)
			return true;
		if (d == '{' && c == '#' && language != LANGUAGE_RUBY)
			return true;
	}
	return false;
}

/* What follows the last operator that leads back into the application's own code is not ours. */
static struct bytes trimmed(struct bytes b)
{
	b = bytes_trim(b);
	while (b.left > 0 && (isspace(b.at[b.left - 1]) || strchr("+.,&|-", b.at[b.left - 1]) != NULL))
		b.left--;
	return b;
}

/* The code around a sign from a start that is tried; false: none from there. */
static bool try_start(enum language language, struct bytes b, size_t start, size_t sign, struct bytes *ret)
{
	struct walked w;
	struct bytes code, rest;

	start = skip_breakout(b, start);
	if (start > sign || in_template(language, b, start))
		return false;
	w = walk(language, b, start, sign);
	if (!w.reached || w.prose || w.end <= sign || around_is_prose(language, bytes_of(b.at, start)))
		return false;
	code = trimmed(bytes_of(b.at + start, w.end - start));
	rest = bytes_trim(bytes_of(b.at + w.end, b.left - w.end));
	if (rest.left > 0 && !is_comment(language, rest, 0) && around_is_prose(language, rest))
		return false;
	*ret = code;
	return code.left > 0 && code.at + code.left > b.at + sign;
}

static bool find_code(enum language language, struct bytes b, size_t sign, struct bytes *ret)
{
	unsigned tries = 0;

	if (try_start(language, b, 0, sign, ret))
		return true;
	for (size_t i = 0; i < sign && tries < STARTS_MAX; i++) {
		if (b.at[i] == 0 || strchr("'\")]};\n+,|&{", b.at[i]) == NULL)
			continue;
		tries++;
		if (try_start(language, b, i + 1, sign, ret))
			return true;
	}
	return false;
}

/* The rest of a file behind its tag: an ASP page. */
static bool is_page(struct bytes b)
{
	static const char *const openings[] = { "<%@", "<%eval", "<%execute", "<%response", "<% response", "<% eval", "<% execute", "<%=" };
	bool found = false;

	for (size_t i = 0; i < COUNT_OF(openings); i++)
		found |= bytes_starts_fold(b, bytes_text(openings[i]));
	return found;
}

/* Does the code only load modules, and leaves it at that? */
static bool only_loads(enum language language, struct bytes code)
{
	static const char *const words[] = { "import ", "from ", "use ", "require ", "no " };

	if (language == LANGUAGE_NODE || language == LANGUAGE_ASP)
		return false;
	while (code.left > 0) {
		struct bytes line = http_split(&code, '\n');

		while (line.left > 0) {
			struct bytes statement = bytes_trim(http_split(&line, ';'));
			/* "#{" opens an interpolation, not a comment */
			bool loads = statement.left == 0 || (statement.at[0] == '#' && (statement.left == 1 || statement.at[1] != '{'));

			for (size_t i = 0; i < COUNT_OF(words); i++)
				loads |= bytes_starts_fold(statement, bytes_text(words[i])) && memchr(statement.at, '(', statement.left) == NULL;
			if (!loads)
				return false;
		}
	}
	return true;
}

/* Perl that reads its environment: does anything come of it, or is it part of a module? */
static bool only_reads(enum language language, const struct sign *sign, struct bytes code)
{
	static const char *const acts[] = { "print", "say", "system", "exec", "open", "die", "warn", "`", "qx", "eval", "socket", "http" };

	if (language != LANGUAGE_PERL || (memchr(code.at, '\n', code.left) == NULL && bytes_find(code, bytes_text("sub ")) < 0) || memmem(sign->name, strlen(sign->name), "ENV", 3) == NULL)
		return false;
	for (size_t i = 0; i < COUNT_OF(acts); i++) {
		if (bytes_find(code, bytes_text(acts[i])) >= 0)
			return false;
	}
	return true;
}

/* A dotted name and no more: who programs asks and writes about it. */
static bool is_name(struct bytes code)
{
	for (size_t i = 0; i < code.left; i++)
		if (!is_word(code.at[i]) && strchr(".:$%", code.at[i]) == NULL)
			return false;
	return true;
}

static void note(struct finder *f, const struct carrier *c, const struct layer *l, enum language language, struct bytes code)
{
	static const char *const classes[LANGUAGE_COUNT] = {
		[LANGUAGE_PYTHON] = "python", [LANGUAGE_RUBY] = "ruby", [LANGUAGE_NODE] = "node", [LANGUAGE_PERL] = "perl",
		[LANGUAGE_ASP] = "asp",
	};
	struct sighting s = {
		.language = language, .class_name = classes[language], .text = code, .sink = carrier_sink(c),
		.contexts = code.left == bytes_trim(l->text).left ? CONTEXT_ALONE : CONTEXT_AFTER,
		/* nothing that it leaves: a question about it */
		.quiet = is_name(code) && (code.left == bytes_trim(l->text).left || memchr(l->text.at, '(', l->text.left) == NULL),
	};

	finder_note(f, c, l, &s);
}

/* Is the body a form, JSON, a document or parts, whose fields have been looked at? */
static bool was_cut(struct bytes body)
{
	if (body.left > 2 && (body.at[0] == '{' || body.at[0] == '[') && (body.at[1] == '"' || body.at[1] == '{' || isspace(body.at[1])))
		return true;
	return body_is_form(body) || bytes_starts_fold(body, bytes_text("<?xml")) ||
		(bytes_starts_fold(body, bytes_text("--")) && bytes_find(body, bytes_text("content-disposition")) > 0);
}

void script_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes b = l->text, code;
	bool noted[LANGUAGE_COUNT] = { false };
	unsigned weighed = 0;

	if (c->kind == CARRIER_STREAM || (c->kind == CARRIER_BODY && (c->to_interpreter || was_cut(bytes_trim(b)))))
		return;
	if (b.left > SCRIPT_MAX)
		b.left = SCRIPT_MAX;
	if (!finder_is_text(b))
		return;
	for (size_t i = 0; i < b.left && weighed < SIGNS_MAX; i++) {
		const struct sign *s;
		size_t from = 0;

		if (!sign_begins(b.at[i]) || (i > 0 && is_word(b.at[i]) && is_word(b.at[i - 1])))
			continue;
		while ((s = sign_at(b, i, &from)) != NULL && weighed++ < SIGNS_MAX) {
			if (noted[s->language])
				continue;
			if (s->language == LANGUAGE_ASP && is_page(bytes_trim(b)))
				code = bytes_trim(b);
			else if (!find_code(s->language, b, i, &code) || only_loads(s->language, code) || only_reads(s->language, s, code))
				continue;
			note(f, c, l, s->language, code);
			noted[s->language] = true;
		}
	}
}
