/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line parted into words: as cmd does it, and as programs do (Microsoft: "CommandLineToArgvW"). */
#include "emu/windows/command/cmd.h"
#include "emu/windows/command/programs.h"

#include <string.h>

char *word_next(struct heap *heap, const char **at)
{
	const char *from = *at + strspn(*at, " \t,;=\r\n"), *end = from;
	bool quoted = false;

	if (*from == 0) {
		*at = from;
		return NULL;
	}
	for (; *end != 0 && (quoted || strchr(" \t,;=\r\n", *end) == NULL); end++)
		quoted ^= *end == '"';
	*at = end;
	return heap_text(heap, bytes_of(from, (size_t)(end - from)));
}

char *unquoted(struct heap *heap, const char *word)
{
	char *made = heap_text(heap, bytes_text(word)), *to = made;

	for (; *word != 0; word++)
		if (*word != '"')
			*to++ = *word;
	*to = 0;
	return made;
}

/* One word: 2n backslashes before a quote are n, one more makes it a letter; two quotes inside quotes are one. */
static const char *argument(const char *at, struct text *t)
{
	bool quoted = false;

	while (*at != 0 && (quoted || (*at != ' ' && *at != '\t'))) {
		size_t slashes = strspn(at, "\\");

		if (slashes != 0 && at[slashes] == '"') {
			for (size_t i = 0; i < slashes / 2; i++)
				text_put(t, '\\');
			at += slashes;
			if (slashes % 2 != 0)
				text_put(t, *at++);
		} else if (slashes != 0) {
			text_add(t, bytes_of(at, slashes));
			at += slashes;
		} else if (*at == '"') {
			if (quoted && at[1] == '"')
				text_put(t, *at++);
			else
				quoted = !quoted;
			at++;
		} else {
			text_put(t, *at++);
		}
	}
	return at;
}

unsigned words_of(struct heap *heap, const char *line, char *ret[PROGRAM_WORDS])
{
	unsigned count = 0;

	for (;;) {
		struct text t = text_in(heap);

		line += strspn(line, " \t\r\n");
		if (*line == 0 || count == PROGRAM_WORDS - 1)
			break;
		line = argument(line, &t);
		ret[count++] = t.at;
	}
	ret[count] = NULL;
	return count;
}
