/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs shell commands in one emulated server and tells stdout and exit status of each.
 * usage: emulated PROFILE < commands, each ended by NUL; prints "STATUS STOPPED_BY HEX-OF-STDOUT" a line
 */
#include "emu/server.h"

#include <stdio.h>
#include <stdlib.h>

static int run(struct server *server, char *text, size_t len)
{
	const struct command command = { .language = LANGUAGE_SHELL, .code = bytes_of(text, len), .seed = 1 };
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
	struct server *server = NULL;
	char why[256] = "", *text = NULL;
	size_t size = 0;
	ssize_t len;
	int r;

	if (argc != 2) {
		fputs("usage: emulated PROFILE < commands ended by NUL\n", stderr);
		return 2;
	}
	if ((r = server_open(argv[1], why, sizeof(why), &server)) < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], why);
		return 3;
	}
	while (r == 0 && (len = getdelim(&text, &size, 0, stdin)) > 0)
		r = run(server, text, (size_t)len - 1);
	free(text);
	server_close(server);
	return r < 0 ? 3 : 0;
}
