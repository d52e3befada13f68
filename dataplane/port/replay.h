/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capture files one after another, each a world of its own to the lanes. */
#ifndef DATAPLANE_PORT_REPLAY_H
#define DATAPLANE_PORT_REPLAY_H

#include "dataplane/port/feed.h"
#include "dataplane/port/scan.h"

/*
 * Replays count opened files (capture_open()) through net_pcap and closes them. A file that cannot be read gives the
 * lanes a beginning and an end with its error, and the others go on. Returns when the last lane has sent its last END:
 * 0, or -ECANCELED when stopped. Ordinary EAL thread; takes over stdin.
 */
must_check int replay_run(struct feed *, struct capture_file *, unsigned count);

#endif
