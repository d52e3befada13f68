/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements, pipelines and commands: about_Language_Keywords, about_Pipelines, about_Parsing, about_Redirection. */
#include "emu/windows/powershell/grammar.h"

#include <string.h>

/* ( … ) of if, while and their kin: a pipeline. */
static const struct syntax *condition(struct grammar *g)
{
	const struct syntax *s;

	skip_newlines(g);
	if (!take_sign(g, "("))
		return grammar_refuse(g);
	skip_newlines(g);
	s = grammar_statement(g);
	skip_newlines(g);
	return s != NULL && take_sign(g, ")") ? s : grammar_refuse(g);
}

static const struct syntax *body(struct grammar *g)
{
	struct syntax *s;

	skip_newlines(g);
	if (!take_sign(g, "{"))
		return grammar_refuse(g);
	s = grammar_statements(g, '}');
	return s != NULL && take_sign(g, "}") ? s : grammar_refuse(g);
}

static struct syntax *grammar_if(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_IF), *last = s;
	size_t kept;

	for (;;) {
		if ((last->a = condition(g)) == NULL || (last->b = body(g)) == NULL)
			return grammar_refuse(g);
		kept = g->at;
		skip_newlines(g);
		if (take_word(g, "elseif")) {
			struct syntax *more = grammar_new(g, S_IF);

			last->c = more;
			last = more;
			continue;
		}
		if (take_word(g, "else"))
			return (last->c = body(g)) != NULL ? s : grammar_refuse(g);
		g->at = kept;
		return s;
	}
}

static struct syntax *grammar_while(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_WHILE);

	return (s->a = condition(g)) != NULL && (s->b = body(g)) != NULL ? s : grammar_refuse(g);
}

static struct syntax *grammar_do(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_DO);

	if ((s->b = body(g)) == NULL)
		return grammar_refuse(g);
	skip_newlines(g);
	s->flag = take_word(g, "until");
	if (!s->flag && !take_word(g, "while"))
		return grammar_refuse(g);
	return (s->a = condition(g)) != NULL ? s : grammar_refuse(g);
}

static struct syntax *grammar_for(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_FOR);
	const struct syntax **parts[] = { &s->a, &s->b, &s->c };

	skip_newlines(g);
	if (!take_sign(g, "("))
		return grammar_refuse(g);
	for (int i = 0; i < 3; i++) {
		skip_newlines(g);
		if (grammar_peek(g, 0) != ';' && grammar_peek(g, 0) != ')' && (*parts[i] = grammar_statement(g)) == NULL)
			return grammar_refuse(g);
		skip_newlines(g);
		if (i < 2 && !take_sign(g, ";") && grammar_peek(g, 0) != ')')
			return grammar_refuse(g);
	}
	return take_sign(g, ")") && (s->d = body(g)) != NULL ? s : grammar_refuse(g);
}

static struct syntax *grammar_foreach(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_FOREACH);

	skip_newlines(g);
	if (!take_sign(g, "("))
		return grammar_refuse(g);
	skip_newlines(g);
	if (grammar_peek(g, 0) != '$' || (s->a = grammar_variable(g)) == NULL)
		return grammar_refuse(g);
	skip_newlines(g);
	if (!take_word(g, "in"))
		return grammar_refuse(g);
	skip_newlines(g);
	if ((s->b = grammar_statement(g)) == NULL)
		return grammar_refuse(g);
	skip_newlines(g);
	return take_sign(g, ")") && (s->c = body(g)) != NULL ? s : grammar_refuse(g);
}

/* switch [-regex|-wildcard|-casesensitive] (value) { pattern { … } default { … } } */
static struct syntax *grammar_switch(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_SWITCH);

	s->operator = OP_EQ;
	for (skip_blanks(g); grammar_peek(g, 0) == '-'; skip_blanks(g)) {
		if (take_word(g, "-regex"))
			s->operator = OP_MATCH;
		else if (take_word(g, "-wildcard"))
			s->operator = OP_LIKE;
		else if (!take_word(g, "-casesensitive") && !take_word(g, "-exact"))
			return grammar_refuse(g);
	}
	if ((s->a = condition(g)) == NULL)
		return grammar_refuse(g);
	skip_newlines(g);
	if (!take_sign(g, "{"))
		return grammar_refuse(g);
	for (skip_lines(g); !grammar_ends(g) && grammar_peek(g, 0) != '}' && host_step(g->host); skip_lines(g)) {
		struct syntax *pattern = take_word(g, "default") ? grammar_new(g, S_NOTHING) : grammar_peek(g, 0) == '{' ? grammar_block(g)
		    : strchr("\"'$(@[", grammar_peek(g, 0) < 128 ? grammar_peek(g, 0) : 'x') != NULL ? grammar_primary(g, true)
		    : is_digit16(grammar_peek(g, 0)) ? grammar_number(g) : grammar_bare(g);
		const struct syntax *then = pattern != NULL ? body(g) : NULL;

		if (then == NULL)
			return grammar_refuse(g);
		grammar_add(g, s, pattern);
		grammar_add(g, s, then);
	}
	return take_sign(g, "}") ? s : grammar_refuse(g);
}

