/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulation pool as control (and `konseki emulate`) sees it: a zygote's socket, the workers that it hands over,
 * jobs out, reports in. Nothing here blocks but pool_ask(). A worker's death is an answer, never an error.
 */
#ifndef CONTROL_QUEUE_POOL_H
#define CONTROL_QUEUE_POOL_H

#include "control/queue/worker.h"

enum { POOL_WORKERS_MAX = 256 };

struct pool;

/* Takes fd over: a zygote's socket, as supervise passes it (--emu FD). -errno. */
must_check int pool_open(int fd, struct pool **ret);
/*
 * Starts program (konseki-emu) with config (resolved path; "": its defaults) and workers of them (0: as the config
 * says), and opens its socket. -errno.
 */
must_check int pool_start(const char *program, const char *config, unsigned workers, struct pool **ret);
/* Closes all sockets, upon which workers and zygote end; waits for a zygote that pool_start() started. */
void pool_close(struct pool *);

/* Readable when pool_step() has something to do (an epoll descriptor, borrowed). */
int pool_fd(const struct pool *);
/*
 * Takes workers, reports and deaths; jobs whose deadline lies before now_ns (CLOCK_MONOTONIC) are given up.
 * Returns 0, or -EPIPE once the zygote is gone: workers that still live go on, none is replaced.
 */
must_check int pool_step(struct pool *, uint64_t now_ns);
/* When pool_step() must be called although nothing was readable; UINT64_MAX: no job is out. */
uint64_t pool_deadline_ns(const struct pool *);

/* Workers that take a job now; all that live. */
unsigned pool_idle(const struct pool *);
unsigned pool_living(const struct pool *);
/* The process id of living worker i, from 0 (tests kill it). 0: none. */
pid_t pool_worker_pid(const struct pool *, unsigned i);

/* Sends a job to an idle worker. -EAGAIN: none; -EMSGSIZE; -ENOMEM. Two jobs out must not share an id. */
must_check int pool_send(struct pool *, const struct job *, uint64_t deadline_ns);
/* Moves the oldest answer out; false: none yet. */
bool pool_take(struct pool *, struct answer *ret);

/* Did a worker ever come? A zygote that cannot even begin has told why itself. */
bool pool_served(const struct pool *);

/*
 * Blocking: one job, from a pool that serves nobody else. -ETIMEDOUT: no worker came; -EPIPE; -ECANCELED: the zygote
 * that pool_start() started could not begin, and has told why; as pool_send().
 */
must_check int pool_ask(struct pool *, const struct job *, uint64_t timeout_ns, struct answer *ret);

#endif
