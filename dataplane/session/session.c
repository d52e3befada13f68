/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flow's packets in, one by one: into order, recognised, and on to HTTP or raw. */
#include "dataplane/session/inside.h"

#include "dataplane/app/recognise.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IPPROTO_IS_TCP = 6 };

static int sessions_init(struct sessions *ss, const struct matcher *matcher, struct ring *up, bool wait)
{
	const struct settings *st = ss->settings;
	size_t part = (size_t)st->case_part_kb << 10;
	struct match_scratch *scratch = NULL;
	int r;

	ss->part = (struct kept_limit){ .head = (uint32_t)(part * 3 / 4), .tail = (uint32_t)(part / 4) };
	ss->case_open_ns = (uint64_t)st->case_open_s * 1000000000u;
	ss->max_blocks = (st->stream_wait_kb << 10) / (unsigned)sizeof(struct block);
	ss->max_blocks = ss->max_blocks > 0 ? ss->max_blocks : 1;
	ss->memory = calloc(st->sessions, sizeof(*ss->memory));
	ss->scan_room = malloc(MATCH_CARRY + SCAN_PIECE);
	ss->held_room = malloc(2 * HELD_SIZE);
	ss->room = malloc(ROOM_SIZE);
	ss->frames_room = malloc(2 * SCAN_PIECE);
	if (ss->frames_room == NULL || ss->memory == NULL || ss->scan_room == NULL || ss->held_room == NULL || ss->room == NULL)
		return -ENOMEM;
	if ((r = blocks_new(((size_t)st->stream_mb << 20) / sizeof(struct block), &ss->blocks)) < 0 ||
	    (r = transactions_new(st->sessions + st->cases_open, st->cases_open, (size_t)st->case_mb << 20,
				  &ss->transactions)) < 0 ||
	    (r = outbox_new(up, wait, ss->counters, ss->transactions, &ss->part, &ss->outbox)) < 0 ||
	    (r = inflaters_new(st->inflaters, &ss->inflaters)) < 0 || (r = match_scratch_new(matcher, &scratch)) < 0)
		return r;
	sessions_rules(ss, matcher, scratch);
	ss->chunks = transactions_chunks(ss->transactions);
	ss->chunks_scarce = chunks_left(ss->chunks) / 4;
	for (size_t i = st->sessions; i > 0; i--) {
		ss->memory[i - 1].next = ss->free;
		ss->free = &ss->memory[i - 1];
	}
	return 0;
}

int sessions_new(const struct settings *settings, const struct matcher *matcher, struct counters *counters,
		 struct ring *up, bool wait, struct sessions **ret)
{
	struct sessions *ss = calloc(1, sizeof(*ss));
	int r;

	if (ss == NULL)
		return -ENOMEM;
	ss->settings = settings;
	ss->counters = counters;
	if ((r = sessions_init(ss, matcher, up, wait)) < 0) {
		sessions_free(ss);
		return r;
	}
	*ret = ss;
	return 0;
}

void sessions_free(struct sessions *ss)
{
	if (ss == NULL)
		return;
	outbox_free(ss->outbox);
	transactions_free(ss->transactions);
	blocks_free(ss->blocks);
	for (unsigned i = 0; i < COUNT_OF(ss->uses); i++)
		match_scratch_free(ss->uses[i].scratch);
	inflaters_free(ss->inflaters);
	free(ss->memory);
	free(ss->frames_room);
	free(ss->scan_room);
	free(ss->held_room);
	free(ss->room);
	free(ss);
}

/* With no protected networks configured, everything is protected. */
static bool touches_home(const struct settings *st, const struct tuple *t)
{
	for (unsigned i = 0; i < st->home_count; i++) {
		const struct network *n = &st->home[i];

		if (address_within(&t->src, &n->address, n->bits) || address_within(&t->dst, &n->address, n->bits))
			return true;
	}
	return st->home_count == 0;
}

struct session *session_open(struct sessions *ss, const struct tuple *client, uint64_t flow_id, uint64_t start_ns,
			     bool midstream)
{
	struct session *s = ss->free;

	if (s == NULL) {
		counter_up(ss->counters, DROP_SESSIONS_FULL);
		return NULL;
	}
	ss->free = s->next;
	*s = (struct session){ .client = *client, .flow_id = flow_id, .start_ns = start_ns, .midstream = midstream,
			       .home = touches_home(ss->settings, client) };
	s->http[FROM_SERVER].response = true;
	counter_up(ss->counters, COUNTER_SESSIONS);
	return s;
}

