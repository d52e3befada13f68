/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live ports: polled by the lanes where the device spreads packets, else by one thread that also forwards pairs. */
#include "dataplane/port/live.h"

#include "control/wire/pulse.h"
#include "dataplane/port/device.h"
#include "dataplane/port/forward.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_pause.h>

enum { LOOK_TURNS = 16 };

/* "net_af_packet0,iface=tap0" as name and arguments. */
static void split(const struct port_setting *p, char *name, size_t size, const char **args)
{
	const char *comma = strchr(p->device, ',');
	size_t len = comma == NULL ? strlen(p->device) : (size_t)(comma - p->device);

	if (len >= size)
		len = size - 1;
	memcpy(name, p->device, len);
	name[len] = '\0';
	*args = comma == NULL ? "" : comma + 1;
}

bool live_must_distribute(const struct settings *s, unsigned lanes)
{
	char name[sizeof(s->ports[0].device)];
	const char *args;

	for (unsigned i = 0; i < s->ports_count; i++)
		if (s->ports[i].pair_index >= 0)
			return true;
	for (unsigned i = 0; lanes > 1 && i < s->ports_count; i++) {
		split(&s->ports[i], name, sizeof(name), &args);
		if (device_queues(name) < lanes)
			return true;
	}
	return false;
}

unsigned live_buffers(const struct settings *s)
{
	enum { XDP_RINGS = 4 * 2048 }; /* to fill, filled, to send, sent: each holds as many */
	unsigned n = 0;

	for (unsigned i = 0; i < s->ports_count; i++)
		n += strncmp(s->ports[i].device, "net_af_xdp", 10) == 0 ? XDP_RINGS : 0;
	return n;
}

int live_open(struct feed *f, const struct settings *s, char *why, size_t why_size)
{
	unsigned queues = f->intakes[0].queue == NULL ? f->lanes : 1;
	char name[sizeof(s->ports[0].device)];
	const char *args;

	for (unsigned i = 0; i < s->ports_count; i++) {
		int r;

		split(&s->ports[i], name, sizeof(name), &args);
		r = device_open(name, args, f->pool, queues, &f->ports[i]);
		if (r < 0) {
			snprintf(why, why_size, "port %s: device %s cannot be opened: %s", s->ports[i].name,
			         s->ports[i].device, strerror(-r));
			live_close(f, s);
			return r;
		}
		f->ports_count = i + 1;
		f->pairs[i] = s->ports[i].pair_index;
		f->is_inline |= f->pairs[i] >= 0;
		f->takes_away[i] = strncmp(name, "net_af_packet", 13) != 0 && strncmp(name, "net_pcap", 8) != 0;
	}
	f->fail_open = s->fail_open;
	f->stall_ns = s->stall_ms * UINT64_C(1000000);
	f->link = LINK_ETHERNET;
	f->expected = UINT64_MAX;
	f->news = INTAKE_CAPTURE;
	f->capture = (struct capture_mark){ .text = bytes_text("live") };
	return 0;
}

static void count(_Atomic uint64_t *number, uint64_t by)
{
	atomic_fetch_add_explicit(number, by, memory_order_relaxed);
}

/* The kernel carries them: what comes here is a copy. */
static bool bypassed(const struct feed *f, unsigned port)
{
	return f->pulse != NULL && !f->takes_away[port] && atomic_load_explicit(&f->pulse->bypassed, memory_order_acquire) != 0;
}

static unsigned receive(struct feed *f, struct feed_clock *clock, unsigned port)
{
	bool ready = atomic_load_explicit(&f->inspecting, memory_order_acquire), wire = f->pairs[port] >= 0;
	struct rte_mbuf *packets[BURST_MAX];
	uint64_t now_ns = feed_now_ns();
	unsigned n, left;

	if (!ready && !wire)
		return 0; /* a tap keeps what it has until somebody looks */
	n = rte_eth_rx_burst(f->ports[port], 0, packets, BURST_MAX);

	if (n == 0 && now_ns > clock->clock_ns)
		clock->clock_ns = now_ns;
	for (unsigned i = 0; !wire && i < n; i++)
		forward_not(packets[i]);
	if (n > 0 && wire && bypassed(f, port)) {
		count(&f->forward.bypassed, n);
		rte_pktmbuf_free_bulk(packets, n);
		return n;
	}
	left = n > 0 && wire && (ready || f->fail_open) ? forward_burst(f, port, packets, n) : n;
	if (ready) {
		feed_spread(f, clock, packets, left, now_ns);
	} else if (left > 0) {
		count(&f->forward.not_ready, left);
		rte_pktmbuf_free_bulk(packets, left);
	}
	return n;
}

/* Every so many turns: we live, and do the lanes? */
static void look(struct feed *f)
{
	uint64_t now_ns = pulse_now_ns();

	if (f->pulse != NULL)
		atomic_store_explicit(&f->pulse->beat_ns, now_ns, memory_order_release);
	if (f->is_inline && atomic_load_explicit(&f->inspecting, memory_order_relaxed))
		forward_look(f, now_ns);
}

int live_receive(void *feed)
{
	struct feed *f = feed;
	struct feed_clock clock = { 0 };
	unsigned turn = 0;

	while (!atomic_load_explicit(&f->stop, memory_order_relaxed)) {
		unsigned n = 0;

		if (turn++ % LOOK_TURNS == 0)
			look(f);
		atomic_store_explicit(&f->turns, atomic_load_explicit(&f->turns, memory_order_relaxed) + 1, memory_order_release);
		for (unsigned i = 0; i < f->ports_count; i++)
			n += receive(f, &clock, i);
		if (f->is_inline)
			n += forward_released(f);
		if (n == 0 && f->crowded)
			sched_yield();
		else if (n == 0)
			rte_pause();
	}
	return 0;
}

void live_gate(struct feed *f, feed_gate *gate, const void *rules)
{
	if (f->gate == NULL) /* without rules it is not asked */
		f->gate = gate;
	atomic_store_explicit(&f->gate_rules, gate != NULL ? rules : NULL, memory_order_release);
}

void live_run(struct feed *f)
{
	feed_order(f); /* the lanes begin */
	atomic_store_explicit(&f->inspecting, true, memory_order_release);
	if (f->pulse != NULL)
		atomic_store(&f->pulse->ready, 1);
	while (!atomic_load_explicit(&f->stop, memory_order_relaxed))
		usleep(10000);
}

void live_close(struct feed *f, const struct settings *s)
{
	char name[sizeof(s->ports[0].device)];
	const char *args;

	for (unsigned i = 0; i < f->ports_count; i++) {
		split(&s->ports[i], name, sizeof(name), &args);
		device_close(name, f->ports[i]);
	}
	f->ports_count = 0;
}
