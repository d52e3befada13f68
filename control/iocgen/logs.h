/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The logs of a command line, read into a corpus, and what is told meanwhile. */
#ifndef CONTROL_IOCGEN_LOGS_H
#define CONTROL_IOCGEN_LOGS_H

#include "control/iocgen/corpus.h"

enum { LOGS_BENIGN_MAX = 256 };

/* What the command line names; everything is borrowed. */
struct logs {
	const char *verb;      /* in whose name things are told */
	const char *labels;    /* a CSV, or NULL */
	char **paths;
	int count;
	const char *benign[LOGS_BENIGN_MAX]; /* logs whose samples are harmless unless something says otherwise */
	int benign_count;
};

/* One more of `benign`, lent. False: there is no room. */
bool logs_add_benign(struct logs *, const char *path);
/* Opens the CSV before the jail, which it enters; then reads all into c and settles it. An exit code of verb.h; errors are told. */
must_check int logs_read(const struct logs *, struct corpus *c, struct labels **labels);
/* Prints what was read and what was not kept, on stderr. */
void logs_tell(const struct logs *, const struct corpus_tally *);

/* One line on stderr that rewrites itself, only where stderr is a terminal; about ten a second. A NULL `what` takes it away. */
void progress_tell(void *unused, const char *what, uint64_t done, uint64_t all);

#endif
