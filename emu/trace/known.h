/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs that one job has made: the same code on the same server, with the same seed and answers, is run once. */
#ifndef EMU_TRACE_KNOWN_H
#define EMU_TRACE_KNOWN_H

#include "control/wire/job.h"
#include "emu/server/server.h"
#include "emu/trace/arena.h"

struct observation {
	struct run run;                    /* outputs, events and all: copies in the arena */
	unsigned server;                   /* index */
	const struct question *twisted;    /* NULL: a plain run */
	unsigned questions_count, questions_left;
	const struct question *questions;
	unsigned facts_count, facts_left;
	const struct fact *facts;
};

/* None yet; lives in the arena, as all it keeps does. NULL: no memory. */
struct known *known_new(struct arena *);
/* The seed of a job's run on server (an index among those that the job means) with one of its plain seeds (number). */
uint64_t known_seed(const struct job *, unsigned server, unsigned number);
/*
 * What the command does on the server, run now or known (NULL: nothing is). run_begins (or NULL) is called before a run.
 * *ret: its outcome, in the arena; .server, .twisted and the run's seed are the caller's to set. A known run counts as the
 * work that it was, in blocks, and as no time of the host. -ENOMEM, or server_run()'s error.
 */
must_check int known_run(struct known *, struct arena *, struct server *, const struct command *, void (*run_begins)(void),
                         struct observation *ret);

#endif
