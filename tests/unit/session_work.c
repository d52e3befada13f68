/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hostile sender's bytes cost a lane about what any others do: bytes looked at are counted, not time. */
#include "tests/unit/session_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A rule whose word came, and whose other conditions wait for the rest of the stream. */
static void tiny_segments_of_a_suspect_stream_are_not_judged_each(void **state)
{
	enum { BYTES = 30000 };
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "word", false);
	uint64_t asked = 0;

	w->matcher.rules[0].never = true;
	w->matcher.asked = &asked;
	world_open(w);
	world_say(w, FROM_CLIENT, "\x01word ");
	for (unsigned i = 0; i < BYTES; i++)
		world_send(w, FROM_CLIENT, "x", 1);
	assert_true(asked > BYTES); /* late bytes were judged, too */
	assert_true(asked < BYTES * UINT64_C(40)); /* judged each: BYTES / 2 for each byte */
	world_close(w, SESSION_CLOSED);
	world_free(w);
}

static void what_trickles_in_is_judged_in_the_end(void **state)
{
	struct world *w = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "tail", false);

	w->matcher.rules[1] = (struct fake_rule){ FROM_CLIENT, BUFFER_PAYLOAD, "word", .never = true };
	w->matcher.count = 2;
	world_open(w);
	world_say(w, FROM_CLIENT, "\x01word ");
	for (unsigned i = 0; i < 5000; i++)
		world_send(w, FROM_CLIENT, "x", 1);
	world_say(w, FROM_CLIENT, "tail");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.alerts_count, 1);
	world_free(w);
}

static void chunks_of_one_byte_are_scanned_together(void **state)
{
	enum { CHUNKS = 200, PACKETS = 20 };
	struct world *w = world_new(FROM_SERVER, BUFFER_FILE_DATA, "none", false);
	uint64_t scanned = 0;
	char packet[CHUNKS * 6 + 1] = "";

	for (unsigned i = 0; i < CHUNKS; i++)
		memcpy(packet + i * 6, "1\r\nx\r\n", 6);
	world_open(w);
	world_say(w, FROM_CLIENT, "GET / HTTP/1.1\r\n\r\n");
	world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	w->matcher.scanned = &scanned;
	for (unsigned i = 0; i < PACKETS; i++)
		world_send(w, FROM_SERVER, packet, CHUNKS * 6);
	/* of each packet its bytes and what is carried over, as payload and as body */
	assert_true(scanned >= PACKETS * CHUNKS * UINT64_C(2));
	assert_true(scanned <= PACKETS * (CHUNKS + MATCH_CARRY) * UINT64_C(2));
	world_close(w, SESSION_CLOSED);
	world_free(w);
}

/* A word may lie over many chunks and several packets. */
static void a_word_in_chunks_of_one_byte_is_seen(void **state)
{
	struct world *w = world_new(FROM_SERVER, BUFFER_FILE_DATA, "evil", false);

	world_open(w);
	world_say(w, FROM_CLIENT, "GET / HTTP/1.1\r\n\r\n");
	world_say(w, FROM_SERVER, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n1\r\ne\r\n1\r\nv\r\n");
	world_say(w, FROM_SERVER, "1\r\ni\r\n1\r\nl\r\n1\r\nx\r\n0\r\n\r\n");
	world_close(w, SESSION_CLOSED);
	assert_int_equal(w->cases_count, 1);
	assert_int_equal(w->cases[0].record.alerts_count, 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tiny_segments_of_a_suspect_stream_are_not_judged_each),
		cmocka_unit_test(what_trickles_in_is_judged_in_the_end),
		cmocka_unit_test(chunks_of_one_byte_are_scanned_together),
		cmocka_unit_test(a_word_in_chunks_of_one_byte_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
