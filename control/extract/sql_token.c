/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value cut into SQL's tokens, whatever the dialect: where dialects differ, as the attacker would have it. */
#include "control/extract/sql.h"

#include <ctype.h>
#include <string.h>

struct cutter {
	struct bytes text;
	size_t at;
	struct sqlquoting quoting;
	struct sqltokens *to;
	bool blank, commented;
};

static uint8_t peek(const struct cutter *c, size_t ahead)
{
	return c->at + ahead < c->text.left ? c->text.at[c->at + ahead] : 0;
}

static void add(struct cutter *c, enum sqltoken_kind kind, size_t len)
{
	if (c->to->count < SQLTOKENS_MAX - 1)
		c->to->list[c->to->count++] = (struct sqltoken){ .kind = kind, .text = bytes_of(c->text.at + c->at, len),
			.blank = c->blank, .commented = c->commented };
	c->at += len;
	c->blank = c->commented = false;
}

/* Blanks of some engine: a no-break space of Latin-1 is one for MySQL, unless it is a piece of UTF-8. */
static bool is_blank(const struct cutter *c, size_t ahead)
{
	uint8_t b = peek(c, ahead);
	size_t at = c->at + ahead;

	return (b != 0 && b <= ' ') || (b == 0xa0 && (at == 0 || c->text.at[at - 1] < 0x80));
}

static size_t line_end(const struct cutter *c, size_t from)
{
	while (from < c->text.left && c->text.at[from] != '\n')
		from++;
	return from;
}

/* A comment to the end of its line: a blank where lines follow, or the end of all. */
static void take_line_comment(struct cutter *c, size_t mark)
{
	size_t end = line_end(c, c->at);

	if (end + 1 < c->text.left) {
		c->at = end + 1;
		c->commented = true;
		return;
	}
	c->at += mark;
	add(c, SQLTOKEN_COMMENT, end - c->at);
	c->at = c->text.left;
}

/* What MySQL runs, though others take it for a comment: its marks are blanks. */
static bool take_executed(struct cutter *c)
{
	if (peek(c, 0) == '/' && peek(c, 1) == '*' && peek(c, 2) == '!') {
		for (c->at += 3; isdigit(peek(c, 0)); c->at++)
			;
		return true;
	}
	if (peek(c, 0) == '*' && peek(c, 1) == '/') {
		c->at += 2;
		return true;
	}
	return false;
}

/* a#b, and no line behind it: part of a name that people write */
static bool is_within_word(const struct cutter *c)
{
	return c->at > 0 && isalnum(c->text.at[c->at - 1]) && isalnum(peek(c, 1)) && line_end(c, c->at) + 1 >= c->text.left;
}

static bool take_comment(struct cutter *c)
{
	uint8_t a = peek(c, 0), b = peek(c, 1);
	ptrdiff_t end;

	if (take_executed(c)) {
		c->commented = true;
	} else if (a == '/' && b == '*') {
		end = bytes_find(bytes_of(c->text.at + c->at + 2, c->text.left - c->at - 2), bytes_text("*/"));
		if (end < 0) {
			c->at += 2;
			add(c, SQLTOKEN_COMMENT, c->text.left - c->at);
			return true;
		}
		c->at += (size_t)end + 4;
		c->commented = true;
	} else if (a == '#' && !is_within_word(c)) {
		take_line_comment(c, 1);
	} else if (a == '-' && b == '-' && !isdigit(peek(c, 2)) && peek(c, 2) != '(') {
		take_line_comment(c, 2);
	} else {
		return false;
	}
	return true;
}

/* The end of what the quote at c->at begins (behind it), and whether it is closed. */
static size_t quoted_end(const struct cutter *c, size_t from, uint8_t quote, bool *closed)
{
	*closed = false;
	while (from < c->text.left) {
		if (c->quoting.backslash && c->text.at[from] == '\\') {
			from += 2;
		} else if (c->text.at[from] != quote) {
			from++;
		} else if (quote != ']' && from + 1 < c->text.left && c->text.at[from + 1] == quote) {
			from += 2;
		} else {
			*closed = true;
			return from;
		}
	}
	return c->text.left;
}

static void take_quoted(struct cutter *c, uint8_t quote, bool inside)
{
	size_t from = c->at + (inside ? 0 : 1), end;
	bool closed;
	struct sqltoken *t;

	end = quoted_end(c, from, quote, &closed);
	c->at = from;
	add(c, quote == '`' || quote == ']' ? SQLTOKEN_NAME : SQLTOKEN_TEXT, end - from);
	c->at = closed ? end + 1 : c->text.left;
	t = &c->to->list[c->to->count - 1];
	t->quote = quote;
	t->open = !closed;
}

