/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wire between two ports of a pair: one thread takes and sends, so that nothing overtakes anything. */
#include "dataplane/port/forward.h"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_pause.h>

enum { TRIES_MAX = 256 /* a port that is full for longer than a burst takes to leave is behind for good */ };

/* One writer: no locked instruction. */
static void count(_Atomic uint64_t *number, uint64_t by)
{
	atomic_store_explicit(number, atomic_load_explicit(number, memory_order_relaxed) + by, memory_order_relaxed);
}

static unsigned leave(uint16_t port, struct rte_mbuf **packets, unsigned wanted)
{
	unsigned sent = rte_eth_tx_burst(port, 0, packets, (uint16_t)wanted);

	for (unsigned tries = 0; unlikely(sent < wanted) && tries < TRIES_MAX; tries++) {
		rte_pause();
		sent += rte_eth_tx_burst(port, 0, packets + sent, (uint16_t)(wanted - sent));
	}
	return sent;
}

void forward_burst(struct feed *f, unsigned port, struct rte_mbuf **packets, unsigned wanted)
{
	unsigned sent;

	for (unsigned i = 0; i < wanted; i++)
		rte_pktmbuf_refcnt_update(packets[i], 1); /* every buffer of a chain */
	sent = leave(f->ports[f->pairs[port]], packets, wanted);
	count(&f->forward.forwarded, sent);
	if (likely(sent == wanted))
		return;
	count(&f->forward.full, wanted - sent);
	for (unsigned i = sent; i < wanted; i++)
		rte_pktmbuf_free(packets[i]);
}
