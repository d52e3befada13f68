/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An emulated Windows server: one world, its host, and a process of each width in which attack code is run. */
#ifndef EMU_WINDOWS_WINDOWS_H
#define EMU_WINDOWS_WINDOWS_H

#include "control/wire/language.h"
#include "emu/server.h"

struct desk;
struct host;
struct world;

/* The world is opened and stays the caller's. -errno; why gets a line. */
must_check int desk_open(struct world *, const char *folder, char *why, size_t why_size, struct desk **ret);
void desk_close(struct desk *);
struct host *desk_host(const struct desk *);
bool desk_runs(enum language); /* machine code that a process here executes */
/*
 * Runs machine code from its byte `entry` on, after world_begin(). Registers as if each had led there; where nothing came
 * of that, once more with zeroes. The outcome is the world's record. -errno only where the machine failed.
 */
must_check int desk_run(struct desk *, const struct command *);

#endif
