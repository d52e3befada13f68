/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What PowerShell's text is made of: blanks, names, numbers, strings, variables. By about_Quoting_Rules, about_Variables. */
#include "emu/windows/powershell/grammar.h"

#include <stdlib.h>
#include <string.h>

uint16_t grammar_peek(const struct grammar *g, size_t offset)
{
	uint16_t c = g->at + offset < g->text->len ? g->text->at[g->at + offset] : 0;

	if (c >= 0x2013 && c <= 0x2015)
		return '-';
	if (c >= 0x2018 && c <= 0x201b)
		return '\'';
	if (c >= 0x201c && c <= 0x201e)
		return '"';
	return c == 0xa0 ? ' ' : c;
}

bool grammar_ends(const struct grammar *g)
{
	return g->at >= g->text->len;
}

struct syntax *grammar_refuse(struct grammar *g)
{
	g->wrong = true;
	return NULL;
}

struct syntax *grammar_new(struct grammar *g, enum syntax_kind kind)
{
	struct syntax *s = heap_take(g->host->heap, sizeof(*s));

	s->kind = kind;
	return s;
}

void grammar_add(struct grammar *g, struct syntax *to, const struct syntax *one)
{
	/* rooms are powers of two */
	if ((to->count & (to->count - 1)) == 0) {
		const struct syntax **more = heap_take(g->host->heap, (to->count != 0 ? 2 * to->count : 1) * sizeof(*more));

		if (to->count != 0)
			memcpy(more, to->list, to->count * sizeof(*more));
		to->list = more;
	}
	to->list[to->count++] = one;
}

bool is_letter16(uint16_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0xc0;
}

bool is_digit16(uint16_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_line(uint16_t c)
{
	return c == '\n' || c == '\r';
}

static void skip(struct grammar *g, bool lines, bool semicolons)
{
	while (!grammar_ends(g) && host_step(g->host)) {
		uint16_t c = grammar_peek(g, 0);

		if (c == ' ' || c == '\t' || c == 0xfeff || (lines && is_line(c)) || (semicolons && c == ';')) {
			g->at++;
		} else if (c == '`' && is_line(grammar_peek(g, 1))) {
			g->at += 2 + (grammar_peek(g, 1) == '\r' && grammar_peek(g, 2) == '\n');
		} else if (c == '#') {
			while (!grammar_ends(g) && !is_line(grammar_peek(g, 0)))
				g->at++;
		} else if (c == '<' && grammar_peek(g, 1) == '#') {
			while (!grammar_ends(g) && !(grammar_peek(g, 0) == '#' && grammar_peek(g, 1) == '>'))
				g->at++;
			g->at += grammar_ends(g) ? 0 : 2;
		} else {
			return;
		}
	}
}

void skip_blanks(struct grammar *g)
{
	skip(g, false, false);
}

void skip_newlines(struct grammar *g)
{
	skip(g, true, false);
}

void skip_lines(struct grammar *g)
{
	skip(g, true, true);
}

bool take_sign(struct grammar *g, const char *sign)
{
	size_t len = strlen(sign);

	for (size_t i = 0; i < len; i++)
		if (grammar_peek(g, i) != (uint8_t)sign[i])
			return false;
	g->at += len;
	return true;
}

static bool word_goes_on(uint16_t c)
{
	return is_letter16(c) || is_digit16(c) || c == '-';
}

bool at_word(const struct grammar *g, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < len; i++)
		if ((grammar_peek(g, i) >= 'A' && grammar_peek(g, i) <= 'Z' ? grammar_peek(g, i) + 32 : grammar_peek(g, i)) != (uint8_t)word[i])
			return false;
	return !word_goes_on(grammar_peek(g, len));
}

bool take_word(struct grammar *g, const char *word)
{
	if (!at_word(g, word))
		return false;
	g->at += strlen(word);
	return true;
}

/* What a backtick and this unit mean. */
static uint16_t escaped(uint16_t c)
{
	switch (c) {
	case '0': return 0;
	case 'a': return 7;
	case 'b': return 8;
	case 'f': return 12;
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	case 'v': return 11;
	default: return c;
	}
}

