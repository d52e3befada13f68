/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions: operators by their rank (about_Operator_Precedence), members, indices, casts. */
#include "emu/windows/powershell/grammar.h"

#include <string.h>

static const struct word_operator {
	const char *name;
	enum operator operator;
	int rank;              /* higher binds tighter */
	bool cased;            /* has forms with i and c before it */
} words[] = {
	{ "and", OP_AND, 1, false }, { "or", OP_OR, 1, false }, { "xor", OP_XOR, 1, false },
	{ "band", OP_BAND, 2, false }, { "bor", OP_BOR, 2, false }, { "bxor", OP_BXOR, 2, false }, { "shl", OP_SHL, 2, false },
	{ "shr", OP_SHR, 2, false },
	{ "eq", OP_EQ, 3, true }, { "ne", OP_NE, 3, true }, { "gt", OP_GT, 3, true }, { "ge", OP_GE, 3, true },
	{ "lt", OP_LT, 3, true }, { "le", OP_LE, 3, true }, { "like", OP_LIKE, 3, true }, { "notlike", OP_NOTLIKE, 3, true },
	{ "match", OP_MATCH, 3, true }, { "notmatch", OP_NOTMATCH, 3, true }, { "replace", OP_REPLACE, 3, true },
	{ "contains", OP_CONTAINS, 3, true }, { "notcontains", OP_NOTCONTAINS, 3, true }, { "in", OP_IN, 3, true },
	{ "notin", OP_NOTIN, 3, true }, { "split", OP_SPLIT, 3, true }, { "join", OP_JOIN, 3, false }, { "isnot", OP_ISNOT, 3, false },
	{ "is", OP_IS, 3, false }, { "as", OP_AS, 3, false }, { "f", OP_FORMAT, 6, false },
};
enum { RANK_ADD = 4, RANK_MULTIPLY = 5, RANK_RANGE = 7, RANK_COMMA = 8 };

static struct syntax *grammar_unary(struct grammar *);
static struct syntax *value_at(struct grammar *);

/* An operator that is a word here: its length, or 0. */
static size_t word_at(const struct grammar *g, enum operator *op, int *rank)
{
	char name[16];
	size_t len = 0;

	if (grammar_peek(g, 0) != '-')
		return 0;
	/* a backtick in it is nothing */
	for (size_t i = 1; is_letter16(grammar_peek(g, i)) && len < sizeof(name) - 1; i++)
		name[len++] = (char)(grammar_peek(g, i) | 0x20);
	name[len] = 0;
	if (is_digit16(grammar_peek(g, len + 1)) && strcmp(name, "f") != 0 && len != 0)
		return 0;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		bool cased = words[i].cased && (name[0] == 'c' || name[0] == 'i') && strcmp(name + 1, words[i].name) == 0;

		if (strcmp(words[i].name, name) != 0 && !cased)
			continue;
		*op = words[i].operator + (cased && name[0] == 'c' ? OP_CASE : 0);
		*rank = words[i].rank;
		return len + 1;
	}
	return 0;
}

/* The binary operator that stands here: its length, or 0. */
static size_t operator_at(const struct grammar *g, enum operator *op, int *rank)
{
	uint16_t c = grammar_peek(g, 0), next = grammar_peek(g, 1);
	size_t len = word_at(g, op, rank);

	if (len != 0)
		return len;
	if (next == '=' && c != 0 && strchr("+-*/%", c < 128 ? c : 'x') != NULL)
		return 0; /* an assignment */
	*rank = c == '+' || c == '-' ? RANK_ADD : RANK_MULTIPLY;
	switch (c) {
	case '+': *op = OP_ADD; return next == '+' ? 0 : 1;
	case '-': *op = OP_SUBTRACT; return next == '-' ? 0 : 1;
	case '*': *op = OP_MULTIPLY; return 1;
	case '/': *op = OP_DIVIDE; return 1;
	case '%': *op = OP_MODULO; return 1;
	case '.':
		*op = OP_RANGE;
		*rank = RANK_RANGE;
		return next == '.' ? 2 : 0;
	default: return 0;
	}
}

