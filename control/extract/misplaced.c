/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands that stand in a value where no shell starts them: glued to its beginning, behind a sign that separates
 * nothing. Tools try such ways to write one attack after the other. Only the company of attacks tells them from
 * ordinary text, so they are quiet.
 */
#include "control/extract/command.h"
#include "control/extract/finder.h"
#include "control/extract/word.h"

#include <ctype.h>
#include <string.h>

enum {
	VALUE_MAX = 4096,     /* bytes of a value that is looked at */
	POSITIONS_MAX = 64,   /* names of commands weighed in it */
	LETTER_POINTS = 2,    /* more that a command needs where a letter stands before it: that may be a word's end */
};

/* Ends the command before it in some shell, or where a program turns it into a line's end. */
static bool separates(uint8_t c)
{
	return c != '\0' && strchr(";|&\n\r", c) != NULL;
}

/* $NAME or ${NAME} alone between separators: of a variable that nothing in the value has set, so that nothing is left. */
static size_t empty_expansion(struct bytes b, size_t at)
{
	bool braces = at + 1 < b.left && b.at[at] == '$' && b.at[at + 1] == '{';
	size_t start = at + 1 + braces, end = start;

	if (at >= b.left || b.at[at] != '$')
		return at;
	while (end < b.left && (isalnum(b.at[end]) || b.at[end] == '_'))
		end++;
	if (end == start || isdigit(b.at[start]) || (braces && (end == b.left || b.at[end++] != '}')))
		return at;
	return end == b.left || separates(b.at[end]) ? end : at;
}

/* May the beginning of the value be a command, or set a variable for one? */
static bool begins_command(struct bytes b)
{
	struct shell_word w;
	size_t name = 0;
	bool hidden = false;

	while (name < b.left && (isalnum(b.at[name]) || b.at[name] == '_'))
		name++;
	shell_word_read(b, shell_skip_blanks(b, 0, &hidden), &w);
	return (name < b.left && b.at[name] == '=') || (w.len > 0 && strchr("/.~", w.text[0]) != NULL) ||
		command_rank(bytes_of(w.text, w.len)) != RANK_NONE;
}

/* quote: that which the carrier's command line has open where the value begins. */
static bool starts_nothing(struct bytes b, uint8_t quote)
{
	for (size_t i = 0; i < b.left; i++) {
		uint8_t c = b.at[i], next = i + 1 < b.left ? b.at[i + 1] : 0;

		if (quote != '\'') {
			if (c == '\\') {
				i++;
				continue;
			}
			if (c == '`' || (c == '$' && next == '(' && (i + 2 == b.left || b.at[i + 2] != '(')))
				return false;
		}
		if (quote != 0 || c == '\'' || c == '"') {
			quote = quote == 0 ? c : c == quote ? 0 : quote;
		} else if (c == '>' || (c == '<' && next == '(')) {
			return false;
		} else if (separates(c)) {
			bool hidden = false;
			size_t at = shell_skip_blanks(b, i + 1, &hidden);
			size_t end = empty_expansion(b, at);

			if (end == at && at < b.left && !separates(b.at[at]))
				return false;
			i = (end > i + 1 ? end : i + 1) - 1;
		}
	}
	return true;
}

bool command_starts_nowhere(struct bytes value)
{
	return !begins_command(value) && starts_nothing(value, 0) && starts_nothing(value, '\'') && starts_nothing(value, '"');
}

/* A name in the middle of a value, and where it ends: not part of a longer one, nor of a path or an address. */
static bool name_at(struct bytes b, size_t at, size_t *end)
{
	uint8_t before = b.at[at - 1];

	if (!isalpha(b.at[at]) || (isspace(before) && before != '\r') || strchr("/.-_=:@", before) != NULL)
		return false;
	for (*end = at; *end < b.left && (isalnum(b.at[*end]) || b.at[*end] == '_');)
		(*end)++;
	return (*end < b.left && b.at[*end] == '=') || command_rank(bytes_of(b.at + at, *end - at)) != RANK_NONE;
}

void misplaced_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes b = bytes_trim(l->text);
	struct sighting s = { .language = LANGUAGE_SHELL, .class_name = "shell", .sink = carrier_sink(c), .quiet = true };
	unsigned positions = 0;
	size_t end = 0;

	if ((c->kind != CARRIER_PARAMETER && c->kind != CARRIER_COOKIE) || b.left > VALUE_MAX)
		return;
	for (size_t i = 1; i < b.left && positions < POSITIONS_MAX; i++) {
		struct command_place place = { .before = bytes_of(b.at, i), .code = bytes_of(b.at + i, b.left - i), .everyday = true };

		if (!name_at(b, i, &end))
			continue;
		positions++;
		if (command_score(&place) < COMMAND_SCORE + (isalpha(b.at[i - 1]) ? LETTER_POINTS : 0))
			continue;
		s.text = place.code;
		s.contexts = b.at[i - 1] == '\r' ? CONTEXT_AFTER : 0; /* some read it as a line's end */
		if (s.contexts != 0 || command_starts_nowhere(b))
			finder_note(f, c, l, &s);
		return;
	}
}
