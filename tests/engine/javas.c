/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of texts in one of Java's expression and template languages, for comparison with the real engines.
 * usage: javas LANGUAGE [whole] < texts, each ended by NUL; prints for each "= VALUE", "! refused: WHAT" or "? error", NUL.
 */
#include "emu/expression/expression.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int none(void *context, const struct bytes *words, unsigned count, struct expression_process *ret)
{
	static char line[4096];
	size_t used = 0;

	for (unsigned i = 0; i < count && used + words[i].left + 3 < sizeof(line); i++)
		used += (size_t)sprintf(line + used, "%s<%.*s>", i > 0 ? " " : "", (int)words[i].left, (const char *)words[i].at);
	ret->out = ret->both = bytes_of(line, used);
	return 0;
}

static void note(void *context, const struct event *e)
{
	fprintf(stderr, "event %s %.*s %.*s\n", event_kind_name(e->kind), (int)e->name.left, (const char *)e->name.at, (int)e->path.left, (const char *)e->path.at);
}

int main(int argc, char **argv)
{
	static const char *const names[EXPRESSION_LANGUAGES] = { "spel", "ognl", "el", "mvel", "java", "freemarker", "velocity", "thymeleaf" };
	struct expression_host host = { .exec = none, .note = note, .seed = 7 };
	struct arena arena = { .at = malloc(64 << 20), .size = 64 << 20 };
	static struct expression_outcome o;
	enum expression_language language = EXPRESSION_LANGUAGES;
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	for (unsigned i = 0; argc > 1 && i < EXPRESSION_LANGUAGES; i++)
		language = strcmp(argv[1], names[i]) == 0 ? (enum expression_language)i : language;
	if (language == EXPRESSION_LANGUAGES || arena.at == NULL)
		return 2;
	while ((len = getdelim(&text, &room, 0, stdin)) > 0) {
		int r;

		arena.used = 0;
		arena.full = false;
		len -= text[len - 1] == '\0';
		r = expression_evaluate(language, argc > 2, bytes_of(text, (size_t)len), &host, &arena, &o);
		if (r < 0 || o.threw)
			printf("? %s", r == -EBADMSG ? "syntax" : o.threw ? "threw" : strerror(-r));
		else if (o.refused[0] != '\0')
			printf("! refused: %s", o.refused);
		else
			printf("= %.*s", (int)o.value.left, (const char *)o.value.at);
		if (argc > 3)
			printf("\nshown: %.*s", (int)o.shown.left, (const char *)o.shown.at);
		putchar('\0');
		fflush(stdout);
	}
	free(text);
	free(arena.at);
	return 0;
}
