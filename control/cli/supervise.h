/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs under `konseki run` and `konseki replay`: found, wired, started, watched and ended. */
#ifndef CONTROL_CLI_SUPERVISE_H
#define CONTROL_CLI_SUPERVISE_H

#include "config/settings.h"

#include <sys/types.h>

enum program { PROGRAM_BYPASS, PROGRAM_EMU, PROGRAM_CONTROL, PROGRAM_DATAPLANE, PROGRAM_COUNT };

/* What to start. Everything is borrowed. */
struct fleet_plan {
	const char *verb;               /* in whose name errors are told */
	const struct settings *settings;/* lanes and workers as they shall be */
	bool replay;
	char *const *captures;          /* replay: count of them */
	unsigned captures_count;
	const char *alerts;             /* replay: a file of another IDS's alerts, or NULL */
	int rules;                      /* a descriptor of further rules, -1: none */
};

struct fleet {
	struct fleet_plan plan;
	int rings, courier[2], emu[2], results[2]; /* made once; a program started again gets the same */
	int pulse, life[2];             /* of inline ports; life's end tells konseki-bypass of ours */
	int blocks;                     /* run: what control has the dataplane stop */
	struct fleet_member {
		pid_t pid;              /* 0: does not run */
		int status;             /* of waitpid(), once it ended */
		bool ended;
		uint64_t started_ns, restart_ns, backoff_ns;
	} members[PROGRAM_COUNT];
};

/* The path of one of our programs: beside this one in the build tree, or where it is installed. -ENOENT. */
must_check int program_find(enum program, char *buf, size_t size);
const char *program_name(enum program);
/* The same for a program that is not one of the three: folder is its own in the build tree. */
must_check int program_beside(const char *folder, const char *name, char *buf, size_t size);

/*
 * Makes the rings and sockets and starts all three. Errors are told on stderr, in one line; what was started is ended
 * again. An exit code of verb.h.
 */
must_check int fleet_start(const struct fleet_plan *, struct fleet *ret);
/* Replay: our ends of what only the programs should hold are closed, so that each sees the other's end. */
void fleet_let_go(struct fleet *);
/* Notes which programs ended, without waiting. */
void fleet_reap(struct fleet *);
/* Run: starts again what ended and whose pause is over. */
void fleet_mend(struct fleet *, uint64_t now_ns);
/*
 * Ends all: the dataplane first (a replay's control before it), then control, which keeps what it has, then the emulators; each is asked, and killed
 * after some seconds. No child is left. Callable twice.
 */
void fleet_stop(struct fleet *);
/* "was killed by signal 9", "ended with code 3". Returns buf. */
const char *fleet_ending(const struct fleet_member *, char *buf, size_t size);

#endif
