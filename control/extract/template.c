/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Templates and expressions in values: delimiters of the engines with something between them that would be evaluated and
 * that no application put there itself. Which engine takes it, emulation tells.
 */
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/template_code.h"

#include <ctype.h>
#include <string.h>

enum {
	PARTS_MAX = 64,          /* delimiters looked at in one value */
	SHARE = 2,               /* ordinary code counts where it is at least this part of the value */
	DOCUMENT = 4096,         /* a longer value is a document: of it what stands around the code is left away */
};

struct delimiter {
	const char *open, *close;
	bool statement;
	enum template_code least; /* what it needs: braces and dollars stand in ordinary text too */
};

static const struct delimiter delimiters[] = { /* longer ones first */
	{ "{{{", "}}}", false, TEMPLATE_ORDINARY },
	{ "{{", "}}", false, TEMPLATE_ORDINARY },
	{ "{%", "%}", true, TEMPLATE_ORDINARY },
	{ "<%=", "%>", false, TEMPLATE_ORDINARY },
	{ "<%-", "%>", false, TEMPLATE_ORDINARY },
	{ "<%", "%>", false, TEMPLATE_REACH },
	{ "[[${", "}]]", false, TEMPLATE_GLOBAL },
	{ "[(${", "})]", false, TEMPLATE_GLOBAL },
	{ "[=", "]", false, TEMPLATE_GLOBAL },
	{ "${", "}", false, TEMPLATE_GLOBAL },
	{ "$!{", "}", false, TEMPLATE_GLOBAL },
	{ "#{", "}", false, TEMPLATE_GLOBAL },
	{ "*{", "}", false, TEMPLATE_GLOBAL },
	{ "%{", "}", false, TEMPLATE_GLOBAL },
	{ "~{", "}", false, TEMPLATE_GLOBAL },
	{ "@{", "}", false, TEMPLATE_GLOBAL },
	{ "@(", ")", false, TEMPLATE_GLOBAL },
	{ "{", "}", false, TEMPLATE_PROBE },
};

/* Statements whose mark and word stand together. */
static const char *const openings[] = {
	"<#assign", "<#list", "<#if", "<#include", "[#assign", "[#list", "[#if", "#set(", "#set (", "#foreach(", "#foreach (", "#if(", "#include(", "#parse(", "#evaluate(",
	"{php}", "{php ", "{if ", "{literal}", "{function ", "{math ", "{include ", "{fetch ", "{assign ",
};

static bool starts(struct bytes b, const char *text)
{
	return b.left >= strlen(text) && memcmp(b.at, text, strlen(text)) == 0;
}

