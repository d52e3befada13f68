/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of the config: opened once, received until the program is told to stop. */
#ifndef DATAPLANE_PORT_LIVE_H
#define DATAPLANE_PORT_LIVE_H

#include "config/settings.h"
#include "dataplane/port/feed.h"

/* Must one thread receive for all lanes, because a device cannot spread packets by itself? Before live_open(). */
bool live_must_distribute(const struct settings *, unsigned lanes);
/* Opens every port of the config; -errno, why gets one line. */
must_check int live_open(struct feed *, const struct settings *, char *why, size_t why_size);
/* Receives, or waits while the lanes do, until stopped; then waits for the lanes' end. Ordinary EAL thread. */
void live_run(struct feed *);
void live_close(struct feed *, const struct settings *);

#endif