/* a, b, c */
static struct syntax *grammar_comma(struct grammar *g)
{
	struct syntax *first = grammar_unary(g), *s;

	if (first == NULL)
		return NULL;
	if (g->single)
		return first;
	skip_blanks(g);
	if (grammar_peek(g, 0) != ',')
		return first;
	s = grammar_new(g, S_COMMA);
	grammar_add(g, s, first);
	while (grammar_peek(g, 0) == ',' && host_step(g->host)) {
		g->at++;
		skip_newlines(g);
		if ((first = grammar_unary(g)) == NULL)
			return grammar_refuse(g);
		grammar_add(g, s, first);
		skip_blanks(g);
	}
	return s;
}

static struct syntax *grammar_rank(struct grammar *g, int rank)
{
	struct syntax *left = rank == RANK_COMMA ? grammar_comma(g) : grammar_rank(g, rank + 1);
	enum operator op;
	int found;
	size_t len;

	while (left != NULL && rank < RANK_COMMA && !g->wrong && host_step(g->host)) {
		struct syntax *s;

		skip_blanks(g);
		len = operator_at(g, &op, &found);
		if (len == 0 || found != rank)
			return left;
		g->at += len;
		skip_newlines(g);
		s = grammar_new(g, S_BINARY);
		s->operator = op;
		s->a = left;
		if ((s->b = grammar_rank(g, rank + 1)) == NULL)
			return grammar_refuse(g);
		left = s;
	}
	return left;
}

struct syntax *grammar_expression(struct grammar *g)
{
	bool single = g->single;
	struct syntax *s;

	if (!host_enter(g->host))
		return grammar_refuse(g);
	g->single = false;
	skip_blanks(g);
	s = grammar_rank(g, 1);
	g->single = single;
	host_leave(g->host);
	return s;
}

/* !x, -not x, -bnot x, -x, +x, ,x, -join x, -split x, ++$x, [type]x */
static struct syntax *prefix(struct grammar *g, enum operator op, size_t len)
{
	struct syntax *s = grammar_new(g, op == OP_NONE ? S_COMMA : S_UNARY);
	struct syntax *inner;

	g->at += len;
	skip_newlines(g);
	s->operator = op;
	/* of -join and -split the list goes on over its commas */
	inner = (op & ~OP_CASE) == OP_JOIN || (op & ~OP_CASE) == OP_SPLIT ? grammar_comma(g) : grammar_unary(g);
	if (inner == NULL)
		return grammar_refuse(g);
	if (op == OP_NONE)
		grammar_add(g, s, inner);
	else
		s->a = inner;
	return s;
}

static struct syntax *step(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_STEP);

	s->operator = grammar_peek(g, 0) == '+' ? OP_ADD : OP_SUBTRACT;
	s->flag = true;
	g->at += 2;
	skip_blanks(g);
	s->a = grammar_unary(g);
	return s->a != NULL ? s : grammar_refuse(g);
}

static struct syntax *unary_inner(struct grammar *g)
{
	uint16_t c = grammar_peek(g, 0);
	enum operator op;
	struct syntax *s;
	int rank;
	size_t len;

	if (c == '!')
		return prefix(g, OP_NOT, 1);
	if (c == ',')
		return prefix(g, OP_NONE, 1);
	if ((c == '+' && grammar_peek(g, 1) == '+') || (c == '-' && grammar_peek(g, 1) == '-'))
		return step(g);
	if (c == '-' && at_word(g, "-not"))
		return prefix(g, OP_NOT, 4);
	if (c == '-' && at_word(g, "-bnot"))
		return prefix(g, OP_BNOT, 5);
	len = word_at(g, &op, &rank);
	if (len != 0 && ((op & ~OP_CASE) == OP_JOIN || (op & ~OP_CASE) == OP_SPLIT))
		return prefix(g, op, len);
	if (c == '-' && (is_digit16(grammar_peek(g, 1)) || grammar_peek(g, 1) == '.')) {
		g->at++;
		s = grammar_number(g);
		if (s != NULL && s->constant.kind == V_DOUBLE)
			s->constant.real = -s->constant.real;
		else if (s != NULL)
			s->constant = v_int(-s->constant.number);
		return s != NULL ? s : grammar_refuse(g);
	}
	if (c == '-')
		return prefix(g, OP_NEGATE, 1);
	if (c == '+')
		return prefix(g, OP_PLUS, 1);
	return grammar_primary(g, false);
}

