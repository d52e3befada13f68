/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What control remembers: order, sides, bounds. */
#include "config/settings.h"
#include "control/judge/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct history record_at(uint64_t time_ns, uint8_t from, uint8_t to, enum history_kind kind)
{
	struct history h = { .kind = kind, .time_ns = time_ns, .packet = time_ns };

	h.tuple.src = (struct address){ .family = 4, .raw = { 192, 0, 2, from } };
	h.tuple.dst = (struct address){ .family = 4, .raw = { 192, 0, 2, to } };
	return h;
}

static unsigned count(const struct memory *m, uint8_t address, enum memory_side side, enum history_kind kind,
                      uint64_t from_ns, uint64_t to_ns)
{
	struct memory_query q = { .address = { .family = 4, .raw = { 192, 0, 2, address } }, .side = side,
	                          .kinds = 1u << kind, .from_ns = from_ns, .to_ns = to_ns };
	struct memory_cursor c;
	const struct history *h = NULL;
	uint64_t last = 0;
	unsigned n = 0;

	memory_seek(m, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		assert_true(h->time_ns >= last);
		last = h->time_ns;
		n++;
	}
	return n;
}

static void records_come_back_in_the_order_of_time(void **state)
{
	static const uint64_t times[] = { 50, 10, 40, 20, 30, 60 };
	struct memory *m = NULL;

	assert_int_equal(memory_new(1 << 20, NULL, &m), 0);
	for (size_t i = 0; i < COUNT_OF(times); i++) {
		struct history h = record_at(times[i], 1, 2, HISTORY_FLOW);

		assert_int_equal(memory_add(m, &h), 0);
	}
	assert_int_equal(count(m, 1, MEMORY_FROM, HISTORY_FLOW, 0, UINT64_MAX), 6);
	assert_int_equal(count(m, 1, MEMORY_FROM, HISTORY_FLOW, 20, 40), 3);
	assert_int_equal(count(m, 1, MEMORY_TO, HISTORY_FLOW, 0, UINT64_MAX), 0);
	assert_int_equal(count(m, 2, MEMORY_TO, HISTORY_FLOW, 60, 60), 1);
	assert_int_equal(count(m, 2, MEMORY_TO, HISTORY_ICMP_ECHO, 0, UINT64_MAX), 0);
	assert_int_equal(count(m, 9, MEMORY_TO, HISTORY_FLOW, 0, UINT64_MAX), 0);
	memory_free(m);
}

static struct network one(uint8_t last, unsigned bits)
{
	return (struct network){ { .family = 4, .raw = { 192, 0, 2, last } }, bits };
}

static void the_addresses_of_a_site_are_one(void **state)
{
	const struct site_setting settings[] = {
		{ .networks_count = 3, .networks = { one(1, 32), one(64, 27), one(9, 32) } },
		{ .networks_count = 2, .networks = { one(2, 32), one(9, 32) } },
		{ .networks_count = 1, .networks = { one(3, 32) } },
	};
	const struct sites sites = { settings, COUNT_OF(settings) };
	static const uint8_t from[] = { 1, 64, 95, 96, 9, 2 };
	struct memory *m = NULL;
	struct address group;

	assert_int_equal(memory_new(64 << 10, &sites, &m), 0);
	for (unsigned i = 0; i < COUNT_OF(from); i++) {
		struct history h = record_at(i + 1, from[i], 200, HISTORY_FLOW);

		assert_int_equal(memory_add(m, &h), 0);
	}
	assert_int_equal(count(m, 1, MEMORY_FROM, HISTORY_FLOW, 0, UINT64_MAX), 4);
	assert_int_equal(count(m, 70, MEMORY_FROM, HISTORY_FLOW, 0, UINT64_MAX), 4);
	assert_int_equal(count(m, 2, MEMORY_FROM, HISTORY_FLOW, 0, UINT64_MAX), 2);
	assert_int_equal(count(m, 96, MEMORY_FROM, HISTORY_FLOW, 0, UINT64_MAX), 1);
	assert_int_equal(count(m, 200, MEMORY_TO, HISTORY_FLOW, 0, UINT64_MAX), 6);
	for (unsigned i = 0; i < 1000; i++) { /* they fall out of every line that they stand in */
		struct history h = record_at(100 + i, i % 2 != 0 ? 9 : 70, i % 3 != 0 ? 2 : 1, HISTORY_FLOW);

		assert_int_equal(memory_add(m, &h), 0);
	}
	assert_true(memory_lost(m) > 0);
	assert_int_equal(count(m, 1, MEMORY_FROM, HISTORY_FLOW, 0, 99), 0);
	group = site_group(&sites, &settings[1].networks[0].address);
	assert_true(address_equal(&group, &settings[0].networks[0].address));
	group = site_group(&sites, &settings[2].networks[0].address);
	assert_true(address_equal(&group, &settings[2].networks[0].address));
	memory_free(m);
}

static void what_it_keeps_is_a_copy(void **state)
{
	char name[] = "/a?b=c";
	struct history h = record_at(1, 1, 2, HISTORY_REQUEST);
	struct memory_query q = { .address = h.tuple.dst, .side = MEMORY_TO, .kinds = 1u << HISTORY_REQUEST, .to_ns = 9 };
	struct memory_cursor c;
	struct memory *m = NULL;

	assert_int_equal(memory_new(1 << 20, NULL, &m), 0);
	h.name = bytes_text(name);
	assert_int_equal(memory_add(m, &h), 0);
	memset(name, 'x', sizeof(name) - 1);
	memory_seek(m, &q, &c);
	assert_true(bytes_equal(memory_next(&c)->name, bytes_text("/a?b=c")));
	memory_free(m);
}

static void the_oldest_make_room_and_are_counted(void **state)
{
	struct memory *m = NULL;

	assert_int_equal(memory_new(64 << 10, NULL, &m), 0);
	for (uint64_t t = 1; t <= 1000; t++) {
		struct history h = record_at(t, (uint8_t)t, (uint8_t)(t / 7), HISTORY_FLOW);

		assert_int_equal(memory_add(m, &h), 0);
	}
	assert_true(memory_lost(m) > 0 && memory_lost(m) < 1000);
	assert_int_equal(memory_lost_until_ns(m), memory_lost(m));
	assert_int_equal(count(m, (uint8_t)1000, MEMORY_FROM, HISTORY_FLOW, 1000, 1000), 1);
	memory_forget(m);
	assert_int_equal(memory_lost_until_ns(m), 0);
	assert_int_equal(count(m, (uint8_t)1000, MEMORY_FROM, HISTORY_FLOW, 0, UINT64_MAX), 0);
	memory_free(m);
}

static void many_addresses_are_found_again_while_others_go(void **state)
{
	struct memory *m = NULL;

	assert_int_equal(memory_new(1 << 20, NULL, &m), 0);
	for (uint64_t t = 1; t <= 20000; t++) {
		struct history h = record_at(t, 1, 2, HISTORY_FLOW);

		h.tuple.src.raw[1] = (uint8_t)(t >> 8);
		h.tuple.src.raw[3] = (uint8_t)t;
		assert_int_equal(memory_add(m, &h), 0);
		assert_int_equal(count(m, 2, MEMORY_TO, HISTORY_FLOW, t, t), 1);
	}
	memory_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_in_the_order_of_time),
		cmocka_unit_test(the_addresses_of_a_site_are_one),
		cmocka_unit_test(what_it_keeps_is_a_copy),
		cmocka_unit_test(the_oldest_make_room_and_are_counted),
		cmocka_unit_test(many_addresses_are_found_again_while_others_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
