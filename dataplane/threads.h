/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every thread of a process must do by itself. */
#ifndef DATAPLANE_THREADS_H
#define DATAPLANE_THREADS_H

#include "control/wire/compiler.h"

/*
 * Every thread of this process loses its capabilities for good, libraries' threads too: setuid() does so for root alone, and
 * capset(2) works on the calling thread. Threads must not be started meanwhile; those that are started later have none.
 * -ETIMEDOUT: one of them did not follow; -errno.
 */
must_check int threads_drop_capabilities(void);

#endif
