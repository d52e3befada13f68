/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP/1 on a session: framing events become transactions. */
#include "dataplane/session/inside.h"

static void request_begins(struct sessions *ss, struct session *s, const struct run *run)
{
	struct transaction *t = s->current[FROM_CLIENT];

	if (t != NULL) /* its frame was lost in a gap */
		http_request_cut(ss, s, t, 0);
	t = pair_awaiting(s);
	if (t == NULL && (t = exchange_begin(ss, s)) == NULL) {
		s->kind = SESSION_IGNORED;
		return;
	}
	s->lost[FROM_CLIENT] = false;
	s->current[FROM_CLIENT] = t;
	exchange_request_packet(ss, t, run);
}

static void response_begins(struct sessions *ss, struct session *s, const struct run *run)
{
	struct transaction *t = s->current[FROM_SERVER];

	if (s->interim && t != NULL) {
		s->interim = false;
	} else {
		if (t != NULL) /* its frame was lost in a gap */
			exchange_finish(ss, s, t, PART_LOST);
		t = pair_answered(ss, s, run);
	}
	s->lost[FROM_SERVER] = false;
	if (t == NULL && (t = pair_unasked(ss, s, run)) == NULL) {
		s->kind = SESSION_IGNORED;
		return;
	}
	s->current[FROM_SERVER] = t;
	if (!t->request_done && s->lost[FROM_CLIENT])
		http_request_cut(ss, s, t, 0);
	t->early = !t->request_done && !t->awaited;
	t->response_begun = true;
	t->response_offset = run->offset;
	exchange_response_packet(ss, t, run);
}

/* The head in one piece, in the front of the room; MALFORMED where memory or the bound cut it. */
static struct bytes whole_head(struct sessions *ss, struct transaction *t, enum part_kind kind)
{
	struct sink room = sink_over(ss->room, HTTP1_HEAD_MAX);

	return kept_head(&t->parts[kind], &room);
}

static void mark_malformed(struct sessions *ss, struct transaction *t, enum part_kind kind)
{
	t->parts[kind].present = true;
	t->parts[kind].gaps |= PART_MALFORMED;
	counter_up(ss->counters, COUNTER_HTTP_MALFORMED);
}

static struct slice slice_of(struct bytes whole, struct bytes part)
{
	return part.left == 0 ? (struct slice){ 0 } :
				(struct slice){ .at = (uint32_t)(part.at - whole.at), .len = (uint32_t)part.left };
}

/* A request's head, or what there is of it: read, scanned, told. */
static void read_request(struct sessions *ss, struct transaction *t, struct http_head *h)
{
	struct bytes raw = whole_head(ss, t, PART_REQUEST_HEAD);

	http_head_read(raw, false, h);
	t->method = slice_of(raw, h->method);
	t->target = slice_of(raw, h->target);
	t->host = slice_of(raw, http_head_value(h, "Host"));
	t->body_at[FROM_CLIENT] = (uint32_t)raw.left;
	scan_request_head(ss, t, h, raw);
}

static void request_head_ends(struct sessions *ss, struct session *s, struct transaction *t)
{
	struct http_head *h = &ss->heads[FROM_CLIENT];
	uint64_t length = 0;
	enum http1_framing framing;

	read_request(ss, t, h);
	framing = http_head_framing(h, (struct bytes){ 0 }, &length);
	if (!kept_whole(&t->parts[PART_REQUEST_HEAD]))
		framing = HTTP1_UNTIL_CLOSE;
	if (h->malformed)
		mark_malformed(ss, t, PART_REQUEST_HEAD);
	http1_body(&s->http[FROM_CLIENT], framing, length);
}

static struct bytes method_of(struct sessions *ss, const struct transaction *t)
{
	struct sink room = sink_over(ss->room + HTTP1_HEAD_MAX, HTTP1_HEAD_MAX);

	return slice_in(kept_head(&t->parts[PART_REQUEST_HEAD], &room), t->method);
}

