/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history records that flows themselves give. */
#ifndef DATAPLANE_FLOW_TELL_H
#define DATAPLANE_FLOW_TELL_H

#include "control/wire/history.h"
#include "control/wire/ring.h"
#include "dataplane/counters.h"
#include "dataplane/packet.h"

/*
 * Puts one small record (a flow began, was answered, was refused, an echo) on the ring, or counts its loss: in replay
 * the lane holds packets back before there is too little room. Lane only.
 */
void flow_tell(struct ring *up, struct counters *, enum history_kind, const struct tuple *, uint64_t flow_id,
               const struct packet *);

#endif
