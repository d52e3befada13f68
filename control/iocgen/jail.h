/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving up what a reader of hostile logs does not need. */
#ifndef CONTROL_IOCGEN_JAIL_H
#define CONTROL_IOCGEN_JAIL_H

#include "control/wire/compiler.h"

/*
 * From here on the process can neither write nor make a file, start a program, open a socket or trace another: no new privileges,
 * landlock (reading stays), seccomp. What is to be written has been opened before. A kernel without landlock is no error. 0 or -errno.
 */
must_check int jail_enter(void);

#endif
