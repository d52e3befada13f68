/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders from the feeding thread to the lanes, the packets' clock, and the distributor. */
#include "dataplane/port/feed.h"
#include "dataplane/port/forward.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>
#include <rte_mempool.h>
#include <rte_ring.h>

enum {
	QUEUE_SIZE = 1024,       /* packets between distributor and lane, */
	QUEUE_LONG = 4096,       /* and live, where nobody holds the port back */
	LONG_LANES_MAX = 8,      /* with more lanes each gets less at a time */
	POOL_BASE = 8191,        /* buffers; a power of two less one wastes nothing */
	POOL_BESIDE = 1023,      /* buffers of a lane beside what its full queue can hold on to */
	CACHE = 128,
	ROOM = 2048 + RTE_PKTMBUF_HEADROOM,
	FLAT_SIZE = BURST_MAX * 66048, /* a burst of the longest IP packets with their link headers */
};

static unsigned queue_size(bool replay, unsigned lanes)
{
	return replay || lanes > LONG_LANES_MAX ? QUEUE_SIZE : QUEUE_LONG;
}

static int make_intake(struct feed *f, unsigned lane, bool distribute)
{
	struct intake *in = &f->intakes[lane];
	char name[32];

	in->feed = f;
	in->lane = lane;
	if ((in->flat = malloc(FLAT_SIZE)) == NULL)
		return -ENOMEM;
	if (!distribute)
		return 0;
	snprintf(name, sizeof(name), "lane%u", lane);
	in->queue = rte_ring_create(name, queue_size(f->replay, f->lanes), SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	snprintf(name, sizeof(name), "out%u", lane);
	in->out = f->replay ? NULL : rte_ring_create(name, queue_size(f->replay, f->lanes), SOCKET_ID_ANY, RING_F_SP_ENQ | RING_F_SC_DEQ);
	return in->queue == NULL || (in->out == NULL && !f->replay) ? -ENOMEM : 0;
}

int feed_new(unsigned lanes, bool replay, bool distribute, unsigned held, struct feed **ret)
{
	struct feed *f = aligned_alloc(64, (sizeof(*f) + 63) / 64 * 64);
	int r = -ENOMEM;

	if (f == NULL)
		return -ENOMEM;
	memset(f, 0, sizeof(*f));
	f->replay = replay;
	f->lanes = lanes;
	f->pool = rte_pktmbuf_pool_create("packets", POOL_BASE + held + (distribute ? (queue_size(replay, lanes) + POOL_BESIDE) * lanes : 0), CACHE,
	                                  RTE_ALIGN(sizeof(struct frame_mark), RTE_MBUF_PRIV_ALIGN), ROOM,
	                                  SOCKET_ID_ANY);
	if (f->pool == NULL)
		goto out;
	for (unsigned i = 0; i < lanes; i++)
		if ((r = make_intake(f, i, distribute)) < 0)
			goto out;
	f->time_offset = -1;
	*ret = f;
	return 0;
out:
	feed_free(f);
	return r;
}

void feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	for (unsigned i = 0; i < f->lanes; i++) {
		rte_ring_free(f->intakes[i].queue);
		rte_ring_free(f->intakes[i].out);
		free(f->intakes[i].flat);
	}
	rte_mempool_free(f->pool);
	free(f);
}

void feed_order(struct feed *f)
{
	atomic_fetch_add_explicit(&f->order, 1, memory_order_release);
}

int feed_wait(struct feed *f)
{
	uint64_t order = atomic_load_explicit(&f->order, memory_order_relaxed);

	for (unsigned i = 0; i < f->lanes; i++) {
		while (atomic_load_explicit(&f->intakes[i].order_done, memory_order_acquire) != order) {
			if (atomic_load_explicit(&f->stop, memory_order_relaxed))
				return -ECANCELED;
			feed_rest();
		}
	}
	return 0;
}

void feed_rest(void)
{
	struct timespec t = { .tv_nsec = 50000 };

	nanosleep(&t, NULL);
}

uint64_t feed_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t); /* answered from the vDSO, without entering the kernel */
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* net_pcap says microseconds since the epoch; libpcap takes a pcap's 32 bits of seconds as signed, which they are not. */
static uint64_t since_epoch_ns(uint64_t us)
{
	if (us > INT64_MAX)
		us += (UINT64_C(1) << 32) * 1000000;
	return us * 1000;
}

void feed_stamp(const struct feed *f, struct feed_clock *c, const struct rte_mbuf *m, uint64_t now_ns,
                struct frame_mark *ret)
{
	uint64_t time_ns = now_ns;

	if (f->replay && f->time_offset >= 0)
		time_ns = since_epoch_ns(*RTE_MBUF_DYNFIELD(m, f->time_offset, const rte_mbuf_timestamp_t *));
	if (time_ns > c->clock_ns)
		c->clock_ns = time_ns;
	ret->number = ++c->number;
	ret->clock_ns = c->clock_ns;
	ret->late = time_ns + FRAME_SLACK_NS < c->clock_ns;
	ret->time_ns = ret->late ? c->clock_ns - FRAME_SLACK_NS : time_ns;
}

/* Nobody will look into it: inline it goes on all the same, or stays. */
static void give_up(struct feed *f, struct rte_mbuf *m, _Atomic uint64_t *counter)
{
	const struct frame_mark *mark = rte_mbuf_to_priv(m);

	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
	if (f->is_inline && mark->waits && f->fail_open)
		forward_one(f, m);
	rte_pktmbuf_free(m);
}

static void enqueue(struct feed *f, struct intake *in, struct rte_mbuf *m)
{
	if (f->is_inline) {
		struct frame_mark *mark = rte_mbuf_to_priv(m);

		mark->epoch = atomic_load_explicit(&in->epoch, memory_order_relaxed);
		if (atomic_load_explicit(&in->stalled, memory_order_relaxed)) {
			give_up(f, m, &f->forward.stalled);
			return;
		}
	}
	while (rte_ring_sp_enqueue(in->queue, m) != 0) {
		if (!f->replay || atomic_load_explicit(&f->stop, memory_order_relaxed)) {
			give_up(f, m, &f->queue_drops);
			return;
		}
		feed_rest();
	}
}

void feed_spread(struct feed *f, struct feed_clock *c, struct rte_mbuf **packets, unsigned count, uint64_t now_ns)
{
	for (unsigned i = 0; i < count; i++) {
		struct rte_mbuf *m = packets[i];
		struct bytes first = bytes_of(rte_pktmbuf_mtod(m, const uint8_t *), rte_pktmbuf_data_len(m));
		uint64_t lane = (uint64_t)decode_spread(f->link, first) * f->lanes >> 32;

		feed_stamp(f, c, m, now_ns, rte_mbuf_to_priv(m)); /* all of the mark but what forward_burst() set */
		enqueue(f, &f->intakes[lane], m);
	}
	atomic_store_explicit(&f->through_ns, c->clock_ns, memory_order_release);
}
