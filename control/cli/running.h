/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version of the config that `konseki run` works with, and how it comes to another one. */
#ifndef CONTROL_CLI_RUNNING_H
#define CONTROL_CLI_RUNNING_H

#include "control/cli/verb.h"

#include "config/settings.h"

struct running {
	const char *config;       /* as -c named it */
	struct settings settings; /* .file is what the programs are told to read */
	unsigned version;         /* 0: the file itself, which nobody committed */
	unsigned refused;         /* a version that this one cannot change to without a restart; told once */
};

enum running_change { RUNNING_SAME, RUNNING_RELOAD, RUNNING_RESTART };

/* What is in force. An exit code. */
must_check int running_load(struct running *, const char *config);
/*
 * Looks for another version in force: RELOAD: the programs read it when they are told to; RESTART: the one they work with was not
 * confirmed in time, and keys went back that need a restart. A version that needs one otherwise is told once, and waits for it.
 */
enum running_change running_look(struct running *);

#endif
