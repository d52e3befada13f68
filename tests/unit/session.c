/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From packets to cases: what is told of requests, responses, raw streams, losses and ends. */
#include "tests/unit/session_world.h"

#include "dataplane/case/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define REQUEST "GET /a%20b?x=evil HTTP/1.1\r\nHost: Example.org:8080\r\n\r\n"

static bool part_is(const struct world *w, size_t n, enum part_kind kind, const char *text, uint32_t gaps)
{
	const struct case_part *p = &w->cases[n].record.parts[kind];

	return p->present && p->gaps == gaps && bytes_equal(p->head, bytes_text(text)) && p->tail.left == 0;
}

static uint64_t digest_of(const char *text)
{
	struct digest d = { 0 };

	digest_add(&d, bytes_text(text));
	return digest_value(&d);
}

static void a_request_and_its_response_become_one_case(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_HTTP_URI, "/a b?x=evil", false);
	const struct case_record *c = &w->cases[0].record;

	world_open(w);
	world_say(w, FROM_CLIENT, "GET /a%20b?x=ev");
	world_say(w, FROM_CLIENT, &REQUEST[15]);
	world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
	world_say(w, FROM_SERVER, "56789");
	world_read(w);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(c->state, CASE_DONE);
	assert_int_equal(c->app, APP_HTTP);
	assert_int_equal(c->alerts_count, 1);
	assert_true(part_is(w, 0, PART_REQUEST_HEAD, REQUEST, 0));
	assert_true(part_is(w, 0, PART_RESPONSE_BODY, "0123456789", 0));
	assert_false(c->parts[PART_REQUEST_BODY].present);
	assert_int_equal(c->request_first_packet, 3);
	assert_int_equal(c->request_last_packet, 4);
	assert_int_equal(c->response_first_packet, 5);
	assert_int_equal(c->response_last_packet, 6);
	assert_int_equal(case_part_mark(&c->parts[PART_RESPONSE_BODY], 5)->packet, 6);
	assert_int_equal(case_part_mark(&c->parts[PART_REQUEST_HEAD], 14)->packet, 3);
	assert_int_equal(case_part_mark(&c->parts[PART_REQUEST_HEAD], 15)->packet, 4);
	assert_true(c->client_seen && c->server_seen && !c->request_answered_early && !c->response_retransmitted);
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	world_free(w);
}

static void history_tells_requests_and_responses_without_any_rule(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_HTTP_URI, NULL, false);
	const struct history *h;

	world_open(w);
	world_say(w, FROM_CLIENT, REQUEST);
	world_say(w, FROM_SERVER, "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n"
				  "Transfer-Encoding: chunked\r\n\r\n4;x=y\r\nno s\r\n5\r\nuch f\r\n3\r\nile\r\n0\r\nA: b\r\n\r\n");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 0);
	h = world_history(w, HISTORY_REQUEST, 0);
	assert_true(bytes_equal(h->name, bytes_text("/a%20b?x=evil")));
	assert_true(bytes_equal(h->host, bytes_text("Example.org:8080")));
	assert_true(bytes_equal(h->method, bytes_text("GET")));
	h = world_history(w, HISTORY_RESPONSE, 0);
	assert_int_equal(h->status, 404);
	assert_true(h->whole && !h->suspect);
	assert_int_equal(h->delay_ns, 1000000);
	assert_int_equal(h->body_len, 12);
	assert_true(h->body_digest == digest_of("no such file"));
	assert_true(bytes_equal(h->sample, bytes_text("no such file")));
	assert_true(bytes_equal(h->content_type, bytes_text("text/html")));
	assert_true(bytes_equal(h->name, bytes_text("/a%20b?x=evil")));
	world_free(w);
}

static void pipelined_requests_meet_their_own_responses(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_HTTP_URI, "/2", false);

	world_open(w);
	world_say(w, FROM_CLIENT, "GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n");
	world_say(w, FROM_SERVER, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
				  "HTTP/1.1 201 Two\r\nContent-Length: 99\r\n\r\nHTTP/1.1 203 Three\r\n\r\nto the end");
	world_fin(w, FROM_SERVER);
	world_read(w);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.tx_id, 1);
	assert_true(part_is(w, 0, PART_RESPONSE_HEAD, "HTTP/1.1 201 Two\r\nContent-Length: 99\r\n\r\n", 0));
	assert_false(w->cases[0].record.parts[PART_RESPONSE_BODY].present);
	assert_int_equal(world_history(w, HISTORY_RESPONSE, 2)->status, 203);
	assert_int_equal(world_history(w, HISTORY_RESPONSE, 2)->body_len, 10);
	assert_true(world_history(w, HISTORY_RESPONSE, 2)->whole);
	world_close(w, SESSION_CLOSED);
	world_free(w);
}

