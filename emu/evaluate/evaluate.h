/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which way a job goes by its language: to the servers' programs, or to an evaluator of its own. */
#ifndef EMU_EVALUATE_EVALUATE_H
#define EMU_EVALUATE_EVALUATE_H

#include "control/wire/job.h"
#include "emu/server/server.h"
#include "emu/shellcode/find.h"
#include "emu/trace/study.h"

/* What the job is run as, as far as its looks tell. */
enum language evaluate_language(const struct job *);
/* The languages whose programs in the servers the job will start, so that they are warm by then; at most four. */
unsigned evaluate_programs(const struct job *, enum language ret[4]);
/*
 * The report of the job: as study(). LANGUAGE_AUTO is resolved first (an ELF file, a script's opening, machine code, a
 * look-up, else a shell command). What neither a server nor an evaluator can run is STOPPED_UNSUPPORTED.
 */
must_check int evaluate(struct server *const *, unsigned servers, struct finder *, const struct job *, struct arena *,
                        void (*run_begins)(void), struct report **ret);
/* evaluate_shellcode.c: the same for machine code (LANGUAGE_AUTO: of any processor; then *ret is NULL if none is in it). */
must_check int evaluate_shellcode(struct server *const *, unsigned servers, struct finder *, const struct job *,
                                  struct arena *, void (*run_begins)(void), struct report **ret);
/* markup.c: what a browser would run of it. */
must_check int evaluate_markup(struct server *const *, unsigned servers, const struct job *, struct arena *, struct report **ret);
/* evaluate_sql.c: the same for SQL, as it was injected into a query. */
must_check int evaluate_sql(struct server *const *, unsigned servers, struct finder *, const struct job *, struct arena *,
                            void (*run_begins)(void), struct report **ret);
/* serial.c: the same for a serialised object. */
must_check int evaluate_serial(struct server *const *, unsigned servers, struct finder *, const struct job *, struct arena *,
                               void (*run_begins)(void), struct report **ret);
/* evaluate_template.c: the same for a text put where an engine's templates stand (engines.h). */
must_check int evaluate_template(struct server *const *, unsigned servers, struct finder *, const struct job *, struct arena *,
                                 void (*run_begins)(void), struct report **ret);

#endif
