/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long an emulated server takes: opened once, each code run once cold, then TIMES times warm.
 * usage: bench_emulate TIMES PROFILE LANGUAGE CODE…   (@FILE: the file's bytes)
 * prints {"open_ms": …, "cold_ms": …, "ms": …, "cpu_s": …}: opening; the very first run, with what it warms up; the median of warm ones, by
 * the wall; and processor time of all warm ones together
 */
#include "emu/server/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CODES_MAX = 64, CODE_MAX = 1 << 20 };

static struct bytes codes[CODES_MAX];
static unsigned codes_count;

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *list, size_t count)
{
	qsort(list, count, sizeof(*list), by_size);
	return count > 0 ? list[count / 2] : 0;
}

static int add_code(const char *text)
{
	uint8_t *at;
	size_t len;
	FILE *f;

	if (codes_count == CODES_MAX)
		return -1;
	if (*text != '@') {
		codes[codes_count++] = bytes_text(text);
		return 0;
	}
	if ((at = malloc(CODE_MAX)) == NULL || (f = fopen(text + 1, "rb")) == NULL) {
		free(at);
		return -1;
	}
	len = fread(at, 1, CODE_MAX, f);
	fclose(f);
	codes[codes_count++] = bytes_of(at, len);
	return 0;
}

/* Milliseconds of each run into ms. */
static int run_all(struct server *server, enum language language, double *ms)
{
	for (unsigned i = 0; i < codes_count; i++) {
		struct command command = { .language = language, .code = codes[i], .seed = 1 };
		const struct outcome *outcome;
		double begin = now(CLOCK_MONOTONIC);

		if (server_run(server, &command, &outcome) < 0 || outcome->run.stopped_by != STOPPED_EXIT ||
		    outcome->run.output.left + outcome->run.events_count == 0) {
			fprintf(stderr, "code %u did not run to its end, or left nothing\n", i + 1);
			return -1;
		}
		ms[i] = (now(CLOCK_MONOTONIC) - begin) * 1e3;
	}
	return 0;
}

static int measure(struct server *server, enum language language, unsigned times, double open_ms)
{
	double *ms = calloc((size_t)times * codes_count, sizeof(*ms)), cold[CODES_MAX], begin, first;

	if (ms == NULL || run_all(server, language, cold) < 0) {
		free(ms);
		return 3;
	}
	first = cold[0];
	begin = now(CLOCK_PROCESS_CPUTIME_ID);
	for (unsigned i = 0; i < times; i++) {
		if (run_all(server, language, ms + (size_t)i * codes_count) < 0) {
			free(ms);
			return 3;
		}
	}
	begin = now(CLOCK_PROCESS_CPUTIME_ID) - begin;
	printf("{\"open_ms\": %.3f, \"cold_ms\": %.3f, \"ms\": %.4f, \"cpu_s\": %.6f}\n", open_ms, first,
	       median(ms, (size_t)times * codes_count), begin);
	free(ms);
	return 0;
}

int main(int argc, char **argv)
{
	int times = argc > 4 ? atoi(argv[1]) : 0, status = 3;
	struct server *server = NULL;
	enum language language;
	char why[256] = "";
	double begin;

	if (times <= 0 || language_parse(argv[3], &language) < 0) {
		fprintf(stderr, "usage: bench_emulate TIMES PROFILE LANGUAGE CODE...\n");
		return 2;
	}
	for (int i = 4; i < argc; i++) {
		if (add_code(argv[i]) < 0) {
			fprintf(stderr, "%s cannot be read\n", argv[i]);
			return 3;
		}
	}
	begin = now(CLOCK_MONOTONIC);
	if (server_open(argv[2], why, sizeof(why), &server) < 0)
		fprintf(stderr, "%s: %s\n", argv[2], why);
	else
		status = measure(server, language, (unsigned)times, (now(CLOCK_MONOTONIC) - begin) * 1e3);
	server_close(server);
	return status;
}