static void a_response_cut_off_says_so(void **state)
{
	static const struct {
		enum session_end end;
		uint32_t gaps;
	} rows[] = { { SESSION_RESET, PART_ENDED }, { SESSION_EXPIRED, PART_ENDED }, { SESSION_CAPTURE_ENDED, PART_OPEN } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);

		world_open(w);
		world_say(w, FROM_CLIENT, REQUEST);
		world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
		world_close(w, rows[i].end);
		assert_int_equal(w->cases_count, 1);
		assert_true(part_is(w, 0, PART_RESPONSE_BODY, "0123", rows[i].gaps));
		assert_false(world_history(w, HISTORY_RESPONSE, 0)->whole);
		world_free(w);
	}
}

static void a_body_until_close_is_whole_only_after_a_fin(void **state)
{
	for (unsigned fin = 0; fin < 2; fin++) {
		struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);

		world_open(w);
		world_say(w, FROM_CLIENT, REQUEST);
		world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\n\r\nall of it");
		if (fin)
			world_fin(w, FROM_SERVER);
		world_close(w, SESSION_RESET);
		assert_true(part_is(w, 0, PART_RESPONSE_BODY, "all of it", fin ? 0 : PART_ENDED));
		world_free(w);
	}
}

static void a_lost_packet_inside_a_body_leaves_a_gap_and_keeps_the_frame(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);
	const struct case_part *p = &w->cases[0].record.parts[PART_RESPONSE_BODY];

	world_open(w);
	world_say(w, FROM_CLIENT, REQUEST);
	world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbefore");
	world_lose(w, FROM_SERVER, 89);
	world_say(w, FROM_SERVER, "after");
	world_say(w, FROM_CLIENT, REQUEST);
	world_say(w, FROM_SERVER, "HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\n!");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 2);
	assert_int_equal(p->gaps, PART_LOST);
	assert_int_equal(p->seen, 100);
	assert_true(bytes_equal(p->head, bytes_text("before")) && bytes_equal(p->tail, bytes_text("after")));
	assert_true(part_is(w, 1, PART_RESPONSE_BODY, "!", 0));
	world_free(w);
}

static void a_lost_response_does_not_shift_the_next_one(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);

	world_open(w);
	world_say(w, FROM_CLIENT, REQUEST);
	world_lose(w, FROM_SERVER, 300);
	world_say(w, FROM_CLIENT, "GET /other?evil HTTP/1.1\r\n\r\n");
	world_say(w, FROM_SERVER, "HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\n!");
	world_say(w, FROM_CLIENT, "GET /last HTTP/1.1\r\n\r\n");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 2);
	assert_int_equal(w->cases[0].record.tx_id, 0);
	assert_int_equal(w->cases[0].record.parts[PART_RESPONSE_HEAD].seen, 0);
	assert_true(w->cases[0].record.parts[PART_RESPONSE_HEAD].gaps & PART_LOST);
	assert_int_equal(w->cases[1].record.tx_id, 1);
	assert_true(part_is(w, 1, PART_RESPONSE_BODY, "!", 0));
	world_free(w);
}

static void one_direction_alone_is_told_as_far_as_it_goes(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);
	const struct case_record *c = &w->cases[0].record;

	w->session = session_open(w->sessions, &w->client, 77, w->now_ns, false);
	world_say(w, FROM_CLIENT, REQUEST);
	world_close(w, SESSION_EXPIRED);
	assert_int_equal(w->cases_count, 1);
	assert_true(c->client_seen && !c->server_seen);
	assert_int_equal(c->parts[PART_RESPONSE_HEAD].gaps, PART_UNSEEN | PART_ENDED);
	world_free(w);
}

static void a_response_without_its_request_is_a_transaction_too(void **state)
{
	struct world *w = world_new(FROM_SERVER, BUFFER_FILE_DATA, "uid", false);
	const struct case_record *c = &w->cases[0].record;

	w->session = session_open(w->sessions, &w->client, 77, w->now_ns, true);
	world_say(w, FROM_SERVER, "HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\nmy uid!");
	world_close(w, SESSION_EXPIRED);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(c->parts[PART_REQUEST_HEAD].gaps, PART_UNSEEN | PART_MIDSTREAM);
	assert_true(part_is(w, 0, PART_RESPONSE_BODY, "my uid!", 0));
	world_free(w);
}

