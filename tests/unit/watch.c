/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the kernel takes packets over, and when it gives them back: falls at once, returns later each time. */
#include "dataplane/bypass/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const uint64_t ms = 1000000, start = UINT64_C(1000000000000);

static struct watch fresh(void)
{
	return (struct watch){ .stall_ns = 500 * ms, .return_ns = 5000 * ms, .bypassed = true };
}

/* Steps every 10 ms with a beat just now; the time when something happened, 0: nothing did within so long. */
static uint64_t live(struct watch *w, uint64_t from, uint64_t until, enum watch_news wanted)
{
	for (uint64_t t = from; t <= until; t += 10 * ms) {
		enum watch_news news = watch_step(w, t, true, t - ms);

		if (news != WATCH_AS_BEFORE) {
			assert_int_equal(news, wanted);
			return t;
		}
	}
	return 0;
}

static void the_first_start_is_believed_and_what_is_not_ready_is_not(void **state)
{
	struct watch w = fresh();

	assert_int_equal(watch_step(&w, start, false, start), WATCH_AS_BEFORE);
	assert_int_equal(watch_step(&w, start, true, 0), WATCH_AS_BEFORE);
	assert_int_equal(watch_step(&w, start, true, start - 500 * ms), WATCH_AS_BEFORE);
	assert_true(w.bypassed);
	assert_int_equal(watch_step(&w, start, true, start - 499 * ms), WATCH_RETURN);
	assert_false(w.bypassed);
}

static void silence_is_a_fall_once(void **state)
{
	struct watch w = fresh();

	assert_int_equal(watch_step(&w, start, true, start), WATCH_RETURN);
	assert_int_equal(watch_step(&w, start + 499 * ms, true, start), WATCH_AS_BEFORE);
	assert_int_equal(watch_step(&w, start + 500 * ms, true, start), WATCH_FALL);
	assert_int_equal(watch_step(&w, start + 600 * ms, true, start), WATCH_AS_BEFORE);
	assert_true(w.bypassed);
}

static void each_return_takes_twice_as_long_up_to_a_bound(void **state)
{
	struct watch w = fresh();
	uint64_t at = start, expected[] = { 5, 10, 20, 40, 80, 80, 80 };

	assert_int_equal(watch_step(&w, at, true, at), WATCH_RETURN);
	for (unsigned i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		uint64_t back;

		at += 600 * ms;
		assert_int_equal(watch_step(&w, at, true, at - 600 * ms), WATCH_FALL);
		back = live(&w, at + ms, at + 200000 * ms, WATCH_RETURN);
		assert_in_range(back - at, expected[i] * 1000 * ms, expected[i] * 1000 * ms + 20 * ms);
		at = back;
	}
}

static void what_flaps_is_not_well(void **state)
{
	struct watch w = fresh();
	uint64_t at = start;

	assert_int_equal(watch_step(&w, at, true, at), WATCH_RETURN);
	assert_int_equal(watch_step(&w, at + 600 * ms, true, at), WATCH_FALL);
	for (unsigned i = 0; i < 20; i++) { /* four seconds well, then a moment of silence */
		assert_int_equal(live(&w, at + 1000 * ms, at + 5000 * ms, WATCH_RETURN), 0);
		at += 6000 * ms;
		assert_int_equal(watch_step(&w, at, true, at - 700 * ms), WATCH_AS_BEFORE);
	}
}

static void falls_of_long_ago_are_forgiven(void **state)
{
	struct watch w = fresh();
	uint64_t at;

	w.falls = 4;
	at = live(&w, start, start + 200000 * ms, WATCH_RETURN);
	assert_int_not_equal(at, 0);
	assert_int_equal(live(&w, at + ms, at + 610000 * ms, WATCH_FALL), 0);
	assert_int_equal(w.falls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_start_is_believed_and_what_is_not_ready_is_not),
		cmocka_unit_test(silence_is_a_fall_once),
		cmocka_unit_test(each_return_takes_twice_as_long_up_to_a_bound),
		cmocka_unit_test(what_flaps_is_not_well),
		cmocka_unit_test(falls_of_long_ago_are_forgiven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
