/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a config file: every error names file and line, and all of them are told, not the first alone. */
#ifndef CONFIG_LOAD_H
#define CONFIG_LOAD_H

#include "config/settings.h"

#include <stdio.h>

/* Where errors go: one "FILE:LINE: why" line each; count says how many. Shared by config and rules. */
struct complaints {
	FILE *to;          /* NULL: count only */
	unsigned count, max; /* after max, lines are counted and no longer written */
};
void complain(struct complaints *, const char *file, unsigned line, const char *why, ...) format_like(4, 5);

/* The defaults of the schema; paths relative to folder. */
void settings_default(const char *folder, struct settings *ret);
/* -ENOENT, -EINVAL (complaints tell), -EACCES. *ret is untouched on failure. */
must_check int settings_load(const char *path, struct complaints *, struct settings *ret);
/* The line of settings->file that sets a key ("emulation.profiles"); 0: none does, the default holds. */
unsigned settings_line(const struct settings *, const char *path);
/*
 * The file that `-c` defaults to: /etc/konseki/konseki.conf, else config/konseki.conf beside the build tree this
 * program runs from. Returns buf, or NULL where neither is there.
 */
const char *settings_find(char *buf, size_t size);

#endif