void session_decide(struct session *s, enum recognised r)
{
	s->kind = r == RECOGNISED_HTTP ? SESSION_HTTP : SESSION_RAW;
	s->app = r == RECOGNISED_HTTP ? APP_HTTP : r == RECOGNISED_TLS ? APP_TLS : APP_UNKNOWN;
}

void session_gap(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	counter_up(ss->counters, COUNTER_STREAM_GAP);
	if (s->kind == SESSION_UNDECIDED && s->first != NULL && ss->releasing)
		session_decide(s, RECOGNISED_RAW); /* a tunnel that began in what was held: its first bytes stay where they are */
	else if (s->kind == SESSION_UNDECIDED && s->first != NULL)
		hold_release(ss, s, RECOGNISED_RAW);
	if (s->kind == SESSION_UNDECIDED) {
		s->midstream = true;
		return;
	}
	if (s->kind == SESSION_HTTP)
		http_gap(ss, s, d, run);
	else if (s->kind == SESSION_WEBSOCKET)
		frames_gap(ss, s, d, run);
	else if (s->kind == SESSION_RAW)
		raw_gap(ss, s, d, run);
	if (s->kind == SESSION_RAW)
		s->lost[d] = true;
}

/* A flow that we met under way, or that lost bytes, may turn out to be HTTP at a later message's beginning. */
static bool turns_out_http(const struct session *s, enum direction d, const struct run *run)
{
	return (s->midstream || s->lost[FROM_CLIENT] || s->lost[FROM_SERVER]) && s->app == APP_UNKNOWN &&
	       s->client.protocol == IPPROTO_IS_TCP && http1_looks_like_beginning(d == FROM_SERVER, run->bytes);
}

/* A loop, since one run may be several things in turn, as often as its sender likes. */
void session_run(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	struct run rest = *run;

	while (rest.bytes.left > 0) {
		if (s->kind == SESSION_RAW && turns_out_http(s, d, &rest)) {
			exchange_finish_all(ss, s, 0);
			session_decide(s, RECOGNISED_HTTP);
			s->http[d].state = HTTP1_START;
			s->http[!d].state = HTTP1_LOST;
		}
		switch (s->kind) {
		case SESSION_UNDECIDED:
			if (hold_run(ss, s, d, &rest))
				return;
			break;
		case SESSION_HTTP:
			http_run(ss, s, d, &rest);
			break;
		case SESSION_WEBSOCKET:
			frames_run(ss, s, d, &rest);
			break;
		case SESSION_RAW:
			raw_run(ss, s, d, &rest);
			return;
		case SESSION_IGNORED:
			return;
		}
	}
}

static void drain(struct sessions *ss, struct session *s, enum direction d)
{
	struct run run;

	while (stream_next(&s->streams[d], ss->blocks, ss->max_blocks, &run)) {
		if (run.gap > 0)
			session_gap(ss, s, d, &run);
		else
			session_run(ss, s, d, &run);
	}
}

static void count_report(struct sessions *ss, const struct stream_report *r)
{
	if (r->old)
		counter_up(ss->counters, COUNTER_STREAM_RETRANSMITTED);
	if (r->conflict)
		counter_up(ss->counters, COUNTER_STREAM_OVERLAP);
	if (r->outside)
		counter_up(ss->counters, DROP_STREAM_WINDOW);
	if (r->dropped_wait > 0)
		counter_add(ss->counters, DROP_STREAM_WAIT, r->dropped_wait);
	if (r->dropped_pool > 0)
		counter_add(ss->counters, DROP_STREAM_POOL, r->dropped_pool);
}

/* A repeated last segment of a request or first one of its response: the time between says nothing. */
static void note_repetition(struct session *s, enum direction d, const struct stream_report *r)
{
	for (struct transaction *t = s->first; t != NULL; t = t->next) {
		uint64_t at = d == FROM_SERVER ? t->response_offset : t->request_end - 1;
		bool known = d == FROM_SERVER ? t->response_begun : t->request_end > 0;

		if (known && r->from <= at && at < r->to)
			t->retransmitted = true;
	}
}

/* The side said FIN and all of it is here. */
static void side_over(struct sessions *ss, struct session *s, enum direction d)
{
	if (s->kind != SESSION_HTTP)
		return;
	http_over(ss, s, d, PART_ENDED);
	if (d == FROM_SERVER && s->kind == SESSION_HTTP)
		pair_server_over(ss, s);
}

