/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lane's end of the ports: from a device's queue or the distributor's, the same to the lane. */
#include "dataplane/port/intake.h"

#include "dataplane/port/feed.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_ring.h>

enum {
	FRAME_MAX = 66000,    /* an IP packet and its link header; libpcap allows longer frames, IP does not */
	POLLS_MAX = 4096,     /* a file that gives nothing for so long has ended */
	FRAME_BUFFERS = 40,   /* of the longest frame */
	PRESSED_POLLS = 64,   /* full bursts one after the other */
	HOLDS = 256,          /* looks at an empty queue between two rests */
};

/* Replay: a burst may take so many buffers; a packet read without one would be lost. */
static bool buffers_left(const struct feed *f)
{
	return rte_mempool_avail_count(f->pool) >= BURST_MAX * FRAME_BUFFERS;
}

static unsigned poll_replay(struct intake *in, struct rte_mbuf **ret)
{
	uint64_t received = atomic_load_explicit(&in->received, memory_order_relaxed);
	unsigned n;

	if (!in->reading || received >= in->expected || !buffers_left(in->feed) ||
	    atomic_load_explicit(&in->exhausted, memory_order_relaxed))
		return 0;
	n = rte_eth_rx_burst(in->feed->ports[0], 0, ret, BURST_MAX);
	in->empty_polls = n == 0 ? in->empty_polls + 1 : 0;
	if (in->empty_polls > POLLS_MAX)
		atomic_store_explicit(&in->exhausted, true, memory_order_release);
	atomic_store_explicit(&in->received, received + n, memory_order_release);
	return n;
}

static unsigned poll_live(struct intake *in, struct rte_mbuf **ret)
{
	for (unsigned i = 0; i < in->feed->ports_count; i++) {
		uint16_t port = in->feed->ports[in->port_next];
		unsigned n = rte_eth_rx_burst(port, (uint16_t)in->lane, ret, BURST_MAX);

		in->port_next = (in->port_next + 1) % in->feed->ports_count;
		if (n > 0)
			return n;
	}
	return 0;
}

/* A chain of buffers as one run of bytes in the lane's own memory; their own lengths are believed, not the sum. */
static void flatten(struct intake *in, const struct rte_mbuf *m, struct frame *ret)
{
	uint8_t *at = in->flat + in->flat_used;
	size_t len = 0;

	for (; m != NULL && !ret->too_large; m = m->next) {
		size_t part = rte_pktmbuf_data_len(m);

		if (len + part > FRAME_MAX) {
			part = FRAME_MAX - len;
			ret->too_large = true;
		}
		memcpy(at + len, rte_pktmbuf_mtod(m, const uint8_t *), part);
		len += part;
	}
	in->flat_used += len;
	ret->bytes = bytes_of(at, len);
}

static void fill_frame(struct intake *in, struct rte_mbuf *m, const struct frame_mark *mark, struct frame *ret)
{
	ret->number = mark->number;
	ret->time_ns = mark->time_ns;
	ret->clock_ns = mark->clock_ns;
	ret->late = mark->late;
	ret->waits = mark->waits;
	ret->gate = mark->gate;
	ret->too_large = false;
	if (likely(m->next == NULL))
		ret->bytes = bytes_of(rte_pktmbuf_mtod(m, const uint8_t *), rte_pktmbuf_data_len(m));
	else
		flatten(in, m, ret);
}

static unsigned take_packets(struct intake *in, struct burst *b, uint64_t now_ns)
{
	struct rte_mbuf **m = (struct rte_mbuf **)b->buffers;
	struct feed *f = in->feed;
	struct frame_mark mark = { 0 };
	unsigned n;

	in->flat_used = 0;
	if (in->queue != NULL) {
		n = rte_ring_sc_dequeue_burst(in->queue, b->buffers, BURST_MAX, NULL);
		for (unsigned i = 0; i < n; i++)
			rte_prefetch0(rte_mbuf_to_priv(m[i]));
		for (unsigned i = 0; i < n; i++)
			fill_frame(in, m[i], rte_mbuf_to_priv(m[i]), &b->frames[i]);
		return n;
	}
	n = f->replay ? poll_replay(in, m) : poll_live(in, m);
	for (unsigned i = 0; i < n; i++) {
		feed_stamp(f, &in->clock, m[i], now_ns, &mark);
		fill_frame(in, m[i], &mark, &b->frames[i]);
	}
	return n;
}

