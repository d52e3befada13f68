/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An emulated server: a machine, a kernel and a world made from one profile, that runs a command and tells what
 * happened. The border between the Linux machine (machine, kernel, world, loader) and what is learned from it (trace).
 */
#ifndef EMU_SERVER_SERVER_H
#define EMU_SERVER_SERVER_H

#include "control/wire/report.h"

/* A question whose answer hangs on the unknown victim (the open world). */
enum question_kind {
	QUESTION_PATH,      /* a path that the profile does not hold, or whose contents it cannot know */
	QUESTION_VARIABLE,  /* an unset variable (seen as far as the shell asks the kernel; else by the profile's facts) */
	QUESTION_PROGRAM,   /* a program that is not there */
	QUESTION_NETWORK,   /* bytes or a result that came from outside */
	QUESTION_CLOCK,
	QUESTION_RANDOM,
	QUESTION_DATABASE,  /* what a row, or a predicate on the victim's data, says */
	QUESTION_IDENTITY,  /* uid, host name, pid: facts of the profile */
};
struct question {
	enum question_kind kind;
	char subject[256];      /* the path, the program, "203.0.113.9:80" */
	uint64_t output_before; /* bytes of stdout written before it was asked */
	bool answered_yes;      /* what this run was told: found, connected */
};

enum { SERVER_QUESTIONS_MAX = 64, SERVER_FACTS_MAX = 32, FACT_BYTES_MAX = 64 << 10 };

/* What a run was told of the server, and another server would tell otherwise: a file, a folder's names, a kernel's. */
struct fact {
	struct bytes text;      /* records, each ended by a line end or NUL */
	uint64_t output_before; /* bytes of stdout written before it was told */
	bool name;              /* text is one name of this very server (host, kernel): none of it stands on another */
};

/* One run's result: valid until the server's next run. events, outputs and stopped_by as in report.h. */
struct outcome {
	struct run run;
	unsigned questions_count, questions_left;
	struct question questions[SERVER_QUESTIONS_MAX];
	unsigned facts_count, facts_left; /* left: told, too, but too many or too long to keep */
	struct fact facts[SERVER_FACTS_MAX];
};

/* How a run differs from the plain one: answers turned round, to see what hangs on them. */
struct twist {
	enum question_kind kind;
	char subject[256];
	bool answer;
};

struct command {
	enum language language;      /* LANGUAGE_SHELL: code is given to `sh -c`; LANGUAGE_ELF: a program; LANGUAGE_PATH: a file is read */
	struct bytes code;
	uint32_t entry;              /* machine code: the offset where it begins */
	bool thumb;                  /* ARM: in Thumb state */
	uint8_t registers;           /* what it finds in its registers (enum raw_registers) */
	bool bsd;                    /* its system calls are a BSD kernel's */
	struct bytes request;        /* that brought it; empty: a plain one. What scripts see of it. */
	uint64_t seed;
	unsigned twists_count;
	const struct twist *twists;
};

struct server;

/* Opens profile folder `path` (files, facts), loads its programs, takes the warm snapshot. -errno; why gets a line. */
must_check int server_open(const char *path, char *why, size_t why_size, struct server **ret);
void server_close(struct server *);
const char *server_name(const struct server *); /* the folder's name */
bool server_runs(const struct server *, enum language); /* has it what this language needs? */
/*
 * Keeps what runs this language warm, if the server has it and it is not warm yet: the first time costs a second. Else
 * the first run does it. -errno as server_run().
 */
must_check int server_warm(struct server *, enum language);
/* The last run left a machine that no other run should use: this process had better end. */
bool server_spoilt(const struct server *);
/* Languages that any of these servers keeps warm so, as bits; and the same done for all of them that have it. */
unsigned server_warmed(struct server *const *, unsigned count);
must_check int server_warm_all(struct server *const *, unsigned count, unsigned warmed);
/*
 * Runs one command from the snapshot; everything is restored before, so that no run sees another. Guest behaviour never
 * fails the call: budgets and signals are told in the outcome. -errno only where the machine itself failed (then the
 * worker must be replaced).
 */
must_check int server_run(struct server *, const struct command *, const struct outcome **ret);

#endif
