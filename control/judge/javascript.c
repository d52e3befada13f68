/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens of a script, one after the other, with the brackets that are open. */
#include "control/judge/javascript.h"

#include <ctype.h>
#include <string.h>

enum { OPEN_MAX = 256 };

struct lexer {
	struct bytes text;
	size_t at;
	bool value;              /* the last token ends a value: a slash divides, and no other value may follow */
	bool line;               /* a line ended since then */
	bool broken;
	unsigned open_count;
	uint8_t open[OPEN_MAX];  /* ( [ { and ` for a substitution of a template */
};

/* Words behind which an expression begins. */
static const char *const openers[] = {
	"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "instanceof", "else", "do", "yield", "await", "var", "let",
	"const", "function", "class", "extends", "async", "static", "get", "set", "default", "import", "export", "from", "as",
};

static uint8_t byte_at(const struct lexer *l, size_t at)
{
	return at < l->text.left ? l->text.at[at] : 0;
}

static bool is_name(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '$' || c >= 0x80 || c == '#';
}

/* A value begins here. Two of them in a row are no expression unless a line ends between them. */
static void begin_value(struct lexer *l)
{
	if (l->value && !l->line)
		l->broken = true;
}

static void end_token(struct lexer *l, bool value)
{
	l->value = value;
	l->line = false;
}

static void skip_line(struct lexer *l)
{
	while (l->at < l->text.left && l->text.at[l->at] != '\n' && l->text.at[l->at] != '\r')
		l->at++;
}

/* Blanks and comments, those of markup among them. False: something else stands here. */
static bool skip_blank(struct lexer *l)
{
	struct bytes rest = bytes_of(l->text.at + l->at, l->text.left - l->at);
	ptrdiff_t end;

	if (isspace(byte_at(l, l->at))) {
		l->line |= byte_at(l, l->at) == '\n' || byte_at(l, l->at) == '\r';
		l->at++;
		return true;
	}
	if (bytes_starts_fold(rest, bytes_text("//")) || bytes_starts_fold(rest, bytes_text("<!--")) ||
	    (bytes_starts_fold(rest, bytes_text("-->")) && (l->line || !l->value))) {
		skip_line(l);
		return true;
	}
	if (!bytes_starts_fold(rest, bytes_text("/*")))
		return false;
	end = bytes_find(bytes_of(rest.at + 2, rest.left - 2), bytes_text("*/"));
	if (end < 0)
		l->broken = true;
	else
		l->line |= memchr(rest.at, '\n', (size_t)end) != NULL;
	l->at = end < 0 ? l->text.left : l->at + 4 + (size_t)end;
	return true;
}

static void read_string(struct lexer *l, uint8_t quote)
{
	begin_value(l);
	for (l->at++; l->at < l->text.left && strchr("\n\r", l->text.at[l->at]) == NULL && l->text.at[l->at] != quote; l->at++) {
		if (l->text.at[l->at] == '\\')
			l->at++;
	}
	l->broken |= byte_at(l, l->at) != quote;
	l->at++;
	end_token(l, true);
}

/* A template's text, up to its end or to a substitution, whose code follows. */
static void read_template(struct lexer *l)
{
	for (; l->at < l->text.left && l->text.at[l->at] != '`'; l->at++) {
		if (l->text.at[l->at] == '\\') {
			l->at++;
		} else if (l->text.at[l->at] == '$' && byte_at(l, l->at + 1) == '{') {
			if (l->open_count == OPEN_MAX) {
				l->broken = true;
				return;
			}
			l->open[l->open_count++] = '`';
			l->at += 2;
			end_token(l, false);
			return;
		}
	}
	l->broken |= l->at >= l->text.left;
	l->at++;
	end_token(l, true);
}

