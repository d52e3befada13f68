/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a lane itself sends up its ring: captures, low-water marks, counters; and waiting for room in replay. */
#include "dataplane/lane_parts.h"

enum {
	SMALL_MAX = 8192,       /* bytes: counters, or a capture with its name */
	MARK_STEP_NS = 1000000, /* live: an idle lane promises no more often; control looks no more often either */
};

/* Replay waits for room, since control needs these records to go on; live they are lost and come again. */
static bool reserve_small(struct lane *l, struct sink *ret)
{
	while (ring_reserve(l->up, SMALL_MAX, ret) < 0) {
		if (!l->replay || intake_stopped(l->intake))
			return false;
		sessions_flush(l->sessions);
		intake_hold(l->intake);
	}
	return true;
}

static void commit(struct lane *l, const struct sink *s)
{
	struct bytes written;

	if (sink_done(s, &written) == 0)
		ring_commit(l->up, written.left);
}

void lane_send_capture(struct lane *l, enum record_kind kind, const struct capture_mark *c)
{
	struct sink s;

	if (!reserve_small(l, &s))
		return;
	sink_u8(&s, (uint8_t)kind);
	capture_mark_encode(&s, c);
	commit(l, &s);
}

void lane_capture(struct lane *l, const struct capture_mark *c)
{
	if (l->replay)
		lane_send_capture(l, RECORD_CAPTURE, c);
}

void lane_send_counters(struct lane *l)
{
	struct lane_counters c = { .lane = l->index };
	struct sink s;

	if (!reserve_small(l, &s))
		return;
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		c.value[i] = l->counters.value[i] + atomic_load_explicit(&l->outside[i], memory_order_relaxed);
	sink_u8(&s, RECORD_COUNTERS);
	counters_encode(&s, &c);
	commit(l, &s);
}

void lane_answer(struct lane *l)
{
	if (!atomic_load_explicit(&l->counters_wanted, memory_order_relaxed))
		return;
	atomic_store_explicit(&l->counters_wanted, false, memory_order_relaxed);
	lane_send_counters(l);
}

void lane_mark(struct lane *l)
{
	uint64_t held_ns = sessions_oldest(l->sessions);
	struct watermark w = { .packet = l->last_packet };
	struct sink s;

	l->marked_packet = l->last_packet;
	/* packets may still come that are older than the clock by the slack */
	w.time_ns = l->clock_ns > FRAME_SLACK_NS ? l->clock_ns - FRAME_SLACK_NS : 0;
	if (held_ns < w.time_ns)
		w.time_ns = held_ns;
	if (w.time_ns <= l->marked.time_ns || (!l->replay && w.time_ns - l->marked.time_ns < MARK_STEP_NS) ||
	    ring_reserve(l->up, 32, &s) < 0)
		return;
	sink_u8(&s, RECORD_WATERMARK);
	watermark_encode(&s, &w);
	commit(l, &s);
	l->marked = w;
}

void lane_flush(struct lane *l)
{
	sessions_flush(l->sessions);
}

void lane_wait_for_room(struct lane *l)
{
	if (!l->replay || (sessions_flush(l->sessions) && ring_room(l->up) >= l->reserve))
		return;
	counter_up(&l->counters, COUNTER_PORT_WAITS);
	lane_mark(l);
	do
		intake_hold(l->intake);
	while ((!sessions_flush(l->sessions) || ring_room(l->up) < l->reserve) && !intake_stopped(l->intake));
}

void lane_want_counters(struct lane *l)
{
	atomic_store_explicit(&l->counters_wanted, true, memory_order_relaxed);
}

const struct counters *lane_counters_of(const struct lane *l)
{
	return &l->counters;
}

void lane_set_outside(struct lane *l, enum counter which, uint64_t value)
{
	atomic_store_explicit(&l->outside[which], value, memory_order_relaxed);
}
