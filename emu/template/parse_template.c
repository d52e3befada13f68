/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A template cut into text and parts: {{ }}, {% %}, {# #}, with the marks that eat the blanks around them. */
#include "emu/template/syntax.h"

#include <ctype.h>
#include <string.h>

static bool starts(struct bytes b, const char *text)
{
	return b.left >= strlen(text) && memcmp(b.at, text, strlen(text)) == 0;
}


/* The offset of the next part, or the end. */
static size_t next_part(const struct parser *p, size_t from)
{
	struct bytes all = p->lexer.all;

	for (; from + 1 < all.left; from++) {
		if (all.at[from] == '{' && strchr("{%#", all.at[from + 1]) != NULL && all.at[from + 1] != '\0')
			return from;
	}
	return all.left;
}

static bool eats(const struct parser *p, uint8_t c)
{
	return c == '-' || (c == '~' && p->lexer.dialect == DIALECT_TWIG);
}

/* Behind a part: the blanks that its closing mark eats; Twig also eats a line end behind a statement. */
static void skip_behind(struct parser *p, bool trims, bool line)
{
	struct bytes all = p->lexer.all;

	while (trims && p->lexer.at < all.left && isspace(all.at[p->lexer.at]))
		p->lexer.at++;
	if (!trims && line && p->lexer.dialect == DIALECT_TWIG && p->lexer.at < all.left && all.at[p->lexer.at] == '\n')
		p->lexer.at++;
}

static struct node *text_node(struct parser *p, size_t from, size_t to, bool trimmed)
{
	struct bytes s = text_cut(p->lexer.all, from, to);
	struct node *n;

	while (trimmed && s.left > 0 && isspace(s.at[s.left - 1]))
		s.left--;
	if ((n = syntax_node(p, NODE_TEXT)) != NULL)
		n->name = s;
	return n;
}

/* {% raw %} … {% endraw %}, Twig's verbatim: the closing tag, wherever it stands. */
static bool raw_end(const struct parser *p, size_t from, const char *word, size_t *begin, size_t *end)
{
	struct bytes all = p->lexer.all;

	for (size_t i = from; i + 1 < all.left; i++) {
		size_t at = i + 2;

		if (all.at[i] != '{' || all.at[i + 1] != '%')
			continue;
		at += at < all.left && eats(p, all.at[at]);
		while (at < all.left && isspace(all.at[at]))
			at++;
		if (!starts(text_cut(all, at, all.left), word))
			continue;
		at += strlen(word);
		while (at < all.left && isspace(all.at[at]))
			at++;
		at += at < all.left && eats(p, all.at[at]);
		if (starts(text_cut(all, at, all.left), "%}")) {
			*begin = i;
			*end = at + 2;
			return true;
		}
	}
	return false;
}

static struct node *parse_raw(struct parser *p, const char *closing)
{
	size_t from, begin, end;
	struct node *n;

	skip_behind(p, p->lexer.trims, p->lexer.dialect == DIALECT_TWIG);
	from = p->lexer.at;
	if (!raw_end(p, from, closing, &begin, &end))
		return parser_fail(p, "Missing end of raw directive");
	p->evaluates = true;
	n = text_node(p, from, begin, begin + 2 < p->lexer.all.left && eats(p, p->lexer.all.at[begin + 2]));
	p->lexer.at = end;
	skip_behind(p, eats(p, p->lexer.all.at[end - 3]), false);
	return n;
}

/* A part's lexer begins behind its opening. */
static void open_part(struct parser *p, size_t at, const char *close)
{
	uint8_t mark = at + 2 < p->lexer.all.left ? p->lexer.all.at[at + 2] : 0;

	p->lexer.at = at + 2 + (eats(p, mark) || (mark == '+' && close[0] == '%' && p->lexer.dialect == DIALECT_JINJA2));
	p->lexer.close = close;
	p->lexer.open = 0;
	p->lexer.trims = false;
	parser_advance(p);
}

static bool skip_comment(struct parser *p, size_t at)
{
	ptrdiff_t end = bytes_find(text_cut(p->lexer.all, at + 2, p->lexer.all.left), bytes_text("#}"));

	if (end < 0) {
		parser_fail(p, "Missing end of comment tag");
		return false;
	}
	p->evaluates = true;
	p->lexer.at = at + 2 + (size_t)end + 2;
	skip_behind(p, end > 0 && eats(p, p->lexer.all.at[p->lexer.at - 3]), true);
	return true;
}

static struct node *parse_print(struct parser *p, size_t at)
{
	struct node *n = syntax_node(p, NODE_PRINT);

	open_part(p, at, "}}");
	if (n == NULL || parser_failed(p))
		return NULL;
	p->evaluates = true;
	n->a = p->lexer.dialect == DIALECT_JINJA2 ? parse_jinja_tuple(p) : parse_expression(p);
	if (n->a == NULL || !parse_close(p))
		return NULL;
	skip_behind(p, p->lexer.trims, false);
	return n;
}

/* Is it the statement whose name is one of ends? */
static bool ends_body(const struct parser *p, const char *const *ends, unsigned *found)
{
	for (unsigned i = 0; ends != NULL && ends[i] != NULL; i++) {
		if (lexeme_reads(&p->token, ends[i])) {
			*found = i;
			return true;
		}
	}
	return false;
}

static struct node *parse_tag(struct parser *p, const char *const *ends, unsigned *found, bool *ended)
{
	bool twig = p->lexer.dialect == DIALECT_TWIG;
	struct node *n;

	if (parser_failed(p))
		return NULL;
	if ((*ended = ends_body(p, ends, found)))
		return NULL;
	if (p->token.kind != LEXEME_NAME)
		return parser_fail(p, "tag name expected");
	if (lexeme_reads(&p->token, "raw") || (twig && lexeme_reads(&p->token, "verbatim"))) {
		bool raw = lexeme_reads(&p->token, "raw");
		struct lexeme after = parser_look(p);

		if (after.kind == LEXEME_CLOSE && (raw ? !twig : true)) {
			parser_advance(p);
			return parse_raw(p, raw ? "endraw" : "endverbatim");
		}
	}
	p->evaluates = true;
	n = parse_statement(p);
	if (n == NULL || !parse_close(p))
		return NULL;
	skip_behind(p, p->lexer.trims, true);
	return n;
}

struct node *parse_body(struct parser *p, const char *const *ends, unsigned *found)
{
	struct node *group = syntax_node(p, NODE_GROUP), **end = group != NULL ? &group->list : NULL, *n;
	bool ended = false;

	if (group == NULL || !parser_enter(p))
		return NULL;
	if (p->lexer.close != NULL)
		skip_behind(p, p->lexer.trims, strcmp(p->lexer.close, "%}") == 0);
	while (!parser_failed(p)) {
		size_t from = p->lexer.at, at = next_part(p, from);

		if (at > from) {
			bool trimmed = at + 2 < p->lexer.all.left && eats(p, p->lexer.all.at[at + 2]);

			if ((n = text_node(p, from, at, trimmed)) == NULL)
				return NULL;
			node_append(&end, n);
		}
		if (at == p->lexer.all.left)
			break;
		if (p->lexer.all.at[at + 1] == '#') {
			if (!skip_comment(p, at))
				return NULL;
			continue;
		}
		if (p->lexer.all.at[at + 1] == '%') {
			open_part(p, at, "%}");
			n = parse_tag(p, ends, found, &ended);
		} else {
			n = parse_print(p, at);
		}
		if (ended)
			break;
		if (n == NULL)
			return NULL;
		node_append(&end, n);
	}
	parser_leave(p);
	if (!ended && ends != NULL)
		return parser_fail(p, "Unexpected end of template. Jinja was looking for the following tags: '%s'.", ends[0]);
	return parser_failed(p) ? NULL : group;
}

struct node *parse_template(enum dialect d, struct bytes text, struct arena *a, struct parser *ret)
{
	struct node *n;

	*ret = (struct parser){ .arena = a, .lexer = { .dialect = d, .all = text, .arena = a } };
	if (d == DIALECT_JINJA2 && text.left > 0 && text.at[text.left - 1] == '\n')
		ret->lexer.all.left -= 1 + (text.left > 1 && text.at[text.left - 2] == '\r');
	n = parse_body(ret, NULL, NULL);
	return n;
}
