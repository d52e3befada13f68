/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a flow said before it was recognised: held in its first transaction, as a raw stream's would be, then let go. */
#include "dataplane/session/inside.h"

struct transaction *hold_of(struct session *s)
{
	return s->kind == SESSION_UNDECIDED ? s->first : NULL;
}

static enum recognised recognise(struct sessions *ss, struct session *s)
{
	struct sink room = sink_over(ss->room, ROOM_SIZE);
	struct bytes client = kept_head(&hold_of(s)->parts[PART_CLIENT_STREAM], &room);
	struct bytes server = kept_head(&hold_of(s)->parts[PART_SERVER_STREAM], &room);
	enum recognised r = client.left > 0 ? recognise_client(client) : RECOGNISED_NOT_YET;

	return r == RECOGNISED_NOT_YET && server.left > 0 ? recognise_server(server) : r;
}

/* What was held of one direction goes on, packet by packet. */
static void replay(struct sessions *ss, struct session *s, enum direction d, const struct case_part *part,
		   uint64_t offset)
{
	for (uint32_t i = 0; i < part->marks_count; i++) {
		const struct segment_mark *m = &part->marks[i];
		uint64_t end = i + 1 < part->marks_count ? part->marks[i + 1].offset : part->head.left;
		struct run run = { .bytes = bytes_of(part->head.at + m->offset, end - m->offset),
				   .offset = offset + m->offset, .packet = m->packet, .time_ns = m->time_ns };

		session_run(ss, s, d, &run);
	}
	if (part->seen > part->head.left) { /* the lane's memory was full */
		struct run hole = { .offset = offset + part->head.left, .gap = part->seen - part->head.left };

		counter_add(ss->counters, DROP_CASE_MEMORY, hole.gap);
		session_gap(ss, s, d, &hole);
	}
}

/* What was held is taken out of its transaction and goes its way. */
static void release_held(struct sessions *ss, struct session *s, enum recognised r)
{
	struct transaction *t = hold_of(s);
	struct case_part parts[2];
	struct segment_mark *marks = ss->marks;

	for (unsigned i = 0; i < 2; i++) {
		struct sink room = sink_over(ss->held_room + i * HELD_SIZE, HELD_SIZE);
		struct bytes copy;

		kept_part(&t->parts[i == FROM_CLIENT ? PART_CLIENT_STREAM : PART_SERVER_STREAM], 0, &room,
			  marks + i * CASE_SEGMENTS_MAX, &parts[i]);
		if (parts[i].head.left == 0 || (room.used > 0 && parts[i].head.at == room.at))
			continue;
		sink_put(&room, parts[i].head.at, parts[i].head.left);
		copy = bytes_of(room.at + room.used - parts[i].head.left, parts[i].head.left);
		parts[i].head = copy;
	}
	s->first = s->last = NULL;
	s->open = 0;
	s->next_id--;
	rules_end(t);
	transaction_give(ss->transactions, t);
	session_decide(s, r);
	for (unsigned i = 0; i < 2; i++)
		replay(ss, s, (enum direction)i, &parts[i], s->streams[i].next - parts[i].seen);
}

/* A tunnel may begin in what was held, so that the rest is held again: never one in another. */
void hold_release(struct sessions *ss, struct session *s, enum recognised r)
{
	ss->releasing = true;
	do {
		release_held(ss, s, r);
		r = hold_of(s) != NULL ? recognise(ss, s) : RECOGNISED_NOT_YET;
	} while (r != RECOGNISED_NOT_YET);
	ss->releasing = false;
}

bool hold_run(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	static const struct kept_limit all = { .head = HELD_SIZE };
	enum recognised r;

	if (s->first == NULL) {
		r = d == FROM_CLIENT ? recognise_client(run->bytes) : recognise_server(run->bytes);
		if (r != RECOGNISED_NOT_YET) {
			session_decide(s, r);
			return false;
		}
		if (exchange_begin(ss, s) == NULL) {
			s->kind = SESSION_IGNORED;
			return true;
		}
	}
	if (d == FROM_CLIENT)
		exchange_request_packet(ss, s->first, run);
	else
		exchange_response_packet(ss, s->first, run);
	kept_add(&s->first->parts[d == FROM_CLIENT ? PART_CLIENT_STREAM : PART_SERVER_STREAM], ss->chunks, &all,
		 run->bytes, run->packet, run->time_ns);
	r = recognise(ss, s);
	if (r != RECOGNISED_NOT_YET && !ss->releasing)
		hold_release(ss, s, r);
	return true;
}
