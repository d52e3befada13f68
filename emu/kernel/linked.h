/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program's dynamic loader makes of its libraries, kept: to relocate them is half of all that attack code's programs do,
 * and comes out the same each time. Kept is a stretch of it, from the system call behind which it
 * relocates (set_robust_list) to the first that is not mprotect(): memory and registers before and after. A process that comes to the same call with the same memory, all of it compared, goes on behind it.
 * Blocks, calls, time and turns are counted as if it had run: others have theirs between.
 */
#ifndef EMU_KERNEL_LINKED_H
#define EMU_KERNEL_LINKED_H

#include "emu/kernel/inside.h"

/* A program was loaded: its loader runs next. sp: where its arguments stand. */
void linked_begin(struct process *, const struct start *, uint64_t sp);
/* In the machine's hook, before the call of p is made. true: instead of making it, p passes a stretch that is known. */
bool linked_call(struct kernel *, struct process *);
/* Counts at most so many blocks, in place, of those that p passes; true: it is at the stretch's last call, and has *blocks left. */
bool linked_pass(struct kernel *, struct process *, uint64_t *blocks);
uint64_t linked_end(const struct process *); /* where that call's instruction is */
void linked_leave(struct process *);         /* it ends before */
/* What is being kept comes to no end: the run is over. */
void linked_stop(struct kernel *);
/* From where on its stack is kept when others have their turn: of a loader all that it may use, as one that is passed has no frames. */
uint64_t linked_stack(const struct process *, uint64_t sp);
void linked_free(struct kernel *);

#endif