static void a_long_wait_sends_the_case_open_and_then_done(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);

	world_open(w);
	world_say(w, FROM_CLIENT, REQUEST);
	assert_true(sessions_oldest(w->sessions) == w->now_ns);
	sessions_tick(w->sessions, w->now_ns + 9999999999u);
	world_read(w);
	assert_int_equal(w->cases_count, 0);
	sessions_tick(w->sessions, w->now_ns + 10000000000u);
	sessions_tick(w->sessions, w->now_ns + 20000000000u);
	world_read(w);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.state, CASE_OPEN);
	assert_int_equal(w->cases[0].record.parts[PART_RESPONSE_HEAD].gaps, PART_OPEN);
	assert_true(w->cases[0].record.client_seen && w->cases[0].record.server_seen);
	assert_true(sessions_oldest(w->sessions) == UINT64_MAX);
	world_say(w, FROM_SERVER, "HTTP/1.1 204 No Content\r\n\r\n");
	world_read(w);
	assert_int_equal(w->cases_count, 2);
	assert_int_equal(w->cases[1].record.state, CASE_DONE);
	assert_int_equal(w->cases[1].record.tx_id, w->cases[0].record.tx_id);
	world_close(w, SESSION_CLOSED);
	world_free(w);
}

static void a_large_response_keeps_its_head_and_its_tail(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);
	const struct case_part *p = &w->cases[0].record.parts[PART_RESPONSE_BODY];
	uint8_t block[1000];

	world_open(w);
	world_say(w, FROM_CLIENT, REQUEST);
	world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n");
	for (unsigned i = 0; i < 300; i++) {
		memset(block, (int)i, sizeof(block));
		world_send(w, FROM_SERVER, block, sizeof(block));
	}
	world_close(w, SESSION_CLOSED);
	assert_int_equal(p->gaps, PART_BOUND);
	assert_int_equal(p->seen, 300000);
	assert_int_equal(p->head.left, 48 << 10);
	assert_int_equal(p->tail.left, 16 << 10);
	for (size_t i = 0; i < p->head.left; i++)
		assert_int_equal(p->head.at[i], (uint8_t)(i / 1000));
	for (size_t i = 0; i < p->tail.left; i++)
		assert_int_equal(p->tail.at[i], (uint8_t)((300000 - p->tail.left + i) / 1000));
	assert_int_equal(case_part_mark(p, 299999)->packet, 4 + 300);
	assert_int_equal(case_part_mark(p, 20500)->packet, 4 + 21);
	world_free(w);
}

static void raw_streams_are_one_case_a_flow(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);
	const struct case_record *c = &w->cases[0].record;

	world_open(w);
	world_say(w, FROM_SERVER, "220 hello\r\n");
	world_say(w, FROM_CLIENT, "some ev");
	world_say(w, FROM_CLIENT, "il\n");
	world_say(w, FROM_SERVER, "answer\n");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(c->app, APP_UNKNOWN);
	assert_int_equal(c->request_last_packet, 5);
	assert_true(part_is(w, 0, PART_CLIENT_STREAM, "some evil\n", 0));
	assert_true(part_is(w, 0, PART_SERVER_STREAM, "220 hello\r\nanswer\n", 0));
	assert_true(bytes_equal(world_history(w, HISTORY_SENT, 0)->sample, bytes_text("220 hello\r\n")));
	assert_true(address_equal(&world_history(w, HISTORY_SENT, 1)->tuple.src, &w->client.src));
	world_free(w);
}

static void after_an_upgrade_the_flow_is_raw(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);

	world_open(w);
	world_say(w, FROM_CLIENT, "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	world_say(w, FROM_SERVER, "HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x03raw");
	world_say(w, FROM_CLIENT, "\x81\x04" "evil");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.tx_id, 1);
	assert_true(part_is(w, 0, PART_CLIENT_STREAM, "\x81\x04" "evil", 0));
	assert_true(part_is(w, 0, PART_SERVER_STREAM, "\x81\x03raw", 0));
	world_free(w);
}

static void contradicting_lengths_are_flagged_and_nothing_is_lost(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_HTTP_REQUEST_BODY, "evil", false);
	const struct case_record *c = &w->cases[0].record;

	world_open(w);
	world_say(w, FROM_CLIENT, "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
				  "4\r\nevil\r\nzz\r\nmore");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(c->parts[PART_REQUEST_HEAD].gaps, PART_MALFORMED);
	assert_true(c->parts[PART_REQUEST_BODY].gaps & PART_MALFORMED);
	assert_true(bytes_equal(c->parts[PART_REQUEST_BODY].head, bytes_text("evilzz\r\nmore")));
	world_free(w);
}

