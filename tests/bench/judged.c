/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long each attack code takes a warm pool of one worker, every profile: reads "LANGUAGE HEX-OF-CODE" a line, prints "LANGUAGE MS".
 * usage: bench_judged KONSEKI-EMU CONFIG
 */
#include "control/queue/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENCE_S = 60 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static size_t unhex(const char *text, uint8_t *to, size_t room)
{
	size_t n = 0;
	unsigned byte;

	for (; n < room && sscanf(text, "%2x", &byte) == 1; text += 2)
		to[n++] = (uint8_t)byte;
	return n;
}

int main(int argc, char **argv)
{
	static char line[2 * JOB_CODE_MAX + 64], hex[2 * JOB_CODE_MAX + 1], name[32];
	static uint8_t code[JOB_CODE_MAX];
	struct pool *pool = NULL;
	struct job job = { .seed = 7 };
	struct answer answer;

	if (argc < 3)
		return 2;
	if (pool_start(argv[1], argv[2], 1, &pool) < 0)
		return 3;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		double began;

		if (sscanf(line, "%31s %131072s", name, hex) != 2 || language_parse(name, &job.language) < 0)
			continue;
		job.id++;
		job.code = bytes_of(code, unhex(hex, code, sizeof(code)));
		began = now_ms();
		if (pool_ask(pool, &job, UINT64_C(1000000000) * PATIENCE_S, &answer) < 0)
			break;
		printf("%s %.3f\n", name, now_ms() - began);
		answer_free(&answer);
	}
	pool_close(pool);
	return 0;
}
