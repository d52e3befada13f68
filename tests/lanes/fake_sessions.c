/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions that tell all they are asked as history on the ring: one SENT record for each call of session_packet() with
 * payload. For testing the front of the dataplane, and any number of lanes against one, without its contents.
 */
#include "control/wire/history.h"
#include "control/wire/record.h"
#include "dataplane/session/session.h"

#include <errno.h>
#include <stdlib.h>

struct session {
	uint64_t id;
	struct tuple client;
	struct session *next; /* of those that are free */
};

enum { SESSIONS = 1 << 17 };

struct sessions {
	struct ring *up;
	struct session *vacant;
	struct session pool[SESSIONS];
};

int sessions_new(const struct settings *set, const struct matcher *m, struct counters *c, struct ring *up, bool wait,
                 struct sessions **ret)
{
	struct sessions *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->up = up;
	for (unsigned i = 0; i < SESSIONS; i++) {
		s->pool[i].next = s->vacant;
		s->vacant = &s->pool[i];
	}
	*ret = s;
	return 0;
}

void sessions_free(struct sessions *s)
{
	free(s);
}

struct session *session_open(struct sessions *s, const struct tuple *client, uint64_t flow_id, uint64_t start_ns,
                             bool midstream)
{
	struct session *it = s->vacant;

	if (it == NULL)
		return NULL;
	s->vacant = it->next;
	it->id = flow_id;
	it->client = *client;
	return it;
}

void session_packet(struct sessions *s, struct session *it, enum direction from, const struct packet *p)
{
	struct history h = {
		.kind = HISTORY_SENT,
		.time_ns = p->time_ns,
		.packet = p->number,
		.flow_id = it->id,
		.tuple = from == FROM_CLIENT ? it->client : tuple_reverse(&it->client),
		.sample = bytes_of(p->payload.at, p->payload.left > 64 ? 64 : p->payload.left),
	};
	struct sink sink;

	if (p->payload.left == 0 || ring_reserve(s->up, 4096, &sink) < 0)
		return;
	sink_u8(&sink, RECORD_HISTORY);
	history_encode(&sink, &h);
	ring_commit(s->up, sink.used);
}

bool sessions_rules(struct sessions *s, const struct matcher *m, struct match_scratch *x)
{
	return false;
}

bool sessions_spare(struct sessions *s, const struct matcher **m, struct match_scratch **x)
{
	return false;
}

enum rule_action session_action(const struct session *it)
{
	return RULE_ALERT;
}

void session_close(struct sessions *s, struct session *it, enum session_end why, uint64_t now_ns)
{
	it->next = s->vacant;
	s->vacant = it;
}

void sessions_tick(struct sessions *s, uint64_t now_ns)
{
}

void sessions_restart(struct sessions *s)
{
}

bool sessions_flush(struct sessions *s)
{
	return true;
}

uint64_t sessions_oldest(const struct sessions *s)
{
	return UINT64_MAX;
}