static void response_head_ends(struct sessions *ss, struct session *s, struct transaction *t)
{
	struct http_head *h = &ss->heads[FROM_SERVER];
	struct bytes raw = whole_head(ss, t, PART_RESPONSE_HEAD), method;
	uint64_t length = 0;
	enum http1_framing framing;

	method = method_of(ss, t);
	http_head_read(raw, true, h);
	if (h->status / 100 == 1 && h->status != 101) {
		kept_fini(&t->parts[PART_RESPONSE_HEAD], ss->chunks);
		t->response = (struct span){ 0 };
		s->interim = true;
		http1_body(&s->http[FROM_SERVER], HTTP1_NO_BODY, 0);
		return;
	}
	framing = http_head_framing(h, method, &length);
	if (!kept_whole(&t->parts[PART_RESPONSE_HEAD]))
		framing = HTTP1_UNTIL_CLOSE;
	if (h->malformed)
		mark_malformed(ss, t, PART_RESPONSE_HEAD);
	s->tunnel = http_head_tunnels(h, method);
	s->upgraded = s->tunnel && frames_agreed(s, h);
	if (s->tunnel)
		framing = HTTP1_NO_BODY;
	t->status = h->status;
	t->body_at[FROM_SERVER] = (uint32_t)raw.left;
	scan_response_head(ss, t, h, raw);
	http1_body(&s->http[FROM_SERVER], framing, length);
}

static void response_told(struct sessions *ss, struct transaction *t)
{
	tell_response(ss, t, kept_whole(&t->parts[PART_RESPONSE_HEAD]) && t->parts[PART_RESPONSE_BODY].gaps == 0);
}

/* The request that a response waited for is here, or will not come. */
static void awaited_no_more(struct sessions *ss, struct transaction *t)
{
	if (t->awaited && t->response_done)
		response_told(ss, t);
	t->awaited = false;
}

static void end_if_over(struct sessions *ss, struct session *s, struct transaction *t)
{
	if (t->request_done && t->response_done)
		exchange_finish(ss, s, t, 0);
}

static void request_ends(struct sessions *ss, struct session *s, struct transaction *t, const struct run *run)
{
	s->current[FROM_CLIENT] = NULL;
	t->request_done = true;
	t->request_end = run->offset + run->bytes.left;
	counter_up(ss->counters, COUNTER_HTTP_REQUESTS);
	scan_verdicts(ss, s, t, FROM_CLIENT);
	if (t->home) {
		http_head_read(whole_head(ss, t, PART_REQUEST_HEAD), false, &ss->heads[FROM_CLIENT]);
		tell_request(ss, t, &ss->heads[FROM_CLIENT]);
	}
	awaited_no_more(ss, t);
	end_if_over(ss, s, t);
}

void http_request_cut(struct sessions *ss, struct session *s, struct transaction *t, uint32_t reason)
{
	bool head_whole = t->body_at[FROM_CLIENT] > 0;
	struct kept *part = &t->parts[head_whole ? PART_REQUEST_BODY : PART_REQUEST_HEAD];

	part->present = true;
	/* of a client that was never seen nothing was lost on the way */
	part->gaps |= t->awaited && !s->seen[FROM_CLIENT] ? PART_UNSEEN : reason | (t->awaited ? PART_LOST : 0);
	if (!head_whole && part->head_len > 0)
		read_request(ss, t, &ss->heads[FROM_CLIENT]);
	if (s->current[FROM_CLIENT] == t)
		s->current[FROM_CLIENT] = NULL;
	t->request_done = true;
	scan_verdicts(ss, s, t, FROM_CLIENT);
	awaited_no_more(ss, t);
}

/* From here on both directions are something else: WebSocket, or maybe TLS or HTTP inside a tunnel, which is recognised anew. */
static void leave_http(struct session *s)
{
	s->kind = SESSION_UNDECIDED;
	s->app = APP_UNKNOWN;
	s->tunnel = s->interim = false;
	s->cut = 0;
	for (unsigned i = 0; i < 2; i++) {
		s->http[i] = (struct http1){ .response = i == FROM_SERVER };
		s->lost[i] = false;
	}
	if (s->upgraded)
		frames_begin(s);
	s->upgraded = false;
}

static void response_ends(struct sessions *ss, struct session *s, struct transaction *t)
{
	if (s->interim)
		return;
	s->current[FROM_SERVER] = NULL;
	t->response_done = true;
	counter_up(ss->counters, COUNTER_HTTP_RESPONSES);
	scan_verdicts(ss, s, t, FROM_SERVER);
	if (!t->awaited)
		response_told(ss, t);
	end_if_over(ss, s, t);
	if (s->tunnel) {
		exchange_finish_all(ss, s, PART_ENDED);
		leave_http(s);
	}
}

static void body_bytes(struct sessions *ss, struct transaction *t, enum direction d, const struct run *piece)
{
	if (d == FROM_SERVER) {
		t->body_len += piece->bytes.left;
		digest_add(&t->digest, piece->bytes);
	}
	/* scanned first: a hit in this very piece makes it worth keeping */
	scan_body(ss, t, d, piece->bytes);
	exchange_keep(ss, t, d == FROM_CLIENT ? PART_REQUEST_BODY : PART_RESPONSE_BODY, piece);
}

