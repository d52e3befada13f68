/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters for a terminal. */
#include "control/cli/clean.h"

#include <string.h>
#include <wchar.h>

/* Unicode's marks that turn or hide text: an attacker could make a line read as something else. */
static bool deceives(wchar_t c)
{
	return c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

const char *clean_next(const char **at, size_t *len, unsigned *columns)
{
	const char *begin = *at;
	mbstate_t state = { 0 };
	wchar_t c = 0;
	size_t n = mbrtowc(&c, begin, strlen(begin), &state);
	int width = n == 0 || n > 4 ? -1 : wcwidth(c);

	if (width < 0 || deceives(c)) {
		*at += n == 0 || n > 4 ? 1 : n;
		*len = 1;
		*columns = 1;
		return ".";
	}
	*at += n;
	*len = n;
	*columns = (unsigned)width;
	return begin;
}

void clean_append(char *to, size_t size, const char *from)
{
	size_t used = strlen(to), len;
	unsigned columns;

	while (*from != 0) {
		const char *bytes = clean_next(&from, &len, &columns);

		if (used + len >= size)
			break;
		memcpy(to + used, bytes, len);
		used += len;
	}
	to[used] = 0;
}

void clean_put(FILE *to, const char *text)
{
	size_t len;
	unsigned columns;

	while (*text != 0) {
		const char *bytes = clean_next(&text, &len, &columns);

		fwrite(bytes, 1, len, to);
	}
}