/* param( [type] $name = value, … ): a list of names, each followed by its default (or nothing) and its type. */
static struct syntax *parameters(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_PARAM);

	g->at++;
	for (skip_newlines(g); !grammar_ends(g) && grammar_peek(g, 0) != ')' && host_step(g->host); skip_newlines(g)) {
		struct syntax *type = NULL, *name, *fallback = NULL;

		while (grammar_peek(g, 0) == '[') {
			const struct string *t = grammar_type(g);

			if (t == NULL) {
				/* an attribute with arguments of its own */
				unsigned depth = 0;

				do {
					depth += grammar_peek(g, 0) == '[';
					depth -= grammar_peek(g, 0) == ']';
					g->at++;
				} while (depth != 0 && !grammar_ends(g));
			} else {
				type = grammar_new(g, S_TYPE);
				type->text = t;
			}
			skip_newlines(g);
		}
		if (grammar_peek(g, 0) != '$' || (name = grammar_variable(g)) == NULL)
			return grammar_refuse(g);
		skip_newlines(g);
		if (take_sign(g, "=")) {
			skip_newlines(g);
			g->single = true;
			fallback = grammar_primary(g, false);
			g->single = false;
			if (fallback == NULL)
				return grammar_refuse(g);
		}
		grammar_add(g, s, name);
		grammar_add(g, s, fallback != NULL ? fallback : grammar_new(g, S_NOTHING));
		grammar_add(g, s, type != NULL ? type : grammar_new(g, S_NOTHING));
		skip_newlines(g);
		if (!take_sign(g, ","))
			break;
	}
	return take_sign(g, ")") ? s : grammar_refuse(g);
}

/* [CmdletBinding()] and the like before param are passed over; before anything else they are no attributes. */
static void attributes(struct grammar *g)
{
	size_t kept = g->at;

	while (grammar_peek(g, 0) == '[' && host_step(g->host)) {
		unsigned depth = 0;

		do {
			depth += grammar_peek(g, 0) == '[';
			depth -= grammar_peek(g, 0) == ']';
			g->at++;
		} while (depth != 0 && !grammar_ends(g));
		skip_lines(g);
	}
	if (!at_word(g, "param"))
		g->at = kept;
}

static struct syntax *block_inside(struct grammar *g, uint16_t close)
{
	static const char *const names[] = { "begin", "process", "end", "dynamicparam" };
	struct syntax *s = grammar_new(g, S_BLOCK);
	bool named = false;

	skip_lines(g);
	attributes(g);
	if (take_word(g, "param")) {
		skip_newlines(g);
		if (grammar_peek(g, 0) != '(' || (s->param = parameters(g)) == NULL)
			return grammar_refuse(g);
		skip_lines(g);
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t kept = g->at;

		if (!take_word(g, names[i]))
			continue;
		skip_newlines(g);
		if (grammar_peek(g, 0) != '{') {
			g->at = kept;
			break;
		}
		const struct syntax *one = body(g);

		if (one == NULL)
			return grammar_refuse(g);
		if (i == 0)
			s->begin = one;
		else if (i == 1)
			s->process = one;
		else if (i == 2)
			s->end = one;
		named = true;
		skip_lines(g);
		i = (size_t)-1;
	}
	if (!named && (s->a = grammar_statements(g, close)) == NULL)
		return grammar_refuse(g);
	return s;
}

struct syntax *grammar_block(struct grammar *g)
{
	bool single = g->single;
	struct syntax *s;
	size_t from;

	if (!host_enter(g->host))
		return grammar_refuse(g);
	g->at++;
	from = g->at;
	g->single = false;
	s = block_inside(g, '}');
	g->single = single;
	host_leave(g->host);
	if (s == NULL || grammar_peek(g, 0) != '}')
		return grammar_refuse(g);
	s->text = string_part(g->host->heap, g->text, from, g->at - from);
	g->at++;
	return s;
}

static struct syntax *grammar_function(struct grammar *g, bool filter)
{
	struct syntax *s = grammar_new(g, S_FUNCTION), *name, *block;

	s->flag = filter;
	skip_blanks(g);
	if ((name = grammar_bare(g)) == NULL || name->kind != S_CONSTANT)
		return grammar_refuse(g);
	s->text = name->constant.string;
	skip_newlines(g);
	if (grammar_peek(g, 0) == '(' && (s->param = parameters(g)) == NULL)
		return grammar_refuse(g);
	skip_newlines(g);
	if (grammar_peek(g, 0) != '{' || (block = grammar_block(g)) == NULL)
		return grammar_refuse(g);
	if (s->param != NULL)
		block->param = s->param;
	if (filter) {
		block->process = block->a;
		block->a = NULL;
	}
	s->a = block;
	return s;
}

