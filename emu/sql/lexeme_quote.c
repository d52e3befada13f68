/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quotes of the dialects: '…', "…", `…`, […], N'…', E'…', x'…', b'…', q'[…]', $tag$…$tag$, _charset'…'. */
#include "emu/sql/lexeme_quote.h"

#include <string.h>

static bool in(enum sql_dialect d, unsigned set)
{
	return (1u << d & set) != 0;
}

static uint8_t peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.left ? l->text.at[l->at + ahead] : 0;
}

static unsigned nibble(uint8_t c)
{
	return c <= '9' ? c - 48u : (c | 0x20u) - 87u;
}

void lexer_hex(struct lexer *l, struct bytes digits, struct lexeme *ret)
{
	uint8_t *to = arena_take(l->arena, digits.left / 2 + 1);
	size_t n = 0, at = 0;

	if (to == NULL)
		return;
	if (digits.left % 2 == 1)
		to[n++] = (uint8_t)nibble(digits.at[at++]);
	for (; at + 1 < digits.left; at += 2)
		to[n++] = (uint8_t)(nibble(digits.at[at]) << 4 | nibble(digits.at[at + 1]));
	ret->text = bytes_of(to, n);
}

void lexer_bits(struct lexer *l, struct bytes digits, struct lexeme *ret)
{
	size_t len = (digits.left + 7) / 8;
	uint8_t *to = arena_take(l->arena, len + 1);

	if (to == NULL)
		return;
	for (size_t i = 0; i < digits.left; i++) {
		size_t bit = digits.left - 1 - i;

		if (digits.at[i] == '1')
			to[len - 1 - bit / 8] |= (uint8_t)(1 << bit % 8);
	}
	ret->text = bytes_of(to, len);
}

/* A backslash and what is behind it, as MySQL and PostgreSQL's E'…' read it. Moves l->at beyond. */
static void escape(struct lexer *l, struct sink *to)
{
	static const char from[] = "ntrb0Z", stands[] = "\n\t\r\b\0\x1a";
	uint8_t c = peek(l, 1);
	const char *found = c != 0 ? strchr(from, c) : NULL;
	unsigned value = 0, digits = 0;

	l->at += 2;
	if (l->dialect == SQL_MYSQL) {
		if (c == '%' || c == '_')
			sink_u8(to, '\\');
		sink_u8(to, found != NULL ? (uint8_t)stands[found - from] : c);
		return;
	}
	if (c == 'x') {
		for (; digits < 2 && strchr("0123456789abcdefABCDEF", peek(l, 0) ? peek(l, 0) : '!') != NULL; digits++)
			value = value << 4 | nibble(l->text.at[l->at++]);
		sink_u8(to, digits > 0 ? (uint8_t)value : c);
	} else if (c >= '0' && c <= '7') {
		for (l->at--; digits < 3 && peek(l, 0) >= '0' && peek(l, 0) <= '7'; digits++)
			value = value << 3 | (unsigned)(l->text.at[l->at++] - '0');
		sink_u8(to, (uint8_t)value);
	} else {
		sink_u8(to, c == 'f' ? '\f' : found != NULL && c != 'Z' ? (uint8_t)stands[found - from] : c);
	}
}

/* From the opening quote to its end; a doubled one stands for one. false: there is no end. */
static bool quoted(struct lexer *l, uint8_t close, bool escapes, struct sink *to)
{
	l->at++;
	while (l->at < l->text.left) {
		uint8_t c = peek(l, 0);

		if (c == close && peek(l, 1) == close && l->at + 1 < l->text.left) {
			sink_u8(to, c);
			l->at += 2;
		} else if (c == close) {
			l->at++;
			return true;
		} else if (c == '\\' && escapes) {
			if (l->at + 1 == l->text.left)
				return false;
			escape(l, to);
		} else {
			sink_u8(to, c);
			l->at++;
		}
	}
	return false;
}

/* Is another string next that goes on this one: MySQL beyond any blanks, PostgreSQL and the standard beyond a line end. */
static bool continues(struct lexer *l, uint8_t quote)
{
	size_t n = 0;
	bool line = false;

	while (peek(l, n) == ' ' || (peek(l, n) >= '\t' && peek(l, n) <= '\r')) {
		line |= peek(l, n) == '\n' || peek(l, n) == '\r';
		n++;
	}
	if (peek(l, n) != quote || (l->dialect == SQL_POSTGRESQL ? !line : l->dialect != SQL_MYSQL || n == 0))
		return false;
	l->at += n;
	return true;
}

void lexer_quote(struct lexer *l, uint8_t quote, struct lexeme *ret)
{
	size_t begun = l->strings.used;
	bool name = quote == '`' || quote == '[' || (quote == '"' && !in(l->dialect, IN_MYSQL));
	bool escapes = !name && (l->dialect == SQL_MYSQL || ret->prefix == 'e'), ended;

	do {
		ended = quoted(l, quote == '[' ? ']' : quote, escapes, &l->strings);
	} while (ended && !name && continues(l, quote));
	ret->text = bytes_of(l->strings.at + begun, l->strings.used - begun);
	ret->kind = !ended ? LEX_WRONG : name ? LEX_QUOTED : LEX_STRING;
	if (quote == '"' && !name)
		ret->prefix = '"';
}

