/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames from anywhere: decoded, put together from fragments, and given to the tracker. Input: one byte of link type,
 * then frames, each behind a u16be length. What is borrowed must lie in the frame.
 */
#include "control/wire/ring.h"
#include "dataplane/decode/fragment.h"
#include "dataplane/flow/track.h"

#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bench {
	struct counters counters;
	struct ring *up, *down;
	struct fragments *fragments;
	struct tracker *tracker;
};

static void ended(void *lane, struct flow *f, enum flow_end why, uint64_t now_ns)
{
	if (f->session != NULL)
		abort();
}

static struct bench *bench_once(void)
{
	static struct bench b;
	static const struct tracker_limits limits = { .flows = 64, .tcp_idle_ns = 60000000000u,
		.tcp_closed_ns = 10000000000u, .udp_idle_ns = 30000000000u };
	int fd;

	if (b.tracker != NULL)
		return &b;
	fd = rings_create(1, RING_SIZE_MIN);
	if (fd < 0 || ring_open(fd, 0, &b.up) < 0 || ring_open(fd, 0, &b.down) < 0 ||
	    fragments_new(4, &b.counters, &b.fragments) < 0 ||
	    tracker_new(&limits, &b.counters, b.up, ended, NULL, &b.tracker) < 0)
		abort();
	close(fd);
	return &b;
}

static void within(struct bytes inner, struct bytes outer)
{
	if (inner.left > 0 && (inner.at < outer.at || inner.at + inner.left > outer.at + outer.left))
		abort();
}

static void one_frame(struct bench *b, enum link_type link, struct bytes frame, uint64_t now_ns)
{
	struct decoded d;
	enum direction from;
	struct bytes whole = frame;
	enum decode_outcome r = decode_frame(link, frame, &d);

	(void)decode_spread(link, frame);
	d.packet.time_ns = now_ns;
	d.packet.number = 1;
	if (r == DECODE_FRAGMENT) {
		within(d.fragment.data, frame);
		if (!fragments_add(b->fragments, &d, now_ns, &whole))
			return;
		r = decode_datagram(whole, &d);
	}
	if (r == DECODE_DROP && (d.drop < DROP_TRUNCATED || d.drop > DROP_PROTOCOL))
		abort();
	if (r != DECODE_PACKET)
		return;
	within(d.packet.payload, whole);
	if (d.packet.payload_sent < d.packet.payload.left)
		abort();
	(void)tracker_packet(b->tracker, &d, tracker_hash(b->tracker, &d), now_ns, &from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bench *b = bench_once();
	struct bytes in = bytes_of(data, size), frame;
	uint64_t now_s = 1000;
	uint16_t len;
	uint8_t link;

	if (bytes_u8(&in, &link) < 0)
		return 0;
	while (bytes_u16be(&in, &len) == 0 && bytes_take(&in, len < in.left ? len : in.left, &frame) == 0 &&
	       frame.left > 0) {
		one_frame(b, (enum link_type)(link % LINK_COUNT), frame, now_s * 1000000000u);
		now_s += link >> 4;
		tracker_tick(b->tracker, now_s);
		fragments_tick(b->fragments, now_s * 1000000000u);
	}
	tracker_end(b->tracker, now_s * 1000000000u);
	fragments_reset(b->fragments);
	while (ring_peek(b->down, &frame) == 0)
		ring_release(b->down);
	return 0;
}
