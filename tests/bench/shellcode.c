/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What machine code costs: run in a warm server from where it is known to begin, or looked for in a payload.
 * usage: bench_shellcode run PROFILE LANGUAGE TIMES FILE…    {"cold_ms", "ms", "cpu_s", "events"}: of runs, first and warm
 *        bench_shellcode search LANGUAGE TIMES FILE…         the same of searches; events: payloads with something found
 */
#include "emu/server/server.h"
#include "emu/shellcode/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILES_MAX = 64, SIZE_MAX_FILE = 64 << 10, TIMES_MAX = 100000 };

static struct bytes files[FILES_MAX];
static double times_ms[TIMES_MAX];

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool read_files(int count, char **names)
{
	for (int i = 0; i < count && i < FILES_MAX; i++) {
		uint8_t *at = malloc(SIZE_MAX_FILE);
		FILE *file = fopen(names[i], "rb");

		if (at == NULL || file == NULL)
			return false;
		files[i] = bytes_of(at, fread(at, 1, SIZE_MAX_FILE, file));
		fclose(file);
	}
	return count > 0 && count <= FILES_MAX;
}

/* One run, or one search; how much there was to see. -1: it failed. */
static int once(struct server *server, struct finder *finder, enum language language, struct bytes code)
{
	const struct command c = { .language = language, .code = code, .seed = 1 };
	const struct outcome *outcome;
	struct found found[FOUND_MAX];

	if (server == NULL)
		return finder_search(finder, language, code, found) > 0;
	return server_run(server, &c, &outcome) < 0 ? -1 : (int)outcome->run.events_count;
}

static int measure(struct server *server, struct finder *finder, enum language language, int count, int times)
{
	double begin = now(CLOCK_MONOTONIC), cpu, cold;
	int events = 0, n = 0;

	if (once(server, finder, language, files[0]) < 0)
		return -1;
	cold = now(CLOCK_MONOTONIC) - begin;
	for (int i = 0; i < count; i++)
		if (once(server, finder, language, files[i]) < 0)
			return -1;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	for (int t = 0; t < times; t++)
		for (int i = 0; i < count && n < TIMES_MAX; i++, n++) {
			int e;

			begin = now(CLOCK_MONOTONIC);
			if ((e = once(server, finder, language, files[i])) < 0)
				return -1;
			times_ms[n] = (now(CLOCK_MONOTONIC) - begin) * 1e3;
			events += t == 0 ? e : 0;
		}
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	qsort(times_ms, (size_t)n, sizeof(*times_ms), compare);
	printf("{\"cold_ms\": %.3f, \"ms\": %.4f, \"worst_ms\": %.3f, \"cpu_s\": %.6f, \"runs\": %d, \"events\": %d}\n", cold * 1e3,
	    times_ms[n / 2], times_ms[n - 1], cpu, n, events);
	return 0;
}

int main(int argc, char **argv)
{
	bool run = argc > 5 && strcmp(argv[1], "run") == 0;
	struct server *server = NULL;
	struct finder *finder = NULL;
	enum language language;
	char why[256] = "";
	int first = run ? 5 : 4, r;

	if (argc <= first || language_parse(argv[first - 2], &language) < 0 || !read_files(argc - first, argv + first)) {
		fputs("usage: bench_shellcode run PROFILE LANGUAGE TIMES FILE... | search LANGUAGE TIMES FILE...\n", stderr);
		return 2;
	}
	if (run ? server_open(argv[2], why, sizeof(why), &server) < 0 : finder_open(&finder) < 0) {
		fprintf(stderr, "bench_shellcode: %s\n", why);
		return 3;
	}
	r = measure(server, finder, language, argc - first, atoi(argv[first - 1]));
	server_close(server);
	finder_close(finder);
	return r < 0 ? 3 : 0;
}
