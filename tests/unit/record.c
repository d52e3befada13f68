/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small records of the ring: what was written is read, and what is too short is refused. */
#include "control/wire/counters.h"
#include "control/wire/record.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void a_watermark_and_a_capture_mark_survive_the_wire(void **state)
{
	struct watermark w = { .time_ns = 1700000000123456789u, .packet = 42 }, w2;
	struct capture_mark c = { .index = 3, .error = EIO, .packets = 17, .last_ns = 18, .text = bytes_text("cut short") }, c2;
	uint8_t buf[128];
	struct sink s = sink_over(buf, sizeof(buf));
	struct bytes b;

	watermark_encode(&s, &w);
	capture_mark_encode(&s, &c);
	assert_int_equal(sink_done(&s, &b), 0);
	for (size_t cut = 0; cut < b.left; cut++) {
		struct bytes shorter = bytes_of(b.at, cut);

		assert_true(watermark_decode(&shorter, &w2) < 0 || capture_mark_decode(&shorter, &c2) < 0);
	}
	assert_int_equal(watermark_decode(&b, &w2), 0);
	assert_int_equal(capture_mark_decode(&b, &c2), 0);
	assert_int_equal(b.left, 0);
	assert_memory_equal(&w, &w2, sizeof(w));
	assert_int_equal(c2.index, 3);
	assert_int_equal(c2.error, EIO);
	assert_int_equal(c2.packets, 17);
	assert_true(bytes_equal(c2.text, bytes_text("cut short")));
}

static void every_counter_has_a_name_and_help_of_its_own(void **state)
{
	for (enum counter i = 0; i < COUNTER_COUNT; i++) {
		assert_non_null(counter_row(i)->name);
		assert_non_null(counter_row(i)->help);
		for (enum counter j = 0; j < i; j++)
			assert_string_not_equal(counter_row(i)->name, counter_row(j)->name);
	}
}

static void counters_survive_the_wire_and_other_tables_are_refused(void **state)
{
	static struct lane_counters c = { .lane = 5 }, c2;
	static uint8_t buf[8 + 8 * COUNTER_COUNT];
	struct sink s = sink_over(buf, sizeof(buf));
	struct bytes b;

	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		c.value[i] = i * 1000003u;
	counters_encode(&s, &c);
	assert_int_equal(sink_done(&s, &b), 0);
	for (size_t cut = 0; cut < b.left; cut++) {
		struct bytes shorter = bytes_of(b.at, cut);

		assert_int_equal(counters_decode(&shorter, &c2), -EBADMSG);
	}
	buf[4]++;
	assert_int_equal(counters_decode(&(struct bytes){ buf, sizeof(buf) }, &c2), -EBADMSG);
	buf[4]--;
	assert_int_equal(counters_decode(&b, &c2), 0);
	assert_int_equal(c2.lane, 5);
	assert_memory_equal(c.value, c2.value, sizeof(c.value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_watermark_and_a_capture_mark_survive_the_wire),
		cmocka_unit_test(every_counter_has_a_name_and_help_of_its_own),
		cmocka_unit_test(counters_survive_the_wire_and_other_tables_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
