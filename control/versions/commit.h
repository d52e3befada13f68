/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a new version out of the files of a config: described first, checked by the caller, then copied whole or not at all. */
#ifndef CONTROL_VERSIONS_COMMIT_H
#define CONTROL_VERSIONS_COMMIT_H

#include "control/versions/version.h"

#include "config/settings.h"

enum { COMMIT_WHY_MAX = PATH_MAX + 256 };

/*
 * What a loaded config is made of just now: paths, roles, digests; author, reason and parent are the caller's to fill. why says
 * what is wrong: an included file outside of the config's folder (-EXDEV: a copy could not find it), too many or too large
 * files (-EFBIG), one that cannot be read (-errno). *ret is the caller's.
 */
must_check int commit_describe(const struct settings *, char why[COMMIT_WHY_MAX], struct version **ret);
/* Are both made of the same files with the same contents? */
bool version_same(const struct version *, const struct version *);
/*
 * Copies the described files from the folder of settings->file into a new version, numbered behind all that are there (into
 * v->number), with the time of now, and flushes all of it. It is not in force yet: versions_point(). -ESTALE: a file is no
 * longer as described; -ENOSPC and other -errno: nothing is left behind. Locked.
 */
must_check int commit_store(struct versions *, const struct settings *, struct version *v, char why[COMMIT_WHY_MAX]);
/* Copies one regular file to a new one of the same rights, flushed. -errno; what was begun is removed. */
must_check int file_copy(const char *from, const char *to);
/* Makes the folders that a file below root/ lies in: path is root/…/name. -errno. */
must_check int folders_make(const char *root, const char *path);

#endif
