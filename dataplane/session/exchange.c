/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transactions of a session: beginning, keeping, ending. */
#include "dataplane/session/inside.h"

#include <string.h>

struct transaction *exchange_begin(struct sessions *ss, struct session *s)
{
	struct transaction *t;

	if (s->open >= OPEN_MAX && !s->answers_cut) { /* the oldest goes, but not while it is being answered */
		t = s->first == s->current[FROM_SERVER] ? s->first->next : s->first;
		s->cut += !t->response_begun;
		exchange_finish(ss, s, t, PART_OPEN);
	}
	if ((t = transaction_take(ss->transactions)) == NULL) {
		counter_up(ss->counters, DROP_TRANSACTIONS_FULL);
		return NULL;
	}
	t->session = s;
	t->client = s->client;
	t->flow_id = s->flow_id;
	t->flow_start_ns = s->start_ns;
	t->id = s->next_id++;
	t->app = s->app;
	t->home = s->home;
	t->midstream = s->midstream && t->id == 0;
	rules_begin(ss, t);
	*(s->last != NULL ? &s->last->next : &s->first) = t;
	s->last = t;
	s->open++;
	return t;
}

static void unlink_from(struct session *s, struct transaction *t)
{
	struct transaction **link = &s->first, *before = NULL;

	while (*link != t) {
		before = *link;
		link = &before->next;
	}
	*link = t->next;
	if (s->last == t)
		s->last = before;
	t->next = NULL;
	t->session = NULL;
	rules_end(t);
	s->open--;
	for (unsigned i = 0; i < 2; i++) {
		if (s->current[i] == t)
			s->current[i] = NULL;
	}
}

/* The response did not come to its end: say so at the part where it stopped. */
static void response_cut(struct sessions *ss, struct session *s, struct transaction *t, uint32_t reason)
{
	bool head_whole = t->body_at[FROM_SERVER] > 0;
	struct kept *part = &t->parts[head_whole ? PART_RESPONSE_BODY : PART_RESPONSE_HEAD];

	part->present = true;
	part->gaps |= reason;
	if (!s->seen[FROM_SERVER])
		part->gaps |= PART_UNSEEN;
	scan_verdicts(ss, s, t, FROM_SERVER);
	if (head_whole)
		tell_response(ss, t, false);
}

/* Raw streams end with their flow; before it, they are still under way. */
static void stream_cut(struct sessions *ss, struct session *s, struct transaction *t, uint32_t reason)
{
	for (unsigned i = 0; i < 2; i++) {
		struct kept *part = &t->parts[i == FROM_CLIENT ? PART_CLIENT_STREAM : PART_SERVER_STREAM];

		part->present = true;
		part->gaps |= (reason & PART_OPEN) | (s->midstream ? PART_MIDSTREAM : 0) |
			      (s->seen[i] ? 0 : PART_UNSEEN);
		scan_verdicts(ss, s, t, (enum direction)i);
	}
}

void exchange_seen(const struct session *s, struct transaction *t)
{
	t->client_seen = s->seen[FROM_CLIENT];
	t->server_seen = s->seen[FROM_SERVER];
}

void exchange_finish(struct sessions *ss, struct session *s, struct transaction *t, uint32_t reason)
{
	exchange_seen(s, t);
	if (t->app != APP_HTTP) {
		stream_cut(ss, s, t, reason);
	} else {
		if (!t->request_done)
			http_request_cut(ss, s, t, reason);
		if (!t->response_done)
			response_cut(ss, s, t, reason);
	}
	unlink_from(s, t);
	outbox_case(ss->outbox, t);
}

void exchange_finish_all(struct sessions *ss, struct session *s, uint32_t reason)
{
	while (s->first != NULL)
		exchange_finish(ss, s, s->first, reason);
}

static bool scarce(const struct sessions *ss)
{
	return chunks_left(ss->chunks) < ss->chunks_scarce;
}

static bool suspect(const struct transaction *t)
{
	return t->found != NULL || match_suspect(&t->match);
}

void exchange_idle(struct sessions *ss, struct transaction *t)
{
	if (t->app == APP_HTTP || suspect(t) || !scarce(ss))
		return;
	kept_forget(&t->parts[PART_CLIENT_STREAM], ss->chunks);
	kept_forget(&t->parts[PART_SERVER_STREAM], ss->chunks);
}

/* What the client sent is kept as far as a case shows it; answers only once a rule has shown interest. */
static struct kept_limit limit_of(const struct sessions *ss, const struct transaction *t, enum part_kind kind)
{
	if (kind == PART_REQUEST_HEAD || kind == PART_RESPONSE_HEAD)
		return (struct kept_limit){ .head = HTTP1_HEAD_MAX };
	if (suspect(t) || (kind == PART_REQUEST_BODY && !scarce(ss)))
		return ss->part;
	return (struct kept_limit){ .head = scarce(ss) ? SCARCE_KEEP :
					    t->app == APP_TLS ? TLS_DEPTH / 4 : UNSUSPECT_KEEP };
}

void exchange_keep(struct sessions *ss, struct transaction *t, enum part_kind kind, const struct run *run)
{
	struct kept_limit limit = limit_of(ss, t, kind);
	size_t lost = kept_add(&t->parts[kind], ss->chunks, &limit, run->bytes, run->packet, run->time_ns);

	if (run->conflict)
		t->parts[kind].gaps |= PART_CONFLICT;
	if (lost > 0)
		counter_add(ss->counters, DROP_CASE_MEMORY, lost);
}

static void span_add(struct span *s, const struct run *run)
{
	if (s->first_packet == 0) {
		s->first_packet = run->packet;
		s->first_ns = run->time_ns;
	}
	s->last_packet = run->packet;
	s->last_ns = run->time_ns;
}

void exchange_request_packet(struct sessions *ss, struct transaction *t, const struct run *run)
{
	span_add(&t->request, run);
	if (!t->told_open)
		transaction_touch(ss->transactions, t);
}

void exchange_response_packet(struct sessions *ss, struct transaction *t, const struct run *run)
{
	bool first = t->response.first_packet == 0;

	span_add(&t->response, run);
	if (first && t->request.first_packet == 0 && !t->told_open)
		transaction_touch(ss->transactions, t);
}