static struct syntax *constant(struct grammar *g, struct value v)
{
	struct syntax *s = grammar_new(g, S_CONSTANT);

	s->constant = v;
	return s;
}

static void flush(struct grammar *g, struct syntax *parts, struct units *u)
{
	if (u->len != 0)
		grammar_add(g, parts, constant(g, v_string(units_string(u))));
	*u = units_in(g->host->heap);
}

/* Does a $ here begin a variable or a sub-expression? */
static bool begins_variable(const struct grammar *g)
{
	uint16_t c = grammar_peek(g, 1);

	return grammar_peek(g, 0) == '$' && (is_letter16(c) || is_digit16(c) || c == '{' || c == '(' || c == '?' || c == '^' || c == '$' ||
	    (c == ':' && is_letter16(grammar_peek(g, 2))));
}

/* The inside of "…" until close (0: the end of the text). doubled: two of the quote are one. */
static struct syntax *expandable(struct grammar *g, uint16_t close)
{
	struct syntax *parts = grammar_new(g, S_TEXT);
	struct units u = units_in(g->host->heap);

	while (host_step(g->host)) {
		uint16_t c = grammar_peek(g, 0);

		if (grammar_ends(g)) {
			if (close != 0)
				return grammar_refuse(g);
			break;
		}
		if (close != 0 && c == close) {
			if (grammar_peek(g, 1) != close)
				break;
			units_put(&u, close);
			g->at += 2;
		} else if (c == '`' && g->at + 1 < g->text->len) {
			units_put(&u, escaped(g->text->at[g->at + 1]));
			g->at += 2;
		} else if (begins_variable(g)) {
			struct syntax *v;

			flush(g, parts, &u);
			if ((v = grammar_variable(g)) == NULL)
				return NULL;
			grammar_add(g, parts, v);
		} else {
			units_put(&u, g->text->at[g->at++]);
		}
	}
	flush(g, parts, &u);
	if (parts->count == 1 && parts->list[0]->kind == S_CONSTANT)
		return constant(g, parts->list[0]->constant);
	return parts->count == 0 ? constant(g, v_text(g->host->heap, "")) : parts;
}

struct syntax *grammar_expandable(struct grammar *g, struct string *text)
{
	struct grammar inner = { .host = g->host, .text = text };
	struct syntax *s;

	if (!host_enter(g->host))
		return grammar_refuse(g);
	s = expandable(&inner, 0);
	host_leave(g->host);
	g->wrong |= inner.wrong;
	return s;
}

/* @'…'@ and @"…"@: from the next line to the line that begins with the quote and @. */
static struct syntax *here_string(struct grammar *g, uint16_t quote)
{
	size_t from, to;
	struct string *text;

	g->at += 2;
	while (grammar_peek(g, 0) == ' ' || grammar_peek(g, 0) == '\t')
		g->at++;
	if (!is_line(grammar_peek(g, 0)))
		return grammar_refuse(g);
	g->at += 1 + (grammar_peek(g, 0) == '\r' && grammar_peek(g, 1) == '\n');
	from = g->at;
	for (;; g->at++) {
		if (grammar_ends(g) || !host_step(g->host))
			return grammar_refuse(g);
		if (grammar_peek(g, 0) == quote && grammar_peek(g, 1) == '@' && (g->at == from || g->text->at[g->at - 1] == '\n'))
			break;
	}
	to = g->at > from ? g->at - 1 : from;
	if (to > from && g->text->at[to - 1] == '\r')
		to--;
	g->at += 2;
	text = string_part(g->host->heap, g->text, from, to - from);
	if (quote == '\'')
		return constant(g, v_string(text));
	/* a quote is a letter there */
	return grammar_expandable(g, text);
}

struct syntax *grammar_quoted(struct grammar *g)
{
	struct units u = units_in(g->host->heap);
	struct syntax *s;
	uint16_t quote = grammar_peek(g, 0);