/* x'41' or b'0101' */
static void digits(struct lexer *l, char prefix, struct lexeme *ret)
{
	const char *allowed = prefix == 'x' ? "0123456789abcdefABCDEF" : "01";

	ret->prefix = 0;
	l->at++;
	lexer_quote(l, '\'', ret);
	for (size_t i = 0; i < ret->text.left; i++) {
		if (ret->text.at[i] == 0 || strchr(allowed, ret->text.at[i]) == NULL)
			ret->kind = LEX_WRONG;
	}
	if (prefix == 'x' && ret->text.left % 2 == 1 && l->dialect != SQL_POSTGRESQL)
		ret->kind = LEX_WRONG;
	if (ret->kind == LEX_WRONG)
		return;
	ret->kind = LEX_BYTES;
	ret->prefix = prefix;
	if (prefix == 'x')
		lexer_hex(l, ret->text, ret);
	else
		lexer_bits(l, ret->text, ret);
}

/* $tag$ … $tag$. false: no opening stands here. */
static bool dollars(struct lexer *l, struct lexeme *ret)
{
	struct bytes rest = bytes_of(l->text.at + l->at, l->text.left - l->at), tag;
	size_t n = 1;
	ptrdiff_t end;

	while (n < rest.left && rest.at[n] != '$' && (rest.at[n] == '_' || (rest.at[n] | 0x20) >= 'a' || (n > 1 && rest.at[n] <= '9' && rest.at[n] >= '0')))
		n++;
	if (n >= rest.left || rest.at[n] != '$')
		return false;
	tag = bytes_of(rest.at, n + 1);
	rest = bytes_of(rest.at + n + 1, rest.left - n - 1);
	end = bytes_find(rest, tag);
	ret->kind = end < 0 ? LEX_WRONG : LEX_STRING;
	ret->text = bytes_of(rest.at, end < 0 ? rest.left : (size_t)end);
	l->at += tag.left + ret->text.left + (end < 0 ? 0 : tag.left);
	return true;
}

/* q'[…]': ends at the partner of its mark, with a quote behind. */
static void marked(struct lexer *l, struct lexeme *ret)
{
	static const char open[] = "[{<(", close[] = "]}>)";
	uint8_t mark = peek(l, 2);
	const char *pair = mark != 0 ? strchr(open, mark) : NULL;
	uint8_t end[2] = { pair != NULL ? (uint8_t)close[pair - open] : mark, '\'' };
	struct bytes rest = bytes_of(l->text.at + l->at, l->text.left - l->at);
	ptrdiff_t at;

	if (rest.left < 4) {
		l->at = l->text.left;
		return; /* LEX_WRONG, as it was set */
	}
	rest = bytes_of(rest.at + 3, rest.left - 3);
	at = bytes_find(rest, bytes_of(end, 2));
	ret->kind = at < 0 ? LEX_WRONG : LEX_STRING;
	ret->text = bytes_of(rest.at, at < 0 ? rest.left : (size_t)at);
	l->at += 3 + ret->text.left + (at < 0 ? 0 : 2);
}

/* The length of a character set's name before a string: _utf8'…'; 0: none. */
static size_t introducer(const struct lexer *l)
{
	size_t n = 1;

	if (l->dialect != SQL_MYSQL || peek(l, 0) != '_')
		return 0;
	while ((peek(l, n) | 0x20) >= 'a' || (peek(l, n) >= '0' && peek(l, n) <= '9'))
		n++;
	while (peek(l, n) == ' ')
		n++;
	return peek(l, n) == '\'' || peek(l, n) == '"' ? n : 0;
}

bool lexer_quoted(struct lexer *l, struct lexeme *ret)
{
	uint8_t c = peek(l, 0), low = c | 0x20, second = peek(l, 1);
	enum sql_dialect d = l->dialect;
	size_t n;

	if (c == '\'' || c == '"') {
		lexer_quote(l, c, ret);
	} else if ((c == '`' && in(d, IN_MYSQL | IN_SQLITE)) || (c == '[' && in(d, IN_MSSQL | IN_SQLITE))) {
		lexer_quote(l, c, ret);
	} else if (second == '\'' && ((low == 'n' && in(d, IN_ALL & ~IN_SQLITE)) || (low == 'e' && d == SQL_POSTGRESQL))) {
		ret->prefix = (char)low;
		l->at++;
		lexer_quote(l, '\'', ret);
	} else if (second == '\'' && ((low == 'x' && in(d, IN_MYSQL | IN_SQLITE | IN_POSTGRESQL)) ||
	                              (low == 'b' && in(d, IN_MYSQL | IN_POSTGRESQL)))) {
		digits(l, (char)low, ret);
	} else if (low == 'q' && second == '\'' && d == SQL_ORACLE) {
		marked(l, ret);
	} else if (c == '$' && d == SQL_POSTGRESQL) {
		return dollars(l, ret);
	} else if ((n = introducer(l)) > 0) {
		l->at += n;
		lexer_quote(l, peek(l, 0), ret);
	} else {
		return false;
	}
	return true;
}