static void read_pattern(struct lexer *l)
{
	bool set = false;

	for (l->at++; l->at < l->text.left && (set || l->text.at[l->at] != '/'); l->at++) {
		if (l->text.at[l->at] == '\\')
			l->at++;
		else if (l->text.at[l->at] == '[' || l->text.at[l->at] == ']')
			set = l->text.at[l->at] == '[';
		else if (l->text.at[l->at] == '\n')
			l->broken = true;
	}
	l->broken |= l->at >= l->text.left;
	for (l->at++; l->at < l->text.left && isalpha(l->text.at[l->at]); l->at++)
		;
	end_token(l, true);
}

static void read_name(struct lexer *l)
{
	size_t start = l->at;
	bool opener = false, operator = false;

	while (l->at < l->text.left && (is_name(l->text.at[l->at]) || (l->text.at[l->at] == '\\' && byte_at(l, l->at + 1) == 'u')))
		l->at++;
	if (isdigit(l->text.at[start])) {
		while (l->at < l->text.left && (is_name(l->text.at[l->at]) || l->text.at[l->at] == '.'))
			l->at++;
	}
	for (size_t i = 0; i < COUNT_OF(openers); i++) {
		bool same = bytes_equal(bytes_of(l->text.at + start, l->at - start), bytes_text(openers[i]));

		opener |= same;
		operator |= same && (strcmp(openers[i], "in") == 0 || strcmp(openers[i], "of") == 0 || strcmp(openers[i], "instanceof") == 0 ||
		                     strcmp(openers[i], "as") == 0 || strcmp(openers[i], "from") == 0);
	}
	if (!operator)
		begin_value(l);
	end_token(l, !opener);
}

static void read_mark(struct lexer *l, uint8_t c)
{
	static const char opening[] = "([{", closing[] = ")]}";
	const char *close = strchr(closing, c);

	l->at++;
	if (strchr(opening, c) != NULL) {
		if (l->open_count == OPEN_MAX)
			l->broken = true;
		else
			l->open[l->open_count++] = c;
		end_token(l, false);
		return;
	}
	if (close == NULL) {
		/* "a++" ends a value as "a" does */
		bool twice = (c == '+' || c == '-') && byte_at(l, l->at) == c;

		l->at += twice;
		end_token(l, twice && l->value);
		return;
	}
	if (l->open_count > 0 && l->open[l->open_count - 1] == '`' && c == '}') {
		l->open_count--;
		read_template(l);
		return;
	}
	if (l->open_count == 0 || l->open[l->open_count - 1] != (uint8_t)opening[close - closing]) {
		l->broken = true;
		return;
	}
	l->open_count--;
	end_token(l, c == ']');
	/* behind a condition's bracket a statement may begin, and behind a block's: any value may follow these */
}

static void read_token(struct lexer *l)
{
	uint8_t c = byte_at(l, l->at);

	if (skip_blank(l))
		return;
	if (c == '"' || c == '\'') {
		read_string(l, c);
	} else if (c == '`') {
		l->at++; /* behind a value it is a call with the template */
		read_template(l);
	} else if (c == '/' && !l->value && byte_at(l, l->at - 1) != ')') {
		read_pattern(l);
	} else if (is_name(c)) {
		read_name(l);
	} else if (c == '\\' && byte_at(l, l->at + 1) == 'u') {
		read_name(l);
	} else if (c == '\\' || c < ' ' || c == '@' || c == 0x7f) {
		l->broken = true;
		l->at++;
	} else {
		read_mark(l, c);
	}
}

enum javascript_place javascript_place_of(struct bytes script, size_t at, size_t len)
{
	struct lexer l = { .text = script };
	bool code = false, inside = false;

	while (l.at < script.left && !l.broken) {
		size_t start = l.at;

		read_token(&l);
		if (start == at && !l.broken)
			code = !isspace(script.at[start]) && !(script.at[start] == '/' && (byte_at(&l, start + 1) == '/' || byte_at(&l, start + 1) == '*'));
		/* a token that swallows the piece's beginning */
		inside |= start < at && l.at > at;
	}
	if (inside && !code)
		return JAVASCRIPT_DATA;
	if (l.broken || l.open_count > 0)
		return JAVASCRIPT_BROKEN;
	return code ? JAVASCRIPT_CODE : JAVASCRIPT_DATA;
}
