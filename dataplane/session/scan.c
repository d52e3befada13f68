/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A transaction's bytes to the matcher, and its buffers when the matcher asks for them. */
#include "dataplane/session/inside.h"

#include "dataplane/app/http_buffers.h"

#include <string.h>

/* One piece with what came before it, and its place in the direction's content. */
static void scan_piece(struct sessions *ss, struct transaction *t, enum direction d, enum buffer body_buffer,
		       struct bytes bytes)
{
	struct carry *c = &t->carry[d];
	uint64_t from = c->offset - c->len, body_at = t->body_at[d];
	struct bytes piece = bytes_of(ss->scan_room, c->len + bytes.left);

	memcpy(ss->scan_room, c->bytes, c->len);
	memcpy(ss->scan_room + c->len, bytes.at, bytes.left);
	c->offset += bytes.left;
	c->len = (uint16_t)(piece.left < MATCH_CARRY ? piece.left : MATCH_CARRY);
	memcpy(c->bytes, piece.at + piece.left - c->len, c->len);
	match_scan(t->rules->matcher, t->rules->scratch, &t->match, d, BUFFER_PAYLOAD, piece, from, false);
	if (body_buffer == BUFFER_PAYLOAD)
		return;
	if (from < body_at) { /* what is carried of the head is no part of the body */
		piece.at += body_at - from;
		piece.left -= body_at - from;
		from = body_at;
	}
	match_scan(t->rules->matcher, t->rules->scratch, &t->match, d, body_buffer, piece, from - body_at, false);
}

void scan_bytes(struct sessions *ss, struct transaction *t, enum direction d, enum buffer body_buffer,
		struct bytes bytes)
{
	while (bytes.left > 0) {
		struct bytes piece = bytes_of(bytes.at, bytes.left < SCAN_PIECE ? bytes.left : SCAN_PIECE);

		scan_piece(ss, t, d, body_buffer, piece);
		bytes.at += piece.left;
		bytes.left -= piece.left;
	}
}

static enum buffer body_buffer(enum direction d)
{
	return d == FROM_CLIENT ? BUFFER_HTTP_REQUEST_BODY : BUFFER_FILE_DATA;
}

void scan_gathered(struct sessions *ss, struct transaction *t, enum direction d)
{
	size_t len = ss->gathered_len;

	ss->gathered_len = 0;
	scan_bytes(ss, t, d, body_buffer(d), bytes_of(ss->gathered, len));
}

void scan_body(struct sessions *ss, struct transaction *t, enum direction d, struct bytes bytes)
{
	bool small = bytes.left < SMALL_PIECE;

	if (!small || ss->gathered_len + bytes.left > GATHERED_MAX)
		scan_gathered(ss, t, d);
	if (!small) {
		scan_bytes(ss, t, d, body_buffer(d), bytes);
	} else if (bytes.left > 0) {
		memcpy(ss->gathered + ss->gathered_len, bytes.at, bytes.left);
		ss->gathered_len += bytes.left;
	}
}

void scan_gap(struct transaction *t, enum direction d, uint64_t len)
{
	t->carry[d].offset += len;
	t->carry[d].len = 0;
}

