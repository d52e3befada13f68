/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which response belongs to which request: where taps mix, where packets are lost, where there are too many. */
#include "tests/unit/session_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char first[] = "GET /first?word HTTP/1.1\r\nHost: a\r\n\r\n";
static const char second[] = "GET /second?word HTTP/1.1\r\nHost: a\r\n\r\n";

static void say_late(struct world *w, const char *text)
{
	w->next_seq[FROM_CLIENT] -= (uint32_t)strlen(text);
	world_say(w, FROM_CLIENT, text);
}

static void answer(struct world *w, const char *body)
{
	world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
	world_say(w, FROM_SERVER, body);
}

static void is_exchange(const struct case_record *c, const char *request, const char *body)
{
	const struct case_part *head = &c->parts[PART_REQUEST_HEAD], *answered = &c->parts[PART_RESPONSE_BODY];

	assert_true(bytes_equal(head->head, bytes_text(request)) && head->gaps == 0);
	assert_true(bytes_equal(answered->head, bytes_text(body)) && answered->gaps == 0);
	assert_false(c->request_answered_early);
}

static void a_request_that_comes_late_meets_its_response(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "word", false);

	world_open(w);
	world_say(w, FROM_CLIENT, "GET / HTTP/1.1\r\n\r\n");
	answer(w, "zzz");
	world_lose(w, FROM_CLIENT, strlen(first));
	answer(w, "abc");
	say_late(w, first);
	world_say(w, FROM_CLIENT, second);
	answer(w, "def");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 2);
	is_exchange(&w->cases[0].record, first, "abc");
	is_exchange(&w->cases[1].record, second, "def");
	/* the answer is told with what it answers */
	assert_true(bytes_equal(world_history(w, HISTORY_RESPONSE, 1)->name, bytes_text("/first?word")));
	world_free(w);
}

static void a_request_that_never_comes_leaves_the_next_one_its_own_response(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "word", false);

	world_open(w);
	world_say(w, FROM_CLIENT, "GET / HTTP/1.1\r\n\r\n");
	answer(w, "zzz");
	world_lose(w, FROM_CLIENT, strlen(first));
	answer(w, "abc");
	world_say(w, FROM_CLIENT, second);
	answer(w, "def");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	is_exchange(&w->cases[0].record, second, "def");
	assert_true(world_history(w, HISTORY_RESPONSE, 1)->name.left == 0);
	world_free(w);
}

static void a_late_request_that_loses_its_middle_says_so(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "word", false);

	world_open(w);
	world_say(w, FROM_CLIENT, "GET / HTTP/1.1\r\n\r\n");
	answer(w, "zzz");
	world_lose(w, FROM_CLIENT, strlen(first));
	answer(w, "abc");
	w->next_seq[FROM_CLIENT] -= (uint32_t)strlen(first);
	world_send(w, FROM_CLIENT, first, 20);
	w->next_seq[FROM_CLIENT] += 5;
	world_say(w, FROM_CLIENT, first + 25);
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_true(w->cases[0].record.parts[PART_REQUEST_HEAD].gaps & PART_LOST);
	assert_true(bytes_equal(w->cases[0].record.parts[PART_RESPONSE_BODY].head, bytes_text("abc")));
	world_free(w);
}

/* More requests at once than are followed: the oldest are cut, and their responses are nobody else's. */
static void responses_to_requests_that_were_cut_are_not_taken_for_others(void **state)
{
	enum { REQUESTS = 100, TOLD = 37 }; /* the first after those that are cut */
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "word", false);
	char text[128], body[4];

	world_open(w);
	for (unsigned i = 1; i <= REQUESTS; i++) {
		snprintf(text, sizeof(text), "GET /%03u%s HTTP/1.1\r\n\r\n", i, i == 2 || i == TOLD ? "?word" : "");
		world_say(w, FROM_CLIENT, text);
	}
	for (unsigned i = 1; i <= REQUESTS; i++) {
		snprintf(body, sizeof(body), "%03u", i);
		answer(w, body);
	}
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 2);
	assert_true(w->cases[0].record.parts[PART_RESPONSE_HEAD].gaps & PART_OPEN);
	is_exchange(&w->cases[1].record, "GET /037?word HTTP/1.1\r\n\r\n", "037");
	world_free(w);
}

/* Two taps, of which the server's is ahead by a whole connection that ends with the answer. */
static void a_connection_whose_server_is_ahead_is_whole(void **state)
{
	static const struct {
		const char *what;
		bool syn_first, asked_first; /* the SYN comes before the server's bytes; a first exchange does */
	} all[] = { { "all of the server's first", false, false }, { "after the SYN", true, false }, { "after an exchange", true, true } };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "word", false);

		world_handshake(w, all[i].syn_first, !all[i].syn_first);
		if (all[i].asked_first) {
			world_say(w, FROM_CLIENT, "GET / HTTP/1.1\r\n\r\n");
			answer(w, "zzz");
		}
		world_lose(w, FROM_CLIENT, strlen(first));
		answer(w, "abc");
		world_fin(w, FROM_SERVER);
		if (!all[i].syn_first)
			world_syn_late(w, strlen(first));
		say_late(w, first);
		world_fin(w, FROM_CLIENT);
		world_close(w, SESSION_CLOSED);
		assert_int_equal(w->cases_count, 1);
		is_exchange(&w->cases[0].record, first, "abc");
		assert_true(w->cases[0].record.client_seen && w->cases[0].record.server_seen);
		world_free(w);
	}
}

/* Where only the server's side is captured nobody waits for ever, and what is said of the request is that. */
static void a_client_that_is_never_seen_is_not_waited_for(void **state)
{
	struct world *w = world_new(FROM_SERVER, BUFFER_PAYLOAD, "word", false);
	const struct case_part *head;

	world_handshake(w, false, true);
	world_lose(w, FROM_CLIENT, strlen(first));
	world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nword");
	world_fin(w, FROM_SERVER);
	sessions_tick(w->sessions, w->now_ns + UINT64_C(11000000000));
	assert_true(sessions_flush(w->sessions));
	world_read(w);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.state, CASE_DONE);
	head = &w->cases[0].record.parts[PART_REQUEST_HEAD];
	assert_true(head->gaps & PART_UNSEEN);
	assert_false(head->gaps & PART_LOST);
	assert_false(w->cases[0].record.client_seen);
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_that_comes_late_meets_its_response),
		cmocka_unit_test(a_request_that_never_comes_leaves_the_next_one_its_own_response),
		cmocka_unit_test(a_late_request_that_loses_its_middle_says_so),
		cmocka_unit_test(a_connection_whose_server_is_ahead_is_whole),
		cmocka_unit_test(a_client_that_is_never_seen_is_not_waited_for),
		cmocka_unit_test(responses_to_requests_that_were_cut_are_not_taken_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
