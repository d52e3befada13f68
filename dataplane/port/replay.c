/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The replay port: net_pcap over one file after another. */
#include "dataplane/port/replay.h"

#include "dataplane/port/device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

enum { FRAME_BUFFERS = 40, EMPTY_POLLS_MAX = 64 };
static const off_t beyond_buffers = 1 << 30; /* bytes: every file system allows to look there */

/*
 * net_pcap opens a file by name, and its arguments are cut at commas. Through stdin any name works, and so does a file
 * that was opened before privileges were dropped.
 */
static int plug(struct feed *f, const struct capture_file *c)
{
	int r;

	if (dup2(c->fd, STDIN_FILENO) < 0)
		return -errno;
	/* from beyond any buffer: where it holds the beginning of the file before, rewind() alone would come back to that */
	if (fseeko(stdin, beyond_buffers, SEEK_SET) < 0)
		return -errno;
	rewind(stdin);
	r = device_open("net_pcap_replay", "rx_pcap=-", f->pool, 1, &f->ports[0]);
	if (r < 0)
		return r;
	f->ports_count = 1;
	f->time_offset = rte_mbuf_dynfield_lookup(RTE_MBUF_DYNFIELD_TIMESTAMP_NAME, NULL);
	return 0;
}

static void unplug(struct feed *f)
{
	if (f->ports_count == 0)
		return;
	f->ports_count = 0;
	device_close("net_pcap_replay", f->ports[0]);
}

/* Of the packets that the scan counted; a file that is still being written may give more by now. */
static uint64_t missed(uint64_t expected, uint64_t received)
{
	return received < expected ? expected - received : 0;
}

/* One lane polls for itself: wait until it has all that there is. */
static int await_lane(struct feed *f, uint64_t expected)
{
	struct intake *in = &f->intakes[0];

	while (atomic_load_explicit(&in->received, memory_order_acquire) < expected &&
	       !atomic_load_explicit(&in->exhausted, memory_order_acquire)) {
		if (atomic_load_explicit(&f->stop, memory_order_relaxed))
			return -ECANCELED;
		feed_rest();
	}
	f->lost = missed(expected, atomic_load_explicit(&in->received, memory_order_acquire));
	return 0;
}

/* Several lanes: this thread reads and hands out. */
static int distribute(struct feed *f, uint64_t expected)
{
	struct rte_mbuf *packets[BURST_MAX];
	struct feed_clock clock = { 0 };
	unsigned empty = 0;

	while (clock.number < expected && empty < EMPTY_POLLS_MAX) {
		unsigned n = 0;

		if (atomic_load_explicit(&f->stop, memory_order_relaxed))
			return -ECANCELED;
		if (rte_mempool_avail_count(f->pool) < BURST_MAX * FRAME_BUFFERS) {
			feed_rest();
			continue;
		}
		n = rte_eth_rx_burst(f->ports[0], 0, packets, BURST_MAX);
		empty = n == 0 ? empty + 1 : 0;
		feed_spread(f, &clock, packets, n, 0);
	}
	f->lost = missed(expected, clock.number);
	return 0;
}

static int give_order(struct feed *f, enum intake_news news)
{
	f->news = news;
	feed_order(f);
	return feed_wait(f);
}

static int replay_one(struct feed *f, struct capture_file *c, unsigned index)
{
	bool shared = f->intakes[0].queue != NULL;
	int r;

	capture_scan(c);
	if (c->packets > 0 && (r = plug(f, c)) < 0) {
		c->packets = 0;
		c->error = -r;
		snprintf(c->text, sizeof(c->text), "%s: cannot be replayed: %s", c->path, strerror(-r));
	}
	f->capture = (struct capture_mark){ .index = index, .text = bytes_text(c->path) };
	f->link = c->link;
	f->expected = c->packets;
	f->lost = 0;
	atomic_store_explicit(&f->through_ns, 0, memory_order_relaxed);
	if ((r = give_order(f, INTAKE_CAPTURE)) < 0)
		return r;
	if (c->packets > 0 && (r = shared ? distribute(f, c->packets) : await_lane(f, c->packets)) < 0)
		return r;
	f->capture.error = (uint32_t)c->error;
	f->capture.packets = c->packets - f->lost;
	f->capture.text = bytes_text(c->text);
	return give_order(f, INTAKE_END);
}

int replay_run(struct feed *f, struct capture_file *files, unsigned count)
{
	int r = 0;

	setvbuf(stdin, NULL, _IOFBF, 1 << 18);
	for (unsigned i = 0; i < count && r == 0; i++) {
		r = replay_one(f, &files[i], i);
		unplug(f);
		capture_close(&files[i]);
	}
	return r == 0 ? give_order(f, INTAKE_STOP) : r;
}
