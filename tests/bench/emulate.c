/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many shell commands a warm emulated server runs: one server, opened once, every command from its snapshot.
 * usage: bench_emulate TIMES PROFILE COMMAND…   prints {"cpu_s": …} of the runs, without opening
 */
#include "emu/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int run_all(struct server *server, int argc, char **argv)
{
	for (int c = 3; c < argc; c++) {
		struct command command = { .language = LANGUAGE_SHELL, .code = bytes_text(argv[c]), .seed = 1 };
		const struct outcome *outcome;

		if (server_run(server, &command, &outcome) < 0 || outcome->run.stopped_by != STOPPED_EXIT ||
		    outcome->run.output.left == 0) {
			fprintf(stderr, "%s: did not run to its end, or said nothing\n", argv[c]);
			return -1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int times = argc > 3 ? atoi(argv[1]) : 0, status = 3;
	struct server *server = NULL;
	char why[256] = "";
	double begin;

	if (times <= 0) {
		fprintf(stderr, "usage: bench_emulate TIMES PROFILE COMMAND...\n");
		return 2;
	}
	if (server_open(argv[2], why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s: %s\n", argv[2], why);
		return 3;
	}
	if (run_all(server, argc, argv) < 0) /* translations are made once */
		goto out;
	begin = cpu_now();
	for (int i = 0; i < times; i++)
		if (run_all(server, argc, argv) < 0)
			goto out;
	printf("{\"cpu_s\": %.6f}\n", cpu_now() - begin);
	status = 0;
out:
	server_close(server);
	return status;
}
