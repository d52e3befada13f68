/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shell code: as the servers' own shells run it, and as bash does where it writes what only bash understands. */
#ifndef EMU_EVALUATE_SHELL_H
#define EMU_EVALUATE_SHELL_H

#include "emu/server/server.h"
#include "emu/trace/study.h"

/* As study(). */
must_check int evaluate_shell(struct server *const *, unsigned servers, const struct job *, struct arena *,
                              void (*run_begins)(void), struct report **ret);

#endif
