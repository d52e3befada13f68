/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The run-to-completion loop of one core: burst, decode, flow, contents; and in between ticks and marks. */
#include "dataplane/lane.h"

#include "dataplane/lane_parts.h"
#include "dataplane/match/match.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static const uint64_t second_ns = 1000000000u;
enum { FRAGMENTED_DATAGRAMS = 64, TICKS_MAX = 100000, MARK_PACKETS = 1024 };

/* Decodes the burst and asks memory early for what each packet will need. */
static void decode_burst(struct lane *l)
{
	const struct burst *b = &l->burst;
	struct flow_table *table = tracker_table(l->tracker);

	for (unsigned i = 0; i < b->count; i++) {
		struct decoded *d = &l->decoded[i];

		l->hash[i] = 0;
		if (decode_frame(b->link, b->frames[i].bytes, d) != DECODE_PACKET)
			continue;
		l->hash[i] = tracker_hash(l->tracker, d);
		flow_table_prefetch_index(table, l->hash[i]);
	}
	for (unsigned i = 0; i < b->count; i++)
		if (l->hash[i] != 0)
			flow_table_prefetch_flow(table, l->hash[i]);
}

static void count_packet(struct lane *l, const struct frame *f, const struct decoded *d)
{
	struct counters *c = &l->counters;

	counter_up(c, COUNTER_PACKETS);
	counter_add(c, COUNTER_BYTES, f->bytes.left);
	if (f->late)
		counter_up(c, COUNTER_TIME_BACKWARD);
	if (f->too_large)
		counter_up(c, COUNTER_LARGE);
	if (d->odd & ODD_VLAN)
		counter_up(c, COUNTER_VLAN);
	if (d->odd & ODD_CHECKSUM)
		counter_up(c, COUNTER_IP_CHECKSUM);
	if (d->odd & ODD_SHORT)
		counter_up(c, COUNTER_SHORT_CAPTURE);
}

/* One packet: time first, then what it is, then what it says. What the rules that held so far want of its flow. */
static enum rule_action step(struct lane *l, const struct frame *f, struct decoded *d, uint64_t hash)
{
	enum direction from;
	struct flow *flow;

	lane_clock(l, f->clock_ns);
	lane_wait_for_room(l);
	l->last_packet = f->number;
	count_packet(l, f, d);
	d->packet.time_ns = f->time_ns;
	d->packet.number = f->number;
	if (d->outcome == DECODE_FRAGMENT) {
		struct bytes whole;

		if (!fragments_add(l->fragments, d, l->clock_ns, &whole))
			return RULE_ALERT;
		if (decode_datagram(whole, d) == DECODE_PACKET)
			hash = tracker_hash(l->tracker, d);
	}
	if (d->outcome == DECODE_DROP) {
		counter_up(&l->counters, d->drop);
		return RULE_ALERT;
	}
	/* forwarding came first; now known flows come before new ones */
	if (l->burst.pressed && !tracker_knows(l->tracker, d, hash)) {
		counter_up(&l->counters, DROP_OVERLOAD_NEW);
		return l->closed ? RULE_DROP : RULE_ALERT;
	}
	flow = tracker_packet(l->tracker, d, hash, l->clock_ns, &from);
	if (flow == NULL)
		return RULE_ALERT;
	contents_packet(l, flow, from, &d->packet);
	return flow->contents == FLOW_SESSION_OPEN ? session_action(flow->session) : RULE_ALERT;
}

/* No packets: time may have gone on all the same, and there may be news. False when nothing follows any more. */
static bool quiet(struct lane *l)
{
	const struct burst *b = &l->burst;

	if (b->through_ns != 0) {
		lane_clock(l, b->through_ns);
		lane_mark(l);
	}
	lane_flush(l);
	switch (b->news) {
	case INTAKE_CAPTURE:
		lane_capture(l, &b->capture);
		break;
	case INTAKE_END:
		counter_add(&l->counters, DROP_PORT_NO_MEMORY, b->lost);
		lane_end(l, &b->capture);
		break;
	case INTAKE_STOP:
		return false;
	case INTAKE_PACKETS:
		intake_hold(l->intake);
		break;
	}
	return true;
}

static bool turn(struct lane *l)
{
	bool more = true;

	intake_burst(l->intake, &l->burst);
	decode_burst(l);
	for (unsigned i = 0; i < l->burst.count; i++) {
		enum rule_action action = step(l, &l->burst.frames[i], &l->decoded[i], l->hash[i]);

		if (l->burst.frames[i].waits)
			lane_word(l, i, action);
	}
	if (l->burst.count == 0)
		more = quiet(l);
	intake_done(l->intake, &l->burst);
	if (l->last_packet - l->marked_packet >= MARK_PACKETS)
		lane_mark(l);
	lane_answer(l);
	if (!l->replay)
		lane_swap(l);
	return more && !intake_stopped(l->intake);
}

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * second_ns + (uint64_t)t.tv_nsec;
}

