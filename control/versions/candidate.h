/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that people edit, written back from a version. */
#ifndef CONTROL_VERSIONS_CANDIDATE_H
#define CONTROL_VERSIONS_CANDIDATE_H

#include "control/versions/commit.h"

/*
 * Writes a version's copies over the files that they were copied from, each at once or not at all, those that are the same not. What
 * they replace is kept in FILE.versions/candidate-before-rollback/ first. why says what went wrong. -errno. Locked.
 */
must_check int candidate_restore(struct versions *, const struct version *, char why[COMMIT_WHY_MAX]);

#endif
