/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracker: finds or begins the flow of each packet, moves its state, ends it in time. */
#include "dataplane/flow/track.h"

#include "dataplane/flow/begin.h"
#include "dataplane/flow/tell.h"

#include <errno.h>
#include <stdlib.h>

enum { TCP = 6, UDP = 17, ICMP = 1, ICMP6 = 58, ICMP_ECHO = 8, ICMP6_ECHO = 128 };
static const uint64_t second_ns = 1000000000u;
static const uint64_t echo_gap_ns = 100000000u; /* a flood of echoes of one flow is told ten times a second */

struct tracker {
	struct tracker_limits limits;
	struct counters *counters;
	struct ring *up;
	flow_ended *ended;
	void *lane;
	struct flow_table *table;
};

int tracker_new(const struct tracker_limits *limits, struct counters *counters, struct ring *up, flow_ended *ended,
                void *lane, struct tracker **ret)
{
	struct tracker *t = calloc(1, sizeof(*t));
	int r;

	if (t == NULL)
		return -ENOMEM;
	if ((r = flow_table_new(limits->flows, limits->seed, &t->table)) < 0) {
		free(t);
		return r;
	}
	t->limits = *limits;
	t->counters = counters;
	t->up = up;
	t->ended = ended;
	t->lane = lane;
	*ret = t;
	return 0;
}

void tracker_free(struct tracker *t)
{
	if (t == NULL)
		return;
	flow_table_free(t->table);
	free(t);
}

struct flow_table *tracker_table(struct tracker *t)
{
	return t->table;
}

static bool is_icmp(uint8_t protocol)
{
	return protocol == ICMP || protocol == ICMP6;
}

static bool has_flow(const struct packet *p)
{
	return !is_icmp(p->tuple.protocol) || icmp_is_echo(p);
}

uint64_t tracker_hash(const struct tracker *t, const struct decoded *d)
{
	struct flow_key key;

	if (!has_flow(&d->packet))
		return 0;
	flow_key_of(&d->packet.tuple, &key);
	return flow_table_hash(t->table, &key);
}

bool tracker_knows(const struct tracker *t, const struct decoded *d, uint64_t hash)
{
	struct flow_key key;

	if (!has_flow(&d->packet))
		return true;
	flow_key_of(&d->packet.tuple, &key);
	return flow_table_find(t->table, &key, hash) != NULL;
}

static uint64_t deadline_of(const struct tracker *t, const struct flow *f)
{
	if (f->client.protocol != TCP)
		return f->seen_ns + t->limits.udp_idle_ns;
	return f->seen_ns + (tcp_over(f->tcp) || f->tcp == TCP_ASKED ? t->limits.tcp_closed_ns : t->limits.tcp_idle_ns);
}

static void tell(struct tracker *t, enum history_kind kind, const struct flow *f, const struct packet *p)
{
	flow_tell(t->up, t->counters, kind, &f->client, f->id, p);
}

static void end_flow(struct tracker *t, struct flow *f, enum flow_end why, uint64_t now_ns)
{
	if (f->client.protocol == TCP && tcp_over(f->tcp))
		why = f->tcp == TCP_RESET ? FLOW_END_RESET : FLOW_END_CLOSED;
	counter_up(t->counters, why == FLOW_END_EVICTED ? COUNTER_FLOWS_EVICTED :
	           why == FLOW_END_EXPIRED ? COUNTER_FLOWS_EXPIRED : COUNTER_FLOWS_CLOSED);
	t->ended(t->lane, f, why, now_ns);
	flow_table_remove(t->table, f);
}

/* Those whose loss costs least: nothing was answered yet, or all was said. */
static bool may_go(const struct flow *f)
{
	return !f->answered || (f->client.protocol == TCP && tcp_over(f->tcp));
}

static bool any_may(const struct flow *f)
{
	return true;
}

static struct flow *add_flow(struct tracker *t, const struct flow_key *key, uint64_t hash, uint64_t now_ns)
{
	struct flow *f = flow_table_add(t->table, key, hash), *old;

