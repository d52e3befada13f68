/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading shell words. */
#include "control/extract/word.h"

#include <ctype.h>
#include <string.h>

static bool is_name_char(uint8_t c)
{
	return isalnum(c) || c == '_';
}

/* Ends an unquoted word. */
static bool ends_word(uint8_t c)
{
	return c <= ' ' || strchr(";|&<>()", c) != NULL;
}

/* The length of $IFS, ${IFS}, ${IFS%??}, $IFS$9 at b[at]; 0: none. */
static size_t ifs_length(struct bytes b, size_t at)
{
	struct bytes rest = bytes_of(b.at + at, b.left - at);
	const uint8_t *end;

	if (rest.left >= 6 && memcmp(rest.at, "${IFS", 5) == 0) {
		end = memchr(rest.at, '}', rest.left < 24 ? rest.left : 24);
		return end == NULL ? 0 : (size_t)(end - rest.at) + 1;
	}
	if (rest.left >= 4 && memcmp(rest.at, "$IFS", 4) == 0 && (rest.left == 4 || !is_name_char(rest.at[4])))
		return rest.left >= 6 && rest.at[4] == '$' && isdigit(rest.at[5]) ? 6 : 4;
	return 0;
}

size_t shell_skip_blanks(struct bytes b, size_t at, bool *hidden)
{
	size_t ifs;

	while (at < b.left) {
		if (b.at[at] == ' ' || b.at[at] == '\t' || b.at[at] == '\r') {
			at++;
		} else if (b.at[at] == '\\' && at + 1 < b.left && b.at[at + 1] == '\n') {
			at += 2;
		} else if ((ifs = ifs_length(b, at)) > 0) {
			at += ifs;
			*hidden = true;
		} else {
			break;
		}
	}
	return at;
}

size_t shell_substitution_end(struct bytes b, size_t at, uint8_t closing)
{
	uint8_t quote = 0;
	unsigned open = 1;

	for (; at < b.left; at++) {
		uint8_t c = b.at[at];

		if (c == '\\' && quote != '\'') {
			at++;
		} else if (closing == '`') {
			if (c == '`')
				return at + 1;
		} else if (quote != 0) {
			quote = c == quote ? 0 : quote;
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == '(') {
			open++;
		} else if (c == ')' && --open == 0) {
			return at + 1;
		}
	}
	return b.left;
}

uint8_t shell_quote_at_end(struct bytes b)
{
	uint8_t quote = 0;

	for (size_t i = 0; i < b.left; i++) {
		uint8_t c = b.at[i];

		if (c == '\\' && quote != '\'')
			i++;
		else if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '\'' || c == '"')
			quote = c;
	}
	return quote;
}

/* Behind the expansion that begins with the dollar at b[at]; *empty: it stands for nothing. */
static size_t expansion_end(struct bytes b, size_t at, bool *empty)
{
	size_t i = at + 1;

	*empty = false;
	if (i >= b.left)
		return i;
	if (b.at[i] == '(')
		return shell_substitution_end(b, i + 1, ')');
	if (b.at[i] == '{') {
		for (; i < b.left && b.at[i] != '}'; i++)
			;
		return i < b.left ? i + 1 : i;
	}
	if (strchr("@*123456789", b.at[i]) != NULL && b.at[i] != '\0') {
		*empty = true;
		return i + 1;
	}
	while (i < b.left && is_name_char(b.at[i]))
		i++;
	return i;
}

static void put(struct shell_word *w, uint8_t c)
{
	if (w->len < SHELL_WORD_MAX)
		w->text[w->len++] = c;
}

void shell_word_read(struct bytes b, size_t at, struct shell_word *ret)
{
	uint8_t quote = 0;
	size_t i = at;
	bool empty;

	memset(ret, 0, sizeof(*ret));
	ret->start = at;
	while (i < b.left) {
		uint8_t c = b.at[i];

		if (quote == 0 && (ends_word(c) || ifs_length(b, i) > 0))
			break;
		if (quote == '\'' ? c == '\'' : c == '"' && quote == '"') {
			quote = 0;
			i++;
		} else if (quote == 0 && (c == '\'' || c == '"')) {
			ret->hidden |= i > at && isalnum(b.at[i - 1]);
			ret->quoted = true;
			quote = c;
			i++;
		} else if (c == '\\' && quote != '\'' && i + 1 < b.left) {
			ret->hidden |= quote == 0 && isalnum(b.at[i + 1]);
			put(ret, b.at[i + 1]);
			i += 2;
		} else if (c == '$' && quote != '\'' && i + 1 < b.left && (b.at[i + 1] == '\'' || b.at[i + 1] == '"')) {
			i++;
		} else if (c == '$' && quote != '\'') {
			i = expansion_end(b, i, &empty);
			ret->hidden |= empty && quote == 0;
			ret->expands |= !empty;
		} else if (c == '`' && quote != '\'') {
			i = shell_substitution_end(b, i + 1, '`');
			ret->expands = true;
		} else {
			ret->globs |= quote == 0 && strchr("?*[", c) != NULL;
			put(ret, c);
			i++;
		}
	}
	ret->end = i;
}

bool shell_word_is(const struct shell_word *w, const char *text)
{
	return w->len == strlen(text) && memcmp(w->text, text, w->len) == 0;
}