	if (quote == '@')
		return here_string(g, grammar_peek(g, 1));
	g->at++;
	if (quote == '"') {
		s = expandable(g, '"');
		if (s != NULL)
			g->at++;
		return s;
	}
	while (!grammar_ends(g) && host_step(g->host)) {
		if (grammar_peek(g, 0) == '\'') {
			if (grammar_peek(g, 1) != '\'') {
				g->at++;
				return constant(g, v_string(units_string(&u)));
			}
			g->at++;
		}
		units_put(&u, g->text->at[g->at++]);
	}
	return grammar_refuse(g);
}

static struct syntax *sub_expression(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_SUB);

	g->at += 2;
	if (!host_enter(g->host))
		return grammar_refuse(g);
	s->a = grammar_statements(g, ')');
	host_leave(g->host);
	return s->a != NULL && take_sign(g, ")") ? s : grammar_refuse(g);
}

struct syntax *grammar_variable(struct grammar *g)
{
	struct syntax *s = grammar_new(g, grammar_peek(g, 0) == '@' ? S_SPLAT : S_VARIABLE);
	struct units u = units_in(g->host->heap);

	if (grammar_peek(g, 0) == '$' && grammar_peek(g, 1) == '(')
		return sub_expression(g);
	g->at++;
	if (grammar_peek(g, 0) == '{') {
		for (g->at++; grammar_peek(g, 0) != '}'; g->at++) {
			if (grammar_ends(g))
				return grammar_refuse(g);
			g->at += grammar_peek(g, 0) == '`';
			if (!grammar_ends(g))
				units_put(&u, g->text->at[g->at]);
		}
		g->at++;
	} else if (!is_letter16(grammar_peek(g, 0)) && !is_digit16(grammar_peek(g, 0)) && grammar_peek(g, 0) != ':') {
		/* $$ $? $^ */
		units_put(&u, grammar_peek(g, 0));
		g->at++;
	} else {
		while (is_letter16(grammar_peek(g, 0)) || is_digit16(grammar_peek(g, 0)) || grammar_peek(g, 0) == '?' ||
		       (grammar_peek(g, 0) == ':' && grammar_peek(g, 1) != ':' && (is_letter16(grammar_peek(g, 1)) || is_digit16(grammar_peek(g, 1)))))
			units_put(&u, g->text->at[g->at++]);
	}
	if (u.len == 0)
		return grammar_refuse(g);
	s->text = units_string(&u);
	return s;
}

static int64_t multiplier(struct grammar *g)
{
	static const struct { const char *name; int64_t times; } all[] = {
		{ "kb", 1024 }, { "mb", 1 << 20 }, { "gb", 1 << 30 }, { "tb", INT64_C(1) << 40 },
	};

	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (at_word(g, all[i].name)) {
			g->at += 2;
			return all[i].times;
		}
	return 1;
}

struct syntax *grammar_number(struct grammar *g)
{
	size_t len = 0, from = g->at;
	char made[64];
	struct value v;
	bool real = false, hex = grammar_peek(g, 0) == '0' && (grammar_peek(g, 1) | 0x20) == 'x';
	int64_t times;

