/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs one program in one emulated server, writes what it prints and ends as it does (3: the server failed).
 * usage: program PROFILE FILE
 */
#include "emu/server/server.h"

#include <stdio.h>
#include <stdlib.h>

enum { PROGRAM_MAX = 16 << 20 };

int main(int argc, char **argv)
{
	struct command command = { .language = LANGUAGE_ELF, .seed = 1 };
	const struct outcome *outcome;
	struct server *server = NULL;
	char why[256] = "";
	uint8_t *file = malloc(PROGRAM_MAX);
	FILE *from = argc == 3 ? fopen(argv[2], "rb") : NULL;
	int status = 3;

	if (from == NULL || file == NULL) {
		fputs("usage: program PROFILE FILE\n", stderr);
		return 2;
	}
	command.code = bytes_of(file, fread(file, 1, PROGRAM_MAX, from));
	fclose(from);
	if (server_open(argv[1], why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], why);
	} else if (server_run(server, &command, &outcome) == 0) {
		fwrite(outcome->run.out.at, 1, outcome->run.out.left, stdout);
		fwrite(outcome->run.err.at, 1, outcome->run.err.left, stderr);
		fprintf(stderr, "stopped by %s\n", stopped_by_name(outcome->run.stopped_by));
		status = outcome->run.exit_status & 0xff;
	}
	server_close(server);
	free(file);
	return status;
}
