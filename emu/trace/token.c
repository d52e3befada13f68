/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting lines into tokens. */
#include "emu/trace/token.h"

#include <string.h>

bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The token that begins at from. */
static struct token token_at(struct bytes line, size_t from)
{
	struct token t = { .kind = TOKEN_MARK, .at = (uint32_t)from };
	bool letters = false, digits = false;
	size_t end = from;

	if (is_blank(line.at[from])) {
		while (end < line.left && is_blank(line.at[end]))
			end++;
		t.kind = TOKEN_SPACE;
	} else if (is_letter(line.at[from]) || is_digit(line.at[from])) {
		for (; end < line.left && (is_letter(line.at[end]) || is_digit(line.at[end])); end++) {
			letters |= is_letter(line.at[end]);
			digits |= is_digit(line.at[end]);
		}
		t.kind = letters && digits ? TOKEN_MIXED : letters ? TOKEN_WORD : TOKEN_NUMBER;
	} else {
		end = from + 1;
	}
	t.len = (uint32_t)(end - from);
	return t;
}

unsigned tokens_of(struct bytes line, struct token ret[LINE_TOKENS_MAX])
{
	unsigned count = 0;
	size_t at = 0;

	while (at < line.left && count < LINE_TOKENS_MAX) {
		ret[count] = token_at(line, at);
		at += ret[count++].len;
	}
	if (at < line.left) {
		struct token *last = &ret[count - 1];

		last->kind = TOKEN_REST;
		last->len = (uint32_t)(line.left - last->at);
	}
	return count;
}

unsigned tokens_name(struct bytes line, struct token *tokens, unsigned count, const struct bytes *names, unsigned names_count)
{
	unsigned kept = 0;

	for (unsigned i = 0, last; i < count; i = last + 1) {
		struct token t = tokens[i];

		last = i;
		for (unsigned n = 0; n < names_count && t.kind != TOKEN_NAME; n++) {
			unsigned k = i;

			if (names[n].left > line.left - t.at || memcmp(line.at + t.at, names[n].at, names[n].left) != 0)
				continue;
			while (k < count && tokens[k].at + tokens[k].len < t.at + names[n].left)
				k++;
			if (k < count && tokens[k].at + tokens[k].len == t.at + names[n].left) {
				t = (struct token){ TOKEN_NAME, t.at, (uint32_t)names[n].left };
				last = k;
			}
		}
		tokens[kept++] = t;
	}
	return kept;
}

bool token_equal(struct bytes line_a, const struct token *a, struct bytes line_b, const struct token *b)
{
	if (a->kind != b->kind || a->kind == TOKEN_NAME)
		return false;
	return a->kind == TOKEN_SPACE ||
	       (a->len == b->len && memcmp(line_a.at + a->at, line_b.at + b->at, a->len) == 0);
}
