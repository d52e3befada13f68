/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Our end of one emulation worker's socket: a job out, its answer back. Never blocks. */
#ifndef CONTROL_QUEUE_WORKER_H
#define CONTROL_QUEUE_WORKER_H

#include "control/wire/job.h"
#include "control/wire/report.h"

#include <sys/types.h>

enum worker_state { WORKER_ABSENT, WORKER_STARTING, WORKER_IDLE, WORKER_BUSY };

struct worker {
	enum worker_state state;
	int fd;
	int process;                  /* a handle of it (pidfd); -1: none */
	pid_t pid;
	uint64_t job_id, deadline_ns; /* while busy */
	enum language language;
	uint8_t *in;                  /* what came and is not taken yet */
	size_t in_size, in_used;
	uint8_t *out;                 /* the part of a job that the socket did not take yet */
	size_t out_size, out_used;
};

/* One job's answer; freed by answer_free(). A worker that died, or overran its deadline, gave one without traces. */
struct answer {
	uint64_t job_id;
	struct report *report; /* never NULL; its bytes live in memory */
	uint8_t *memory;       /* private */
};

/*
 * Encodes j for an idle worker, which is busy then; worker_write() sends it.
 * -EMSGSIZE or -ENOMEM: the worker stays idle.
 */
must_check int worker_begin(struct worker *, const struct job *, uint64_t deadline_ns);
/* Sends what the socket takes. 0: all is sent; -EAGAIN: call again when it is writable; -EPIPE: it closed. */
must_check int worker_write(struct worker *);
/*
 * Reads what is there. 1: *ret is the busy worker's answer (call again); 0: nothing more now; -EPIPE: it closed;
 * -EBADMSG: it said what a worker may not say; -ENOMEM. After an error it is of no more use: close it.
 */
must_check int worker_read(struct worker *, struct answer *ret);
/* The answer of a busy worker that gives none itself. */
must_check int worker_give_up(const struct worker *, enum stopped_by why, struct answer *ret);
/*
 * Ends the worker, as it may be one that looks at nothing any more, closes its socket (upon which it ends by itself where
 * there is no handle of it), and is absent.
 */
void worker_close(struct worker *);

void answer_free(struct answer *);

#endif
