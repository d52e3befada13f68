/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket on a session: which messages become a case, what is lost, and what turns out to be no WebSocket. */
#include "tests/unit/session_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define UPGRADE "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

static bool part_is(const struct world *w, size_t n, enum part_kind kind, const char *text, uint32_t gaps)
{
	const struct case_part *p = &w->cases[n].record.parts[kind];

	return p->present && p->gaps == gaps && bytes_equal(p->head, bytes_text(text)) && p->tail.left == 0;
}

static struct world *upgraded(void)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "evil", false);

	world_open(w);
	world_say(w, FROM_CLIENT, "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
	world_say(w, FROM_SERVER, UPGRADE);
	return w;
}

/* A masked frame of at most 125 bytes. */
static void say_masked(struct world *w, uint8_t first, const char *text)
{
	static const uint8_t mask[4] = { 0x5a, 0x11, 0xc3, 0x7e };
	uint8_t frame[6 + 125] = { first, (uint8_t)(0x80 | strlen(text)) };

	memcpy(frame + 2, mask, sizeof(mask));
	for (size_t i = 0; i < strlen(text); i++)
		frame[6 + i] = (uint8_t)text[i] ^ mask[i & 3];
	world_send(w, FROM_CLIENT, frame, 6 + strlen(text));
}

static void a_message_is_answered_by_those_that_follow(void **state)
{
	struct world *w = upgraded();

	say_masked(w, 0x81, "hello");
	world_say(w, FROM_SERVER, "\x81\x02hi");
	say_masked(w, 0x01, "ev");
	say_masked(w, 0x80, "il");
	world_say(w, FROM_SERVER, "\x81\x03one\x89\x01!\x01\x02tw");
	world_say(w, FROM_SERVER, "\x80\x01o");
	say_masked(w, 0x81, "thanks");
	world_say(w, FROM_SERVER, "\x81\x03" "bye");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.app, APP_WEBSOCKET);
	assert_int_equal(w->cases[0].record.state, CASE_DONE);
	assert_true(part_is(w, 0, PART_CLIENT_STREAM, "evil", 0));
	assert_true(part_is(w, 0, PART_SERVER_STREAM, "one\ntwo", 0));
	world_free(w);
}

static void bytes_lost_in_a_payload_leave_the_frames(void **state)
{
	struct world *w = upgraded();

	say_masked(w, 0x81, "evil");
	world_say(w, FROM_SERVER, "\x81\x0aone");
	world_lose(w, FROM_SERVER, 4);
	world_say(w, FROM_SERVER, "two\x81\x03" "six");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_true(w->cases[0].record.parts[PART_SERVER_STREAM].gaps & PART_LOST);
	assert_int_equal(w->cases[0].record.parts[PART_SERVER_STREAM].seen, 14);
	world_free(w);
}

static void a_lost_frame_says_so_and_the_rest_is_raw(void **state)
{
	struct world *w = upgraded();

	say_masked(w, 0x81, "evil");
	world_say(w, FROM_SERVER, "\x81\x03one");
	world_lose(w, FROM_SERVER, 9);
	world_say(w, FROM_SERVER, "something");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_true(w->cases[0].record.parts[PART_SERVER_STREAM].gaps & PART_LOST);
	assert_true(bytes_equal(w->cases[0].record.parts[PART_SERVER_STREAM].head, bytes_text("one")));
	world_free(w);
}

static void what_are_no_frames_is_raw(void **state)
{
	struct world *w = upgraded();

	world_say(w, FROM_CLIENT, "some evil text\n");
	world_say(w, FROM_SERVER, "answer\n");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(counter_get(&w->counters, COUNTER_WEBSOCKET_MALFORMED), 1);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.app, APP_UNKNOWN);
	world_free(w);
}

static void a_message_that_never_ends_is_cut(void **state)
{
	struct world *w = upgraded();

	say_masked(w, 0x01, "evil");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_true(w->cases[0].record.parts[PART_CLIENT_STREAM].gaps & PART_ENDED);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_answered_by_those_that_follow),
		cmocka_unit_test(bytes_lost_in_a_payload_leave_the_frames),
		cmocka_unit_test(a_lost_frame_says_so_and_the_rest_is_raw),
		cmocka_unit_test(what_are_no_frames_is_raw),
		cmocka_unit_test(a_message_that_never_ends_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
