/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one ordinary thread beside the lanes: control's word, signals, and the second's beat of counters. */
#ifndef DATAPLANE_COURIER_H
#define DATAPLANE_COURIER_H

#include "dataplane/lane.h"
#include "dataplane/loader.h"
#include "dataplane/port/feed.h"

struct courier;

/*
 * Starts the thread. fd: the socket to control (-1: none); its end, SIGTERM or SIGINT stop the feed, SIGHUP asks the loader
 * (NULL: none) for other rules. All three must be blocked in the caller. Everything stays borrowed until courier_stop().
 * -errno.
 */
must_check int courier_start(int fd, struct loader *, struct feed *, struct lane **lanes, unsigned count, struct courier **ret);
void courier_stop(struct courier *);

#endif
