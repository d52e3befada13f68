/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process's environment: names without regard to case, in the order they were first set. */
#ifndef EMU_WINDOWS_HOST_VARIABLES_H
#define EMU_WINDOWS_HOST_VARIABLES_H

#include "emu/windows/host/host.h"

struct variable { char *name, *value; };
struct variables {
	struct heap *heap;
	unsigned count, room;
	struct variable *list; /* sorted by name */
};

enum { VARIABLES_MAX = 4096, VARIABLE_BYTES_MAX = 32767 };

struct variables *variables_of(struct host *);             /* those of the profile */
struct variables *variables_copy(const struct variables *);
const char *variable_find(const struct variables *, const char *name); /* NULL: not set. Asks no question. */
/* The same, and a name that is not set is a question. */
const char *variable_ask(struct host *, const struct variables *, const char *name);
void variable_set(struct variables *, const char *name, const char *value); /* NULL or "": taken away */

#endif
