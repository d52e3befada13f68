/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inline: a packet leaves by the other port of its pair before any lane has looked into it. */
#ifndef DATAPLANE_PORT_FORWARD_H
#define DATAPLANE_PORT_FORWARD_H

#include "dataplane/port/feed.h"

/*
 * Sends count packets of one burst, in their order, on to the pair of the port they came from. Each keeps one more
 * owner: the caller still has its own. What the port does not take in time is lost and counted. Forwarding thread only.
 */
void forward_burst(struct feed *, unsigned port, struct rte_mbuf **, unsigned count);

#endif
