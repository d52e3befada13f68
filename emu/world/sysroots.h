/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Libraries of other processors, so that their dynamically linked programs start: in a profile, but nowhere in its files. */
#ifndef EMU_WORLD_SYSROOTS_H
#define EMU_WORLD_SYSROOTS_H

#include "emu/world/profile.h"

#include <libconfig.h>

/*
 * sysroots = ( { processor, package, path } ): what the package has below path is where programs of that processor find
 * what they look for at /, before the profile's own files. -EINVAL with the line and what is wrong there, -ENOMEM.
 */
must_check int sysroots_read(struct profile *, struct tree *, const config_t *, int *line, const char **what,
    const char **subject);

#endif
