/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the program gives up before it looks at a packet. */
#ifndef DATAPLANE_POWER_H
#define DATAPLANE_POWER_H

#include "control/wire/compiler.h"

#include <stdbool.h>

/* Started as root: becomes user, with its groups, for good; else its capabilities go, of every thread. -errno (ENOENT: no such account). */
must_check int power_become(const char *user);
/*
 * All threads, from now on: no new privileges, and none of the system calls that a taken-over dataplane would want
 * (programs, debugging, mounts, modules; in replay sockets too: a live device may need them). -errno.
 */
must_check int power_confine(bool replay);

#endif
