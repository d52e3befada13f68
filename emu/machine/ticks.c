/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What rdtsc tells: Unicorn gives its guests the host's counter, so that no two runs would see the same. As in stores.c, the library's
 * function is this one instead: a guest's ticks follow the blocks that it ran.
 */
#include "emu/machine/inside.h"

enum { TICKS_PER_BLOCK = 12 /* of 3 GHz, a block taking as long as the kernel's clock says */ };

typeof(uint64_t (void *environment)) cpu_get_tsc_x86_64;

uint64_t machine_ticks(const struct machine *m)
{
	return MACHINE_TICKS + m->blocks * TICKS_PER_BLOCK;
}

uint64_t cpu_get_tsc_x86_64(void *environment)
{
	const struct machine *m = machine_running();

	return m != NULL ? machine_ticks(m) : MACHINE_TICKS;
}
