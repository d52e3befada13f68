/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs shell commands, or scripts of another language, in one emulated server and tells stdout and exit status of each.
 * usage: emulated PROFILE [LANGUAGE] < commands, each ended by NUL; prints "STATUS STOPPED_BY HEX-OF-STDOUT" a line
 */
#include "emu/server/server.h"

#include <stdio.h>
#include <stdlib.h>

static int run(struct server *server, enum language language, char *text, size_t len)
{
	const struct command command = { .language = language, .code = bytes_of(text, len), .seed = 1 };
	const struct outcome *outcome;
	int r = server_run(server, &command, &outcome);

	if (r < 0)
		return r;
	printf("%d \"%s\" ", outcome->run.exit_status, stopped_by_name(outcome->run.stopped_by));
	for (size_t i = 0; i < outcome->run.out.left; i++)
		printf("%02x", outcome->run.out.at[i]);
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	enum language language = LANGUAGE_SHELL;
	struct server *server = NULL;
	char why[256] = "", *text = NULL;
	size_t size = 0;
	ssize_t len;
	int r;

	if (argc < 2 || argc > 3 || (argc == 3 && language_parse(argv[2], &language) < 0)) {
		fputs("usage: emulated PROFILE [LANGUAGE] < commands ended by NUL\n", stderr);
		return 2;
	}
	if ((r = server_open(argv[1], why, sizeof(why), &server)) < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], why);
		return 3;
	}
	while (r == 0 && (len = getdelim(&text, &size, 0, stdin)) > 0)
		r = run(server, language, text, (size_t)len - 1);
	free(text);
	server_close(server);
	return r < 0 ? 3 : 0;
}
