/* SPDX-License-Identifier: GPL-2.0-or-later */
/* History records of flows, written straight into the ring. */
#include "dataplane/flow/tell.h"

#include "control/wire/record.h"

enum { TELL_MAX = 1024 }; /* bytes: such a record holds a tuple, times, and no text */

void flow_tell(struct ring *up, struct counters *counters, enum history_kind kind, const struct tuple *tuple,
               uint64_t flow_id, const struct packet *packet)
{
	struct history h = {
		.kind = kind,
		.time_ns = packet->time_ns,
		.packet = packet->number,
		.flow_id = flow_id,
		.tuple = *tuple,
	};
	struct bytes written;
	struct sink s;

	if (ring_reserve(up, TELL_MAX, &s) < 0) {
		counter_up(counters, DROP_HISTORY_RING);
		return;
	}
	sink_u8(&s, RECORD_HISTORY);
	history_encode(&s, &h);
	if (sink_done(&s, &written) < 0) {
		counter_up(counters, DROP_HISTORY_RING);
		return;
	}
	ring_commit(up, written.left);
	counter_up(counters, COUNTER_HISTORY);
}
