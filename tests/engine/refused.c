/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage: refused LANGUAGE < texts, one a line. Prints for each the patterns of what the engine would say if it refused it, a tab between. */
#include "emu/evaluate/sql_ways.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 65536, MEMORY = 16 << 20 };

int main(int argc, char **argv)
{
	static char line[LINE_BYTES];
	static struct trace_list list;
	uint8_t *memory = malloc(MEMORY);
	enum language language;

	if (argc != 2 || memory == NULL || language_parse(argv[1], &language) < 0 || language < LANGUAGE_SQL_MYSQL || language > LANGUAGE_SQL_SQLITE)
		return 2;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct arena a = { .at = memory, .size = MEMORY };

		line[strcspn(line, "\n")] = '\0';
		list.arena = &a;
		list.count = 0;
		if (sql_error_traces(language, bytes_text(line), &list) < 0)
			return 1;
		for (unsigned i = 0; i < list.count; i++)
			printf("%s%.*s", i > 0 ? "\t" : "", (int)list.traces[i].pattern.left, (const char *)list.traces[i].pattern.at);
		printf("\n");
	}
	free(memory);
	return 0;
}
