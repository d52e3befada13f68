/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is no HTTP: one transaction a flow, with what either side sent. Datagrams, too. */
#include "dataplane/session/inside.h"

static enum part_kind stream_part(enum direction d)
{
	return d == FROM_CLIENT ? PART_CLIENT_STREAM : PART_SERVER_STREAM;
}

static struct transaction *exchange_of(struct sessions *ss, struct session *s)
{
	if (s->last == NULL && exchange_begin(ss, s) == NULL)
		s->kind = SESSION_IGNORED;
	return s->last;
}

/* A case is ordered by the packet that made it one: later ones change its request no more. */
static void time_of(struct sessions *ss, struct transaction *t, enum direction d, const struct run *run)
{
	if (t->found == NULL && d == FROM_CLIENT)
		exchange_request_packet(ss, t, run);
	if (d == FROM_SERVER)
		exchange_response_packet(ss, t, run);
}

/* Conditions look at the whole stream: held against it after every tiny packet, they would cost a lane too much. */
static bool verdict_due(struct transaction *t, enum direction d)
{
	uint64_t grown = t->carry[d].offset - t->judged[d];

	if (!match_suspect(&t->match) || grown < t->judged[d] / VERDICT_SHARE)
		return false;
	t->judged[d] = t->carry[d].offset;
	return true;
}

void raw_run(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	struct transaction *t = exchange_of(ss, s);
	uint64_t depth = s->app == APP_TLS ? TLS_DEPTH : RAW_DEPTH;

	if (t == NULL)
		return;
	if (!t->parts[stream_part(d)].present)
		tell_sent(ss, s, d, run);
	time_of(ss, t, d, run);
	if (t->carry[d].offset < depth)
		scan_bytes(ss, t, d, BUFFER_PAYLOAD, run->bytes);
	else
		counter_add(ss->counters, COUNTER_STREAM_BEYOND_DEPTH, run->bytes.left);
	exchange_keep(ss, t, stream_part(d), run);
	if (verdict_due(t, d))
		scan_verdicts(ss, s, t, d);
	else
		scan_urgent(ss, s, t, d);
}

void raw_gap(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	struct transaction *t = s->last;

	if (t == NULL)
		return;
	kept_gap(&t->parts[stream_part(d)], ss->chunks, run->gap, gap_kind(run));
	scan_gap(t, d, run->gap);
}

static bool is_dns(const struct packet *p)
{
	return p->tuple.sport == 53 || p->tuple.dport == 53;
}

void raw_datagram(struct sessions *ss, struct session *s, enum direction d, const struct packet *p)
{
	struct run run = { .bytes = p->payload, .packet = p->number, .time_ns = p->time_ns };
	struct transaction *t;
	bool dns = is_dns(p) && tell_dns(ss, s, p, p->payload) == 0;

	s->kind = SESSION_RAW;
	if (dns)
		s->app = APP_DNS;
	if (run.bytes.left == 0 || (t = exchange_of(ss, s)) == NULL)
		return;
	if (dns && d == FROM_CLIENT)
		match_scan(t->rules->matcher, t->rules->scratch, &t->match, d, BUFFER_DNS_QUERY, ss->dns_name, 0, true);
	raw_run(ss, s, d, &run);
	/* an ordinary exchange of questions and answers holds no memory between them */
	if (dns && d == FROM_SERVER && !match_suspect(&t->match))
		exchange_finish(ss, s, t, 0);
	ss->dns_name = (struct bytes){ 0 };
}