/* The buffer of a message's head, in room where it is made. False: this head has no such buffer. */
static bool head_buffer(const struct http_head *h, enum buffer b, struct sink *room, struct bytes *ret)
{
	static const char *const fields[BUFFER_COUNT] = {
		[BUFFER_HTTP_COOKIE] = "Cookie", [BUFFER_HTTP_USER_AGENT] = "User-Agent",
		[BUFFER_HTTP_HOST_RAW] = "Host", [BUFFER_HTTP_REFERER] = "Referer",
		[BUFFER_HTTP_CONTENT_TYPE] = "Content-Type", [BUFFER_HTTP_ACCEPT] = "Accept",
		[BUFFER_HTTP_ACCEPT_ENCODING] = "Accept-Encoding", [BUFFER_HTTP_ACCEPT_LANGUAGE] = "Accept-Language",
		[BUFFER_HTTP_CONNECTION] = "Connection", [BUFFER_HTTP_CONTENT_LENGTH] = "Content-Length",
		[BUFFER_HTTP_LOCATION] = "Location", [BUFFER_HTTP_SERVER] = "Server",
	};
	const struct http_field *f;
	size_t from = room->used;

	if (fields[b] != NULL) {
		f = http_head_find(h, b == BUFFER_HTTP_COOKIE && h->response ? "Set-Cookie" : fields[b]);
		*ret = f != NULL ? f->value : (struct bytes){ 0 };
		return f != NULL;
	}
	switch (b) {
	case BUFFER_HTTP_METHOD:
		*ret = h->method;
		return !h->response;
	case BUFFER_HTTP_URI_RAW:
		*ret = h->target;
		return !h->response;
	case BUFFER_HTTP_REQUEST_LINE:
		*ret = h->first_line;
		return !h->response;
	case BUFFER_HTTP_HEADER_RAW:
		*ret = h->block;
		return true;
	case BUFFER_HTTP_STAT_CODE:
		*ret = h->status_text;
		return h->response;
	case BUFFER_HTTP_STAT_MSG:
		*ret = h->reason;
		return h->response;
	case BUFFER_HTTP_PROTOCOL:
		*ret = h->version;
		return h->version.left > 0;
	case BUFFER_HTTP_RESPONSE_LINE:
		*ret = h->first_line;
		return h->response;
	case BUFFER_HTTP_HEADER_NAMES:
		http_names_write(room, h);
		*ret = bytes_of(room->at + from, room->used - from);
		return true;
	case BUFFER_HTTP_START:
		http_start_write(room, h);
		*ret = bytes_of(room->at + from, room->used - from);
		return true;
	case BUFFER_HTTP_URI:
		http_uri_write(room, h->target);
		*ret = bytes_of(room->at + from, room->used - from);
		return !h->response;
	case BUFFER_HTTP_HEADER:
		http_header_write(room, h);
		*ret = bytes_of(room->at + from, room->used - from);
		return true;
	case BUFFER_HTTP_HOST:
		http_host_write(room, h);
		*ret = bytes_of(room->at + from, room->used - from);
		return !h->response && room->used > from;
	default:
		return false;
	}
}

static void scan_head(struct sessions *ss, struct transaction *t, enum direction d, const struct http_head *h,
		      struct bytes raw)
{
	/* raw may lie at the room's front: what is made goes behind it */
	struct sink room = sink_over(ss->room + HTTP1_HEAD_MAX, ROOM_SIZE - HTTP1_HEAD_MAX);
	struct bytes piece;

	for (enum buffer b = BUFFER_HTTP_METHOD; b < BUFFER_DNS_QUERY; b++) {
		if (match_looks(t->rules->matcher, d, b) && head_buffer(h, b, &room, &piece))
			match_scan(t->rules->matcher, t->rules->scratch, &t->match, d, b, piece, 0, true);
	}
	scan_bytes(ss, t, d, BUFFER_PAYLOAD, raw);
}

void scan_request_head(struct sessions *ss, struct transaction *t, const struct http_head *h, struct bytes raw)
{
	scan_head(ss, t, FROM_CLIENT, h, raw);
}

void scan_response_head(struct sessions *ss, struct transaction *t, const struct http_head *h, struct bytes raw)
{
	scan_head(ss, t, FROM_SERVER, h, raw);
}

/* What match_verdicts() asks from. */
struct source {
	struct sessions *ss;
	struct transaction *t;
	struct sink room;
};

/* Several kept parts one after the other, in one piece. */
static struct bytes joined(struct source *s, const struct kept *a, const struct kept *b)
{
	struct bytes first = kept_head(a, &s->room), second;
	size_t from = s->room.used;

	if (b->head_len == 0 || !kept_whole(a))
		return first;
	second = kept_head(b, &s->room);
	from = s->room.used;
	sink_put(&s->room, first.at, first.left);
	sink_put(&s->room, second.at, second.left);
	return s->room.overflow ? first : bytes_of(s->room.at + from, s->room.used - from);
}

