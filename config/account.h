/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The account that a program started as root gives its power up for. */
#ifndef CONFIG_ACCOUNT_H
#define CONFIG_ACCOUNT_H

#include "control/wire/compiler.h"

#include <sys/types.h>

/*
 * Started as root: becomes user, without any other group, for good. Otherwise it does nothing.
 * -ENOENT: no such account; -errno.
 */
must_check int account_become(const char *user);

/*
 * Who is to die with its parent: the kernel forgets it when a process changes its account. Noted before, renewed after;
 * account_become() does both itself. 0 or -errno.
 */
struct bond {
	pid_t parent;
	int signal; /* 0: it is not to */
};
struct bond bond_note(void);
must_check int bond_renew(const struct bond *);

#endif
