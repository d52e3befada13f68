/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a worker gives up before its first job: everything but its memory, its clock and one socket. */
#ifndef EMU_POOL_JAIL_H
#define EMU_POOL_JAIL_H

#include "control/wire/compiler.h"

enum {
	JAIL_SOCKET = 3,              /* where the socket is afterwards; 0 to 2 are /dev/null, nothing else is open */
	JAIL_CPU_S = 900,             /* the last bound of CPU time; a worker leaves by itself at half of it */
	JAIL_MEMORY = 1 << 30,        /* bytes of address space beyond what is mapped when it enters */
};

/*
 * In this order: descriptors closed (fd becomes JAIL_SOCKET), rlimits, not dumpable, killed with its parent, no new
 * privileges, landlock without any path, seccomp: an allow-list, anything else kills the process. There is no way
 * back. Returns 0 or -errno; after an error the process must end. A kernel without landlock is no error: seccomp
 * refuses every path alone.
 */
must_check int jail_enter(int fd);

/* Its parts, for the tests that prove each by itself. */
must_check int jail_close(int fd);
must_check int jail_limit(void);
must_check int jail_hide(void); /* landlock. -ENOSYS, -EOPNOTSUPP: the kernel has none */
must_check int jail_filter(void);

#endif
