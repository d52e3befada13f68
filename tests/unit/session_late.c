/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures that mix two taps: one side's packets come later than the other's answers to them. */
#include "tests/unit/session_world.h"

#include <setjmp.h>
#include <stdarg.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_that_comes_late_meets_its_response),
		cmocka_unit_test(a_request_that_never_comes_leaves_the_next_one_its_own_response),
		cmocka_unit_test(a_late_request_that_loses_its_middle_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
