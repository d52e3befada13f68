/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pipelines: expressions and commands, joined by |, with redirections; and assignments. about_Pipelines, about_Parsing. */
#include "emu/windows/powershell/grammar.h"

#include <string.h>

/* > >> 2> 2>&1 *> behind an element. */
static bool redirections(struct grammar *g, struct syntax *s)
{
	for (skip_blanks(g); host_step(g->host); skip_blanks(g)) {
		uint16_t c = grammar_peek(g, 0);
		size_t number = (is_digit16(c) || c == '*') && grammar_peek(g, 1) == '>' ? 1 : 0;
		struct syntax *to;
		bool append;

		if (c != '>' && number == 0)
			return true;
		g->at += number + 1;
		append = take_sign(g, ">");
		if (take_sign(g, "&")) {
			s->joins_errors |= c == '2' || c == '*';
			g->at++;
			continue;
		}
		skip_blanks(g);
		if (strchr("$\"'(", grammar_peek(g, 0) < 128 ? grammar_peek(g, 0) : 'x') != NULL && grammar_peek(g, 0) != 0)
			to = grammar_primary(g, true);
		else
			to = grammar_bare(g);
		if (to == NULL)
			return grammar_refuse(g) != NULL;
		if (c == '2' || c == '*')
			s->quiet_errors = true;
		if (c != '>' && c != '1' && c != '*')
			continue;
		s->append = append;
		if (to->kind == S_VARIABLE && string_is(to->text, "null"))
			s->quiet = true;
		else
			s->to = to;
	}
	return true;
}

/* One argument; lists of them by commas. */
static struct syntax *argument_one(struct grammar *g)
{
	uint16_t c = grammar_peek(g, 0), next = grammar_peek(g, 1);
	struct syntax *s = NULL;
	size_t kept = g->at;

	if (c == '@' && is_letter16(next))
		return grammar_variable(g);
	if (c == '$' || c == '"' || c == '\'' || c == '(' || c == '{' || (c == '@' && (next == '(' || next == '{' || next == '"' || next == '\''))) {
		s = grammar_primary(g, true);
		/* "$a\b" without quotes goes on as a word */
		if (s == NULL || grammar_ends(g) || strchr(" \t\r\n;|&(){},<>", grammar_peek(g, 0) < 128 ? grammar_peek(g, 0) : 'x') != NULL || c == '(' || c == '{')
			return s;
		g->at = kept;
		return grammar_bare(g);
	}
	if ((is_digit16(c) || (c == '-' && is_digit16(next)))) {
		g->at += c == '-';
		s = grammar_number(g);
		if (s != NULL && (grammar_ends(g) || strchr(" \t\r\n;|&(){},<>", grammar_peek(g, 0) < 128 ? grammar_peek(g, 0) : 'x') != NULL)) {
			if (c == '-')
				s->constant = s->constant.kind == V_DOUBLE ? v_double(-s->constant.real) : v_int(-s->constant.number);
			return s;
		}
		g->at = kept;
	}
	return grammar_bare(g);
}

static struct syntax *argument_list(struct grammar *g)
{
	struct syntax *first = argument_one(g), *s = NULL;
	size_t kept = g->at;

	for (skip_blanks(g); first != NULL && grammar_peek(g, 0) == ',' && host_step(g->host); skip_blanks(g)) {
		g->at++;
		skip_newlines(g);
		if (s == NULL) {
			s = grammar_new(g, S_COMMA);
			grammar_add(g, s, first);
		}
		if ((first = argument_one(g)) == NULL)
			return grammar_refuse(g);
		grammar_add(g, s, first);
		kept = g->at;
	}
	g->at = kept;
	return s != NULL ? s : first != NULL ? first : grammar_refuse(g);
}

/* -Name, with a value behind a colon. */
static struct syntax *parameter(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_PARAMETER);
	struct units u = units_in(g->host->heap);
	size_t kept = g->at;

	for (g->at++; is_letter16(grammar_peek(g, 0)) || is_digit16(grammar_peek(g, 0)) || grammar_peek(g, 0) == '-' || grammar_peek(g, 0) == '`'; g->at++)
		if (grammar_peek(g, 0) != '`')
			units_put(&u, grammar_peek(g, 0) == '-' ? '-' : g->text->at[g->at]);
	if (u.len == 0 || (!grammar_ends(g) && strchr(" \t\r\n;|&(){},<>:", grammar_peek(g, 0) < 128 ? grammar_peek(g, 0) : 'x') == NULL)) {
		/* "-x=y" and the like are words */
		g->at = kept;
		return NULL;
	}
	s->text = units_string(&u);
	if (take_sign(g, ":")) {
		skip_blanks(g);
		if ((s->a = argument_list(g)) == NULL)
			return grammar_refuse(g);
	}
	return s;
}

static bool command_ends(const struct grammar *g)
{
	uint16_t c = grammar_peek(g, 0);

	return grammar_ends(g) || c == '\n' || c == '\r' || c == ';' || c == '}' || c == ')' || c == '|';
}