static bool in_word(uint8_t b)
{
	return isalnum(b) || b == '_' || b == '$' || b >= 0x80;
}

static void take_number(struct cutter *c)
{
	size_t n = 0, dots = 0;

	if (peek(c, 0) == '0' && tolower(peek(c, 1)) == 'x' && isxdigit(peek(c, 2))) {
		for (n = 2; isxdigit(peek(c, n)); n++)
			;
		add(c, SQLTOKEN_HEX, n);
		return;
	}
	for (; isdigit(peek(c, n)) || peek(c, n) == '.'; n++)
		dots += peek(c, n) == '.';
	if (tolower(peek(c, n)) == 'e' && (isdigit(peek(c, n + 1)) || (strchr("+-", peek(c, n + 1)) != NULL && isdigit(peek(c, n + 2)))))
		for (n += 2; isdigit(peek(c, n)); n++)
			;
	add(c, dots > 1 ? SQLTOKEN_WORD : SQLTOKEN_NUMBER, n); /* an address is none */
}

/* Names with dots between them are one word: schema.table, package.function. */
static void take_word(struct cutter *c, enum sqltoken_kind kind, size_t n)
{
	while ((in_word(peek(c, n)) && !is_blank(c, n)) || (peek(c, n) == '.' && (in_word(peek(c, n + 1)) || peek(c, n + 1) == '.')))
		n++;
	add(c, kind, n);
}

static void take_sign(struct cutter *c)
{
	static const char *const doubled[] = { "<=>", "&&", "||", "<=", ">=", "<>", "!=", ":=", "<<", ">>", "::", "=>", "!<", "!>", "~*" };

	for (size_t i = 0; i < COUNT_OF(doubled); i++) {
		size_t len = strlen(doubled[i]);

		if (c->text.left - c->at >= len && memcmp(c->text.at + c->at, doubled[i], len) == 0) {
			add(c, i == 1 || i == 2 ? SQLTOKEN_LOGIC : SQLTOKEN_OPERATOR, len);
			return;
		}
	}
	switch (peek(c, 0)) {
	case '(': add(c, SQLTOKEN_OPEN, 1); break;
	case ')': add(c, SQLTOKEN_CLOSE, 1); break;
	case ',': add(c, SQLTOKEN_COMMA, 1); break;
	case ';': add(c, SQLTOKEN_SEMI, 1); break;
	default:
		add(c, peek(c, 0) != 0 && strchr("=<>+-*/%|&^~!.", peek(c, 0)) != NULL ? SQLTOKEN_OPERATOR : SQLTOKEN_ODD, 1);
	}
}

static void take(struct cutter *c)
{
	uint8_t b = peek(c, 0);

	if (is_blank(c, 0)) {
		c->at++;
		c->blank = true;
	} else if (take_comment(c)) {
		;
	} else if (b == '\'' || b == '"' || b == '`') {
		take_quoted(c, b, false);
	} else if (b == '[' && (isalpha(peek(c, 1)) || peek(c, 1) == '_')) {
		take_quoted(c, ']', false);
	} else if (isdigit(b) || (b == '.' && isdigit(peek(c, 1)))) {
		take_number(c);
	} else if (b == '@' && (in_word(peek(c, 1)) || peek(c, 1) == '@')) {
		take_word(c, SQLTOKEN_VARIABLE, peek(c, 1) == '@' ? 2 : 1);
	} else if (in_word(b)) {
		take_word(c, SQLTOKEN_WORD, 0);
	} else {
		take_sign(c);
	}
}

bool sqltokens_of(struct bytes text, struct sqlquoting quoting, struct sqltokens *ret)
{
	struct cutter c = { .text = text, .quoting = quoting, .to = ret };

	if (c.text.left > SQLTEXT_MAX)
		c.text.left = SQLTEXT_MAX;
	ret->count = 0;
	if (quoting.quote != 0) {
		take_quoted(&c, quoting.quote, true);
		if (ret->list[0].open)
			return false;
		ret->list[0].kind = SQLTOKEN_TEXT;
	} else {
		add(&c, SQLTOKEN_START, 0);
	}
	while (c.at < c.text.left && ret->count < SQLTOKENS_MAX - 1)
		take(&c);
	ret->list[ret->count++] = (struct sqltoken){ .kind = SQLTOKEN_END };
	return true;
}
