/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lexer of what stands between delimiters. A closing delimiter within brackets closes nothing. */
#include "emu/template/lexeme.h"

#include "emu/template/datum.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 64 };

/* Longer ones first. */
static const char *const marks[][48] = {
	[DIALECT_JINJA2] = { "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
	                     "=", ".", ":", "|", ",", ";", NULL },
	[DIALECT_TWIG] = { "<=>", "...", "??", "?:", "..", "//", "**", "==", "!=", ">=", "<=", "=>", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
	                   "}", ">", "<", "=", ".", ":", "|", ",", "?", NULL },
	[DIALECT_SMARTY] = { "===", "!==", "<=>", "::", "->", "=>", "==", "!=", ">=", "<=", "<>", "&&", "||", "??", "++", "--", "<<", ">>", "**", "+", "-", "/", "*", "%",
	                     "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", "?", "$", "!", "@", "#", "&", "^", "`", NULL },
};

static struct bytes rest_of(const struct lexer *l)
{
	return bytes_of(l->all.at + l->at, l->all.left - l->at);
}

static bool starts(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	return b.left >= len && memcmp(b.at, text, len) == 0;
}

static bool is_name(uint8_t c, bool first)
{
	return isalpha(c) || c == '_' || c >= 0x80 || (!first && isdigit(c));
}

/* The closing delimiter, with the marks that eat blanks. Bytes of it; 0: not here. */
static size_t closes(struct lexer *l, struct bytes b)
{
	size_t skip = b.left > 0 && (b.at[0] == '-' || (l->dialect == DIALECT_TWIG && b.at[0] == '~') ||
	                             (l->dialect == DIALECT_JINJA2 && b.at[0] == '+' && strcmp(l->close, "%}") == 0));

	if (l->open > 0)
		return 0;
	if (skip == 1 && l->dialect != DIALECT_SMARTY && starts(bytes_of(b.at + 1, b.left - 1), l->close)) {
		l->trims = b.at[0] != '+';
		return 1 + strlen(l->close);
	}
	return starts(b, l->close) ? strlen(l->close) : 0;
}

static uint32_t hex_of(struct bytes b, size_t max, size_t *len)
{
	uint32_t value = 0;

	for (*len = 0; *len < max && *len < b.left && isxdigit(b.at[*len]); ++*len)
		value = value << 4 | (uint32_t)(isdigit(b.at[*len]) ? b.at[*len] - '0' : (b.at[*len] | 0x20) - 'a' + 10);
	return value;
}

/* \x41, \u0041, \101: bytes read behind the backslash; 0: none of these. */
static size_t numeric(enum dialect d, struct bytes b, uint8_t *to, size_t *written)
{
	size_t wanted = b.at[0] == 'x' ? 2 : b.at[0] == 'u' && d == DIALECT_JINJA2 ? 4 : b.at[0] == 'U' && d == DIALECT_JINJA2 ? 8 : 0, len;
	uint32_t point;

	if (wanted > 0) {
		point = hex_of(bytes_of(b.at + 1, b.left - 1), wanted, &len);
		if (len == 0 || (d == DIALECT_JINJA2 && len != wanted) || point > 0x10ffff)
			return 0;
		*written = d == DIALECT_JINJA2 ? text_put_point(to, point) : 1;
		if (d != DIALECT_JINJA2)
			to[0] = (uint8_t)point;
		return 1 + len;
	}
	for (len = 0, point = 0; len < 3 && len < b.left && b.at[len] >= '0' && b.at[len] <= '7'; len++)
		point = point * 8 + b.at[len] - '0';
	*written = d == DIALECT_JINJA2 ? text_put_point(to, point) : 1;
	if (d != DIALECT_JINJA2 && len > 0)
		to[0] = (uint8_t)point;
	return len;
}

struct bytes lexeme_unescape(enum dialect d, struct bytes s, uint8_t quote, struct arena *a)
{
	static const char from[] = "nrtabfv\\'\"", to[] = "\n\r\t\a\b\f\v\\'\"";
	uint8_t *at = arena_take(a, s.left + 4);
	size_t n = 0, len, written;
	const char *found;

	for (size_t i = 0; i < s.left && at != NULL; i++) {
		uint8_t c = s.at[i];

		if (c != '\\' || i + 1 == s.left) {
			at[n++] = c;
			continue;
		}
		c = s.at[++i];
		/* PHP's single quotes know two escapes; Twig's decoder is that of double ones for both */
		found = c != 0 && (d != DIALECT_SMARTY || quote == '"' || c == '\\' || c == '\'') ? strchr(from, c) : NULL;
		if (found != NULL) {
			at[n++] = (uint8_t)to[found - from];
		} else if ((d != DIALECT_SMARTY || quote == '"') && (len = numeric(d, bytes_of(s.at + i, s.left - i), at + n, &written)) > 0) {
			n += written;
			i += len - 1;
		} else if (d == DIALECT_JINJA2 && c == '\n') {
			continue;
		} else {
			if (d != DIALECT_TWIG)
				at[n++] = '\\';
			at[n++] = c;
		}
	}
	return at != NULL ? bytes_of(at, n) : (struct bytes){ 0 };
}

static struct lexeme string_of(struct lexer *l, struct bytes b)
{
	struct lexeme made = { .kind = LEXEME_STRING };
	size_t end = 1;

