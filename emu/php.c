/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is attack code a PHP file or the text of an eval()? */
#include "emu/php.h"

#include <stdio.h>
#include <string.h>

static bool at_tag(struct bytes b)
{
	return bytes_starts_fold(b, bytes_text("<?php")) || bytes_starts_fold(b, bytes_text("<?="));
}

static bool holds_tag(struct bytes code)
{
	for (size_t i = 0; i < code.left; i++)
		if (at_tag(bytes_of(code.at + i, code.left - i)))
			return true;
	return false;
}

/* Passes over a string or a comment that begins at code[i]: where it ends (beyond the code: never); i where none begins. */
static size_t pass(struct bytes code, size_t i)
{
	uint8_t c = code.at[i], next = i + 1 < code.left ? code.at[i + 1] : 0;
	size_t end = i;

	if (c == '\'' || c == '"' || c == '`') {
		for (end++; end < code.left && code.at[end] != c; end++)
			end += code.at[end] == '\\';
		return end + 1;
	}
	if (c == '/' && next == '*') {
		ptrdiff_t to = bytes_find(bytes_of(code.at + i + 2, code.left - i - 2), bytes_text("*/"));

		return to < 0 ? code.left : i + 2 + (size_t)to + 2;
	}
	if (c == '#' || (c == '/' && next == '/'))
		while (end < code.left && code.at[end] != '\n' &&
		    !bytes_starts_fold(bytes_of(code.at + end, code.left - end), bytes_text("?>")))
			end++;
	return end;
}

/* Does PHP code, read as such from its beginning, come to an end mark before any open tag? Then it was within eval(). */
static bool is_evaluated(struct bytes code)
{
	for (size_t i = 0; i < code.left;) {
		struct bytes rest = bytes_of(code.at + i, code.left - i);
		size_t end;

		if (bytes_starts_fold(rest, bytes_text("?>")))
			return true;
		if (at_tag(rest))
			return false;
		end = pass(code, i);
		/* a string without an end is no PHP, so what holds a tag besides is a file that begins as something else */
		if (end > code.left)
			return !holds_tag(code);
		i = end > i ? end : i + 1;
	}
	return true;
}

void php_script(struct bytes code, unsigned lines, struct sink *to)
{
	char mark[16];

	if (!is_evaluated(code)) {
		sink_put(to, code.at, code.left);
		return;
	}
	/* a word that the code does not hold, to end the text by */
	for (unsigned n = 0;; n++) {
		snprintf(mark, sizeof(mark), "K%u", n);
		if (bytes_find(code, bytes_text(mark)) < 0)
			break;
	}
	sink_put(to, "<?php ", 6);
	while (lines-- > 0)
		sink_u8(to, '\n');
	sink_put(to, "eval(<<<'", 9);
	sink_put(to, mark, strlen(mark));
	sink_put(to, "'\n", 2);
	sink_put(to, code.at, code.left);
	sink_put(to, "\n", 1);
	sink_put(to, mark, strlen(mark));
	sink_put(to, "\n);", 3);
}
