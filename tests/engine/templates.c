/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Templates for comparison with real engines. usage: templates LANGUAGE < texts, each in hex on a line. Prints a line for each: "v HEX"
 * (what is rendered), "e HEX" (an error, its message), "s HEX" (no syntax), "r WHY" (refused), "b" (a bound).
 */
#include "emu/template/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1 << 20, ARENA = 64 << 20 };

static void show(char kind, struct bytes b)
{
	printf("%c ", kind);
	for (size_t i = 0; i < b.left; i++)
		printf("%02x", b.at[i]);
	putchar('\n');
}

static size_t decode(char *line)
{
	size_t n = 0;
	unsigned byte;

	for (; sscanf(line + 2 * n, "%2x", &byte) == 1; n++)
		line[n] = (char)byte;
	return n;
}

int main(int argc, char **argv)
{
	static const struct template_engine engines[] = {
		{ LANGUAGE_JINJA2, jinja2_evaluate }, { LANGUAGE_TWIG, twig_evaluate }, { LANGUAGE_SMARTY, smarty_evaluate },
	};
	static char line[LINE_MAX_BYTES];
	static struct template_outcome o;
	struct arena a = { .at = calloc(1, ARENA), .size = ARENA };
	const struct template_host host = { .seed = 1 };
	const struct template_engine *engine = NULL;
	enum language language;

	if (argc != 2 || a.at == NULL || language_parse(argv[1], &language) < 0)
		return 2;
	for (unsigned i = 0; i < COUNT_OF(engines); i++)
		engine = engines[i].language == language ? &engines[i] : engine;
	while (engine != NULL && fgets(line, sizeof(line), stdin) != NULL) {
		size_t n = decode(line);

		memset(a.at, 0, a.used);
		a.used = 0;
		a.full = false;
		if (engine->evaluate(bytes_of(line, n), &host, &a, &o) < 0 || o.bounded)
			puts("b");
		else if (o.refusals_count > 0)
			printf("r %s\n", o.refusals[0]);
		else if (o.rejected || o.failed)
			show(o.rejected ? 's' : 'e', o.error);
		else
			show('v', o.text);
	}
	free(a.at);
	return engine != NULL ? 0 : 2;
}