	while (end < b.left && b.at[end] != b.at[0])
		end += b.at[end] == '\\' && end + 1 < b.left ? 2 : 1;
	if (end >= b.left)
		return (struct lexeme){ .kind = LEXEME_BAD, .text = text_cut(b, 0, 1) };
	l->at += end + 1;
	made.text = text_cut(b, 1, end);
	made.dynamic = b.at[0] == '"' && ((l->dialect == DIALECT_TWIG && bytes_find(made.text, bytes_text("#{")) >= 0) ||
	                                  (l->dialect == DIALECT_SMARTY && (bytes_find(made.text, bytes_text("$")) >= 0 ||
	                                                                    bytes_find(made.text, bytes_text("{")) >= 0)));
	if (!made.dynamic)
		made.text = lexeme_unescape(l->dialect, made.text, b.at[0], l->arena);
	return made;
}

/* Digits of a base, with underscores between where the language has them. */
static size_t digits(const struct lexer *l, struct bytes b, size_t at, int (*is)(int), char *to, size_t *n)
{
	while (at < b.left && (is(b.at[at]) || (l->dialect == DIALECT_JINJA2 && b.at[at] == '_' && at > 0 && at + 1 < b.left && is(b.at[at + 1])))) {
		if (b.at[at] != '_' && *n < NUMBER_MAX - 2)
			to[(*n)++] = (char)b.at[at];
		at++;
	}
	return at;
}

static struct lexeme integer_of(struct lexer *l, const char *text, int base, size_t len)
{
	struct lexeme made = { .kind = LEXEME_INT };

	errno = 0;
	made.i = strtoll(text, NULL, base);
	if (errno != 0 && l->dialect == DIALECT_JINJA2)
		made.kind = LEXEME_BIG;
	else if (errno != 0)
		made = (struct lexeme){ .kind = LEXEME_REAL, .d = strtod(text, NULL) };
	made.text = bytes_of(l->all.at + l->at, len);
	l->at += len;
	return made;
}

static struct lexeme number_of(struct lexer *l, struct bytes b)
{
	char text[NUMBER_MAX] = "";
	size_t n = 0, at, exponent;
	bool real = false;
	struct lexeme made = { .kind = LEXEME_REAL };

	if (l->dialect == DIALECT_JINJA2 && b.at[0] == '0' && b.left > 2 && (b.at[1] | 0x20) == 'x' && isxdigit(b.at[2])) {
		at = digits(l, b, 2, isxdigit, text, &n);
		return integer_of(l, text, 16, at);
	}
	at = digits(l, b, 0, isdigit, text, &n);
	if (at + 1 < b.left && b.at[at] == '.' && isdigit(b.at[at + 1])) {
		real = true;
		text[n++] = '.';
		at = digits(l, b, at + 1, isdigit, text, &n);
	}
	exponent = at + 1 + (at + 1 < b.left && (b.at[at + 1] == '+' || b.at[at + 1] == '-'));
	if (at < b.left && (b.at[at] | 0x20) == 'e' && exponent < b.left && isdigit(b.at[exponent]) && n + 8 < NUMBER_MAX) {
		real = true;
		text[n++] = 'e';
		if (exponent == at + 2)
			text[n++] = (char)b.at[at + 1];
		at = digits(l, b, exponent, isdigit, text, &n);
	}
	text[n < NUMBER_MAX ? n : NUMBER_MAX - 1] = '\0';
	if (!real)
		return integer_of(l, text, 10, at);
	made.d = strtod(text, NULL);
	made.text = bytes_of(b.at, at);
	l->at += at;
	return made;
}

static struct lexeme mark_of(struct lexer *l, struct bytes b)
{
	static const char opening[] = "([{", closing[] = ")]}";

	for (const char *const *m = marks[l->dialect]; *m != NULL; m++) {
		const char *o = strchr(opening, (*m)[0]), *c = strchr(closing, (*m)[0]);

		if (!starts(b, *m))
			continue;
		if ((c != NULL && (l->open == 0 || l->brackets[l->open - 1] != (uint8_t)opening[c - closing])) ||
		    (o != NULL && l->open == LEXER_OPEN_MAX))
			break;
		if (c != NULL)
			l->open--;
		if (o != NULL)
			l->brackets[l->open++] = b.at[0];
		l->at += strlen(*m);
		return (struct lexeme){ .kind = LEXEME_MARK, .text = bytes_text(*m) };
	}
	return (struct lexeme){ .kind = LEXEME_BAD, .text = text_cut(b, 0, 1) };
}

struct lexeme lexer_next(struct lexer *l)
{
	struct bytes b;
	size_t len;

	while (l->at < l->all.left && isspace(l->all.at[l->at]))
		l->at++;
	b = rest_of(l);
	if (b.left == 0)
		return (struct lexeme){ .kind = LEXEME_END };
	if ((len = closes(l, b)) > 0) {
		l->at += len;
		return (struct lexeme){ .kind = LEXEME_CLOSE, .text = bytes_text(l->close) };
	}
	if (is_name(b.at[0], true)) {
		for (len = 1; len < b.left && is_name(b.at[len], false); len++)
			;
		l->at += len;
		return (struct lexeme){ .kind = LEXEME_NAME, .text = bytes_of(b.at, len) };
	}
	if (isdigit(b.at[0]))
		return number_of(l, b);
	if (b.at[0] == '"' || b.at[0] == '\'')
		return string_of(l, b);
	return mark_of(l, b);
}

bool lexeme_reads(const struct lexeme *x, const char *text)
{
	return (x->kind == LEXEME_MARK || x->kind == LEXEME_NAME) && bytes_equal(x->text, bytes_text(text));
}
