/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The account that a program started as root gives its power up for. */
#ifndef CONFIG_ACCOUNT_H
#define CONFIG_ACCOUNT_H

#include "control/wire/compiler.h"

/*
 * Started as root: becomes user, without any other group, for good. Otherwise it does nothing.
 * -ENOENT: no such account; -errno.
 */
must_check int account_become(const char *user);

#endif
