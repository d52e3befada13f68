/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keeps the process alive where Unicorn's translator gives up by abort(): this library's abort() stands before
 * the C library's, and goes back to where the engine was started. Anyone else's abort ends the process as ever.
 */
#ifndef EMU_MACHINE_GUARD_H
#define EMU_MACHINE_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

/* Before the first engine that is no machine's is opened, and each time before such a one is used. */
void guard_open(void);
void guard_alone(void);
/* As uc_emu_start(uc, begin, until, 0, 0). true in *aborted: it gave up; only uc_close() may be called on it then. */
uc_err guard_start(uc_engine *, uint64_t begin, uint64_t until, bool *aborted);

#endif
