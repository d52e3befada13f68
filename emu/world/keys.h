/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a profile.conf: what may stand there. */
#ifndef EMU_WORLD_KEYS_H
#define EMU_WORLD_KEYS_H

#include "control/wire/compiler.h"

#include <libconfig.h>
#include <stddef.h>

/*
 * Looks through all of a file that was read: a key that there is none of, a value of another type or out of its range.
 * 0, or -EINVAL with the line and a text that says what is wrong there.
 */
must_check int keys_check(const config_t *, int *line, char *why, size_t why_size);

#endif