/* One event of the framing; piece is its run. t: whose message it is, NULL where there is none. */
static void http_event(struct sessions *ss, struct session *s, enum direction d, enum http1_event e,
		       const struct run *piece)
{
	bool client = d == FROM_CLIENT;
	struct transaction *t = s->current[d];

	if (ss->gathered_len > 0 && e != HTTP1_BODY)
		scan_gathered(ss, t, d);
	if (e == HTTP1_BEGIN) {
		if (client)
			request_begins(ss, s, piece);
		else
			response_begins(ss, s, piece);
		return;
	}
	if (t == NULL)
		return;
	if (client)
		exchange_request_packet(ss, t, piece);
	else
		exchange_response_packet(ss, t, piece);
	switch (e) {
	case HTTP1_HEAD:
		exchange_keep(ss, t, client ? PART_REQUEST_HEAD : PART_RESPONSE_HEAD, piece);
		break;
	case HTTP1_HEAD_END:
		if (client)
			request_head_ends(ss, s, t);
		else
			response_head_ends(ss, s, t);
		scan_urgent(ss, s, t, d);
		break;
	case HTTP1_HEAD_BROKEN:
		mark_malformed(ss, t, client ? PART_REQUEST_HEAD : PART_RESPONSE_HEAD);
		if (client)
			read_request(ss, t, &ss->heads[FROM_CLIENT]);
		break;
	case HTTP1_BODY_BROKEN:
		mark_malformed(ss, t, client ? PART_REQUEST_BODY : PART_RESPONSE_BODY);
		break;
	case HTTP1_END:
		if (client)
			request_ends(ss, s, t, piece);
		else
			response_ends(ss, s, t);
		break;
	default: /* bytes of the body, or such as follow a lost frame */
		body_bytes(ss, t, d, piece);
	}
}

void http_run(struct sessions *ss, struct session *s, enum direction d, struct run *run)
{
	struct bytes in = run->bytes;
	struct run piece = *run;
	enum http1_event e;

	while (s->kind == SESSION_HTTP && (e = http1_step(&s->http[d], &in, &piece.bytes)) != HTTP1_MORE) {
		piece.offset = run->offset + (size_t)(piece.bytes.at - run->bytes.at);
		http_event(ss, s, d, e, &piece);
	}
	if (ss->gathered_len > 0)
		scan_gathered(ss, s->current[d], d);
	if (s->current[d] != NULL)
		scan_urgent(ss, s, s->current[d], d);
	run->offset += (size_t)(in.at - run->bytes.at);
	run->bytes = in;
}

void http_gap(struct sessions *ss, struct session *s, enum direction d, const struct run *run)
{
	bool client = d == FROM_CLIENT, head = s->http[d].state == HTTP1_IN_HEAD;
	struct transaction *t = s->current[d], *late;

	while (client && (late = pair_awaiting(s)) != NULL) { /* what they waited for is lost */
		http_request_cut(ss, s, late, 0);
		end_if_over(ss, s, late);
	}
	if (!http1_gap(&s->http[d], run->gap))
		s->lost[d] = true;
	if (t == NULL)
		return;
	if (head)
		kept_gap(&t->parts[client ? PART_REQUEST_HEAD : PART_RESPONSE_HEAD], ss->chunks, run->gap,
			 gap_kind(run));
	else
		kept_gap(&t->parts[client ? PART_REQUEST_BODY : PART_RESPONSE_BODY], ss->chunks, run->gap,
			 gap_kind(run));
	if (!client && !head)
		t->body_len += run->gap;
	scan_gap(t, d, run->gap);
}

void http_over(struct sessions *ss, struct session *s, enum direction d, uint32_t reason)
{
	struct transaction *t = s->current[d];
	bool whole = http1_finish(&s->http[d]) && !s->lost[d];

	if (d == FROM_CLIENT && t != NULL) {
		http_request_cut(ss, s, t, whole ? 0 : reason);
		end_if_over(ss, s, t);
	}
	if (d == FROM_CLIENT)
		return;
	/* until close is a whole body only where the server closed */
	if (t != NULL && whole && !(reason & PART_OPEN) && t->body_at[FROM_SERVER] > 0 &&
	    stream_over(&s->streams[FROM_SERVER]))
		response_ends(ss, s, t);
}
