/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One job made into one report: run, compared, told. */
#ifndef EMU_TRACE_STUDY_H
#define EMU_TRACE_STUDY_H

#include "control/wire/job.h"
#include "emu/server/server.h"
#include "emu/trace/observe.h"

enum { STUDY_MEMORY = 160 << 20 /* bytes of arena that every job fits in; only what a job touches is real */ };

/*
 * Runs the job's code on the servers (those named job->profile, or all) and learns its traces. *ret and all in it live
 * in the arena. No server for the language or the profile: a report that says STOPPED_UNSUPPORTED.
 * run_begins (NULL: nobody) is told before each run, so that a watchdog can look at each by itself.
 * Returns 0, -ENOMEM, or the error of a machine that failed (the worker must be replaced).
 */
must_check int study(struct server *const *, unsigned servers, const struct job *, struct arena *,
                     void (*run_begins)(void), struct report **ret);

/* The servers that the job's profile means; at most REPORT_RUNS_MAX. Returns how many. */
unsigned study_servers(struct server *const *, unsigned servers, const struct job *,
                       struct server *ret[REPORT_RUNS_MAX]);
/* The runs without traces: the caller adds its own. */
must_check int study_report(const struct observations *, const struct job *, struct arena *, struct report **ret);
/* The last step of it, for evaluators that make their observations themselves. */
must_check int study_learn(const struct observations *, const struct job *, struct arena *, struct report **ret);

#endif
