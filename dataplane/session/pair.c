/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which response answers which request: in order, unless one was lost, comes late or was cut. */
#include "dataplane/session/inside.h"

static const uint64_t taps_apart_ns = UINT64_C(250000000);

static struct transaction *next_unanswered(struct session *s)
{
	struct transaction *t = s->first;

	while (t != NULL && (t->response_begun || t->response_done))
		t = t->next;
	return t;
}

/* The last request that was whole before this packet: after lost responses, the one that this answers. */
static struct transaction *latest_asked(struct session *s, const struct run *run)
{
	struct transaction *found = NULL;

	for (struct transaction *t = s->first; t != NULL; t = t->next) {
		if (!t->response_begun && t->request_done && t->request.last_packet < run->packet)
			found = t;
	}
	return found;
}

/*
 * Did the server have bytes of the client that are still to come here? Where nothing of the client was seen yet, the port that
 * has that direction may be behind by a whole short connection; for longer than that it is not captured at all.
 */
static bool client_is_late(const struct session *s, const struct run *run)
{
	const struct stream *client = &s->streams[FROM_CLIENT];

	if (client->acked <= client->next || client->ended)
		return false;
	return s->seen[FROM_CLIENT] || (!s->midstream && run->time_ns < s->start_ns + taps_apart_ns);
}

struct transaction *pair_awaiting(struct session *s)
{
	struct transaction *t = s->first;

	while (t != NULL && (!t->awaited || t->request.first_packet > 0))
		t = t->next;
	return t;
}

struct transaction *pair_unasked(struct sessions *ss, struct session *s, const struct run *run)
{
	struct transaction *t = exchange_begin(ss, s);
	struct kept *head;

	if (t == NULL)
		return NULL;
	t->awaited = client_is_late(s, run) && !s->answers_cut;
	if (t->awaited)
		return t;
	head = &t->parts[PART_REQUEST_HEAD];
	head->present = true;
	head->gaps = (s->seen[FROM_CLIENT] ? PART_LOST : PART_UNSEEN) | (t->midstream ? PART_MIDSTREAM : 0);
	t->request_done = true;
	return t;
}

struct transaction *pair_answered(struct sessions *ss, struct session *s, const struct run *run)
{
	struct transaction *t = s->lost[FROM_SERVER] ? latest_asked(s, run) : NULL;

	if (t != NULL) { /* responses were lost, those of the requests before among them */
		s->cut = 0;
		while (s->first != t)
			exchange_finish(ss, s, s->first, PART_LOST);
		return t;
	}
	if (s->cut == 0)
		return next_unanswered(s);
	s->cut--;
	s->answers_cut = true;
	t = pair_unasked(ss, s, run);
	s->answers_cut = false;
	return t;
}

void pair_server_over(struct sessions *ss, struct session *s)
{
	struct transaction *next;

	for (struct transaction *t = s->first; t != NULL; t = next) {
		next = t->next;
		if (!t->awaited || !t->response_done)
			exchange_finish(ss, s, t, PART_ENDED);
	}
}

void pair_give_up(struct sessions *ss, struct session *s, struct transaction *t)
{
	http_request_cut(ss, s, t, 0);
	exchange_finish(ss, s, t, 0);
}
