/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * .NET's binary format ([MS-NRBF] 2.5.7): its records of texts. A text that is markup is read as such; where a delegate
 * leads to a process' start, the texts that are no names of types are its program and arguments.
 */
#include "emu/serial/graph.h"

#include <ctype.h>
#include <string.h>

enum { TEXTS_MAX = 64, RECORD_TEXT = 6 };

static bool has(struct bytes b, const char *text)
{
	return bytes_find(b, bytes_text(text)) >= 0;
}

/* A text with its length before it, seven bits a byte. */
static bool take_text(struct bytes *b, struct bytes *ret)
{
	uint32_t len = 0;
	uint8_t byte = 0x80;

	for (unsigned shift = 0; (byte & 0x80) != 0; shift += 7) {
		if (shift > 28 || bytes_u8(b, &byte) < 0)
			return false;
		len |= (uint32_t)(byte & 0x7f) << shift;
	}
	return len > 0 && bytes_take(b, len, ret) == 0;
}

static bool is_readable(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++)
		if (b.at[i] < 0x20 && !isspace(b.at[i]))
			return false;
	return true;
}

/* A type's name, a member's, a method's with what it takes. */
static bool is_name(struct bytes b)
{
	bool word = true;

	for (size_t i = 0; i < b.left; i++)
		word = word && (isalnum(b.at[i]) || b.at[i] == '_' || b.at[i] == '.' || b.at[i] == '`');
	return has(b, "Version=") || has(b, "System.") || (word && isupper(b.at[0]));
}

void dotnet_read(struct bytes b, struct serial_result *ret)
{
	struct bytes texts[TEXTS_MAX], words[2] = { { 0 } };
	bool starts = has(b, "System.Diagnostics.Process") && has(b, "Start");
	unsigned n = 0;

	for (size_t i = 0; i + 6 < b.left && n < TEXTS_MAX; i++) {
		struct bytes rest = bytes_of(b.at + i + 5, b.left - i - 5), text;

		if (b.at[i] != RECORD_TEXT || !take_text(&rest, &text) || !is_readable(text))
			continue;
		texts[n++] = text;
		i = (size_t)(rest.at - b.at) - 1;
	}
	for (unsigned i = 0; i < n; i++) {
		if (texts[i].at[0] == '<')
			markup_dotnet(texts[i], ret);
		else if (!starts || is_name(texts[i]))
			continue;
		else if (words[0].left == 0 && texts[i].at[0] != '/' && texts[i].at[0] != '-' && !has(texts[i], " "))
			words[0] = texts[i];
		else if (words[1].left == 0)
			words[1] = texts[i];
	}
	if (words[0].left > 0)
		effect_program(ret, words, words[1].left > 0 ? 2 : 1, true, bytes_text("System.Diagnostics.Process"));
}
