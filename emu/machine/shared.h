/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges of shared memory, as the files of emu/machine that work on spaces see them. */
#ifndef EMU_MACHINE_SHARED_H
#define EMU_MACHINE_SHARED_H

#include "emu/machine/space.h"

/* A resident range's bytes to the shared ones, or the other way. */
void range_gather(struct memory *, const struct range *);
void range_spread(struct memory *, const struct range *);
/* The range is no more: its copy is freed, of shared memory the last bytes are kept. */
void range_forget(struct memory *, struct range *);

#endif
