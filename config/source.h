/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a config file before libconfig reads it. */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include "config/load.h"

/*
 * Looks through a file and those it includes, for what libconfig would misread or choke on: pipes and devices, files
 * longer than SOURCE_MAX (its time grows with the square), whole numbers that it would cut to 32 bits. Each is told with
 * file and line. Included files that are not there are left to libconfig. folder: where includes begin. -EINVAL: it cannot be
 * read on.
 */
enum { SOURCE_MAX = 128 << 10, SOURCE_FILES_MAX = 64 };
must_check int source_check(const char *path, const char *folder, struct complaints *);
/* The same, then lends each file's path, the main one first, until each() returns other than 0, which is then returned. */
typedef int source_file(void *context, const char *path, bool main);
must_check int source_each(const char *path, const char *folder, struct complaints *, source_file *each, void *context);

#endif
