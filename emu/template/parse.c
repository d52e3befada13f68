/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parsers share: tokens, nodes, errors, depth. */
#include "emu/template/syntax.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct node *syntax_node(struct parser *p, enum node_kind kind)
{
	struct node *n = p->nodes < SYNTAX_NODES_MAX ? arena_take(p->arena, sizeof(*n)) : NULL;

	if (n == NULL) {
		p->bounded = true;
		p->full |= p->arena->full;
		return NULL;
	}
	p->nodes++;
	n->kind = kind;
	return n;
}

void node_append(struct node ***end, struct node *n)
{
	**end = n;
	*end = &n->next;
}

bool parser_failed(const struct parser *p)
{
	return p->error.at != NULL || p->bounded || p->refused != NULL;
}

void parser_advance(struct parser *p)
{
	p->token = lexer_next(&p->lexer);
	if (p->token.kind == LEXEME_BIG)
		p->refused = "a number beyond 64 bits";
	if (p->token.kind == LEXEME_BAD)
		parser_fail(p, "unexpected char '%.*s' at %zu", (int)p->token.text.left, (const char *)p->token.text.at, p->lexer.at);
}

struct lexeme parser_look(const struct parser *p)
{
	struct lexer ahead = p->lexer;

	return lexer_next(&ahead);
}

bool parser_accept(struct parser *p, const char *text)
{
	if (!lexeme_reads(&p->token, text))
		return false;
	parser_advance(p);
	return true;
}

void *parser_fail(struct parser *p, const char *why, ...)
{
	char text[256];
	va_list list;
	int len;

	if (parser_failed(p))
		return NULL;
	va_start(list, why);
	len = vsnprintf(text, sizeof(text), why, list);
	va_end(list);
	p->error = arena_copy(p->arena, bytes_of(text, len > 0 && (size_t)len < sizeof(text) ? (size_t)len : 0), sizeof(text));
	if (p->error.at == NULL)
		p->bounded = true;
	return NULL;
}

/* As the engines' messages name a token. */
static struct bytes token_text(const struct parser *p)
{
	const struct lexeme *t = &p->token;

	if (t->kind == LEXEME_CLOSE)
		return bytes_text(p->lexer.close[0] == '%' ? "end of statement block" : "end of print statement");
	return t->kind == LEXEME_END ? bytes_text("end of template") : t->text;
}

void *parser_unexpected(struct parser *p, const char *expected)
{
	struct bytes got = token_text(p);

	if (expected == NULL)
		return parser_fail(p, "unexpected '%.*s'", (int)(got.left < 60 ? got.left : 60), (const char *)got.at);
	return parser_fail(p, "expected token '%s', got '%.*s'", expected, (int)(got.left < 60 ? got.left : 60), (const char *)got.at);
}

bool parser_expect(struct parser *p, const char *text)
{
	if (parser_accept(p, text))
		return true;
	parser_unexpected(p, text);
	return false;
}

bool parser_enter(struct parser *p)
{
	if (p->depth == SYNTAX_DEPTH_MAX)
		p->bounded = true;
	else
		p->depth++;
	return !parser_failed(p);
}

void parser_leave(struct parser *p)
{
	p->depth -= p->depth > 0;
}

bool parse_close(struct parser *p)
{
	if (p->token.kind != LEXEME_CLOSE) {
		parser_unexpected(p, p->lexer.close[0] == '%' ? "end of statement block" : "end of print statement");
		return false;
	}
	return !parser_failed(p);
}
