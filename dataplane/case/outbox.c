/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records go straight onto the ring when nothing waits; else behind what waits, so that none overtakes. */
#include "dataplane/case/outbox.h"

#include "control/wire/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	HISTORY_RECORD_MAX = 4096,      /* bytes of the longest encoded record: names, a sample, eight answers */
	QUEUE_SIZE = 8 << 20,           /* bytes of history that wait in replay: many bursts' worth */
	CASE_OVERHEAD = 1024,           /* bytes of a case besides parts and alerts */
	ALERT_OVERHEAD = 64 + 2 * CASE_TEXT_MAX,
	ROOM_SIZE = PART_COUNT * (CASE_PART_MAX + CHUNK_SIZE),
};

struct outbox {
	struct ring *up;
	bool wait;
	struct counters *counters;
	struct transactions *pool;
	struct kept_limit part;
	struct transaction *first, *last; /* cases that wait */
	uint64_t oldest_ns;               /* of all that waits */
	uint8_t *queue;                   /* history that waits: u32 length, then the record */
	size_t queue_from, queue_to;
	uint8_t *room;                    /* parts in one piece while a case is encoded */
	struct segment_mark marks[PART_COUNT * CASE_SEGMENTS_MAX];
	struct case_record record;
};

int outbox_new(struct ring *up, bool wait, struct counters *counters, struct transactions *pool,
	       const struct kept_limit *part, struct outbox **ret)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return -ENOMEM;
	o->up = up;
	o->wait = wait;
	o->counters = counters;
	o->pool = pool;
	o->part = *part;
	o->oldest_ns = UINT64_MAX;
	o->room = malloc(ROOM_SIZE);
	o->queue = wait ? malloc(QUEUE_SIZE) : NULL;
	if (o->room == NULL || (wait && o->queue == NULL)) {
		outbox_free(o);
		return -ENOMEM;
	}
	*ret = o;
	return 0;
}

void outbox_free(struct outbox *o)
{
	if (o == NULL)
		return;
	free(o->room);
	free(o->queue);
	free(o);
}

static bool queue_empty(const struct outbox *o)
{
	return o->queue_from == o->queue_to;
}

/* -ENOBUFS: the ring is full now. */
static int send_bytes(struct outbox *o, struct bytes record)
{
	struct sink s;
	int r = ring_reserve(o->up, record.left, &s);

	if (r == 0) {
		sink_put(&s, record.at, record.left);
		ring_commit(o->up, s.used);
	}
	return r;
}

static void queue_put(struct outbox *o, struct bytes record, uint64_t time_ns)
{
	uint32_t len = (uint32_t)record.left;

	if (o->queue_from > 0 && QUEUE_SIZE - o->queue_to < len + sizeof(len)) {
		memmove(o->queue, o->queue + o->queue_from, o->queue_to - o->queue_from);
		o->queue_to -= o->queue_from;
		o->queue_from = 0;
	}
	if (QUEUE_SIZE - o->queue_to < len + sizeof(len)) {
		counter_up(o->counters, DROP_HISTORY_RING);
		return;
	}
	memcpy(o->queue + o->queue_to, &len, sizeof(len));
	memcpy(o->queue + o->queue_to + sizeof(len), record.at, len);
	o->queue_to += len + sizeof(len);
	if (time_ns < o->oldest_ns)
		o->oldest_ns = time_ns;
}

/* False while the ring has no room for the first one. */
static bool queue_flush(struct outbox *o)
{
	while (!queue_empty(o)) {
		uint32_t len;

		memcpy(&len, o->queue + o->queue_from, sizeof(len));
		if (send_bytes(o, bytes_of(o->queue + o->queue_from + sizeof(len), len)) == -ENOBUFS)
			return false;
		counter_up(o->counters, COUNTER_HISTORY);
		o->queue_from += len + sizeof(len);
	}
	o->queue_from = o->queue_to = 0;
	return true;
}

void outbox_history(struct outbox *o, const struct history *h)
{
	uint8_t raw[HISTORY_RECORD_MAX];
	struct sink s = sink_over(raw, sizeof(raw));
	struct bytes record;

	sink_u8(&s, RECORD_HISTORY);
	history_encode(&s, h);
	if (sink_done(&s, &record) < 0)
		return; /* cannot be: every run of it is cut to its bound */
	if (queue_empty(o) && send_bytes(o, record) == 0)
		counter_up(o->counters, COUNTER_HISTORY);
	else if (o->wait)
		queue_put(o, record, h->time_ns);
	else
		counter_up(o->counters, DROP_HISTORY_RING);
}

static void span_tell(const struct span *s, uint64_t *first_ns, uint64_t *last_ns, uint64_t *first_packet,
		      uint64_t *last_packet)
{
	*first_ns = s->first_ns;
	*last_ns = s->last_ns;
	*first_packet = s->first_packet;
	*last_packet = s->last_packet;
}

