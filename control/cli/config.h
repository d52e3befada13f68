/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the words of `konseki config` share: what was asked, and the folder of versions. */
#ifndef CONTROL_CLI_CONFIG_H
#define CONTROL_CLI_CONFIG_H

#include "control/cli/verb.h"
#include "control/versions/in_force.h"
#include "control/versions/pending.h"

struct config_ask {
	const char *file;          /* the candidate */
	const char *reason, *author;
	unsigned minutes;          /* commit confirmed; 0: for good */
	unsigned numbers[2], count;/* versions that were named */
	bool json, candidate;      /* show candidate */
	struct versions versions;
};

/* One word each: an exit code. commit and rollback hold the lock, and the folder is there. */
int config_show(struct config_ask *);
int config_history(struct config_ask *);
int config_diff(struct config_ask *);
int config_commit(struct config_ask *);
int config_rollback(struct config_ask *);

/* An appliance's wall clock as text, RFC 3339 in UTC. Returns buf. */
const char *config_time(int64_t seconds, char buf[40]);
/* Reads a version, or says why not. An exit code. */
int config_version(const struct config_ask *, unsigned n, struct version **ret);
/* Reads a version and its settings, or says why not. An exit code; both are the caller's. */
int config_version_load(const struct config_ask *, unsigned n, struct version **ret, struct settings *ret_settings);
/* The candidate likewise; its errors are told with file and line. */
int config_candidate_load(const struct config_ask *, struct version **ret, struct settings *ret_settings);

#endif
