/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program's dynamic loader makes of its libraries, kept: to relocate them is half of all that attack code's programs do,
 * and comes out the same each time. Kept is a stretch of it, from one of its system calls to another, with mprotect() alone between:
 * memory and registers before and after. A process that comes to the same call with the same memory, all of it compared, goes on behind it.
 * Blocks, calls, time and turns are counted as if it had run. Only while no other process could run: else it does run.
 */
#ifndef EMU_KERNEL_LINKED_H
#define EMU_KERNEL_LINKED_H

#include "emu/kernel/inside.h"

/* A program was loaded: its loader runs next. sp: where its arguments stand. */
void linked_begin(struct process *, const struct start *, uint64_t sp);
/* In the machine's hook, before the call of p is made; where the stretch is known, p is in its last call afterwards. */
void linked_call(struct kernel *, struct process *);
/* What is being kept comes to no end: another process runs, or the run is over. */
void linked_stop(struct kernel *);
void linked_free(struct kernel *);

#endif