static bool payload(struct source *s, enum direction d, struct bytes *ret, bool *whole)
{
	bool http = s->t->app == APP_HTTP, client = d == FROM_CLIENT;
	const struct kept *a = &s->t->parts[!http ? (client ? PART_CLIENT_STREAM : PART_SERVER_STREAM) :
					    client ? PART_REQUEST_HEAD : PART_RESPONSE_HEAD];
	const struct kept *b = &s->t->parts[client ? PART_REQUEST_BODY : PART_RESPONSE_BODY];

	*ret = http ? joined(s, a, b) : kept_head(a, &s->room);
	*whole = http && kept_whole(a) && kept_whole(b) && (client ? s->t->request_done : s->t->response_done);
	return a->present;
}

static bool body(struct source *s, enum direction d, struct bytes *ret, bool *whole)
{
	const struct kept *k = &s->t->parts[d == FROM_CLIENT ? PART_REQUEST_BODY : PART_RESPONSE_BODY];

	*ret = kept_head(k, &s->room);
	*whole = kept_whole(k) && (d == FROM_CLIENT ? s->t->request_done : s->t->response_done);
	return k->present;
}

static bool source_buffer(void *transaction, enum direction d, enum buffer b, struct bytes *ret, bool *whole)
{
	struct source *s = transaction;
	struct sessions *ss = s->ss;

	if (b == BUFFER_PAYLOAD)
		return payload(s, d, ret, whole);
	if (b == BUFFER_HTTP_REQUEST_BODY || b == BUFFER_FILE_DATA)
		return (b == BUFFER_FILE_DATA) == (d == FROM_SERVER) && body(s, d, ret, whole);
	*whole = true;
	if (b == BUFFER_DNS_QUERY) {
		*ret = ss->dns_name;
		return ss->dns_name.left > 0;
	}
	if (s->t->app != APP_HTTP || !s->t->parts[d == FROM_CLIENT ? PART_REQUEST_HEAD : PART_RESPONSE_HEAD].present)
		return false;
	if (!ss->heads_read[d]) {
		const struct kept *k = &s->t->parts[d == FROM_CLIENT ? PART_REQUEST_HEAD : PART_RESPONSE_HEAD];

		http_head_read(kept_head(k, &s->room), d == FROM_SERVER, &ss->heads[d]);
		ss->heads_read[d] = true;
	}
	return head_buffer(&ss->heads[d], b, &s->room, ret) && !s->room.overflow;
}

void scan_urgent(struct sessions *ss, struct session *s, struct transaction *t, enum direction d)
{
	if (match_urgent(t->rules->matcher, &t->match))
		scan_verdicts(ss, s, t, d);
}

void scan_verdicts(struct sessions *ss, struct session *s, struct transaction *t, enum direction d)
{
	struct source source = { .ss = ss, .t = t, .room = sink_over(ss->room, ROOM_SIZE) };
	struct match_source pulled = { .buffer = source_buffer, .transaction = &source,
				       .time_ns = t->request.first_packet > 0 ? t->request.last_ns : t->response.first_ns };
	struct case_alert alerts[CASE_ALERTS_MAX];
	uint32_t left = 0;
	unsigned count;

	if (!match_suspect(&t->match))
		return;
	ss->heads_read[FROM_CLIENT] = ss->heads_read[FROM_SERVER] = false;
	count = match_verdicts(t->rules->matcher, t->rules->scratch, &t->match, rules_flow(s, t), &pulled, d, alerts, COUNT_OF(alerts),
			       &left);
	if (count + left == 0)
		return;
	if (transaction_found(ss->transactions, t) == NULL) {
		counter_up(ss->counters, DROP_CASES_FULL);
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		if (t->found->count < CASE_ALERTS_MAX)
			t->found->alerts[t->found->count++] = alerts[i];
		else
			left++;
	}
	t->found->left += left;
}
