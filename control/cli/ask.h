/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Questions to the running appliance, over its admin socket. */
#ifndef CONTROL_CLI_ASK_H
#define CONTROL_CLI_ASK_H

#include "control/ctl/request.h"

#include <stdio.h>
#include <sys/types.h>

/* Asks; *ret lends JSON lines until their end, closed by the caller. -ENOENT, -ECONNREFUSED: none runs; -errno. */
must_check int ask(const char *socket, const struct request *, FILE **ret);
/* Gives each line, with its end, to line() until that returns no 0, which is returned, or there is none; closes the answer. */
int answer_each(FILE *answer, int (*line)(void *arg, const char *at, size_t len), void *arg);
/* Does this process answer there, and say that all works? Waits for a fifth of a second at most. */
bool ask_healthy(const char *socket, pid_t control);

#endif
