/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of an expression as lexemes, by the rules of its language: quotes, escapes, comments, numbers, signs. */
#include "emu/expression/syntax.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Longer ones first. A sign that a language does not know is refused by its parser. */
static const char *const signs[] = {
	">>>=", "===", "!==", "<<=", ">>=", ">>>", "**=", "...", "..<", "..*", "<=>", "==~", "::", "->", "=>", "++", "--", "&&", "||", "==", "!=",
	"<=", ">=", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "?.", "?:", "?[", "!.", "![", "^[", "$[", "*.", "**", "..", "??",
	"=~", "~=",
};

struct lexer {
	struct java_run *run;
	struct bytes text;
	size_t at;
	bool line;             /* a line end was skipped */
	bool operand;          /* the lexeme before ends an operand: a slash divides */
	struct lexemes *out;
};

static bool in(const struct lexer *l, unsigned languages)
{
	return (1u << l->run->language & languages) != 0;
}

static uint8_t peek(const struct lexer *l, size_t ahead)
{
	return l->at + ahead < l->text.left ? l->text.at[l->at + ahead] : 0;
}

static bool name_begins(const struct lexer *l, uint8_t c)
{
	if (c == '$')
		return !in(l, IN_VELOCITY) && peek(l, 1) != '[' && peek(l, 1) != '{';
	return isalpha(c) || c == '_' || c >= 0x80;
}

static bool name_goes_on(const struct lexer *l, uint8_t c)
{
	return isalnum(c) || c == '_' || c >= 0x80 || (c == '$' && !in(l, IN_VELOCITY)) || (c == '-' && in(l, IN_VELOCITY) && isalpha(peek(l, 1)));
}

/* Blanks and comments; false at the end. */
static bool skip(struct lexer *l)
{
	while (l->at < l->text.left) {
		uint8_t c = peek(l, 0);
		bool code = in(l, IN_JAVA | IN_MVEL);

		if (isspace(c)) {
			l->line |= c == '\n';
			l->at++;
		} else if (code && c == '/' && peek(l, 1) == '/') {
			while (l->at < l->text.left && peek(l, 0) != '\n')
				l->at++;
		} else if (code && c == '/' && peek(l, 1) == '*') {
			ptrdiff_t end = bytes_find(bytes_of(l->text.at + l->at + 2, l->text.left - l->at - 2), bytes_text("*/"));

			l->at = end < 0 ? l->text.left : l->at + 4 + (size_t)end;
		} else {
			return true;
		}
	}
	return false;
}

static int hex_of(uint8_t c)
{
	return isdigit(c) ? c - '0' : isxdigit(c) ? (c | 32) - 'a' + 10 : -1;
}

/* \uXXXX and \xXX: the code, and *at goes behind it; -1: none. */
static int64_t escaped_code(const struct lexer *l, size_t *at)
{
	size_t from = *at + 1, digits = l->text.at[*at] == 'u' ? 4 : 2;
	int64_t code = 0;

	while (digits == 4 && from < l->text.left && l->text.at[from] == 'u')
		from++;
	if (from + digits > l->text.left)
		return -1;
	for (size_t i = 0; i < digits; i++) {
		int h = hex_of(l->text.at[from + i]);

		if (h < 0)
			return -1;
		code = code * 16 + h;
	}
	*at = from + digits;
	return code;
}

/* What a backslash and what follows it stand for; *at is behind the backslash. */
static void unescape(const struct lexer *l, size_t *at, struct sink *out)
{
	static const char from[] = "ntrbf0lgav", to[] = "\n\t\r\b\f\0<>&\v";
	uint8_t c = l->text.at[*at], code[4];
	const char *plain = c != '\0' ? strchr(from, c) : NULL;
	int64_t wide;

	if (in(l, IN_EL) && strchr("'\"\\$#", c) == NULL) {
		sink_u8(out, '\\');
		return;
	}
	if ((c == 'u' || c == 'x') && (wide = escaped_code(l, at)) >= 0) {
		sink_put(out, code, java_text_put(wide, code));
		return;
	}
	if (c >= '0' && c <= '7' && in(l, IN_JAVA | IN_OGNL | IN_MVEL)) {
		int64_t octal = 0;

		for (unsigned n = 0; n < 3 && *at < l->text.left && l->text.at[*at] >= '0' && l->text.at[*at] <= '7'; n++)
			octal = octal * 8 + l->text.at[(*at)++] - '0';
		sink_put(out, code, java_text_put(octal, code));
		return;
	}
	(*at)++;
	sink_u8(out, plain != NULL && (strchr("lga", c) == NULL || in(l, IN_FREEMARKER)) ? (uint8_t)to[plain - from] : c);
}

