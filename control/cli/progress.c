/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of progress. */
#include "control/cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_S = 2 };

static long now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

struct progress progress_begin(void)
{
	return (struct progress){ .on = isatty(STDERR_FILENO) == 1, .began_s = now_s() };
}

void progress_tick(struct progress *p, const char *what, unsigned long done, unsigned long all)
{
	long seconds = now_s() - p->began_s;

	if (!p->on || seconds < QUIET_S)
		return;
	fprintf(stderr, "\r%s %lu of %lu, %ld s\x1b[K", what, done, all, seconds);
	fflush(stderr);
	p->shown = true;
}

void progress_clear(struct progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\x1b[K", stderr);
	fflush(stderr);
	p->shown = false;
}
