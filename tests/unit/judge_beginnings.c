/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging by the harmless beginnings of values: where they alone decide what is answered, what follows them is data. */
#include "control/judge/quoting.h"
#include "control/judge/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Answers to what begins with a 1 and with a 0: 1=1, 1=2, a quote that is left open, a sleep; two others. */
static bool decides(const char *ones, const char *zeros, uint64_t late_ns)
{
	static const enum series_truth truths[] = { TRUTH_TRUE, TRUTH_FALSE, TRUTH_NONE, TRUTH_TRUE };
	struct series *s = calloc(1, sizeof(*s));
	struct attempt a;
	bool decided;

	assert_non_null(s);
	for (unsigned i = 0; i < 6; i++) {
		bool one = i < 4;

		a = (struct attempt){ .transaction = i + 1, .value = i + 1, .base = one ? 1 : 2, .shape = i, .status = 200,
		                      .answer = (uint64_t)(one ? ones[i] : zeros[i - 4]), .truth = one ? truths[i] : TRUTH_NONE,
		                      .broken = i == 2 ? QUOTING_BARE : 0, .waits = i == 3, .late_ns = i == 3 ? late_ns : 0 };
		series_note(s, &a);
	}
	decided = series_base_decides(s, &s->at[0]);
	free(s);
	return decided;
}

static void where_the_beginning_of_a_value_decides_the_rest_is_data(void **state)
{
	assert_true(decides("xxxx", "yy", 0));
	/* what is true and false differ; nothing makes a difference; the sleep held it up; the other pages differ too */
	assert_false(decides("xyyx", "yy", 0));
	assert_false(decides("xxxx", "xx", 0));
	assert_false(decides("xxxx", "yy", 3));
	assert_false(decides("xxxx", "yz", 0));
	assert_false(decides("xxyx", "yy", 0));
}

/* What begins with a 1: a quote left open, a sleep, another; and one that begins with a 0. */
static bool data_by_sleep(const char *answers, unsigned broken, uint64_t late_ns)
{
	struct series *s = calloc(1, sizeof(*s));
	bool decided;

	assert_non_null(s);
	for (unsigned i = 0; i < 4; i++) {
		struct attempt a = { .transaction = i + 1, .value = i + 1, .base = i < 3 ? 1 : 2, .shape = i, .status = 200, .leaves = QUOTING_BARE,
		                     .answer = (uint64_t)answers[i], .broken = i == 0 ? broken : 0, .waits = i == 1, .late_ns = i == 1 ? late_ns : 0 };

		series_note(s, &a);
	}
	decided = series_base_decides(s, &s->at[2]);
	free(s);
	return decided;
}

static void a_broken_statement_and_a_sleep_that_are_answered_at_once_as_a_sound_one_are_data(void **state)
{
	assert_true(data_by_sleep("xxxy", QUOTING_BARE, 0));
	/* one page for all; the sleep held it up; what was broken is another quoting; the broken one is an error */
	assert_false(data_by_sleep("xxxx", QUOTING_BARE, 0));
	assert_false(data_by_sleep("xxxy", QUOTING_BARE, 2));
	assert_false(data_by_sleep("xxxy", QUOTING_SINGLE, 0));
	assert_false(data_by_sleep("zxxy", QUOTING_BARE, 0));
}

/* Beside values that begin with a 1 and with a 0, whose beginning decides, one or two that begin otherwise. */
static bool takes_no_code(const char *answers, enum series_truth first, unsigned leaves, unsigned left, uint64_t late_ns)
{
	struct series *s = calloc(1, sizeof(*s));
	struct attempt a;
	bool nothing;

	assert_non_null(s);
	for (unsigned i = 0; answers[i] != '\0'; i++) {
		a = (struct attempt){ .transaction = i + 1, .value = i + 1, .base = i < 4 ? 1 : i < 6 ? 2 : 3, .shape = i, .status = 200,
		                      .answer = (uint64_t)answers[i], .truth = i == 1 ? TRUTH_FALSE : i == 0 ? first : TRUTH_NONE,
		                      .leaves = i < 4 ? leaves : left, .broken = i == 2 ? QUOTING_BARE : 0, .waits = i == 3,
		                      .late_ns = i == 3 ? late_ns : 0 };
		series_note(s, &a);
	}
	nothing = series_takes_no_code(s, &s->at[6]);
	free(s);
	return nothing;
}

static void where_beginnings_decide_other_values_are_data_too(void **state)
{
	assert_true(takes_no_code("xxxxyyz", TRUTH_TRUE, QUOTING_BARE, QUOTING_BARE, 0));
	assert_true(takes_no_code("xxxxyyx", TRUTH_TRUE, QUOTING_SINGLE, QUOTING_SINGLE, 0));
	/* nothing was tried that would tell of the quoting it leaves; its own beginning does not decide; something ran */
	assert_false(takes_no_code("xxxxyyz", TRUTH_TRUE, QUOTING_BARE, QUOTING_SINGLE, 0));
	assert_false(takes_no_code("xxxxyyz", TRUTH_TRUE, QUOTING_SINGLE, QUOTING_DOUBLE, 0));
	assert_false(takes_no_code("xxxxyyzw", TRUTH_TRUE, QUOTING_BARE, QUOTING_BARE, 0));
	assert_false(takes_no_code("xxxxyyz", TRUTH_TRUE, QUOTING_BARE, QUOTING_BARE, 3));
	/* one page for all: it may run unseen */
	assert_false(takes_no_code("xxxxxxx", TRUTH_TRUE, QUOTING_BARE, QUOTING_BARE, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_the_beginning_of_a_value_decides_the_rest_is_data),
		cmocka_unit_test(a_broken_statement_and_a_sleep_that_are_answered_at_once_as_a_sound_one_are_data),
		cmocka_unit_test(where_beginnings_decide_other_values_are_data_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
