/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A space as it was at one moment, to be begun from again and again: its ranges, and those pages that are not all zero. */
#ifndef EMU_MACHINE_SNAPSHOT_H
#define EMU_MACHINE_SNAPSHOT_H

#include "emu/machine/space.h"

struct snapshot;

/* Of a space that is resident, whose memory and machine outlive it. It counts nowhere as a guest's memory. -ENOMEM. */
must_check int snapshot_new(const struct space *, struct snapshot **ret);
void snapshot_free(struct snapshot *);
/* Before the reset of a run that begins with it: what its machine still holds of it stays. */
void snapshot_prepare(const struct snapshot *);
/* A resident space with one reference; the machine was just reset, after snapshot_prepare() or without. -ENOMEM. */
must_check int snapshot_instance(const struct snapshot *, struct memory *, struct space **ret);

#endif
