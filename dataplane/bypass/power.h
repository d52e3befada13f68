/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What konseki-bypass may do: set links up and down as an ordinary user, and hardly anything else. */
#ifndef DATAPLANE_BYPASS_POWER_H
#define DATAPLANE_BYPASS_POWER_H

#include "control/wire/compiler.h"

/*
 * Becomes that account, keeps CAP_NET_ADMIN alone, and leaves itself the system calls of its loop. Started by an ordinary user it
 * keeps what it has. -errno (-ENOENT: no such account).
 */
must_check int bypass_confine(const char *user);

#endif