	if (f != NULL)
		return f;
	old = flow_table_oldest(t->table, hash, may_go);
	if (old == NULL)
		old = flow_table_oldest(t->table, hash, any_may);
	if (old == NULL)
		return NULL;
	end_flow(t, old, FLOW_END_EVICTED, now_ns);
	return flow_table_add(t->table, key, hash);
}

/* The first packet of a flow: who opened it, and what of it is told. */
static struct flow *begin_flow(struct tracker *t, const struct packet *p, const struct flow_key *key, uint64_t hash,
                               bool src_first, uint64_t now_ns)
{
	struct flow_beginning b;
	struct flow *f;

	if (!flow_begins(p, &b))
		return NULL;
	if ((f = add_flow(t, key, hash, now_ns)) == NULL) {
		counter_up(t->counters, DROP_FLOW_TABLE_FULL);
		return NULL;
	}
	f->client = b.from == FROM_CLIENT ? p->tuple : tuple_reverse(&p->tuple);
	if (is_icmp(p->tuple.protocol)) {
		f->client.sport = p->tuple.sport;
		f->client.dport = 0;
	}
	f->client_first = (b.from == FROM_CLIENT) == src_first;
	f->tcp = b.state;
	f->midstream = b.midstream;
	f->id = flow_id_of(key, p->time_ns);
	f->start_ns = p->time_ns;
	f->seen_ns = now_ns;
	if (b.state == TCP_ASKED && p->tuple.protocol == TCP) {
		f->syn_seen = true;
		f->syn_seq = p->seq;
		f->syn_packet = p->number;
	}
	if (b.state == TCP_ANSWERED) {
		f->syn_answered = true;
		f->syn_seq = p->ack - 1;
		f->syn_packet = p->number;
	}
	counter_up(t->counters, COUNTER_FLOWS);
	if (f->midstream)
		counter_up(t->counters, COUNTER_FLOWS_MIDSTREAM);
	else if (!is_icmp(p->tuple.protocol))
		tell(t, HISTORY_FLOW, f, p);
	flow_table_schedule(t->table, f, now_ns, deadline_of(t, f));
	return f;
}

static void answered(struct tracker *t, struct flow *f, const struct packet *p)
{
	if (f->answered)
		return;
	f->answered = true;
	counter_up(t->counters, COUNTER_FLOWS_ANSWERED);
	if (!f->midstream && !is_icmp(f->client.protocol))
		tell(t, HISTORY_ANSWERED, f, p);
}

static void refused(struct tracker *t, struct flow *f, const struct packet *p)
{
	if (f->answered || f->refused || f->midstream)
		return;
	f->refused = true;
	counter_up(t->counters, COUNTER_FLOWS_REFUSED);
	tell(t, HISTORY_REFUSED, f, p);
}

/* A later SYN counts as a new connection only when the server answers that very one. */
static bool answers_later_syn(const struct flow *f, enum direction from, enum tcp_event event, const struct packet *p)
{
	return f->asked_again && from == FROM_SERVER && event == TCP_SYN_ACK && p->ack == f->again_seq + 1;
}

/* Moves the state; false when this packet belongs to the next connection of the same tuple. */
static bool step_tcp(struct tracker *t, struct flow *f, enum direction from, const struct packet *p, uint64_t now_ns)
{
	enum tcp_event event = tcp_event_of(p->tcp_flags);
	const struct tcp_row *row = tcp_next(f->tcp, from, event);
	bool sooner = deadline_of(t, f) - f->seen_ns > t->limits.tcp_closed_ns;

	if (tcp_flags_odd(p->tcp_flags))
		counter_up(t->counters, COUNTER_TCP_ODD_FLAGS);
	if (row->act == TCP_BEGIN_AGAIN)
		return false;
	if (answers_later_syn(f, from, event, p))
		return false;
	if (row->act == TCP_ODD)
		counter_up(t->counters, COUNTER_TCP_ODD_FLAGS);
	if (row->act == TCP_ASK_AGAIN && f->syn_answered && !f->syn_seen && p->seq == f->syn_seq) {
		f->syn_seen = true; /* the one that was answered before it came here */
		f->syn_packet = p->number;
	}
	if (row->act == TCP_ASK_AGAIN && p->seq != f->syn_seq) {
		f->asked_again = f->answered;
		f->again_seq = p->seq;
		if (!f->answered) { /* the earlier try is forgotten by both sides */
			f->syn_seq = p->seq;
			f->syn_packet = p->number;
		}
	}
	if (row->act == TCP_TELL_ANSWERED)
		answered(t, f, p);
	if (row->act == TCP_TELL_REFUSED)
		refused(t, f, p);
	f->tcp = row->next;
	if (sooner && tcp_over(f->tcp))
		flow_table_schedule(t->table, f, now_ns, now_ns + t->limits.tcp_closed_ns);
	return true;
}