/* The length of the part that begins at b, its closing delimiter with it; quotes and brackets inside are passed over. */
static size_t part_length(struct bytes b, const struct delimiter *d, struct bytes *inside)
{
	size_t from = strlen(d->open), close = strlen(d->close);
	unsigned open = 0;
	uint8_t quote = 0;

	for (size_t i = from; i < b.left; i++) {
		uint8_t c = b.at[i];

		if (quote != 0) {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = 0;
		} else if (open == 0 && starts(bytes_of(b.at + i, b.left - i), d->close)) {
			*inside = bytes_of(b.at + from, i - from);
			return i + close;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (strchr("([{", c) != NULL && c != '\0') {
			open++;
		} else if (strchr(")]}", c) != NULL && c != '\0' && open > 0) {
			open--;
		}
	}
	return 0;
}

/* The marks that eat blanks stand inside: {{- x -}} */
static struct bytes bare(struct bytes s)
{
	while (s.left > 0 && (isspace(s.at[0]) || s.at[0] == '-' || s.at[0] == '~'))
		s = bytes_of(s.at + 1, s.left - 1);
	while (s.left > 0 && (isspace(s.at[s.left - 1]) || s.at[s.left - 1] == '-'))
		s.left--;
	return s;
}

/* Behind a brace alone: a blank, before which Smarty leaves it alone, or a key and its colon, as of objects of JSON and scripts. */
static bool is_block(struct bytes inside)
{
	size_t i = 0;

	if (inside.left == 0 || isspace(inside.at[0]))
		return true;
	if (inside.at[0] == '"' || inside.at[0] == '\'') {
		const uint8_t *end = memchr(inside.at + 1, inside.at[0], inside.left - 1);

		i = end == NULL ? inside.left : (size_t)(end - inside.at) + 1;
	} else {
		while (i < inside.left && isalnum(inside.at[i]))
			i++;
	}
	while (i < inside.left && isspace(inside.at[i]))
		i++;
	return i > 0 && i < inside.left && inside.at[i] == ':';
}

/* The body of a function of Java's expressions, which stands in the same braces. */
static bool is_function(struct bytes inside)
{
	return bytes_find(inside, bytes_text(".forName(")) >= 0 || bytes_find(inside, bytes_text("getRuntime(")) >= 0 || bytes_find(inside, bytes_text("getClass(")) >= 0;
}

/* One value's parts. */
struct findings {
	size_t begin, end;        /* from the first part that counts to the end of the last */
	size_t inside;            /* bytes of parts that count */
	enum template_code most;
};

static void count(struct findings *f, size_t at, size_t len, enum template_code code)
{
	if (f->most == TEMPLATE_NOTHING)
		f->begin = at;
	f->end = at + len;
	f->inside += len;
	f->most = code > f->most ? code : f->most;
}

static const char *opening_at(struct bytes b)
{
	for (size_t i = 0; i < COUNT_OF(openings); i++) {
		if (starts(b, openings[i]))
			return openings[i];
	}
	return NULL;
}

/* Code of several statements: as much as the one that reaches furthest. */
static enum template_code statements_code(struct bytes inside)
{
	enum template_code most = template_code(bare(inside), false);

	while (inside.left > 0 && most < TEMPLATE_REACH) {
		struct bytes line = http_split(&inside, '\n');

		while (line.left > 0) {
			enum template_code code = template_code(bare(http_split(&line, ';')), false);

			most = code > most ? code : most;
		}
	}
	return most;
}

/* A statement whose word stands in its mark: to the mark's end, or to the bracket's. */
static size_t try_opening(struct bytes b, const char *opening, size_t at, struct findings *f)
{
	const struct delimiter directive = { opening, ")", true, TEMPLATE_ORDINARY };
	const char *close = b.at[0] == '<' ? ">" : b.at[0] == '[' ? "]" : "}";
	enum template_code code;
	struct bytes inside;
	size_t len;

	if (b.at[0] == '#') {
		if ((len = part_length(b, &directive, &inside)) > 0)
			inside = bytes_of(b.at + 1, len - 1);
	} else {
		ptrdiff_t end = bytes_find(b, bytes_text(close));

		len = end < 0 ? 0 : (size_t)end + 1;
		inside = bytes_of(b.at + 1, (len > 0 ? len : 2) - 2);
	}
	if (len == 0)
		return 0;
	code = starts(b, "{php}") ? TEMPLATE_REACH : template_code(bare(inside), true);
	if (code != TEMPLATE_NOTHING)
		count(f, at, len, code);
	return len;
}

/* What stands at b; 0: no part. */
static size_t try_part(struct bytes b, size_t at, struct findings *f)
{
	const char *opening = opening_at(b);
	struct bytes inside;

	if (opening != NULL)
		return try_opening(b, opening, at, f);
	for (size_t i = 0; i < COUNT_OF(delimiters); i++) {
		const struct delimiter *d = &delimiters[i];
		enum template_code code;
		size_t len;

		if (!starts(b, d->open) || (len = part_length(b, d, &inside)) == 0)
			continue;
		if (strlen(d->open) == 1 && at > 1 && memcmp(b.at - 2, "->", 2) == 0)
			continue; /* Perl's subscript */
		code = strcmp(d->open, "<%") == 0 ? statements_code(inside) : template_code(bare(inside), d->statement);
		if (code >= d->least && (strlen(d->open) > 1 || !is_block(inside) || is_function(inside))) {
			count(f, at, len, code);
			return len;
		}
	}
	return 0;
}

static void find_parts(struct bytes b, struct findings *f)
{
	unsigned tried = 0;

	for (size_t i = 0; i + 2 < b.left && tried < PARTS_MAX;) {
		size_t len = 0;

		if (strchr("{<[$#*%~@", b.at[i]) != NULL && b.at[i] != '\0') {
			len = try_part(bytes_of(b.at + i, b.left - i), i, f);
			tried++;
		}
		i += len > 0 ? len : 1;
	}
}

/* The part of a path that an application takes for its value: between the slashes around the code. */
static struct bytes segment_of(struct bytes path, const struct findings *found)
{
	size_t begin = found->begin, end = found->end;

	while (begin > 0 && path.at[begin - 1] != '/')
		begin--;
	while (end < path.left && path.at[end] != '/')
		end++;
	return bytes_of(path.at + begin, end - begin);
}

void template_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .language = LANGUAGE_TEMPLATE, .class_name = "template", .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };
	struct findings found = { 0 };

	if (c->kind == CARRIER_STREAM || c->kind == CARRIER_BODY || !finder_is_text(l->text))
		return;
	find_parts(l->text, &found);
	if (found.most == TEMPLATE_NOTHING || (found.most <= TEMPLATE_GLOBAL && found.inside * SHARE < l->text.left))
		return;
	s.text = l->text;
	s.core = bytes_of(l->text.at + found.begin, found.end - found.begin);
	if (l->text.left > DOCUMENT)
		s.text = s.core;
	if (c->kind == CARRIER_PATH) {
		s.sink = SINK_HEADER; /* no file is called so: what answers for a whole tree of paths evaluates it */
		s.text = segment_of(l->text, &found);
	}
	finder_note(f, c, l, &s);
}
