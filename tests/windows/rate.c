/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long Windows code takes in a warm server. usage: rate PROFILE LANGUAGE CODE [RUNS]; prints runs/s of one core, by
 * processor time, the median of ten rounds, and what the first event is.
 */
#include "emu/server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 10, RUNS = 200 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	static uint8_t code[1 << 16];
	struct command c = { .seed = 1 };
	const struct outcome *outcome = NULL;
	struct server *server = NULL;
	double rounds[ROUNDS];
	unsigned runs = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : RUNS;
	char why[256] = "";
	FILE *file;

	if (argc < 4 || runs == 0 || language_parse(argv[2], &c.language) < 0 || (file = fopen(argv[3], "rb")) == NULL)
		return 2;
	c.code = bytes_of(code, fread(code, 1, sizeof(code), file));
	fclose(file);
	if (server_open(argv[1], why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s\n", why);
		return 3;
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		double begin = seconds();

		for (unsigned n = 0; n < runs; n++)
			if (server_run(server, &c, &outcome) < 0)
				return 3;
		rounds[i] = (double)runs / (seconds() - begin);
	}
	qsort(rounds, ROUNDS, sizeof(rounds[0]), by_value);
	printf("%.0f runs/s, %s\n", rounds[ROUNDS / 2], outcome->run.events_count != 0 ?
	    event_kind_name(outcome->run.events[0].kind) : "nothing");
	server_close(server);
	return 0;
}
