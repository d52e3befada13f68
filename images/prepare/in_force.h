/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which config root's helpers go by. */
#ifndef IMAGES_PREPARE_IN_FORCE_H
#define IMAGES_PREPARE_IN_FORCE_H

#include "config/settings.h"
#include "control/wire/compiler.h"

/* The version in force of file (NULL: where settings_find() looks), or the file where there is none; complaints go to stderr. -errno. */
must_check int config_in_force(const char *file, struct settings *ret);

#endif
