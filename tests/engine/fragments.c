/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Injected texts in one dialect. usage: fragments LANGUAGE < texts, one a line. Prints a line for each: how many effects
 * it has, and "refused" where it has none and something in it is not modelled.
 */
#include "control/wire/language.h"
#include "emu/sql/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 65536, MEMORY = 64 << 20 };

int main(int argc, char **argv)
{
	static char line[LINE_BYTES];
	static struct sql_outcome outcome;
	uint8_t *memory = malloc(MEMORY);
	enum language language;

	if (argc != 2 || memory == NULL || language_parse(argv[1], &language) < 0 || language < LANGUAGE_SQL_MYSQL || language > LANGUAGE_SQL_SQLITE)
		return 2;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct arena a = { .at = memory, .size = MEMORY };
		unsigned effects = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sql_evaluate((enum sql_dialect)(language - LANGUAGE_SQL_MYSQL), bytes_text(line), 1, false, &a, &outcome) < 0)
			return 1;
		for (unsigned i = 0; i < outcome.effects_count; i++)
			effects += outcome.effects[i].kind != SQL_CUT; /* that ordinary text does as well */
		printf("%u%s\n", effects, effects == 0 && outcome.refusals_count > 0 ? " refused" : "");
	}
	free(memory);
	return 0;
}
