/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * WebSocket on a session: each message of the client's is a transaction, the server's messages that follow are its answer. It is
 * over when the client speaks again after the server did.
 */
#include "dataplane/session/inside.h"

#include <string.h>

enum { UNANSWERED_MAX = 4 /* messages of a client that wait for an answer at once; each keeps the answer */ };

static bool says(struct bytes value, const char *word)
{
	struct bytes wanted = bytes_text(word);

	for (size_t i = 0; i + wanted.left <= value.left; i++) {
		if (bytes_starts_fold(bytes_of(value.at + i, value.left - i), wanted))
			return true;
	}
	return false;
}

bool frames_agreed(struct session *s, const struct http_head *response)
{
	struct bytes extensions = http_head_value(response, "Sec-WebSocket-Extensions");

	if (response->status != 101 || !says(http_head_value(response, "Upgrade"), "websocket"))
		return false;
	s->deflates = says(extensions, "permessage-deflate");
	s->forgets[FROM_CLIENT] = says(extensions, "client_no_context_takeover");
	s->forgets[FROM_SERVER] = says(extensions, "server_no_context_takeover");
	return true;
}

void frames_begin(struct session *s)
{
	s->kind = SESSION_WEBSOCKET;
	s->app = APP_WEBSOCKET;
	for (unsigned i = 0; i < 2; i++)
		s->frames[i] = (struct websocket){ .compresses = s->deflates };
}

static enum part_kind stream_part(enum direction d)
{
	return d == FROM_CLIENT ? PART_CLIENT_STREAM : PART_SERVER_STREAM;
}

/* Whose message it is: the client's at hand, or every one that the server's may answer. */
static bool concerns(const struct session *s, const struct transaction *t, enum direction d)
{
	return d == FROM_CLIENT ? t == s->current[FROM_CLIENT] : t->request_done;
}

static void mark(struct session *s, enum direction d, enum part_gap why)
{
	for (struct transaction *t = s->first; t != NULL; t = t->next) {
		if (concerns(s, t, d)) {
			t->parts[stream_part(d)].present = true;
			t->parts[stream_part(d)].gaps |= why;
		}
	}
}

/* Bytes of a message, as they were before framing and compression. */
static void deliver(struct sessions *ss, struct session *s, enum direction d, const struct run *piece)
{
	for (struct transaction *t = s->first; t != NULL; t = t->next) {
		if (!concerns(s, t, d))
			continue;
		if (d == FROM_CLIENT)
			exchange_request_packet(ss, t, piece);
		else
			exchange_response_packet(ss, t, piece);
		if (t->carry[d].offset < RAW_DEPTH)
			scan_bytes(ss, t, d, BUFFER_PAYLOAD, piece->bytes);
		else
			counter_add(ss->counters, COUNTER_STREAM_BEYOND_DEPTH, piece->bytes.left);
		exchange_keep(ss, t, stream_part(d), piece);
	}
}

/* What this direction compresses cannot be followed any more, or not this message. */
static void lose_compression(struct sessions *ss, struct session *s, enum direction d)
{
	mark(s, d, PART_MALFORMED);
	inflater_give(ss->inflaters, s->inflaters[d]);
	s->inflaters[d] = NULL;
	s->deflate_lost[d] = true;
}

static void inflate_piece(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	struct bytes in = run->bytes;
	struct run piece = *run;
	uint8_t *room = ss->frames_room + SCAN_PIECE;
	int len;

	if (s->deflate_lost[d])
		return;
	if (s->inflaters[d] == NULL && (s->inflaters[d] = inflater_take(ss->inflaters)) == NULL) {
		counter_up(ss->counters, DROP_INFLATERS_FULL);
		lose_compression(ss, s, d);
		return;
	}
	while ((len = inflater_step(s->inflaters[d], &in, room, SCAN_PIECE)) > 0) {
		piece.bytes = bytes_of(room, (size_t)len);
		s->inflated[d] += (uint64_t)len;
		if (s->inflated[d] > RAW_DEPTH) { /* a few bytes may say gigabytes */
			counter_add(ss->counters, COUNTER_STREAM_BEYOND_DEPTH, in.left);
			lose_compression(ss, s, d);
			return;
		}
		deliver(ss, s, d, &piece);
	}
	if (len < 0) {
		counter_up(ss->counters, COUNTER_WEBSOCKET_MALFORMED);
		lose_compression(ss, s, d);
	}
}

