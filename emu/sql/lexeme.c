/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lexers of five dialects in one: what is the same stands once, what differs asks for the dialect. Sources: MariaDB
 * and MySQL manuals ("Literal Values", "Comment Syntax"), PostgreSQL 4.1, SQLite "tokenize", Transact-SQL and Oracle
 * language references.
 */
#include "emu/sql/lexeme.h"
#include "emu/sql/lexeme_quote.h"

#include <errno.h>
#include <string.h>

enum { MYSQL_VERSION = 80099 /* versioned comments up to this are code to a server of ours */ };

static bool in(enum sql_dialect d, unsigned set)
{
	return (1u << d & set) != 0;
}

static uint8_t peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.left ? l->text.at[l->at + ahead] : 0;
}

static bool has(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.left;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_alpha(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* A no-break space of a one-byte character set, and not a piece of UTF-8: MySQL and SQL Server take it for a blank. */
static bool is_wide_blank(const struct lexer *l)
{
	return peek(l, 0) == 0xa0 && in(l->dialect, IN_MYSQL | IN_MSSQL) && !(l->at > 0 && l->text.at[l->at - 1] >= 0xc2);
}

static bool is_blank(const struct lexer *l)
{
	uint8_t c = peek(l, 0);

	if (!has(l, 0))
		return false;
	if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f')
		return true;
	switch (l->dialect) {
	case SQL_MYSQL:
		return c == '\v' || is_wide_blank(l);
	case SQL_MSSQL:
		return (c > 0 && c < ' ') || is_wide_blank(l);
	case SQL_ORACLE:
		return c == '\v' || c == '\0';
	default:
		return false;
	}
}

static bool begins_name(const struct lexer *l)
{
	uint8_t c = peek(l, 0);

	if (is_alpha(c) || c == '_' || (c >= 0x80 && !is_wide_blank(l)))
		return true;
	return (c == '$' && l->dialect == SQL_MYSQL) || (c == '#' && l->dialect == SQL_MSSQL);
}

static bool goes_on(const struct lexer *l)
{
	uint8_t c = peek(l, 0);

	if (is_alpha(c) || c == '_' || is_digit(c) || (c >= 0x80 && !is_wide_blank(l)))
		return true;
	return (c == '$') || ((c == '#' || c == '@') && l->dialect == SQL_MSSQL) || (c == '#' && l->dialect == SQL_ORACLE);
}

static bool line_comment(const struct lexer *l)
{
	if (l->dialect == SQL_MYSQL && peek(l, 0) == '#')
		return true;
	if (peek(l, 0) != '-' || peek(l, 1) != '-')
		return false;
	/* MySQL wants a blank or control character behind it */
	return l->dialect != SQL_MYSQL || !has(l, 2) || peek(l, 2) <= ' ';
}

/* A comment from its opening to its end. false: it has none, and the dialect minds. */
static bool block_comment(struct lexer *l)
{
	unsigned depth = 0;

	while (has(l, 0)) {
		if (peek(l, 0) == '/' && peek(l, 1) == '*' && (depth == 0 || in(l->dialect, IN_POSTGRESQL | IN_MSSQL))) {
			depth++;
			l->at += 2;
		} else if (peek(l, 0) == '*' && peek(l, 1) == '/') {
			l->at += 2;
			if (--depth == 0)
				return true;
		} else {
			l->at++;
		}
	}
	return in(l->dialect, IN_MYSQL | IN_SQLITE);
}

/* The opening of a comment whose contents are code to this server; its end is skipped as a blank later. */
static bool code_comment(struct lexer *l)
{
	unsigned version = 0, digits = 0;
	size_t skip = peek(l, 2) == 'M' ? 4 : 3;

	if (l->dialect != SQL_MYSQL || peek(l, 0) != '/' || peek(l, 1) != '*' || peek(l, skip - 1) != '!')
		return false;
	while (digits < 6 && is_digit(peek(l, skip + digits)))
		version = version * 10 + peek(l, skip + digits++) - '0';
	if (digits >= 5 && version > MYSQL_VERSION && digits == 5)
		return false;
	if (digits == 6 && version / 10 <= MYSQL_VERSION && version > 999999 / 2)
		digits = 5;
	l->at += skip + (digits >= 5 ? digits : 0);
	l->code_comments++;
	return true;
}

/* Blanks and comments. false: an unterminated comment that the dialect refuses. */
static bool skip(struct lexer *l)
{
	for (;;) {
		if (is_blank(l)) {
			l->at++;
		} else if (line_comment(l)) {
			while (has(l, 0) && peek(l, 0) != '\n' && !(peek(l, 0) == '\r' && l->dialect == SQL_POSTGRESQL))
				l->at++;
		} else if (code_comment(l)) {
			continue;
		} else if (peek(l, 0) == '/' && peek(l, 1) == '*') {
			if (!block_comment(l))
				return false;
		} else if (l->code_comments > 0 && peek(l, 0) == '*' && peek(l, 1) == '/') {
			l->code_comments--;
			l->at += 2;
		} else {
			return true;
		}
	}
}

static size_t digits_from(const struct lexer *l, size_t ahead)
{
	size_t n = 0;

	while (is_digit(peek(l, ahead + n)))
		n++;
	return n;
}

/* 0x41 as a number's or string's bytes. false: it is none here. */
static bool hex_number(struct lexer *l, struct lexeme *ret)
{
	size_t n = 0;

	if (peek(l, 0) != '0' || peek(l, 1) != 'x' + (peek(l, 1) == 'X' ? 'X' - 'x' : 0) ||
	    !in(l->dialect, IN_MYSQL | IN_MSSQL | IN_SQLITE))
		return false;
	while (is_hex(peek(l, 2 + n)))
		n++;
	if (n == 0 && l->dialect != SQL_MSSQL)
		return false;
	l->at += 2;
	ret->kind = LEX_BYTES;
	ret->prefix = '0';
	lexer_hex(l, bytes_of(l->text.at + l->at, n), ret);
	l->at += n;
	if (l->dialect == SQL_MYSQL && goes_on(l)) { /* 0x41z is a name */
		l->at -= n + 2;
		return false;
	}
	return true;
}

static bool binary_number(struct lexer *l, struct lexeme *ret)
{
	size_t n = 0;

	if (l->dialect != SQL_MYSQL || peek(l, 0) != '0' || peek(l, 1) != 'b')
		return false;
	while (peek(l, 2 + n) == '0' || peek(l, 2 + n) == '1')
		n++;
	if (n == 0 || is_alpha(peek(l, 2 + n)) || is_digit(peek(l, 2 + n)))
		return false;
	ret->kind = LEX_BYTES;
	ret->prefix = 'b';
	lexer_bits(l, bytes_of(l->text.at + l->at + 2, n), ret);
	l->at += n + 2;
	return true;
}

static void number(struct lexer *l, struct lexeme *ret)
{
	size_t begin = l->at, e;

	if (hex_number(l, ret) || binary_number(l, ret))
		return;
	ret->kind = LEX_INTEGER;
	l->at += digits_from(l, 0);
	if (l->dialect == SQL_MYSQL && begins_name(l) && ((peek(l, 0) | 0x20) != 'e' || digits_from(l, 1) == 0)) {
		/* 1e+5 has a sign; other words may begin with digits */
		if ((peek(l, 0) | 0x20) != 'e' || (peek(l, 1) != '+' && peek(l, 1) != '-') || digits_from(l, 2) == 0) {
			while (goes_on(l))
				l->at++;
			ret->kind = LEX_NAME;
			ret->text = bytes_of(l->text.at + begin, l->at - begin);
			return;
		}
	}
	if (peek(l, 0) == '.' && !(peek(l, 1) == '.' && l->dialect == SQL_ORACLE)) {
		l->at++;
		l->at += digits_from(l, 0);
		ret->kind = LEX_DECIMAL;
	}
	e = (peek(l, 0) | 0x20) == 'e' ? 1 + (peek(l, 1) == '+' || peek(l, 1) == '-') : 0;
	if (e > 0 && digits_from(l, e) > 0) {
		l->at += e + digits_from(l, e);
		ret->kind = LEX_FLOAT;
	} else if (e > 0 && l->dialect == SQL_MSSQL) {
		l->at += e; /* "1e" is 1e0 there */
		ret->kind = LEX_FLOAT;
	}
	ret->text = bytes_of(l->text.at + begin, l->at - begin);
	/* PostgreSQL 15 and SQLite mind a word that clings to a number */
	if (begins_name(l) && in(l->dialect, IN_POSTGRESQL | IN_SQLITE))
		ret->kind = LEX_WRONG;
}

static void name(struct lexer *l, struct lexeme *ret)
{
	size_t begin = l->at;

	while (goes_on(l))
		l->at++;
	ret->kind = LEX_NAME;
	ret->text = bytes_of(l->text.at + begin, l->at - begin);
}

static void variable(struct lexer *l, struct lexeme *ret)
{
	size_t begin = l->at;

	while (peek(l, 0) == '@')
		l->at++;
	if (l->dialect == SQL_MYSQL && (peek(l, 0) == '`' || peek(l, 0) == '\'' || peek(l, 0) == '"')) {
		lexer_quote(l, peek(l, 0), ret);
		ret->kind = ret->kind == LEX_WRONG ? LEX_WRONG : LEX_VARIABLE;
		return;
	}
	while (goes_on(l) || (l->dialect == SQL_MYSQL && peek(l, 0) == '.' && l->at - begin > 2))
		l->at++;
	ret->kind = LEX_VARIABLE;
	ret->text = bytes_of(l->text.at + begin, l->at - begin);
}

static void sign(struct lexer *l, struct lexeme *ret)
{
	static const struct { const char *text; unsigned in; } signs[] = {
		{ "<=>", IN_MYSQL }, { "!~~*", IN_POSTGRESQL }, { "!~~", IN_POSTGRESQL }, { "!~*", IN_POSTGRESQL },
		{ "->>", IN_POSTGRESQL | IN_SQLITE | IN_MYSQL },
		{ "~~*", IN_POSTGRESQL }, { "||/", IN_POSTGRESQL }, { "~~", IN_POSTGRESQL }, { "~*", IN_POSTGRESQL },
		{ "!~", IN_POSTGRESQL }, { "|/", IN_POSTGRESQL }, { "::", IN_POSTGRESQL },
		{ "->", IN_POSTGRESQL | IN_SQLITE | IN_MYSQL }, { "<=", IN_ALL }, { ">=", IN_ALL }, { "<>", IN_ALL },
		{ "!=", IN_ALL }, { "^=", IN_ORACLE }, { "!<", IN_MSSQL }, { "!>", IN_MSSQL },
		{ "==", IN_SQLITE }, { "||", IN_ALL & ~IN_MSSQL }, { "&&", IN_MYSQL | IN_POSTGRESQL },
		{ "<<", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE }, { ">>", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE },
		{ ":=", IN_MYSQL | IN_ORACLE },
	};
	struct bytes rest = bytes_of(l->text.at + l->at, l->text.left - l->at);
	size_t len = 1;

	for (unsigned i = 0; i < COUNT_OF(signs) && len == 1; i++) {
		if (in(l->dialect, signs[i].in) && bytes_starts_fold(rest, bytes_text(signs[i].text)))
			len = strlen(signs[i].text);
	}
	if (l->dialect == SQL_MYSQL && bytes_starts_fold(rest, bytes_text("\\N")) && rest.at[1] == 'N') {
		l->at += 2;
		ret->kind = LEX_NAME;
		ret->text = bytes_text("NULL");
		return;
	}
	ret->kind = strchr("+-*/%^&|~=<>!(),.;:?{}[]#@", rest.at[0]) != NULL && rest.at[0] != 0 ? LEX_SIGN : LEX_WRONG;
	ret->text = bytes_of(rest.at, len);
	l->at += len;
}

static int next(struct lexer *l, struct lexeme *ret)
{
	uint8_t c;

	*ret = (struct lexeme){ .kind = LEX_WRONG };
	if (!skip(l)) {
		ret->at = (uint32_t)l->text.left;
		return 0;
	}
	ret->at = (uint32_t)l->at;
	c = peek(l, 0);
	if (!has(l, 0))
		ret->kind = LEX_END;
	else if (is_digit(c) || (c == '.' && is_digit(peek(l, 1)) && l->name_end != l->at))
		number(l, ret);
	else if (lexer_quoted(l, ret))
		;
	else if (c == '@' && in(l->dialect, IN_MYSQL | IN_MSSQL))
		variable(l, ret);
	else if (begins_name(l))
		name(l, ret);
	else
		sign(l, ret);
	l->name_end = ret->kind == LEX_NAME || ret->kind == LEX_QUOTED ? l->at : 0;
	return l->arena->full ? -ENOMEM : 0;
}

int lexemes_of(enum sql_dialect dialect, struct bytes text, struct arena *a, struct lexemes *ret)
{
	struct lexer l = { .dialect = dialect, .text = text, .arena = a };
	unsigned count = 0, most;
	struct lexeme *list;
	int r = 0;

	if (text.left > LEXER_TEXT_MAX)
		return -E2BIG;
	most = text.left + 1 < LEXEMES_MAX ? (unsigned)text.left + 1 : LEXEMES_MAX;
	l.strings = sink_over(arena_take(a, text.left + 1), text.left + 1);
	if (l.strings.at == NULL || (list = arena_take(a, most * sizeof(*list))) == NULL)
		return -ENOMEM;
	do {
		if (count == most)
			return -E2BIG;
		r = next(&l, &list[count]);
		count++;
	} while (r == 0 && list[count - 1].kind != LEX_END && list[count - 1].kind != LEX_WRONG);
	if (r == 0)
		*ret = (struct lexemes){ .count = count, .list = list };
	return r;
}

bool lexeme_is(const struct lexeme *x, const char *word)
{
	return (x->kind == LEX_NAME || x->kind == LEX_SIGN) && bytes_equal_fold(x->text, bytes_text(word));
}