static void a_full_ring_makes_cases_wait_in_replay_and_drops_them_live(void **state)
{
	for (unsigned wait = 0; wait < 2; wait++) {
		struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", wait);
		struct sink s;
		unsigned filled = 0;

		while (ring_reserve(w->up, 1 << 18, &s) == 0) {
			sink_u8(&s, 99);
			ring_commit(w->up, 1 << 18);
			filled++;
		}
		while (ring_reserve(w->up, 64, &s) == 0)
			ring_commit(w->up, 64);
		world_open(w);
		world_say(w, FROM_CLIENT, REQUEST);
		world_say(w, FROM_SERVER, "HTTP/1.1 204 No Content\r\n\r\n");
		assert_int_equal(counter_get(&w->counters, DROP_CASE_RING), wait ? 0 : 1);
		assert_int_equal(counter_get(&w->counters, DROP_HISTORY_RING), wait ? 0 : 2);
		assert_true(sessions_flush(w->sessions) == !wait);
		assert_true((sessions_oldest(w->sessions) == UINT64_MAX) == !wait);
		for (struct bytes b; ring_peek(w->down, &b) == 0;)
			ring_release(w->down);
		assert_true(sessions_flush(w->sessions));
		world_read(w);
		assert_int_equal(w->cases_count, wait);
		assert_int_equal(w->history_count, wait * 2);
		world_close(w, SESSION_CLOSED);
		world_free(w);
	}
}

static void a_repeated_packet_makes_the_delay_no_evidence(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);

	world_open(w);
	world_say(w, FROM_CLIENT, REQUEST);
	w->next_seq[FROM_CLIENT] -= 5;
	world_send(w, FROM_CLIENT, &REQUEST[strlen(REQUEST) - 5], 5);
	world_say(w, FROM_SERVER, "HTTP/1.1 204 No Content\r\n\r\n");
	world_close(w, SESSION_CLOSED);
	assert_true(w->cases[0].record.response_retransmitted);
	assert_int_equal(world_history(w, HISTORY_RESPONSE, 0)->delay_ns, 0);
	world_free(w);
}

static void dns_questions_and_answers_are_told(void **state)
{
	static const uint8_t question[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07"
					  "example\x03org\x00\x00\x01\x00\x01";
	static const uint8_t answer[] = "\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x03www\x07"
					"example\x03org\x00\x00\x01\x00\x01\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x07";
	struct world *w = world_new(FROM_CLIENT, BUFFER_DNS_QUERY, NULL, false);
	const struct history *h;

	w->client.protocol = 17;
	w->client.dport = 53;
	w->session = session_open(w->sessions, &w->client, 77, w->now_ns, false);
	world_send(w, FROM_CLIENT, question, sizeof(question) - 1);
	world_send(w, FROM_SERVER, answer, sizeof(answer) - 1);
	world_close(w, SESSION_EXPIRED);
	h = world_history(w, HISTORY_DNS_QUESTION, 0);
	assert_true(bytes_equal(h->name, bytes_text("www.example.org")));
	assert_true(address_equal(&h->tuple.src, &w->client.src));
	h = world_history(w, HISTORY_DNS_ANSWER, 0);
	assert_int_equal(h->answers_count, 1);
	assert_int_equal(h->answers[0].raw[3], 7);
	assert_true(address_equal(&h->tuple.dst, &w->client.src));
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_and_its_response_become_one_case),
		cmocka_unit_test(history_tells_requests_and_responses_without_any_rule),
		cmocka_unit_test(pipelined_requests_meet_their_own_responses),
		cmocka_unit_test(a_response_cut_off_says_so),
		cmocka_unit_test(a_body_until_close_is_whole_only_after_a_fin),
		cmocka_unit_test(a_lost_packet_inside_a_body_leaves_a_gap_and_keeps_the_frame),
		cmocka_unit_test(a_lost_response_does_not_shift_the_next_one),
		cmocka_unit_test(one_direction_alone_is_told_as_far_as_it_goes),
		cmocka_unit_test(a_response_without_its_request_is_a_transaction_too),
		cmocka_unit_test(a_long_wait_sends_the_case_open_and_then_done),
		cmocka_unit_test(a_large_response_keeps_its_head_and_its_tail),
		cmocka_unit_test(raw_streams_are_one_case_a_flow),
		cmocka_unit_test(after_an_upgrade_the_flow_is_raw),
		cmocka_unit_test(contradicting_lengths_are_flagged_and_nothing_is_lost),
		cmocka_unit_test(a_full_ring_makes_cases_wait_in_replay_and_drops_them_live),
		cmocka_unit_test(a_repeated_packet_makes_the_delay_no_evidence),
		cmocka_unit_test(dns_questions_and_answers_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
