/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a value as a text of people: whoever attacks has no use for sentences, nor for half a block. */
#include "control/extract/writing.h"

#include <ctype.h>
#include <string.h>

enum {
	RUN_MIN = 4,       /* words in a row: options, paths and marks end a run, so that commands seldom hold one */
	LINE_WORDS = 8,    /* of a value of one line */
	TEXT_WORDS = 5,    /* of one of several */
	TEXT_LINES = 2,
	INDENT_MIN = 2,    /* blanks before the first line of an excerpt */
	EXCERPT_LINES = 2,
	LONG_LINES = 16,   /* what is sent to be run has some, and a page is not sent but to be kept */
	SCRIPT_LINES = 3,
	PAGE_LINES = 3,
	PAGE_TAGS = 6,
};

bool writing_field(struct bytes name)
{
	static const char *const names[] = { "q", "s", "query", "search", "term", "keyword", "keywords", "text", "title", "subject", "body", "comment",
	                                     "message", "description" };

	return bytes_is_one_of(name, names, COUNT_OF(names));
}

static bool is_letter(uint8_t c)
{
	return isalpha(c) || c >= 0x80;
}

/* Letters, a hyphen or an apostrophe among them, and around them what sets a sentence. *ends: the sentence does, too. */
static bool is_word(struct bytes w, bool *ends)
{
	size_t from = 0, to = w.left;

	while (from < to && strchr("(\"'`*_", w.at[from]) != NULL)
		from++;
	while (to > from && strchr(".,:;!?)\"'`*_", w.at[to - 1]) != NULL)
		to--;
	*ends = to < w.left && memchr(w.at + to, ';', w.left - to) != NULL;
	for (size_t i = from; i < to; i++)
		if (!is_letter(w.at[i]) && !((w.at[i] == '-' || w.at[i] == '\'') && i > from && i + 1 < to))
			return false;
	return to > from;
}

unsigned writing_words(struct bytes text)
{
	unsigned words = 0, run = 0;

	for (size_t i = 0; i < text.left;) {
		size_t start = i;
		bool ends = false;

		while (i < text.left && !isspace(text.at[i]))
			i++;
		if (i == start) {
			run = text.at[i++] == '\n' ? 0 : run; /* scripts have a word or two in a line */
			continue;
		}
		run = is_word(bytes_of(text.at + start, i - start), &ends) ? run + 1 : 0;
		words += run == RUN_MIN ? RUN_MIN : run > RUN_MIN;
		run = ends ? 0 : run;
	}
	return words;
}

static unsigned lines_of(struct bytes text)
{
	unsigned lines = 0;
	bool blank = true;

	for (size_t i = 0; i < text.left; i++) {
		lines += blank && !isspace(text.at[i]);
		blank = text.at[i] == '\n' || (blank && isspace(text.at[i]));
	}
	return lines;
}

bool writing_is_about(struct bytes before, struct bytes after)
{
	bool several = lines_of(before) + lines_of(after) >= TEXT_LINES;

	return writing_words(before) + writing_words(after) >= (several ? TEXT_WORDS : LINE_WORDS);
}

static struct bytes next_line(struct bytes *rest)
{
	struct bytes line = *rest;
	const uint8_t *end = rest->left > 0 ? memchr(rest->at, '\n', rest->left) : NULL;

	if (end != NULL)
		line.left = (size_t)(end - rest->at);
	*rest = bytes_of(rest->at + line.left, rest->left - line.left);
	if (rest->left > 0)
		*rest = bytes_of(rest->at + 1, rest->left - 1);
	return line;
}

static bool is_indented(struct bytes line)
{
	return line.left > INDENT_MIN && (line.at[0] == '\t' || (line.at[0] == ' ' && line.at[1] == ' '));
}

/* Does another line belong below this one? */
static bool opens_block(struct bytes line)
{
	line = bytes_trim(line);
	return line.left > 0 && strchr("{:([,\\|&=", line.at[line.left - 1]) != NULL;
}

