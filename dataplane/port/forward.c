/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wire between two ports of a pair: one thread takes and sends, so that nothing overtakes what left in its order. */
#include "dataplane/port/forward.h"

#include "control/wire/barrier.h"
#include "dataplane/decode/decode.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_pause.h>
#include <rte_ring.h>

enum { TRIES_MAX = 256 /* a port that is full for longer than a burst takes to leave is behind for good */ };

static void count(_Atomic uint64_t *number, uint64_t by)
{
	atomic_fetch_add_explicit(number, by, memory_order_relaxed);
}

/* Takes one owner of each over. */
static void leave(struct feed *f, unsigned out, struct rte_mbuf **packets, unsigned wanted)
{
	uint16_t port = f->ports[out];
	unsigned sent = rte_eth_tx_burst(port, 0, packets, (uint16_t)wanted);

	for (unsigned tries = 0; unlikely(sent < wanted) && tries < TRIES_MAX; tries++) {
		rte_pause();
		sent += rte_eth_tx_burst(port, 0, packets + sent, (uint16_t)(wanted - sent));
	}
	count(&f->forward.forwarded, sent);
	if (likely(sent == wanted))
		return;
	count(&f->forward.full, wanted - sent);
	for (unsigned i = sent; i < wanted; i++)
		rte_pktmbuf_free(packets[i]);
}

/* Who is asked before a packet leaves; neither: it leaves without being read. */
struct questions {
	const void *rules;       /* of the gate; NULL: none stops anything */
	struct barrier *barrier; /* NULL: nothing is blocked */
};

/* False: it is blocked. ret: what the gate says. */
static bool ask(const struct feed *f, const struct questions *q, const struct rte_mbuf *m, uint8_t *ret)
{
	struct bytes first = bytes_of(rte_pktmbuf_mtod(m, const uint8_t *), rte_pktmbuf_data_len(m));
	struct decoded d;
	enum decode_outcome outcome = decode_frame(f->link, first, &d);

	*ret = 0;
	/* addresses are known even where what follows them is broken or of no protocol that is followed */
	if (q->barrier != NULL && barrier_stops(q->barrier, &d.packet.tuple, outcome == DECODE_PACKET))
		return false;
	/* what no rule can be about goes on: ARP, LLDP, broken headers */
	if (q->rules != NULL && outcome != DECODE_DROP)
		*ret = f->gate(q->rules, &d.packet.tuple, outcome == DECODE_PACKET);
	return true;
}

static struct questions questions_of(const struct feed *f)
{
	bool gated = f->gate != NULL && atomic_load_explicit(&f->inspecting, memory_order_acquire);

	return (struct questions){
		.rules = gated ? atomic_load_explicit(&f->gate_rules, memory_order_acquire) : NULL,
		.barrier = f->barrier != NULL && barrier_stands(f->barrier) ? f->barrier : NULL,
	};
}

unsigned forward_burst(struct feed *f, unsigned port, struct rte_mbuf **packets, unsigned wanted)
{
	const struct questions q = questions_of(f);
	struct rte_mbuf *now[BURST_MAX];
	unsigned n = 0, left = 0;

	for (unsigned i = 0; i < wanted; i++) {
		struct rte_mbuf *m = packets[i];
		struct frame_mark *mark = rte_mbuf_to_priv(m);

		mark->out = (uint8_t)f->pairs[port];
		mark->gate = 0;
		if ((q.rules != NULL || q.barrier != NULL) && !ask(f, &q, m, &mark->gate)) {
			rte_pktmbuf_free(m);
			continue;
		}
		packets[left++] = m;
		mark->waits = mark->gate != 0 || !f->fail_open; /* failing closed, nothing leaves unseen */
		if (mark->waits)
			continue;
		rte_pktmbuf_refcnt_update(m, 1); /* every buffer of a chain */
		now[n++] = m;
	}
	if (left < wanted)
		count(&f->forward.blocked, wanted - left);
	if (n > 0)
		leave(f, (unsigned)f->pairs[port], now, n);
	return left;
}

void forward_not(struct rte_mbuf *m)
{
	struct frame_mark *mark = rte_mbuf_to_priv(m);

	mark->waits = false;
	mark->gate = 0;
}

void forward_one(struct feed *f, struct rte_mbuf *m)
{
	const struct frame_mark *mark = rte_mbuf_to_priv(m);

	rte_pktmbuf_refcnt_update(m, 1);
	leave(f, mark->out, &m, 1);
}

void forward_look(struct feed *f, uint64_t now_ns)
{
	for (unsigned i = 0; i < f->lanes; i++) {
		struct intake *in = &f->intakes[i];
		uint64_t bursts = atomic_load_explicit(&in->bursts, memory_order_acquire);
		bool stalled = atomic_load_explicit(&in->stalled, memory_order_relaxed);

		if (bursts != in->bursts_seen || (in->moved_ns == 0 && !stalled)) {
			in->bursts_seen = bursts;
			in->moved_ns = now_ns;
			atomic_store_explicit(&in->stalled, false, memory_order_release);
		} else if (!stalled && now_ns - in->moved_ns > f->stall_ns) {
			count(&f->stalls, 1);
			atomic_fetch_add_explicit(&in->epoch, 1, memory_order_release);
			atomic_store_explicit(&in->stalled, true, memory_order_release);
		}
	}
}

static unsigned out_of(const struct rte_mbuf *m)
{
	const struct frame_mark *mark = rte_mbuf_to_priv((struct rte_mbuf *)(uintptr_t)m);

	return mark->out;
}

unsigned forward_released(struct feed *f)
{
	struct rte_mbuf *packets[BURST_MAX];
	unsigned total = 0;

	for (unsigned lane = 0; lane < f->lanes; lane++) {
		unsigned n = rte_ring_sc_dequeue_burst(f->intakes[lane].out, (void **)packets, BURST_MAX, NULL);

		for (unsigned from = 0, to; from < n; from = to) {
			for (to = from + 1; to < n && out_of(packets[to]) == out_of(packets[from]);)
				to++;
			leave(f, out_of(packets[from]), packets + from, to - from);
		}
		total += n;
	}
	return total;
}
