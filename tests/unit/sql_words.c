/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of SQL's words is one that can be searched by halves. */
#include "control/extract/sql_words.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void words_stand_in_order_and_each_is_found_however_it_is_written(void **state)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char upper[WORD_MAX + 1];
		size_t len = strlen(rows[i].word);

		assert_true(len <= WORD_MAX);
		assert_true(i == 0 || strcmp(rows[i - 1].word, rows[i].word) < 0);
		for (size_t k = 0; k <= len; k++)
			upper[k] = (char)(rows[i].word[k] >= 'a' && rows[i].word[k] <= 'z' ? rows[i].word[k] - 32 : rows[i].word[k]);
		assert_int_equal(sqlword_listed(bytes_of(upper, len)), rows[i].is);
	}
}

static void other_words_are_none(void **state)
{
	static const char *const others[] = { "", "aaa", "selec", "selects", "zz", "_", "a_word_that_is_longer_than_any_of_them" };

	for (size_t i = 0; i < COUNT_OF(others); i++)
		assert_int_equal(sqlword_listed(bytes_text(others[i])), SQLWORD_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stand_in_order_and_each_is_found_however_it_is_written),
		cmocka_unit_test(other_words_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