/* Is the first line indented, or was it before its blanks were cut off, so that all others are? Or is it a note on what follows? */
static bool is_inner(struct bytes text)
{
	struct bytes first = { 0 };
	unsigned lines = 0, indented = 0;

	while (text.left > 0) {
		struct bytes line = next_line(&text);

		if (bytes_trim(line).left == 0)
			continue;
		if (lines++ == 0)
			first = line;
		else
			indented += is_indented(line);
	}
	return is_indented(first) || (indented > 0 && indented + 1 == lines && !opens_block(first)) || bytes_starts_fold(first, bytes_text("# "));
}

/* Does a line begin with a brace that nothing before opened, or is one open at the end? */
static bool is_cut(struct bytes text)
{
	unsigned open = 0;
	bool begins = true;
	uint8_t quote = 0;

	for (size_t i = 0; i < text.left; i++) {
		uint8_t c = text.at[i];

		if (c == '\n') {
			begins = true;
			quote = 0;
			continue;
		}
		if (quote != 0) {
			i += c == '\\';
			quote = c == quote ? 0 : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '{') {
			open++;
		} else if (c == '}' && open == 0) {
			if (begins)
				return true;
		} else if (c == '}') {
			open--;
		}
		begins &= isspace(c) != 0;
	}
	return open > 0;
}

bool writing_is_excerpt(struct bytes text, bool lines)
{
	return lines_of(text) >= EXCERPT_LINES && (is_inner(text) || (!lines && is_cut(text)));
}

/* A line of its own that a shell takes for nothing but the end, or the next part, of a compound command. */
static bool is_block_word(struct bytes line)
{
	static const char *const words[] = { "then", "else", "fi", "do", "done", "esac", ";;", "{", "}" };

	line = bytes_trim(line);
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (bytes_equal(line, bytes_text(words[i])))
			return true;
	return false;
}

bool writing_is_script(struct bytes text)
{
	struct bytes rest = bytes_trim(text), first = next_line(&rest);

	if (bytes_starts_fold(first, bytes_text("#!")))
		return memchr(first.at, '/', first.left) != NULL && bytes_trim(rest).left > 0;
	/* a word above it all is the value that commands were put behind */
	if (lines_of(text) < SCRIPT_LINES || (memchr(first.at, ' ', first.left) == NULL && !is_block_word(first)))
		return false;
	while (rest.left > 0)
		if (is_block_word(next_line(&rest)))
			return true;
	return false;
}

bool writing_is_page(struct bytes text)
{
	unsigned tags = 0;

	text = bytes_trim(text);
	for (size_t i = 0; i + 1 < text.left; i++)
		tags += text.at[i] == '<' && (isalpha(text.at[i + 1]) || text.at[i + 1] == '/' || text.at[i + 1] == '!');
	return text.left > 0 && text.at[0] == '<' && lines_of(text) >= PAGE_LINES && tags >= PAGE_TAGS;
}

bool writing_is_long(struct bytes text)
{
	return lines_of(text) >= LONG_LINES;
}

/* What may stand beside a quote that people put round a word. */
static bool is_beside(uint8_t c, uint8_t quote, const char *marks)
{
	return isspace(c) || (c != '\0' && c != quote && strchr(marks, c) != NULL);
}

/* Tight as around a word, or with blanks on both sides, or round marks alone. */
static bool is_quoted(struct bytes inside)
{
	bool word = false;

	for (size_t i = 0; i < inside.left; i++)
		word |= isalnum(inside.at[i]) != 0;
	return !word || (!isspace(inside.at[0]) && !isspace(inside.at[inside.left - 1]));
}

bool writing_quotes(struct bytes text, uint8_t quote, bool *ret_said)
{
	size_t opened = 0;
	unsigned spans = 0, said = 0;
	bool open = false;

	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] != quote) {
			said += !open && isalnum(text.at[i]);
			continue;
		}
		if (!open && i > 0 && !is_beside(text.at[i - 1], quote, "([{<>=:,/'\"`"))
			return false;
		if (open && i + 1 < text.left && !is_beside(text.at[i + 1], quote, ".,:;!?)]}<>'\"`"))
			return false;
		if (open && !is_quoted(bytes_of(text.at + opened, i - opened)))
			return false;
		spans += open;
		opened = i + 1;
		open = !open;
	}
	*ret_said = said > 0;
	return !open && spans > 0;
}