/* SpEL has no escapes but the doubled quote, Velocity none at all. */
static int read_string(struct lexer *l, struct lexeme *ret)
{
	uint8_t quote = peek(l, 0);
	bool triple = in(l, IN_JAVA) && peek(l, 1) == quote && peek(l, 2) == quote;
	bool raw = ret->kind == LEX_WRONG; /* Freemarker's r"…" */
	bool escapes = !raw && !in(l, IN_SPEL | IN_VELOCITY), doubled = in(l, IN_SPEL | IN_VELOCITY);
	size_t at = l->at + (triple ? 3 : 1), room = l->text.left - l->at + 4;
	uint8_t *to = java_take(l->run, room);
	struct sink out = sink_over(to, room);

	if (to == NULL)
		return -ENOMEM;
	for (;; ) {
		uint8_t c;

		if (at >= l->text.left)
			return -EBADMSG;
		c = l->text.at[at];
		if (c == quote && doubled && at + 1 < l->text.left && l->text.at[at + 1] == quote) {
			sink_u8(&out, c);
			at += 2;
		} else if (c == quote && (!triple || (at + 2 < l->text.left && l->text.at[at + 1] == quote && l->text.at[at + 2] == quote))) {
			at += triple ? 3 : 1;
			break;
		} else if (c == '\\' && escapes && at + 1 < l->text.left) {
			at++;
			unescape(l, &at, &out);
		} else {
			sink_u8(&out, c);
			at++;
		}
	}
	l->at = at;
	ret->text = bytes_of(to, out.used);
	ret->kind = LEX_STRING;
	if (quote == '\'' && in(l, IN_OGNL | IN_JAVA | IN_MVEL) && java_text_length(ret->text) == 1)
		ret->kind = LEX_CHAR;
	ret->interpolates = !raw && ((quote == '"' && in(l, IN_VELOCITY | IN_JAVA)) || in(l, IN_FREEMARKER));
	return 0;
}

/* Digits as written, with what may stand behind them. A point belongs to it only where a digit follows. */
static void read_number(struct lexer *l, struct lexeme *ret)
{
	size_t from = l->at;
	bool hex = peek(l, 0) == '0' && (peek(l, 1) | 32) == 'x', point = false;

	if (hex)
		l->at += 2;
	for (; l->at < l->text.left; l->at++) {
		uint8_t c = peek(l, 0);

		if ((hex && isxdigit(c)) || isdigit(c) || (c == '_' && in(l, IN_JAVA) && isalnum(peek(l, 1))))
			continue;
		if (!hex && !point && c == '.' && (isdigit(peek(l, 1)) || (in(l, IN_OGNL | IN_EL | IN_JAVA | IN_MVEL) && !name_begins(l, peek(l, 1)) && peek(l, 1) != '.' && peek(l, 1) != '('))) {
			point = true;
			continue;
		}
		if (!hex && (c | 32) == 'e' && !in(l, IN_FREEMARKER) && (isdigit(peek(l, 1)) || ((peek(l, 1) == '-' || peek(l, 1) == '+') && isdigit(peek(l, 2))))) {
			point = true;
			l->at++;
			continue;
		}
		break;
	}
	if (l->at < l->text.left && memchr("lLfFdDbBhHiIgG", peek(l, 0), 14) != NULL && !isalnum(peek(l, 1)) && peek(l, 1) != '_' &&
	    !in(l, IN_FREEMARKER | IN_VELOCITY | IN_EL))
		l->at++;
	ret->kind = LEX_NUMBER;
	ret->text = bytes_of(l->text.at + from, l->at - from);
}