static void message_begins(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	static const struct run line_end = { .bytes = { (const uint8_t *)"\n", 1 } };
	struct run between = *run;

	s->inflated[d] = 0;
	if (d == FROM_SERVER) { /* what two messages say is not one word */
		between.bytes = line_end.bytes;
		for (struct transaction *t = s->first; t != NULL; t = t->next) {
			if (concerns(s, t, d) && t->response.first_packet > 0)
				exchange_keep(ss, t, PART_SERVER_STREAM, &between);
		}
		return;
	}
	for (struct transaction *t = s->first, *next; t != NULL; t = next) {
		next = t->next;
		if (t->response.first_packet > 0)
			exchange_finish(ss, s, t, 0);
	}
	if (s->open >= UNANSWERED_MAX)
		exchange_finish(ss, s, s->first, PART_OPEN);
	s->current[FROM_CLIENT] = exchange_begin(ss, s);
	if (s->current[FROM_CLIENT] == NULL)
		s->kind = SESSION_IGNORED;
	else
		exchange_request_packet(ss, s->current[FROM_CLIENT], run);
}

static void message_ends(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	static const uint8_t flush[] = { 0, 0, 0xff, 0xff }; /* taken away by the sender: RFC 7692, 7.2.1 */
	struct run last = *run;

	if (s->frames[d].compressed) {
		last.bytes = bytes_of(flush, sizeof(flush));
		inflate_piece(ss, s, d, &last);
		if (s->forgets[d] && s->inflaters[d] != NULL)
			inflater_forget(s->inflaters[d]);
		s->deflate_lost[d] &= !s->forgets[d];
	}
	counter_up(ss->counters, COUNTER_WEBSOCKET_MESSAGES);
	for (struct transaction *t = s->first; t != NULL; t = t->next) {
		if (concerns(s, t, d))
			scan_verdicts(ss, s, t, d);
	}
	if (d == FROM_CLIENT && s->current[d] != NULL) {
		s->current[d]->request_done = true;
		s->current[d] = NULL;
	}
}

void frames_run(struct sessions *ss, struct session *s, enum direction d, struct run *run)
{
	struct run piece = *run;
	enum websocket_event e = WEBSOCKET_MORE;

	while (s->kind == SESSION_WEBSOCKET &&
	       (e = websocket_step(&s->frames[d], &run->bytes, ss->frames_room, SCAN_PIECE, &piece.bytes)) != WEBSOCKET_MORE) {
		if (e == WEBSOCKET_BEGIN) {
			message_begins(ss, s, d, &piece);
		} else if (e == WEBSOCKET_END) {
			message_ends(ss, s, d, &piece);
		} else if (e == WEBSOCKET_BROKEN) {
			frames_lost(ss, s, d, PART_MALFORMED);
		} else if (s->frames[d].compressed) {
			if (s->deflate_lost[d])
				mark(s, d, PART_MALFORMED);
			inflate_piece(ss, s, d, &piece);
		} else {
			deliver(ss, s, d, &piece);
		}
	}
}

void frames_lost(struct sessions *ss, struct session *s, enum direction d, enum part_gap why)
{
	counter_up(ss->counters, COUNTER_WEBSOCKET_MALFORMED);
	mark(s, d, why);
	exchange_finish_all(ss, s, 0);
	session_decide(s, RECOGNISED_RAW);
}

void frames_gap(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	if (!websocket_gap(&s->frames[d], run->gap)) {
		frames_lost(ss, s, d, gap_kind(run));
		return;
	}
	if (s->frames[d].compressed)
		lose_compression(ss, s, d);
	for (struct transaction *t = s->first; t != NULL; t = t->next) {
		if (!concerns(s, t, d))
			continue;
		kept_gap(&t->parts[stream_part(d)], ss->chunks, run->gap, gap_kind(run));
		scan_gap(t, d, run->gap);
	}
}

void frames_over(struct sessions *ss, struct session *s)
{
	if (s->kind == SESSION_WEBSOCKET && s->current[FROM_CLIENT] != NULL)
		mark(s, FROM_CLIENT, PART_ENDED);
	for (unsigned i = 0; i < 2; i++) {
		inflater_give(ss->inflaters, s->inflaters[i]);
		s->inflaters[i] = NULL;
	}
}
