/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a server does with a URL that it is made to fetch, to open or to include. */
#ifndef EMU_EVALUATE_FETCH_H
#define EMU_EVALUATE_FETCH_H

#include "emu/server/server.h"
#include "emu/trace/study.h"

/* As study(). The job's code is the URL. */
must_check int evaluate_url(struct server *const *, unsigned servers, const struct job *, struct arena *,
                            void (*run_begins)(void), struct report **ret);
/* As study(). The job's code is a file's path, by which it is to be read or included. */
must_check int evaluate_path(struct server *const *, unsigned servers, const struct job *, struct arena *,
                             void (*run_begins)(void), struct report **ret);

/* The servers from the first one with PHP on, cut to that one: what its engine says is the same on all. *ret 0: none has it. */
struct server *const *php_server(struct server *const *, unsigned servers, const struct job *, unsigned *ret);

#endif
