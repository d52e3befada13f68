/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many commands a warm emulated server runs: one server, opened once, every command from its snapshot.
 * usage: bench_emulate TIMES PROFILE LANGUAGE COMMAND…   prints {"cpu_s": …} of the runs, without opening; "cold_s": of
 * getting the interpreter warm and of running each command for the first time
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

static int run_all(struct server *server, enum language language, uint64_t seed, int argc, char **argv)
{
	for (int c = 4; c < argc; c++) {
		struct command command = { .language = language, .code = bytes_text(argv[c]), .seed = seed };
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
	int times = argc > 4 ? atoi(argv[1]) : 0, status = 3;
	struct server *server = NULL;
	enum language language;
	char why[256] = "";
	double begin, cold;

	if (times <= 0 || language_parse(argv[3], &language) < 0) {
		fprintf(stderr, "usage: bench_emulate TIMES PROFILE LANGUAGE COMMAND...\n");
		return 2;
	}
	if (server_open(argv[2], why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s: %s\n", argv[2], why);
		return 3;
	}
	begin = cpu_now();
	if (server_warm(server, language) < 0 || run_all(server, language, 1, argc, argv) < 0) /* translations are made once */
		goto out;
	cold = cpu_now() - begin;
	begin = cpu_now();
	for (int i = 0; i < times; i++)
		if (run_all(server, language, (uint64_t)i, argc, argv) < 0)
			goto out;
	printf("{\"cpu_s\": %.6f, \"cold_s\": %.6f}\n", cpu_now() - begin, cold);
	status = 0;
out:
	server_close(server);
	return status;
}
