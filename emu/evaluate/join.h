/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of several ways to run one attack, made into one. */
#ifndef EMU_EVALUATE_JOIN_H
#define EMU_EVALUATE_JOIN_H

#include "control/wire/report.h"
#include "emu/trace/arena.h"

/* Which traces of a report are taken over. */
enum join_what {
	JOIN_ALL,
	JOIN_TEXT,    /* text alone, but for what made-up files hold; none of it must show */
	JOIN_MADE,    /* the same, where the code made the file itself */
	JOIN_NETWORK, /* contacts alone, as they are */
	JOIN_ERRORS,  /* text alone, as what is printed where the code was rejected (TRACE_ERROR) */
};

/*
 * Adds what of from's traces is taken to ret's, as far as a report holds them. about: only text traces that hold these
 * bytes ("": all). Runs are ret's own, or from's where it has none. Both live in the arena. -ENOMEM.
 */
must_check int join(struct report *ret, const struct report *from, enum join_what, struct bytes about, struct arena *);

#endif
