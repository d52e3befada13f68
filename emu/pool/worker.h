/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A worker: one job after another from its socket, each answered by a report, in the jail. */
#ifndef EMU_POOL_WORKER_H
#define EMU_POOL_WORKER_H

#include "emu/server/server.h"
#include "emu/shellcode/find.h"

enum {
	WORKER_RUN_CPU_S = 5,    /* CPU time of one run; beyond it, the report says "watchdog" and the worker ends. Budgets end a run
	                          * after 1.4 s at most, on processors that others press upon three times that: what is told must not hang on it */
	WORKER_RUN_REAL_S = 30,  /* the same by the wall, for a run that waits */
	WORKER_WARM_CPU_S = 60,  /* the same of getting an interpreter warm, once */
	WORKER_WARM_REAL_S = 120,
	WORKER_CANNOT = 71,      /* exit status: the jail could not be entered, another worker would not fare better */
	WORKER_WARMED = 128,     /* exit status: bits of languages (server_warmed()) that it had to get warm */
};

/*
 * Enters the jail with socket fd and serves until jobs_max jobs are answered, one of them used up a budget or the
 * machine failed, or the socket closes. Never returns: the process ends. Its exit status tells the zygote which interpreters jobs
 * asked for, so that the next worker has them from the start.
 */
_Noreturn void worker_serve(int fd, struct server *const *, unsigned servers, struct finder *, unsigned jobs_max);

#endif
