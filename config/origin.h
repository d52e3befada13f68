/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a committed version of a config came from: "FOLDER/NAME.versions/N/files/NAME" holds copies of FOLDER's files. */
#ifndef CONFIG_ORIGIN_H
#define CONFIG_ORIGIN_H

#include "config/settings.h"

/* True: file (absolute) is the main file of a version, and ret[PATH_MAX] the folder that it was copied from. */
bool origin_of(const char *file, char *ret);
/* What of path lies below folder ("rules/a.rules"), lent; NULL where it lies elsewhere or climbs by "..". */
const char *origin_below(const char *folder, const char *path);
/* Files of lists below origin are read from the version's folder instead; nothing where both are one folder. */
void origin_copies(struct settings *, const char *origin, const char *folder);
/* The number that a version's folder is named by, 1 to VERSION_NUMBER_MAX; 0: it is none. */
enum { VERSION_NUMBER_MAX = 999999999 };
unsigned origin_number(const char *name, size_t len);

#endif
