/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version that a program works with. */
#ifndef CONTROL_VERSIONS_IN_FORCE_H
#define CONTROL_VERSIONS_IN_FORCE_H

#include "control/versions/version.h"

#include "config/load.h"

struct in_force {
	unsigned number, wanted; /* loaded; what `current` names, 0: nothing that could be read */
	char why[PATH_MAX + 256];/* why that is not the one loaded; "" where it is */
};

/*
 * Loads the version in force; where it is not whole, or does not load, the newest before it that is and does (the newest of
 * all where `current` names none). whole: copies are held against their digests, else against their lengths. -ENOENT: there are no
 * versions; -EBADMSG: none of them can be used, why says what is wrong with the first. *ret is untouched then.
 */
must_check int in_force_load(const struct versions *, bool whole, struct in_force *, struct settings *ret);
/* Loads version n. why[] says what is wrong: -ENOENT, -EBADMSG, -errno. */
must_check int version_load(const struct versions *, unsigned n, bool whole, char *why, size_t size, struct settings *ret);

#endif
