/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of the config: opened once, received until the program is told to stop. */
#ifndef DATAPLANE_PORT_LIVE_H
#define DATAPLANE_PORT_LIVE_H

#include "config/settings.h"
#include "dataplane/port/feed.h"

/*
 * Must one thread receive for all lanes, because a device cannot spread packets by itself, or because they are to leave
 * again in their order, whatever the lanes do? Before live_open().
 */
bool live_must_distribute(const struct settings *, unsigned lanes);
/* Packet buffers that the devices keep to themselves: for feed_new(). */
unsigned live_buffers(const struct settings *);
/* Opens every port of the config; -errno, why gets one line. */
must_check int live_open(struct feed *, const struct settings *, char *why, size_t why_size);
/*
 * Where one thread must receive: takes packets, forwards those of pairs, and hands them to the lanes once they run; until
 * stopped. An EAL thread of its own. feed: struct feed *. Returns 0.
 */
int live_receive(void *feed);
/*
 * Inline: which packets wait for their lane; gate NULL: none. rules stay borrowed until the receiver has begun two turns after
 * the next call. First before live_run(), with a gate if ever one comes; later with the same gate or none. One thread at a time.
 */
void live_gate(struct feed *, feed_gate *, const void *rules);
/* Lets the lanes begin, and waits until the program is told to stop. Ordinary EAL thread. */
void live_run(struct feed *);
void live_close(struct feed *, const struct settings *);

#endif
