/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machines of an emulated Windows server: a process of each width in which attack code is run. */
#ifndef EMU_WINDOWS_WINDOWS_H
#define EMU_WINDOWS_WINDOWS_H

#include "emu/server/server.h"

struct host;
struct machines;

/* For the host's world; both stay the caller's. -ENOMEM, -EIO, -EINVAL (a table of functions is wrong). */
must_check int machines_open(struct host *, struct machines **ret);
void machines_close(struct machines *);
bool machines_run_language(enum language);
/*
 * Begins the world and the host anew and runs machine code from its byte `entry` on; pointing: each register holds where
 * that is, else zero. Where nothing came of it, its registers might have been others, and its stack too: it is run once
 * more with each. The world's record is the outcome. -errno only where
 * the machine failed.
 */
must_check int machines_run(struct machines *, const struct command *, bool pointing);

#endif
