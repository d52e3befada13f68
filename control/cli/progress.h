/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far long work is: one line on stderr that rewrites itself, only where stderr is a terminal. */
#ifndef CONTROL_CLI_PROGRESS_H
#define CONTROL_CLI_PROGRESS_H

#include <stdbool.h>

struct progress {
	bool on, shown;
	long began_s; /* CLOCK_MONOTONIC */
};

struct progress progress_begin(void);
/* "WHAT DONE of ALL, N s"; call it about once a second. Nothing is shown in the first two. */
void progress_tick(struct progress *, const char *what, unsigned long done, unsigned long all);
/* Takes the line away: before anything else is written, and at the end. */
void progress_clear(struct progress *);

#endif