static struct syntax *grammar_unary(struct grammar *g)
{
	struct syntax *s;

	if (!host_enter(g->host))
		return grammar_refuse(g);
	skip_blanks(g);
	s = unary_inner(g);
	host_leave(g->host);
	return s;
}

/* (a, b): the values between the parentheses of a call. */
static bool call_arguments(struct grammar *g, struct syntax *call)
{
	bool single = g->single;

	g->at++;
	skip_newlines(g);
	if (!host_enter(g->host))
		return false;
	g->single = true;
	while (grammar_peek(g, 0) != ')' && !g->wrong && host_step(g->host)) {
		struct syntax *one = grammar_rank(g, 1);

		if (one == NULL)
			break;
		grammar_add(g, call, one);
		skip_newlines(g);
		if (!take_sign(g, ","))
			break;
		skip_newlines(g);
	}
	g->single = single;
	host_leave(g->host);
	skip_newlines(g);
	return take_sign(g, ")") || grammar_refuse(g) != NULL;
}

/* .name .'name' .$name .(…) and ::name, with or without (…). */
static struct syntax *member(struct grammar *g, struct syntax *of, bool is_static)
{
	struct syntax *s = grammar_new(g, is_static ? S_STATIC : S_MEMBER);

	g->at += is_static ? 2 : 1;
	skip_newlines(g);
	s->a = of;
	if ((s->text = grammar_name(g)) == NULL) {
		if (grammar_peek(g, 0) == '\'' || grammar_peek(g, 0) == '"')
			s->b = grammar_quoted(g);
		else if (grammar_peek(g, 0) == '$')
			s->b = grammar_variable(g);
		else if (grammar_peek(g, 0) == '(' || is_digit16(grammar_peek(g, 0)))
			s->b = value_at(g);
		if (s->b == NULL)
			return grammar_refuse(g);
	}
	if (grammar_peek(g, 0) != '(')
		return s;
	s->kind = is_static ? S_STATIC_CALL : S_CALL;
	/* $x.name.Invoke(…) calls the method that the member is */
	if (!is_static && s->text != NULL && string_is(s->text, "invoke") && (of->kind == S_MEMBER || of->kind == S_STATIC)) {
		s->kind = of->kind == S_STATIC ? S_STATIC_CALL : S_CALL;
		s->a = of->a;
		s->b = of->b;
		s->text = of->text;
	}
	return call_arguments(g, s) ? s : NULL;
}

static struct syntax *index_of(struct grammar *g, struct syntax *of)
{
	struct syntax *s = grammar_new(g, S_INDEX);

	g->at++;
	skip_newlines(g);
	s->a = of;
	s->b = grammar_expression(g);
	skip_newlines(g);
	return s->b != NULL && take_sign(g, "]") ? s : grammar_refuse(g);
}

/* The elements of @{ k = v; … }. */
static struct syntax *grammar_table(struct grammar *g)
{
	struct syntax *s = grammar_new(g, S_TABLE);

	g->at += 2;
	for (skip_lines(g); !grammar_ends(g) && grammar_peek(g, 0) != '}' && host_step(g->host); skip_lines(g)) {
		struct syntax *key, *v;
		const struct string *name = NULL;
		uint16_t c = grammar_peek(g, 0);

		if (c == '"' || c == '\'' || c == '$' || c == '(' || c == '[' || c == '@' || is_digit16(c)) {
			key = grammar_primary(g, false);
		} else {
			struct units u = units_in(g->host->heap);

			while (is_letter16(grammar_peek(g, 0)) || is_digit16(grammar_peek(g, 0)) || grammar_peek(g, 0) == '-')
				units_put(&u, g->text->at[g->at++]);
			name = units_string(&u);
			key = grammar_new(g, S_CONSTANT);
			key->constant = v_string(name);
		}
		skip_blanks(g);
		if (key == NULL || (name != NULL && name->len == 0) || !take_sign(g, "="))
			return grammar_refuse(g);
		skip_newlines(g);
		if ((v = grammar_statement(g)) == NULL)
			return grammar_refuse(g);
		grammar_add(g, s, key);
		grammar_add(g, s, v);
	}
	return take_sign(g, "}") ? s : grammar_refuse(g);
}

