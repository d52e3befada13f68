/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is attack code a PHP file or the text of an eval()? */
#include "emu/server/php.h"

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

static void put(struct sink *to, const char *text)
{
	sink_put(to, text, strlen(text));
}

/* eval() of the code with what stands around it. The mark is a word that the code does not hold. */
static void put_eval(struct sink *to, const char *mark, const char *before, struct bytes code, const char *after)
{
	put(to, "eval(<<<'");
	put(to, mark);
	put(to, "'\n");
	put(to, before);
	sink_put(to, code.at, code.left);
	put(to, after);
	put(to, "\n");
	put(to, mark);
	put(to, "\n);");
}

/*
 * The code may be all of what is evaluated, or a part: an expression, or what breaks out of a string in one. A part is
 * tried as such first, as PHP reads all of a text before it runs any of it. Its value shows where it printed nothing.
 */
static void put_part(struct sink *to, const char *mark, struct bytes code)
{
	bool single = code.at[0] == '\'', twice = code.at[0] == '"' || bytes_find(code, bytes_text("{$")) >= 0 ||
	    bytes_find(code, bytes_text("${")) >= 0;

	put(to, "ob_start();try{");
	put_eval(to, mark, single ? "$r=strval('" : twice ? "$r=strval(\"" : "$r=", code, single ? "');" : twice ? "\");" : ";");
	if (single || twice) {
		put(to, "}catch(ParseError$e){try{");
		put_eval(to, mark, single ? "$r='" : "$r=\"", code, single ? "';" : "\";");
	}
	put(to, "}catch(ParseError$e){");
	put_eval(to, mark, "", code, ";");
	put(to, single || twice ? "}}" : "}");
	put(to, "if(isset($r)&&is_scalar($r)&&ob_get_length()===0)echo$r;");
}

/* Statements, as their end shows; an expression of a string's begins with a brace and a sign. */
static bool is_whole(struct bytes code)
{
	if (code.left == 0 || bytes_find(code, bytes_text("?>")) >= 0)
		return true;
	return strchr("'\"", code.at[0]) == NULL && !bytes_starts_fold(code, bytes_text("{$")) &&
	    !bytes_starts_fold(code, bytes_text("${")) && strchr(";}/", code.at[code.left - 1]) != NULL;
}

void php_script(struct bytes code, unsigned lines, struct sink *to)
{
	struct bytes inner = bytes_trim(code);
	char mark[16];

	if (!is_evaluated(code)) {
		sink_put(to, code.at, code.left);
		return;
	}
	for (unsigned n = 0;; n++) {
		snprintf(mark, sizeof(mark), "K%u", n);
		if (bytes_find(code, bytes_text(mark)) < 0)
			break;
	}
	put(to, "<?php ");
	while (lines-- > 0)
		sink_u8(to, '\n');
	if (is_whole(inner))
		put_eval(to, mark, "", code, "");
	else
		put_part(to, mark, inner);
}