int lane_run(void *arg)
{
	struct lane *l = arg;

	l->cpu_began_ns = cpu_ns();
	while (turn(l))
		;
	if (!l->replay)
		lane_end(l, NULL);
	return 0;
}

void lane_end(struct lane *l, const struct capture_mark *capture)
{
	tracker_end(l->tracker, l->clock_ns);
	fragments_reset(l->fragments);
	while (!sessions_flush(l->sessions) && l->replay && !intake_stopped(l->intake))
		intake_hold(l->intake);
	counter_add(&l->counters, COUNTER_CPU_NS, cpu_ns() - l->cpu_began_ns);
	l->cpu_began_ns = cpu_ns();
	if (capture != NULL)
		counter_up(&l->counters, COUNTER_CAPTURES);
	lane_send_counters(l);
	if (capture != NULL) {
		struct capture_mark end = *capture;

		end.last_ns = l->clock_ns;
		lane_send_capture(l, RECORD_END, &end);
	}
	sessions_restart(l->sessions);
	l->clock_ns = l->tick_s = l->last_packet = l->marked_packet = 0;
	l->marked = (struct watermark){ 0 };
}

void lane_clock(struct lane *l, uint64_t clock_ns)
{
	uint64_t reached_s;

	if (clock_ns <= l->clock_ns)
		return;
	l->clock_ns = clock_ns;
	if (clock_ns < l->next_tick_ns && l->tick_s != 0)
		return;
	reached_s = clock_ns / second_ns;
	if (l->tick_s == 0)
		l->tick_s = reached_s;
	/* longer than anything waits: what lies between would find nothing to do */
	if (reached_s - l->tick_s > TICKS_MAX)
		l->tick_s = reached_s - TICKS_MAX;
	while (l->tick_s < reached_s) {
		l->tick_s++;
		lane_wait_for_room(l);
		fragments_tick(l->fragments, l->tick_s * second_ns);
		tracker_tick(l->tracker, l->tick_s);
		sessions_tick(l->sessions, l->tick_s * second_ns);
	}
	l->next_tick_ns = (reached_s + 1) * second_ns;
	lane_mark(l);
}

static void flow_over(void *arg, struct flow *f, enum flow_end why, uint64_t now_ns)
{
	static const enum session_end as[] = {
		[FLOW_END_CLOSED] = SESSION_CLOSED,   [FLOW_END_RESET] = SESSION_RESET,
		[FLOW_END_EXPIRED] = SESSION_EXPIRED, [FLOW_END_CAPTURE] = SESSION_CAPTURE_ENDED,
		[FLOW_END_EVICTED] = SESSION_EVICTED,
	};
	struct lane *l = arg;

	if (f->contents == FLOW_SESSION_OPEN)
		session_close(l->sessions, f->session, as[why], now_ns);
}

int lane_new(const struct lane_setup *s, struct lane **ret)
{
	const struct settings *set = s->settings;
	struct tracker_limits limits = {
		.flows = set->flows,
		.tcp_idle_ns = set->tcp_idle_s * second_ns,
		.tcp_closed_ns = set->tcp_closed_s * second_ns,
		.udp_idle_ns = set->udp_idle_s * second_ns,
		.seed = s->seed,
	};
	struct lane *l = aligned_alloc(64, (sizeof(*l) + 63) / 64 * 64);
	int r;

	if (l == NULL)
		return -ENOMEM;
	*l = (struct lane){ .index = s->index, .replay = s->replay, .closed = !set->fail_open, .up = s->up, .intake = s->intake };
	l->reserve = ((size_t)set->ring_mb << 20) / 8 < LANE_RESERVE ? ((size_t)set->ring_mb << 20) / 8 : LANE_RESERVE;
	if ((r = tracker_new(&limits, &l->counters, s->up, flow_over, l, &l->tracker)) < 0 ||
	    (r = fragments_new(FRAGMENTED_DATAGRAMS, &l->counters, &l->fragments)) < 0 ||
	    (r = sessions_new(set, s->matcher, &l->counters, s->up, s->replay, &l->sessions)) < 0) {
		lane_free(l);
		return r;
	}
	*ret = l;
	return 0;
}

void lane_free(struct lane *l)
{
	if (l == NULL)
		return;
	sessions_free(l->sessions);
	if (atomic_load(&l->offered.full))
		match_scratch_free(l->offered.scratch);
	if (atomic_load(&l->spare.full))
		match_scratch_free(l->spare.scratch);
	fragments_free(l->fragments);
	tracker_free(l->tracker);
	free(l);
}
