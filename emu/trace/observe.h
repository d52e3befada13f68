/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs of one code on several servers, kept side by side: plain ones, and ones with an answer turned round. */
#ifndef EMU_TRACE_OBSERVE_H
#define EMU_TRACE_OBSERVE_H

#include "emu/trace/known.h"

enum {
	ROWS_MAX = 60,          /* runs of one job; sets of them are bits of a uint64_t */
	SEEDS = 2,              /* plain runs on each server */
	TWISTS_MAX = 8,         /* runs with an answer turned round */
	LEARN_MAX = 64 << 10,   /* bytes of one output that are learned from; what follows is not looked at */
};

struct observations {
	unsigned count, plain;             /* rows[0..plain) are the plain ones, by server, then by seed */
	struct observation rows[ROWS_MAX];
	uint64_t blocks, host_ns;          /* of all together */
	const struct question *untwisted[SERVER_QUESTIONS_MAX]; /* open questions that no run turned round */
	unsigned untwisted_count;
};

/*
 * Runs the job's code on every server given: plain, and then with answers turned round as far as TWISTS_MAX and the
 * work done so far allow (never by host time). Servers that cannot run its language are left out.
 * run_begins (or NULL) is called before each.
 * Returns 0, -ENOMEM (the arena is full: what was observed until then stands), or server_run()'s error.
 */
must_check int observe(struct server *const *, unsigned servers, const struct job *, struct arena *,
                       void (*run_begins)(void), struct observations *ret);

/* Every plain run ended by itself, so that what it printed is all of it. */
bool observe_all_ended(const struct observations *);

/* "path /srv/x", "program curl", "network 203.0.113.9:80", …: how a trace names a question it hangs on. */
struct bytes question_text(const struct question *, struct arena *);

#endif
