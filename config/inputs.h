/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every file that a config is made of: the main one, those it includes, and those that its lists name. */
#ifndef CONFIG_INPUTS_H
#define CONFIG_INPUTS_H

#include "config/load.h"

/* path: absolute, lent. role: "main", "include", or the key whose list names it ("rules.files"). Other than 0 ends the walk. */
typedef int input_file(void *context, const char *path, const char *role);
/*
 * settings: as loaded from a file. The main file comes first; a file may come twice, in two roles. Complaints tell what cannot
 * be read. What each() returned where that is not 0; -EINVAL.
 */
must_check int inputs_each(const struct settings *, struct complaints *, input_file *each, void *context);

#endif