	if (hex)
		for (len = 2; len < 40 && ((is_digit16(grammar_peek(g, len))) || ((grammar_peek(g, len) | 0x20) >= 'a' && (grammar_peek(g, len) | 0x20) <= 'f')); len++)
			;
	while (!hex && len < 40 && (is_digit16(grammar_peek(g, len)) || (grammar_peek(g, len) == '.' && !real && is_digit16(grammar_peek(g, len + 1))) ||
	       ((grammar_peek(g, len) | 0x20) == 'e' && len != 0 && (is_digit16(grammar_peek(g, len + 1)) ||
	       ((grammar_peek(g, len + 1) == '+' || grammar_peek(g, len + 1) == '-') && is_digit16(grammar_peek(g, len + 2))))))) {
		bool power = (grammar_peek(g, len) | 0x20) == 'e';

		real |= grammar_peek(g, len) == '.' || power;
		len += power && !is_digit16(grammar_peek(g, len + 1)) ? 2 : 1;
	}
	if (len == 0 || (hex && len == 2))
		return NULL;
	for (size_t i = 0; i < len; i++)
		made[i] = (char)grammar_peek(g, i);
	made[len] = 0;
	g->at += len;
	if (real || (!hex && len > 18)) {
		v = v_double(strtod(made, NULL));
	} else {
		v = v_int(hex && len <= 10 ? (int32_t)strtoul(made + 2, NULL, 16) : (int64_t)strtoull(made + 2 * hex, NULL, hex ? 16 : 10));
	}
	if (take_word(g, "l"))
		v.kind = v.kind == V_INT ? V_LONG : v.kind;
	else if (take_word(g, "d"))
		v = v.kind == V_DOUBLE ? v : v_double((double)v.number);
	if ((times = multiplier(g)) != 1)
		v = v.kind == V_DOUBLE ? v_double(v.real * (double)times)
		  : llabs(v.number) > INT64_MAX / times ? v_double((double)v.number * (double)times) : v_int(v.number * times);
	if (is_letter16(grammar_peek(g, 0))) {
		g->at = from;
		return NULL;
	}
	return constant(g, v);
}

const struct string *grammar_name(struct grammar *g)
{
	struct units u = units_in(g->host->heap);

	while (is_letter16(grammar_peek(g, 0)) || (u.len != 0 && is_digit16(grammar_peek(g, 0))) || (grammar_peek(g, 0) == '`' && is_letter16(grammar_peek(g, 1)))) {
		g->at += grammar_peek(g, 0) == '`';
		units_put(&u, g->text->at[g->at++]);
	}
	return u.len != 0 ? units_string(&u) : NULL;
}

static bool ends_word(uint16_t c)
{
	return c == 0 || strchr(" \t\r\n;|&(){},<>", c < 128 ? c : 'x') != NULL;
}

struct syntax *grammar_bare(struct grammar *g)
{
	struct syntax *parts = grammar_new(g, S_TEXT);
	struct units u = units_in(g->host->heap);

	while (!grammar_ends(g) && !ends_word(grammar_peek(g, 0)) && host_step(g->host)) {
		uint16_t c = grammar_peek(g, 0);
		struct syntax *s = NULL;

		if (c == '`') {
			g->at++;
			if (!grammar_ends(g))
				units_put(&u, g->text->at[g->at++]);
			continue;
		}
		if (c == '"' || c == '\'')
			s = grammar_quoted(g);
		else if (begins_variable(g))
			s = grammar_variable(g);
		else
			units_put(&u, c == '-' ? '-' : g->text->at[g->at]);
		if (s == NULL && !g->wrong) {
			g->at++;
			continue;
		}
		if (s == NULL)
			return NULL;
		flush(g, parts, &u);
		grammar_add(g, parts, s);
	}
	flush(g, parts, &u);
	if (parts->count == 0)
		return NULL;
	return parts->count == 1 && parts->list[0]->kind == S_CONSTANT ? constant(g, parts->list[0]->constant) : parts;
}

const struct string *grammar_type(struct grammar *g)
{
	size_t from = g->at, depth = 0;
	struct units u = units_in(g->host->heap);

	if (grammar_peek(g, 0) != '[')
		return NULL;
	for (; !grammar_ends(g); g->at++) {
		uint16_t c = grammar_peek(g, 0);

		if (c == '[') {
			if (depth++ == 0)
				continue;
		} else if (c == ']') {
			if (--depth == 0)
				break;
		} else if (!is_letter16(c) && !is_digit16(c) && strchr(".,+` \t", c < 128 ? c : 'x') == NULL) {
			break;
		}
		if (c != '`' && c != ' ' && c != '\t')
			units_put(&u, c);
	}
	if (depth != 0 || u.len == 0 || !(is_letter16(u.at[0]))) {
		g->at = from;
		return NULL;
	}
	g->at++;
	return units_string(&u);
}
