/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens of VBScript, JScript and C#: a quote within a text is doubled in the first, escaped in the others. */
#include "emu/asp/inside.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool asp_sign(const struct asp_page *p, const char *sign)
{
	return p->next.token == ASP_SIGN && bytes_equal(p->next.text, bytes_text(sign));
}

bool asp_word(const struct asp_page *p, const char *word)
{
	return p->next.token == ASP_WORD && bytes_equal_fold(p->next.text, bytes_text(word));
}

void asp_stop(struct asp_page *p, const char *what)
{
	if (!p->stopped)
		template_refusal_note(p->out, what);
	p->stopped = true;
}

static void advance(struct asp_page *p, size_t len)
{
	p->in = bytes_of(p->in.at + len, p->in.left - len);
}

/* A text's contents, without its quotes. False: it has no end. */
static bool read_text(struct asp_page *p)
{
	uint8_t quote = p->in.at[0];
	uint8_t *to = arena_take(p->arena, p->in.left);
	size_t len = 0, i;

	if (to == NULL) {
		p->error = -1;
		return false;
	}
	for (i = 1; i < p->in.left; i++) {
		uint8_t c = p->in.at[i];

		if (c == quote) {
			if (i + 1 == p->in.left || p->in.at[i + 1] != quote || quote == '\'')
				break;
			i++;
		} else if (c == '\\' && i + 1 < p->in.left && (p->in.at[i + 1] == quote || p->in.at[i + 1] == '\\')) {
			/* a path's backslashes are its own in VBScript, and doubled in the others */
			c = p->in.at[++i];
		}
		to[len++] = c;
	}
	if (i == p->in.left)
		return false;
	p->next.token = ASP_TEXT;
	p->next.text = bytes_of(to, len);
	advance(p, i + 1);
	return true;
}

static bool begins(const struct asp_page *p, const char *text)
{
	return p->in.left >= strlen(text) && memcmp(p->in.at, text, strlen(text)) == 0;
}

/* Comments: // and rem to the line's end; ' too, where no second one makes a text of it. */
static bool skip_comment(struct asp_page *p)
{
	const uint8_t *line = p->in.left > 0 ? memchr(p->in.at, '\n', p->in.left) : NULL;
	size_t rest = line == NULL ? p->in.left : (size_t)(line - p->in.at);

	if (!begins(p, "//") && !(p->in.left > 0 && p->in.at[0] == '\'' && memchr(p->in.at + 1, '\'', rest > 0 ? rest - 1 : 0) == NULL))
		return false;
	advance(p, rest);
	return true;
}

static void read_number(struct asp_page *p)
{
	char digits[48];
	size_t len = 0;

	while (len < p->in.left && len < sizeof(digits) - 1 && (isdigit(p->in.at[len]) || p->in.at[len] == '.'))
		len++;
	memcpy(digits, p->in.at, len);
	digits[len] = '\0';
	p->next.token = ASP_NUMBER;
	p->next.number = strtod(digits, NULL);
	advance(p, len);
}

void asp_read(struct asp_page *p)
{
	static const char *const pairs[] = { "<>", "<=", ">=", "==", "!=", "&&", "||", "+=", "&=" };
	size_t len = 0;

	p->next = (struct asp_lexeme){ .token = ASP_END };
	do {
		while (p->in.left > 0 && (p->in.at[0] == ' ' || p->in.at[0] == '\t' || p->in.at[0] == '\r')) {
			p->next.blank = true;
			advance(p, 1);
		}
	} while (skip_comment(p));
	if (p->in.left == 0)
		return;
	if (p->in.at[0] == '\n' || p->in.at[0] == ';' || p->in.at[0] == ':') {
		p->next.token = ASP_LINE;
		advance(p, 1);
	} else if (p->in.at[0] == '"' || p->in.at[0] == '\'') {
		if (!read_text(p))
			asp_stop(p, "a text without an end");
	} else if (isdigit(p->in.at[0])) {
		read_number(p);
	} else if (isalpha(p->in.at[0]) || p->in.at[0] == '_') {
		while (len < p->in.left && (isalnum(p->in.at[len]) || p->in.at[len] == '_'))
			len++;
		p->next.token = ASP_WORD;
		p->next.text = bytes_of(p->in.at, len);
		advance(p, len);
	} else {
		len = 1;
		for (size_t i = 0; i < COUNT_OF(pairs); i++)
			if (begins(p, pairs[i]))
				len = 2;
		p->next.token = ASP_SIGN;
		p->next.text = bytes_of(p->in.at, len);
		advance(p, len);
	}
}