static void step_echo(struct tracker *t, struct flow *f, const struct packet *p, uint64_t now_ns)
{
	uint8_t echo = p->tuple.protocol == ICMP ? ICMP_ECHO : ICMP6_ECHO;

	if (p->icmp_type != echo)
		return;
	counter_up(t->counters, COUNTER_ICMP_ECHO);
	if (f->echo_ns != 0 && now_ns - f->echo_ns < echo_gap_ns)
		return;
	f->echo_ns = now_ns;
	flow_tell(t->up, t->counters, HISTORY_ICMP_ECHO, &p->tuple, f->id, p);
}

/* An unreachable error speaks of the flow whose packet it quotes. */
static void step_error(struct tracker *t, const struct decoded *d)
{
	struct flow_key key;
	struct flow *f;

	counter_up(t->counters, d->has_inner ? COUNTER_ICMP_ERROR : COUNTER_ICMP_OTHER);
	if (!d->has_inner || !icmp_is_unreachable(&d->packet))
		return;
	flow_key_of(&d->inner, &key);
	f = flow_table_find(t->table, &key, flow_table_hash(t->table, &key));
	if (f != NULL && !is_icmp(f->client.protocol) && address_equal(&f->client.src, &d->inner.src) &&
	    f->client.sport == d->inner.sport)
		refused(t, f, &d->packet);
}

struct flow *tracker_packet(struct tracker *t, const struct decoded *d, uint64_t hash, uint64_t now_ns,
                            enum direction *ret)
{
	const struct packet *p = &d->packet;
	struct flow_key key;
	struct flow *f;
	bool src_first;

	if (!has_flow(p)) {
		step_error(t, d);
		return NULL;
	}
	src_first = flow_key_of(&p->tuple, &key);
	f = flow_table_find(t->table, &key, hash);
	if (f == NULL)
		f = begin_flow(t, p, &key, hash, src_first, now_ns);
	if (f == NULL)
		return NULL;
	*ret = src_first == f->client_first ? FROM_CLIENT : FROM_SERVER;
	if (p->tuple.protocol == TCP && !step_tcp(t, f, *ret, p, now_ns)) {
		end_flow(t, f, FLOW_END_CLOSED, now_ns);
		f = begin_flow(t, p, &key, hash, src_first, now_ns);
		if (f == NULL)
			return NULL;
		*ret = src_first == f->client_first ? FROM_CLIENT : FROM_SERVER;
	}
	if (*ret == FROM_SERVER && (p->tuple.protocol != TCP || f->tcp == TCP_ANSWERED))
		answered(t, f, p);
	if (is_icmp(p->tuple.protocol))
		step_echo(t, f, p, now_ns);
	f->seen_ns = now_ns;
	return f;
}

void tracker_tick(struct tracker *t, uint64_t now_s)
{
	uint64_t now_ns = now_s * second_ns;
	struct flow *f;

	while ((f = flow_table_due(t->table, now_s)) != NULL) {
		if (deadline_of(t, f) > now_ns)
			flow_table_schedule(t->table, f, now_ns, deadline_of(t, f));
		else
			end_flow(t, f, FLOW_END_EXPIRED, now_ns);
	}
}

void tracker_end(struct tracker *t, uint64_t now_ns)
{
	struct flow *f;

	while ((f = flow_table_any(t->table)) != NULL)
		end_flow(t, f, FLOW_END_CAPTURE, now_ns);
}