static void read_sign(struct lexer *l, struct lexeme *ret)
{
	size_t len = 1;

	for (size_t i = 0; i < COUNT_OF(signs) && len == 1; i++) {
		struct bytes sign = bytes_text(signs[i]), rest = bytes_of(l->text.at + l->at, l->text.left - l->at);

		if (rest.left < sign.left || memcmp(rest.at, sign.at, sign.left) != 0)
			continue;
		/* what only one language has is two signs in the others */
		if ((strcmp(signs[i], "![") == 0 && !in(l, IN_SPEL)) || (strcmp(signs[i], "!.") == 0) ||
		    (strcmp(signs[i], "?[") == 0) || ((signs[i][0] == '^' || signs[i][0] == '$') && signs[i][1] == '[' && !in(l, IN_SPEL)) ||
		    (strcmp(signs[i], "?:") == 0 && in(l, IN_OGNL | IN_EL | IN_FREEMARKER)) || (strcmp(signs[i], "?.") == 0 && in(l, IN_OGNL | IN_FREEMARKER)) ||
		    (strcmp(signs[i], "*.") == 0 && !in(l, IN_JAVA)) || (strcmp(signs[i], "??") == 0 && !in(l, IN_FREEMARKER)) ||
		    ((strcmp(signs[i], "~=") == 0) && !in(l, IN_MVEL)) || (strcmp(signs[i], "->") == 0 && !in(l, IN_EL | IN_JAVA)))
			continue;
		len = sign.left;
	}
	ret->kind = LEX_SIGN;
	ret->text = bytes_of(l->text.at + l->at, len);
	l->at += len;
}

/* /…/ where an operand is wanted; false: it is a sign. */
static bool read_regex(struct lexer *l, struct lexeme *ret)
{
	size_t at = l->at + 1;

	if (l->operand || !in(l, IN_JAVA))
		return false;
	while (at < l->text.left && l->text.at[at] != '/' && l->text.at[at] != '\n')
		at += l->text.at[at] == '\\' ? 2 : 1;
	if (at >= l->text.left || l->text.at[at] != '/')
		return false;
	ret->kind = LEX_REGEX;
	ret->text = bytes_of(l->text.at + l->at + 1, at - l->at - 1);
	l->at = at + 1;
	return true;
}

static int read_one(struct lexer *l, struct lexeme *ret)
{
	uint8_t c = peek(l, 0);

	if (c == '"' || c == '\'' || (c == '`' && in(l, IN_JAVA)))
		return read_string(l, ret);
	if (c == 'r' && in(l, IN_FREEMARKER) && (peek(l, 1) == '"' || peek(l, 1) == '\'')) {
		l->at++;
		ret->kind = LEX_WRONG;
		return read_string(l, ret);
	}
	if (isdigit(c) || (c == '.' && isdigit(peek(l, 1)) && !l->operand)) {
		read_number(l, ret);
	} else if (name_begins(l, c)) {
		size_t from = l->at;

		while (l->at < l->text.left && name_goes_on(l, peek(l, 0)))
			l->at++;
		ret->kind = LEX_NAME;
		ret->text = bytes_of(l->text.at + from, l->at - from);
	} else if (c != '/' || !read_regex(l, ret)) {
		read_sign(l, ret);
	}
	return 0;
}

int java_lexemes_read(struct java_run *run, struct bytes text, struct lexemes *ret)
{
	struct lexer l = { .run = run, .text = text, .out = ret };
	unsigned room = text.left + 2 < LEXEMES_MAX ? (unsigned)text.left + 2 : LEXEMES_MAX;
	int r;

	if (text.left > EXPRESSION_TEXT_MAX)
		return -E2BIG;
	*ret = (struct lexemes){ .list = java_take(run, room * sizeof(*ret->list)) };
	if (ret->list == NULL)
		return -ENOMEM;
	while (skip(&l)) {
		struct lexeme *x = &ret->list[ret->count];

		if (ret->count + 1 >= room)
			return -E2BIG;
		*x = (struct lexeme){ .line_before = l.line, .at = (uint32_t)l.at };
		l.line = false;
		if ((r = read_one(&l, x)) < 0)
			return r;
		x->end = (uint32_t)l.at;
		l.operand = x->kind != LEX_SIGN || (x->text.left == 1 && strchr(")]}", x->text.at[0]) != NULL);
		ret->count++;
	}
	ret->list[ret->count] = (struct lexeme){ .kind = LEX_END, .line_before = true, .at = (uint32_t)text.left, .end = (uint32_t)text.left };
	return 0;
}
