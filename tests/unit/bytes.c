/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cursors: bounds on both sides, and round trips. */
#include "control/wire/address.h"
#include "control/wire/utf8.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void reading_past_the_end_moves_nothing(void **state)
{
	uint8_t raw[3] = { 1, 2, 3 };
	struct bytes b = bytes_of(raw, sizeof(raw));
	uint32_t v = 77;

	assert_int_equal(bytes_u32le(&b, &v), -EBADMSG);
	assert_int_equal(v, 77);
	assert_int_equal(b.left, 3);
}

static void numbers_come_back_as_written(void **state)
{
	uint8_t raw[32];
	struct sink s = sink_over(raw, sizeof(raw));
	struct bytes b;
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	sink_u16le(&s, 0x1234);
	sink_u32le(&s, 0x56789abc);
	sink_u64le(&s, 0x0123456789abcdef);
	assert_int_equal(sink_done(&s, &b), 0);
	assert_int_equal(bytes_u16le(&b, &v16), 0);
	assert_int_equal(bytes_u32le(&b, &v32), 0);
	assert_int_equal(bytes_u64le(&b, &v64), 0);
	assert_int_equal(v16, 0x1234);
	assert_int_equal(v32, 0x56789abc);
	assert_true(v64 == 0x0123456789abcdef);
	assert_int_equal(b.left, 0);
}

static void a_run_longer_than_its_bound_is_refused(void **state)
{
	uint8_t raw[32];
	struct sink s = sink_over(raw, sizeof(raw));
	struct bytes b, run = { 0 };

	sink_text(&s, "twelve bytes");
	assert_int_equal(sink_done(&s, &b), 0);
	assert_int_equal(bytes_run(&b, 11, &run), -EBADMSG);
	assert_int_equal(bytes_run(&b, 12, &run), 0);
	assert_memory_equal(run.at, "twelve bytes", 12);
}

static void a_full_sink_says_so_and_keeps_its_bounds(void **state)
{
	uint8_t raw[8] = { 0 };
	struct sink s = sink_over(raw, 7);
	struct bytes b;

	sink_text(&s, "abcd");
	assert_int_equal(sink_done(&s, &b), -ENOSPC);
	assert_int_equal(raw[7], 0);
}

static void networks_hold_their_addresses(void **state)
{
	struct address a, net;

	assert_int_equal(address_parse("192.0.2.77", &a), 0);
	assert_int_equal(address_parse("192.0.2.64", &net), 0);
	assert_true(address_within(&a, &net, 26));
	assert_false(address_within(&a, &net, 29));
	assert_true(address_within(&a, &net, 0));
	assert_false(address_within(&a, &net, 33));
	assert_int_equal(address_parse("2001:db8::1", &net), 0);
	assert_false(address_within(&a, &net, 0));
	assert_int_equal(address_parse("192.0.2", &a), -EINVAL);
}

static void utf8_is_taken_in_its_shortest_form_only(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} samples[] = {
		{ "a", 1 }, { "\xc3\xa9x", 2 }, { "\xe2\x82\xac", 3 }, { "\xf0\x9f\x98\x80", 4 }, { "", 0 },
		{ "\x80", 0 }, { "\xc0\xae", 0 }, { "\xe0\x80\xae", 0 }, { "\xed\xa0\x80", 0 }, { "\xf4\x90\x80\x80", 0 },
		{ "\xe2\x82", 0 }, { "\xff", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(samples); i++)
		assert_int_equal(utf8_length(bytes_text(samples[i].text)), samples[i].len);
}

static void digits_of_bytes_end_with_a_nul(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x0f, 0xf0, 0xa5, 0xff };
	char text[2 * sizeof(bytes) + 1];

	memset(text, '?', sizeof(text));
	bytes_hex(bytes_of(bytes, sizeof(bytes)), text);
	assert_string_equal(text, "000ff0a5ff");
	bytes_hex((struct bytes){ 0 }, text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_past_the_end_moves_nothing),
		cmocka_unit_test(numbers_come_back_as_written),
		cmocka_unit_test(a_run_longer_than_its_bound_is_refused),
		cmocka_unit_test(a_full_sink_says_so_and_keeps_its_bounds),
		cmocka_unit_test(utf8_is_taken_in_its_shortest_form_only),
		cmocka_unit_test(networks_hold_their_addresses),
		cmocka_unit_test(digits_of_bytes_end_with_a_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
