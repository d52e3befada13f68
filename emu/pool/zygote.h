/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The warm process that workers are forked from: it keeps their number, and hands their sockets to control. */
#ifndef EMU_POOL_ZYGOTE_H
#define EMU_POOL_ZYGOTE_H

#include "emu/server/server.h"

struct finder;

struct zygote {
	int control;                 /* socket to control */
	unsigned workers, jobs_per_worker;
	struct server *const *servers;
	unsigned servers_count;
	struct finder *finder;       /* of machine code; NULL: none is looked for */
};

/*
 * Forks the workers and replaces each that ends, until control closes its end; then kills them. Takes over SIGCHLD.
 * Returns 0, -EPERM (workers cannot enter their jail) or -errno.
 */
must_check int zygote_run(const struct zygote *);

#endif