static struct syntax *grammar_command(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_COMMAND);
	uint16_t c = grammar_peek(g, 0);

	if (c == '&' || (c == '.' && (grammar_peek(g, 1) == ' ' || grammar_peek(g, 1) == '\t' || strchr("$(\"'{", grammar_peek(g, 1) < 128 ? grammar_peek(g, 1) : 'x') != NULL))) {
		s->flag = true;
		s->append = false;
		if (c == '.')
			s->text = string_text(g->host->heap, ".");
		g->at++;
		skip_blanks(g);
	}
	s->a = s->flag ? argument_one(g) : grammar_bare(g);
	if (s->a == NULL)
		return grammar_refuse(g);
	for (;;) {
		struct syntax *one = NULL;
		size_t before;

		if (!redirections(g, s))
			return NULL;
		if (command_ends(g) || !host_step(g->host))
			return s;
		before = g->at;
		/* --% gives the rest of the line to a program as it is */
		if (grammar_peek(g, 0) == '-' && grammar_peek(g, 1) == '-' && grammar_peek(g, 2) == '%') {
			size_t from = g->at += 3;

			while (!grammar_ends(g) && grammar_peek(g, 0) != '\n' && grammar_peek(g, 0) != '\r' && grammar_peek(g, 0) != '|')
				g->at++;
			one = grammar_new(g, S_CONSTANT);
			one->constant = v_string(string_part(g->host->heap, g->text, from, g->at - from));
		} else if (grammar_peek(g, 0) == '-' && !is_digit16(grammar_peek(g, 1))) {
			one = parameter(g);
		}
		if (one == NULL && !g->wrong)
			one = argument_list(g);
		if (one == NULL || g->at == before)
			return grammar_refuse(g);
		grammar_add(g, s, one);
	}
}

/* Does an expression begin here, or a command's name? */
static bool begins_expression(const struct grammar *g)
{
	uint16_t c = grammar_peek(g, 0), next = grammar_peek(g, 1);

	if (c == '-')
		return is_digit16(next) || next == '-' || next == '$' || next == '(' || at_word(g, "-not") || at_word(g, "-bnot") ||
		    at_word(g, "-join") || at_word(g, "-split") || at_word(g, "-isplit") || at_word(g, "-csplit");
	if (is_digit16(c)) {
		struct grammar ahead = *g;

		/* a program's name may begin with a digit */
		return grammar_number(&ahead) != NULL && (grammar_ends(&ahead) || !is_letter16(grammar_peek(&ahead, 0)));
	}
	return c != 0 && strchr("$\"'(@{[!+,", c < 128 ? c : 'x') != NULL && !(c == '@' && is_letter16(next));
}

/* = += -= *= /= %= */
static bool take_assignment(struct grammar *g, enum operator *ret)
{
	static const struct { const char *sign; enum operator operator; } all[] = {
		{ "+=", OP_ADD }, { "-=", OP_SUBTRACT }, { "*=", OP_MULTIPLY }, { "/=", OP_DIVIDE }, { "%=", OP_MODULO }, { "=", OP_NONE },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (take_sign(g, all[i].sign)) {
			*ret = all[i].operator;
			return true;
		}
	return false;
}

static struct syntax *element(struct grammar *g, bool first)
{
	enum operator op;
	struct syntax *s, *e;

	if (!begins_expression(g))
		return grammar_command(g);
	if ((e = grammar_expression(g)) == NULL)
		return NULL;
	skip_blanks(g);
	if (first && (e->kind == S_VARIABLE || e->kind == S_MEMBER || e->kind == S_INDEX || e->kind == S_COMMA || e->kind == S_STATIC ||
	    e->kind == S_CAST || e->kind == S_PAREN) && take_assignment(g, &op)) {
		s = grammar_new(g, S_ASSIGN);
		s->operator = op;
		s->a = e;
		skip_newlines(g);
		return (s->b = grammar_statement(g)) != NULL ? s : grammar_refuse(g);
	}
	s = grammar_new(g, S_PIPELINE);
	if (!redirections(g, s))
		return NULL;
	if (s->to == NULL && !s->quiet)
		return e;
	/* an expression with a redirection is a pipeline of its own */
	grammar_add(g, s, e);
	return s;
}

struct syntax *grammar_pipeline(struct grammar *g)
{
	struct syntax *first, *s;
	size_t kept;

	skip_blanks(g);
	if (grammar_ends(g) || (first = element(g, true)) == NULL)
		return grammar_refuse(g);
	skip_blanks(g);
	if (grammar_peek(g, 0) != '|' || first->kind == S_ASSIGN)
		return first;
	s = grammar_new(g, S_PIPELINE);
	grammar_add(g, s, first);
	while (grammar_peek(g, 0) == '|' && grammar_peek(g, 1) != '|' && host_step(g->host)) {
		g->at++;
		skip_newlines(g);
		if ((first = element(g, false)) == NULL)
			return grammar_refuse(g);
		grammar_add(g, s, first);
		kept = g->at;
		skip_blanks(g);
		if (grammar_peek(g, 0) != '|')
			g->at = kept;
	}
	return s;
}
