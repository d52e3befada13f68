/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs ELF files in one emulated server and tells stdout and exit status of each.
 * usage: foreign PROFILE FILE…   prints "STATUS STOPPED_BY HEX-OF-STDOUT" a line; -v: as text, with what came to stderr
 */
#include "emu/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

static int run(struct server *server, const char *path, bool as_text)
{
	uint8_t *data = malloc(FILE_MAX);
	FILE *file = fopen(path, "rbe");
	struct command command = { .language = LANGUAGE_ELF, .seed = 1 };
	const struct outcome *outcome;
	int r = -1;

	if (data == NULL || file == NULL) {
		perror(path);
		goto out;
	}
	command.code = bytes_of(data, fread(data, 1, FILE_MAX, file));
	if ((r = server_run(server, &command, &outcome)) < 0)
		goto out;
	printf("%d %s ", outcome->run.exit_status, stopped_by_name(outcome->run.stopped_by));
	if (as_text)
		printf("blocks %llu\n%.*s", (unsigned long long)outcome->run.blocks, (int)outcome->run.output.left,
		    outcome->run.output.at);
	for (size_t i = 0; i < outcome->run.out.left && !as_text; i++)
		printf("%02x", outcome->run.out.at[i]);
	putchar('\n');
out:
	if (file != NULL)
		fclose(file);
	free(data);
	return r;
}

int main(int argc, char **argv)
{
	struct server *server = NULL;
	bool as_text = argc > 2 && strcmp(argv[1], "-v") == 0;
	char why[256] = "";
	int r = 0;

	if (argc < (as_text ? 4 : 3)) {
		fputs("usage: foreign [-v] PROFILE FILE...\n", stderr);
		return 2;
	}
	if (server_open(argv[as_text ? 2 : 1], why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s\n", why);
		return 3;
	}
	for (int i = as_text ? 3 : 2; i < argc && r == 0; i++)
		r = run(server, argv[i], as_text);
	server_close(server);
	return r < 0 ? 3 : 0;
}
