/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fragments: any order, overlaps, what never becomes whole, and a pool that is full. */
#include "dataplane/decode/fragment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct counters counters;
static struct fragments *pool;
static uint8_t data[65536];
static const uint64_t second_ns = 1000000000u;

static int set_up(void **state)
{
	memset(&counters, 0, sizeof(counters));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 256);
	return fragments_new(4, &counters, &pool);
}

static int tear_down(void **state)
{
	fragments_free(pool);
	return 0;
}

static bool add(uint32_t id, uint32_t offset, size_t len, bool more, uint64_t now_ns, struct bytes *ret)
{
	struct decoded d = {
		.outcome = DECODE_FRAGMENT,
		.packet.tuple = { .src.family = 4, .dst.family = 4, .protocol = 17 },
		.fragment = { .data = bytes_of(data + offset, len), .id = id, .offset = offset, .more = more },
	};

	return fragments_add(pool, &d, now_ns, ret);
}

static void expect_whole(struct bytes b, size_t len)
{
	assert_int_equal(b.left, len);
	assert_memory_equal(b.at, data, len);
}

static void pieces_in_any_order_make_the_datagram(void **state)
{
	static const unsigned orders[][3] = { { 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 }, { 2, 0, 1 } };
	static const struct { uint32_t offset; size_t len; bool more; } pieces[] = {
		{ 0, 1480, true }, { 1480, 1480, true }, { 2960, 77, false },
	};
	struct bytes b;

	for (uint32_t i = 0; i < COUNT_OF(orders); i++) {
		for (unsigned j = 0; j < 3; j++) {
			unsigned p = orders[i][j];

			assert_int_equal(add(i, pieces[p].offset, pieces[p].len, pieces[p].more, 1, &b), j == 2);
		}
		expect_whole(b, 2960 + 77);
	}
	assert_int_equal(counter_get(&counters, COUNTER_REASSEMBLED), 4);
	assert_int_equal(counter_get(&counters, DROP_FRAGMENT), 0);
}

static void of_overlapping_bytes_the_first_stay(void **state)
{
	uint8_t forged[16] = { 0 };
	struct decoded d = {
		.packet.tuple = { .src.family = 4, .dst.family = 4, .protocol = 17 },
		.fragment = { .data = bytes_of(forged, sizeof(forged)), .id = 9, .offset = 0, .more = true },
	};
	struct bytes b;

	memset(forged, 0xee, sizeof(forged));
	assert_false(add(9, 0, 16, true, 1, &b));
	assert_false(fragments_add(pool, &d, 1, &b));
	assert_true(add(9, 8, 20, false, 1, &b));
	expect_whole(b, 28);
	assert_int_equal(counter_get(&counters, COUNTER_FRAGMENT_OVERLAP), 2);
}

static void an_end_that_contradicts_an_earlier_one_is_refused(void **state)
{
	struct bytes b;

	assert_false(add(1, 64, 20, false, 1, &b));
	assert_false(add(1, 64, 64, true, 1, &b));  /* goes on behind the end */
	assert_false(add(1, 32, 10, false, 1, &b)); /* another end */
	assert_int_equal(counter_get(&counters, DROP_FRAGMENT_BAD), 2);
	assert_true(add(1, 0, 64, true, 1, &b));
	expect_whole(b, 84);
}

static void what_waits_too_long_is_given_up_and_counted(void **state)
{
	struct bytes b;

	assert_false(add(1, 0, 8, true, second_ns, &b));
	assert_false(add(1, 8, 8, true, 2 * second_ns, &b));
	fragments_tick(pool, 31 * second_ns);
	assert_int_equal(counter_get(&counters, DROP_FRAGMENT), 0);
	fragments_tick(pool, 32 * second_ns);
	assert_int_equal(counter_get(&counters, DROP_FRAGMENT), 2);
	assert_false(add(1, 16, 8, false, 33 * second_ns, &b));
}

static void a_full_pool_gives_up_the_oldest(void **state)
{
	struct bytes b;

	for (uint32_t id = 0; id < 5; id++)
		assert_false(add(id, 0, 8, true, id + 1, &b));
	assert_int_equal(counter_get(&counters, DROP_FRAGMENT), 1);
	assert_true(add(4, 8, 3, false, 9, &b));
	expect_whole(b, 11);
	assert_false(add(0, 8, 3, false, 9, &b));
	fragments_reset(pool);
	assert_int_equal(counter_get(&counters, DROP_FRAGMENT), 5);
}

static void the_longest_datagram_fits(void **state)
{
	struct bytes b;
	uint32_t at = 0;

	for (; at + 1480 < 65535; at += 1480)
		assert_false(add(1, at, 1480, true, 1, &b));
	assert_true(add(1, at, 65535 - at, false, 1, &b));
	expect_whole(b, 65535);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pieces_in_any_order_make_the_datagram, set_up, tear_down),
		cmocka_unit_test_setup_teardown(of_overlapping_bytes_the_first_stay, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_end_that_contradicts_an_earlier_one_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_waits_too_long_is_given_up_and_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_pool_gives_up_the_oldest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_longest_datagram_fits, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
