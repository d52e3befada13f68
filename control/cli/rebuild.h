/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case's streams as a pcap file: packets rebuilt from the kept parts and their marks, not the captured ones. */
#ifndef CONTROL_CLI_REBUILD_H
#define CONTROL_CLI_REBUILD_H

#include "control/wire/case.h"

#include <stdio.h>

/*
 * Writes a pcap of raw IP packets: handshake, one packet a mark with its time and its bytes, in the order of time. Bytes
 * that were not kept leave a hole in the sequence numbers. Bodies are kept without their chunks: those whose head promises
 * chunks get new ones, one a packet. A body that only the connection's end ends is followed by a FIN. 0 or -errno.
 */
must_check int rebuild_pcap(const struct case_record *, FILE *to);

#endif
