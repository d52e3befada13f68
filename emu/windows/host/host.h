/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Windows server as its commands find it: facts, texts, files, variables, registry and network, all of one profile.
 * Shared by cmd, PowerShell, the programs they start, and the machine that Windows shellcode runs in.
 */
#ifndef EMU_WINDOWS_HOST_HOST_H
#define EMU_WINDOWS_HOST_HOST_H

#include "emu/windows/host/heap.h"
#include "emu/world/world.h"

enum {
	HOST_STEPS_MAX = 3000000,  /* of all evaluators in one run: STOPPED_BLOCKS */
	HOST_DEPTH_MAX = 256,      /* of what is nested in one another, code or calls: STOPPED_ROUNDS */
	HOST_PROCESSES_MAX = 256,  /* started in one run: STOPPED_PROCESSES */
	HOST_FOREIGN_MAX = 64,     /* files whose contents came from the network */
	HOST_TIME_MAX_S = 3600,    /* virtual: STOPPED_TIME */
};

struct registry;
struct variables;
struct templates;

struct host {
	struct world *world;         /* owned by whoever opened it */
	struct heap *heap;           /* of the run */
	struct templates *templates; /* texts of the profile */
	struct registry *registry;
	struct variables *variables; /* of the first process; in the heap */
	enum stopped_by stopped;     /* STOPPED_EXIT as long as the run goes on */
	uint64_t steps;
	unsigned depth, processes, ids;
	unsigned foreign_count;
	const struct node *foreign[HOST_FOREIGN_MAX];
};

/* The host of a profile's world; folder is the profile's. -errno; why gets a line. */
must_check int host_open(struct world *, const char *folder, char *why, size_t why_size, struct host **ret);
void host_close(struct host *);
/* After world_begin(): nothing of the last run is left. */
must_check int host_begin(struct host *);

/* One unit of work. False: the run is over (host->stopped says why), and whoever evaluates returns. */
bool host_step(struct host *);
/* The first reason counts. */
void host_stop(struct host *, enum stopped_by);
bool host_runs(const struct host *);
/* What is inside something else: false at the bound. Each true one has its host_leave(). */
bool host_enter(struct host *);
void host_leave(struct host *);
/* What is not modelled, by its name ("powershell: Add-Type"): told as an open question, and the run stops at it. */
void host_unsupported(struct host *, const char *what);
/* What it does is not known, but the run goes on: an open question. Returns its answer: turned round, it failed. */
bool host_unknown(struct host *, const char *what);
/* A process begins: its event. words: of its command line, each ended by NUL. False: too many. */
bool host_process(struct host *, const char *path, struct bytes words);
uint32_t host_process_id(struct host *); /* of the next process */
void host_sleep(struct host *, uint64_t ns);

/* A fact by its name, as this run has it; "" where the profile has none. Lives as long as the run. */
const char *host_fact(struct host *, const char *name);
/* UTC and, moved by the profile's TIME_ZONE_MINUTES, local time. Asking is an open question of the clock. */
uint64_t host_clock(struct host *);

/*
 * A text of the profile by its key: @FACT@ replaced, %1 to %9 by args (NULL ends them), lines ended by CR LF.
 * What the server says of itself: noted as a fact. NULL: the profile has no such text (then its output is unknown).
 */
const char *host_text(struct host *, const char *key, const char *const *args);
bool host_has_text(const struct host *, const char *key);
/* The same replacing, in a text of the caller's, without line ends changed. */
char *host_fill(struct host *, const char *text, const char *const *args);

/* Names as Windows compares them. */
bool same_name(const char *a, const char *b);

#endif
