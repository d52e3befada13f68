/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Openings of scripts. A shell's words are parted by blanks, and no command's name holds a bracket or begins with "$". */
#include "emu/evaluate/looks.h"

#include <ctype.h>
#include <string.h>

/* How long the name is that b begins with; dots belong to it if they may. */
static size_t name_length(struct bytes b, const char *others)
{
	size_t len = 0;

	while (len < b.left && (isalnum(b.at[len]) || b.at[len] == '_' || (b.at[len] != 0 && strchr(others, b.at[len]) != NULL)))
		len++;
	return len > 0 && isdigit(b.at[0]) ? 0 : len;
}

/* "import os", "from os import *", with nothing on that line that a shell would need. */
static bool is_import(struct bytes b)
{
	bool from = bytes_starts_fold(b, bytes_text("from "));
	size_t skip = from ? 5 : 7, len;

	if (!from && !bytes_starts_fold(b, bytes_text("import ")))
		return false;
	b = bytes_of(b.at + skip, b.left - skip);
	len = name_length(b, ".");
	b = bytes_of(b.at + len, b.left - len);
	if (len == 0 || from)
		return len > 0 && bytes_starts_fold(b, bytes_text(" import "));
	return b.left == 0 || strchr(";,\n\r", b.at[0]) != NULL || bytes_starts_fold(b, bytes_text(" as "));
}

/* "use Socket;", "use strict;" */
static bool is_use(struct bytes b)
{
	size_t len;

	if (!bytes_starts_fold(b, bytes_text("use ")))
		return false;
	b = bytes_of(b.at + 4, b.left - 4);
	len = name_length(b, ":");
	return len > 0 && len < b.left && strchr("; '\"q", b.at[len]) != NULL && bytes_find(b, bytes_text(";")) >= 0;
}

/* "system(…)", "system(…);", "$a = …;" */
static bool is_statement(struct bytes b)
{
	size_t len = name_length(b, "");
	uint8_t last = b.left > 0 ? b.at[b.left - 1] : 0;

	if (b.left > 1 && b.at[0] == '$' && (isalpha(b.at[1]) || b.at[1] == '_'))
		return last == ';' && bytes_find(b, bytes_text("=")) > 0;
	/* "f()" is a shell's function */
	return len > 0 && len + 1 < b.left && b.at[len] == '(' && b.at[len + 1] != ')' && (last == ';' || last == ')');
}

enum language looks_like(struct bytes code)
{
	struct bytes b = bytes_trim(code);

	if (is_import(b) || bytes_starts_fold(b, bytes_text("__import__(")))
		return LANGUAGE_PYTHON;
	if (is_use(b))
		return LANGUAGE_PERL;
	return is_statement(b) ? LANGUAGE_PHP : LANGUAGE_AUTO;
}
