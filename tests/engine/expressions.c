/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SQL for comparison with real engines. usage: expressions LANGUAGE < texts, one query a line. Prints a line for each: "v HEX" (its
 * value), "n" (NULL), "e" (an error), "s" (no syntax), "r WHY" (refused), "b" (a bound).
 */
#include "control/wire/language.h"
#include "emu/sql/sql.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 65536, ARENA = 64 << 20 };

static void show(int r, const char *refused, bool null, struct bytes value)
{
	if (r == 0 && !null) {
		printf("v ");
		for (size_t i = 0; i < value.left; i++)
			printf("%02x", value.at[i]);
		putchar('\n');
	} else if (r == -ENOTSUP) {
		printf("r %s\n", refused != NULL ? refused : "?");
	} else {
		puts(r == 0 ? "n" : r == -EDOM ? "e" : r == -EBADMSG ? "s" : "b");
	}
}

int main(int argc, char **argv)
{
	static char line[LINE_MAX_BYTES];
	struct arena a = { .at = calloc(1, ARENA), .size = ARENA };
	enum language language;

	if (argc != 2 || a.at == NULL || language_parse(argv[1], &language) < 0 || language < LANGUAGE_SQL_MYSQL || language > LANGUAGE_SQL_SQLITE)
		return 2;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct bytes value = { 0 };
		const char *refused = NULL;
		bool null = false;
		int r;

		line[strcspn(line, "\n")] = '\0';
		a.used = 0;
		a.full = false;
		r = sql_expression((enum sql_dialect)(language - LANGUAGE_SQL_MYSQL), bytes_text(line), &a, &refused, &null, &value);
		show(r, refused, null, value);
	}
	free(a.at);
	return 0;
}