static struct syntax *enclosed(struct grammar *g, enum syntax_kind kind, size_t open)
{
	struct syntax *s = grammar_new(g, kind);

	g->at += open;
	s->a = grammar_statements(g, ')');
	return s->a != NULL && take_sign(g, ")") && !(kind == S_PAREN && s->a->count > 1) ? s : grammar_refuse(g);
}

/* [type] before a value casts it; before :: it is the type. */
static struct syntax *type_or_cast(struct grammar *g)
{
	const struct string *name = grammar_type(g);
	struct syntax *s;
	size_t kept;

	if (name == NULL)
		return grammar_refuse(g);
	s = grammar_new(g, S_TYPE);
	s->text = name;
	kept = g->at;
	skip_blanks(g);
	if ((grammar_peek(g, 0) == ':' && grammar_peek(g, 1) == ':') || grammar_peek(g, 0) == '.') {
		g->at = kept;
		return s;
	}
	/* what can be cast stands here */
	if (is_digit16(grammar_peek(g, 0)) || (grammar_peek(g, 0) != 0 && strchr("$\"'@([{-+!", grammar_peek(g, 0) < 128 ? grammar_peek(g, 0) : 'x') != NULL &&
	    !(grammar_peek(g, 0) == '-' && is_letter16(grammar_peek(g, 1)) && !at_word(g, "-join") && !at_word(g, "-split")))) {
		s->kind = S_CAST;
		if ((s->a = grammar_unary(g)) == NULL)
			return grammar_refuse(g);
		return s;
	}
	g->at = kept;
	return s;
}

static struct syntax *value_at(struct grammar *g)
{
	uint16_t c = grammar_peek(g, 0), next = grammar_peek(g, 1);

	if (c == '"' || c == '\'' || (c == '@' && (next == '"' || next == '\'')))
		return grammar_quoted(g);
	if (c == '$')
		return grammar_variable(g);
	if (c == '(')
		return enclosed(g, S_PAREN, 1);
	if (c == '@' && next == '(')
		return enclosed(g, S_ARRAY, 2);
	if (c == '@' && next == '{')
		return grammar_table(g);
	if (c == '{')
		return grammar_block(g);
	if (c == '[')
		return type_or_cast(g);
	return grammar_number(g);
}

static bool is_cast(const struct syntax *s)
{
	return s->kind == S_CAST;
}

static struct syntax *primary_inner(struct grammar *g, bool argument)
{
	struct syntax *s = value_at(g);

	while (s != NULL && !g->wrong && !is_cast(s) && host_step(g->host)) {
		uint16_t c = grammar_peek(g, 0);

		if (c == ':' && grammar_peek(g, 1) == ':')
			s = member(g, s, true);
		else if (c == '.' && grammar_peek(g, 1) != '.' && !(s->kind == S_CONSTANT && value_is_number(&s->constant)))
			s = member(g, s, false);
		else if (c == '[' && !(argument && s->kind == S_TYPE))
			s = index_of(g, s);
		else if ((c == '+' && grammar_peek(g, 1) == '+') || (c == '-' && grammar_peek(g, 1) == '-')) {
			struct syntax *stepped = grammar_new(g, S_STEP);

			if (s->kind != S_VARIABLE && s->kind != S_MEMBER && s->kind != S_INDEX)
				return s;
			stepped->operator = c == '+' ? OP_ADD : OP_SUBTRACT;
			stepped->a = s;
			g->at += 2;
			return stepped;
		} else {
			return s;
		}
	}
	return s;
}

struct syntax *grammar_primary(struct grammar *g, bool argument)
{
	struct syntax *s;

	if (!host_enter(g->host))
		return grammar_refuse(g);
	s = primary_inner(g, argument);
	host_leave(g->host);
	return s;
}