void session_packet(struct sessions *ss, struct session *s, enum direction d, const struct packet *p)
{
	struct stream *stream = &s->streams[d];
	bool was_over;

	s->seen[d] = true;
	if (p->tuple.protocol != IPPROTO_IS_TCP) {
		if (s->kind != SESSION_IGNORED)
			raw_datagram(ss, s, d, p);
		return;
	}
	if (p->tcp_flags & STREAM_ACK && !(p->tcp_flags & STREAM_RST)) {
		stream_acknowledge(&s->streams[!d], p->ack);
		drain(ss, s, !d);
	}
	was_over = stream_over(stream);
	stream_add(stream, p);
	if (stream->report.from < stream->report.to && stream->report.from < stream->next)
		note_repetition(s, d, &stream->report);
	drain(ss, s, d);
	count_report(ss, &stream->report);
	if (!was_over && stream_over(stream))
		side_over(ss, s, d);
}

enum rule_action session_action(const struct session *s)
{
	return s->flow.action;
}

static uint32_t reason_of(enum session_end end)
{
	return end == SESSION_CAPTURE_ENDED || end == SESSION_EVICTED ? PART_OPEN : PART_ENDED;
}

/* Bytes that were acknowledged but never came are lost at the end of what is open. */
static void tail_gap(struct sessions *ss, struct session *s, enum direction d)
{
	struct run run = { .offset = s->streams[d].next, .gap = stream_tail_lost(&s->streams[d]) };

	if (run.gap > 0)
		session_gap(ss, s, d, &run);
}

void session_close(struct sessions *ss, struct session *s, enum session_end end, uint64_t now_ns)
{
	uint32_t reason = reason_of(end);

	for (unsigned i = 0; i < 2; i++) {
		stream_flush(&s->streams[i]);
		drain(ss, s, (enum direction)i);
		tail_gap(ss, s, (enum direction)i);
	}
	if (hold_of(s) != NULL)
		hold_release(ss, s, RECOGNISED_RAW);
	if (s->kind == SESSION_HTTP) {
		http_over(ss, s, FROM_CLIENT, reason);
		http_over(ss, s, FROM_SERVER, reason);
	}
	frames_over(ss, s);
	exchange_finish_all(ss, s, reason);
	for (unsigned i = 0; i < 2; i++)
		stream_fini(&s->streams[i], ss->blocks);
	s->next = ss->free;
	ss->free = s;
}

/* By what a case is ordered: its request's last packet, or without one its response's first. */
static uint64_t order_time(const struct transaction *t)
{
	return t->request.first_packet > 0 ? t->request.last_ns : t->response.first_ns;
}

void sessions_tick(struct sessions *ss, uint64_t now_ns)
{
	struct transaction *t;

	if (now_ns > ss->now_ns)
		ss->now_ns = now_ns;
	while ((t = transactions_oldest(ss->transactions)) != NULL) {
		if (order_time(t) + ss->case_open_ns > ss->now_ns)
			return;
		if (hold_of(t->session) == t) { /* it will not say more soon: what it said counts as raw */
			hold_release(ss, t->session, RECOGNISED_RAW);
			continue;
		}
		if (t->awaited && t->response_done) {
			pair_give_up(ss, t->session, t);
			continue;
		}
		exchange_seen(t->session, t);
		if (t->app != APP_HTTP) { /* what is not due yet while bytes trickle in */
			scan_verdicts(ss, t->session, t, FROM_CLIENT);
			scan_verdicts(ss, t->session, t, FROM_SERVER);
		}
		if (t->found != NULL && !outbox_case_open(ss->outbox, t))
			return;
		t->told_open = t->found != NULL;
		transaction_done(ss->transactions, t);
		exchange_idle(ss, t);
	}
}

void sessions_restart(struct sessions *ss)
{
	ss->now_ns = 0;
	match_forget(ss->rules->scratch);
}

bool sessions_flush(struct sessions *ss)
{
	bool sent = outbox_flush(ss->outbox);

	if (sent)
		sessions_tick(ss, ss->now_ns);
	return sent;
}

uint64_t sessions_oldest(const struct sessions *ss)
{
	const struct transaction *t = transactions_oldest(ss->transactions);
	uint64_t oldest = outbox_oldest(ss->outbox);

	return t != NULL && order_time(t) < oldest ? order_time(t) : oldest;
}
