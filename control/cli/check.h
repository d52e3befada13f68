/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checking a config and its rules as the appliance would read them, for `check` and for what is committed. */
#ifndef CONTROL_CLI_CHECK_H
#define CONTROL_CLI_CHECK_H

#include "config/settings.h"
#include "control/cli/verb.h"

struct check {
	const char *verb;       /* in whose name "out of memory" is told */
	const char *config;     /* NULL: the default one */
	const char *files[SETTINGS_LIST_MAX]; /* rule files instead of the config's */
	unsigned files_count;
};

/*
 * Every error goes to stderr as FILE:LINE: why; a last line on stdout says how many rules there are. *ret is what the config says, its
 * defaults where it does not load. EXIT_DONE: all is well; EXIT_NO; EXIT_CANNOT: out of memory.
 */
must_check int check_all(const struct check *, struct settings *ret);

#endif