static size_t at_most(size_t n, size_t max)
{
	return n < max ? n : max;
}

/* The transaction as a case, in o->record. */
static void cut(struct outbox *o, const struct transaction *t, enum case_state state)
{
	struct case_record *c = &o->record;
	struct sink room = sink_over(o->room, ROOM_SIZE);

	*c = (struct case_record){
		.flow_id = t->flow_id, .tx_id = t->id, .state = state, .app = t->app, .tuple = t->client,
		.flow_start_ns = t->flow_start_ns, .client_seen = t->client_seen, .server_seen = t->server_seen,
		.response_retransmitted = t->retransmitted, .request_answered_early = t->early,
		.alerts_count = t->found->count, .alerts_left = t->found->left,
	};
	span_tell(&t->request, &c->request_first_ns, &c->request_last_ns, &c->request_first_packet,
		  &c->request_last_packet);
	span_tell(&t->response, &c->response_first_ns, &c->response_last_ns, &c->response_first_packet,
		  &c->response_last_packet);
	for (uint32_t i = 0; i < t->found->count; i++) {
		c->alerts[i] = t->found->alerts[i];
		c->alerts[i].message.left = at_most(c->alerts[i].message.left, CASE_TEXT_MAX);
		c->alerts[i].class_type.left = at_most(c->alerts[i].class_type.left, CASE_TEXT_MAX);
	}
	for (unsigned i = 0; i < PART_COUNT; i++)
		kept_part(&t->parts[i], o->part.tail, &room, o->marks + i * CASE_SEGMENTS_MAX, &c->parts[i]);
}

/* The part of the answer that is still to come. */
static void mark_open(struct case_record *c, const struct transaction *t)
{
	enum part_kind kind = t->app != APP_HTTP	      ? PART_SERVER_STREAM :
			      t->body_at[FROM_SERVER] == 0 ? PART_RESPONSE_HEAD :
							     PART_RESPONSE_BODY;

	if (!t->response_done) {
		c->parts[kind].present = true;
		c->parts[kind].gaps |= PART_OPEN;
	}
}

/* 0, -ENOBUFS (no room now) or -EMSGSIZE (never). */
static int send_case(struct outbox *o, const struct transaction *t, enum case_state state)
{
	size_t len = CASE_OVERHEAD + t->found->count * ALERT_OVERHEAD;
	struct sink s;
	int r;

	cut(o, t, state);
	if (state == CASE_OPEN)
		mark_open(&o->record, t);
	for (unsigned i = 0; i < PART_COUNT; i++) {
		const struct case_part *p = &o->record.parts[i];

		len += p->head.left + p->tail.left + p->marks_count * 3 * sizeof(uint64_t);
	}
	if ((r = ring_reserve(o->up, len, &s)) < 0)
		return r;
	sink_u8(&s, RECORD_CASE);
	case_encode(&s, &o->record);
	ring_commit(o->up, s.overflow ? 0 : s.used);
	return s.overflow ? -EMSGSIZE : 0;
}

/* Counts what became of a case; false: it must be tried again. */
static bool case_settled(struct outbox *o, int r, enum counter sent)
{
	if (r == -ENOBUFS && o->wait)
		return false;
	counter_up(o->counters, r == 0 ? sent : r == -ENOBUFS ? DROP_CASE_RING : DROP_CASE_SIZE);
	return true;
}

void outbox_case(struct outbox *o, struct transaction *t)
{
	if (t->found == NULL || t->found->count == 0) {
		transaction_give(o->pool, t);
		return;
	}
	if (o->first == NULL && case_settled(o, send_case(o, t, CASE_DONE), COUNTER_CASES)) {
		transaction_give(o->pool, t);
		return;
	}
	transaction_done(o->pool, t);
	t->next = NULL;
	*(o->last != NULL ? &o->last->next : &o->first) = t;
	o->last = t;
	if (t->request.last_ns < o->oldest_ns)
		o->oldest_ns = t->request.last_ns;
}

bool outbox_case_open(struct outbox *o, struct transaction *t)
{
	if (o->first != NULL)
		return false;
	return case_settled(o, send_case(o, t, CASE_OPEN), COUNTER_CASES_OPEN);
}

bool outbox_flush(struct outbox *o)
{
	bool sent = queue_flush(o);

	while (o->first != NULL) {
		struct transaction *t = o->first;

		if (!case_settled(o, send_case(o, t, CASE_DONE), COUNTER_CASES))
			return false;
		o->first = t->next;
		if (o->first == NULL)
			o->last = NULL;
		transaction_give(o->pool, t);
	}
	if (sent)
		o->oldest_ns = UINT64_MAX;
	return sent;
}

uint64_t outbox_oldest(const struct outbox *o)
{
	return o->oldest_ns;
}
