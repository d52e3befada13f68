/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case's streams as a pcap file: packets rebuilt from the kept parts and their marks, not the captured ones. */
#ifndef CONTROL_CLI_REBUILD_H
#define CONTROL_CLI_REBUILD_H

#include "control/wire/case.h"

#include <stdio.h>

/*
 * Writes a pcap of raw IP packets: handshake, one packet a mark with its time and its bytes, in the order of time. Bytes
 * that were not kept leave a hole in the sequence numbers; bodies are as they were kept, de-chunked. 0 or -errno.
 */
must_check int rebuild_pcap(const struct case_record *, FILE *to);

#endif
