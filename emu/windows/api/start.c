/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that is started: its event, its standard handles, and what its command line does. */
#include "emu/windows/api/api.h"
#include "emu/world/network.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_BYTES = 8192 };

/* The words of a command line, each ended by NUL, as CommandLineToArgvW takes them apart. */
size_t api_words(const char *line, char *to, size_t size)
{
	size_t used = 0;

	while (*line != 0 && used + 2 < size) {
		bool quoted = false;

		while (*line == ' ' || *line == '\t')
			line++;
		if (*line == 0)
			break;
		for (; *line != 0 && (quoted || (*line != ' ' && *line != '\t')) && used + 2 < size; line++) {
			size_t slashes = strspn(line, "\\");

			if (slashes != 0 && line[slashes] == '"') {
				for (size_t i = 0; i < slashes / 2 && used + 2 < size; i++)
					to[used++] = '\\';
				line += slashes - 1;
				if (slashes % 2 != 0)
					to[used++] = *++line;
			} else if (*line == '"') {
				quoted = !quoted;
			} else {
				to[used++] = *line;
			}
		}
		to[used++] = 0;
	}
	return used;
}

bool api_start(struct windows *w, const struct api_start *s, uint32_t *exit_code)
{
	char words[WORDS_BYTES];
	size_t len = api_words(s->line != NULL ? s->line : s->application, words, sizeof(words));

	if (w->programs++ >= w->limit.programs) {
		win_stop(w, STOPPED_PROCESSES);
		return false;
	}
	*exit_code = 0;
	return host_process(w->host, s->application != NULL ? s->application : words, bytes_of(words, len));
}