/* An order that the feeding thread gave after all packets so far; it waits until the lane has carried it out. */
static void take_order(struct intake *in, uint64_t order, struct burst *b)
{
	struct feed *f = in->feed;

	in->order_seen = order;
	b->news = f->news;
	b->capture = f->capture;
	b->lost = in->lane == 0 ? f->lost : 0;
	in->reading = f->news == INTAKE_CAPTURE;
	if (!in->reading)
		return;
	in->link = f->link;
	in->expected = f->expected;
	in->clock = (struct feed_clock){ 0 };
	in->empty_polls = 0;
	atomic_store_explicit(&in->received, 0, memory_order_relaxed);
	atomic_store_explicit(&in->exhausted, false, memory_order_relaxed);
}

/* Three quarters of the queue wait, or the device has given nothing but full bursts for long. */
static bool is_pressed(struct intake *in, unsigned taken)
{
	in->full_polls = taken == BURST_MAX ? in->full_polls + 1 : 0;
	return in->queue != NULL ? rte_ring_count(in->queue) > rte_ring_get_size(in->queue) / 4 * 3 : in->full_polls > PRESSED_POLLS;
}

void intake_burst(struct intake *in, struct burst *ret)
{
	struct feed *f = in->feed;
	/* read before the queue: what they speak of is in the queue already */
	uint64_t order = atomic_load_explicit(&f->order, memory_order_acquire);
	uint64_t through = atomic_load_explicit(&f->through_ns, memory_order_acquire);
	uint64_t now_ns = f->replay ? 0 : feed_now_ns();

	if (!f->replay)
		atomic_store_explicit(&in->bursts, atomic_load_explicit(&in->bursts, memory_order_relaxed) + 1, memory_order_release);
	ret->news = INTAKE_PACKETS;
	ret->link = in->link;
	ret->count = take_packets(in, ret, now_ns);
	ret->pressed = !f->replay && is_pressed(in, ret->count);
	if (ret->count > 0)
		return;
	ret->through_ns = !in->reading ? 0 : in->queue != NULL ? through : f->replay ? in->clock.clock_ns : now_ns;
	if (order != in->order_seen)
		take_order(in, order, ret);
}

void intake_done(struct intake *in, struct burst *b)
{
	if (b->count > 0)
		rte_pktmbuf_free_bulk((struct rte_mbuf **)b->buffers, b->count);
	else if (b->news != INTAKE_PACKETS)
		atomic_store_explicit(&in->order_done, in->order_seen, memory_order_release);
}

static bool let_go(struct intake *in, struct rte_mbuf *m)
{
	return rte_ring_sp_enqueue(in->out, m) == 0;
}

void intake_release(struct intake *in, struct burst *b, unsigned i)
{
	struct rte_mbuf *m = b->buffers[i];
	const struct frame_mark *mark = rte_mbuf_to_priv(m);

	if (unlikely(mark->epoch != atomic_load_explicit(&in->epoch, memory_order_acquire))) {
		atomic_fetch_add_explicit(&in->feed->forward.overtaken, 1, memory_order_relaxed);
		return; /* this lane stood still: later packets of its flow have passed by, and it was sent again */
	}
	rte_pktmbuf_refcnt_update(m, 1);
	if (unlikely(!let_go(in, m))) {
		atomic_fetch_add_explicit(&in->feed->forward.full, 1, memory_order_relaxed);
		rte_pktmbuf_free(m);
	}
}

bool intake_send(struct intake *in, const struct burst *b, unsigned i, bool back, struct bytes frame)
{
	const struct frame_mark *of = rte_mbuf_to_priv(b->buffers[i]);
	struct rte_mbuf *m = rte_pktmbuf_alloc(in->feed->pool);
	struct frame_mark *mark;

	if (m == NULL)
		return false;
	mark = rte_mbuf_to_priv(m);
	*mark = (struct frame_mark){ .out = back ? (uint8_t)in->feed->pairs[of->out] : of->out };
	memcpy(rte_pktmbuf_append(m, (uint16_t)frame.left), frame.at, frame.left);
	if (let_go(in, m))
		return true;
	rte_pktmbuf_free(m);
	return false;
}

void intake_hold(struct intake *in)
{
	/* nobody waits for a lane that has a processor of its own; on a shared one the receiver comes first */
	if (in->feed->replay || (in->feed->crowded && ++in->empty_polls % HOLDS == 0))
		feed_rest();
	else
		rte_pause();
}

bool intake_stopped(const struct intake *in)
{
	return atomic_load_explicit(&in->feed->stop, memory_order_relaxed);
}