static struct syntax *grammar_try(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_TRY);
	size_t kept;

	if ((s->a = body(g)) == NULL)
		return grammar_refuse(g);
	for (;;) {
		kept = g->at;
		skip_newlines(g);
		if (take_word(g, "catch")) {
			for (skip_newlines(g); grammar_peek(g, 0) == '['; skip_newlines(g)) {
				if (grammar_type(g) == NULL)
					return grammar_refuse(g);
				skip_newlines(g);
				(void)take_sign(g, ",");
			}
			const struct syntax *one = body(g);

			if (one == NULL)
				return grammar_refuse(g);
			s->b = s->b != NULL ? s->b : one;
		} else if (take_word(g, "finally")) {
			if ((s->c = body(g)) == NULL)
				return grammar_refuse(g);
		} else {
			g->at = kept;
			return s;
		}
	}
}

static bool statement_ends(const struct grammar *g)
{
	uint16_t c = grammar_peek(g, 0);

	return grammar_ends(g) || c == '\n' || c == '\r' || c == ';' || c == '}' || c == ')' || c == '|';
}

/* return, throw, exit, break and continue, with what stands behind them. */
static struct syntax *leaving(struct grammar *g, enum syntax_kind kind)
{
	struct syntax *s = grammar_new(g, kind);

	skip_blanks(g);
	if (!statement_ends(g) && (s->a = grammar_pipeline(g)) == NULL)
		return grammar_refuse(g);
	return s;
}

static struct syntax *keyword(struct grammar *g, bool *found)
{
	*found = true;
	if (take_word(g, "if"))
		return grammar_if(g);
	if (take_word(g, "while"))
		return grammar_while(g);
	if (take_word(g, "do"))
		return grammar_do(g);
	if (take_word(g, "for"))
		return grammar_for(g);
	if (take_word(g, "foreach"))
		return grammar_foreach(g);
	if (take_word(g, "switch"))
		return grammar_switch(g);
	if (take_word(g, "function"))
		return grammar_function(g, false);
	if (take_word(g, "filter"))
		return grammar_function(g, true);
	if (take_word(g, "try"))
		return grammar_try(g);
	if (take_word(g, "return"))
		return leaving(g, S_RETURN);
	if (take_word(g, "throw"))
		return leaving(g, S_THROW);
	if (take_word(g, "exit"))
		return leaving(g, S_EXIT);
	if (take_word(g, "break"))
		return leaving(g, S_BREAK);
	if (take_word(g, "continue"))
		return leaving(g, S_CONTINUE);
	*found = false;
	return NULL;
}

struct syntax *grammar_statement(struct grammar *g)
{
	struct syntax *s;
	bool found;

	if (!host_enter(g->host))
		return grammar_refuse(g);
	skip_blanks(g);
	/* a loop's label */
	if (grammar_peek(g, 0) == ':' && is_letter16(grammar_peek(g, 1))) {
		g->at++;
		(void)grammar_name(g);
		skip_newlines(g);
	}
	s = keyword(g, &found);
	if (!found)
		s = grammar_pipeline(g);
	host_leave(g->host);
	return s;
}

struct syntax *grammar_statements(struct grammar *g, uint16_t close)
{
	struct syntax *s = grammar_new(g, S_LIST);
	bool single = g->single;

	g->single = false;
	for (skip_lines(g); !grammar_ends(g) && grammar_peek(g, 0) != close && host_step(g->host); skip_lines(g)) {
		struct syntax *one = grammar_statement(g);
		bool ends;

		if (one == NULL)
			return grammar_refuse(g);
		grammar_add(g, s, one);
		skip_blanks(g);
		ends = statement_ends(g) && (grammar_peek(g, 0) != '}' || close == '}') && (grammar_peek(g, 0) != ')' || close == ')') && grammar_peek(g, 0) != '|';
		/* behind the brace of a block a statement may follow at once */
		if (!ends && !(g->at > 0 && g->text->at[g->at - 1] == '}' && one->kind >= S_IF))
			return grammar_refuse(g);
	}
	g->single = single;
	return close != 0 && grammar_ends(g) ? grammar_refuse(g) : s;
}

struct syntax *powershell_parse(struct host *h, const struct string *code, size_t *wrong)
{
	struct grammar g = { .host = h, .text = code };
	struct syntax *s = block_inside(&g, 0);

	if (s == NULL || g.wrong || !grammar_ends(&g)) {
		*wrong = g.at;
		return NULL;
	}
	s->text = code;
	return s;
}
