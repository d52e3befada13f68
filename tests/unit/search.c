/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tells quickly that nothing is there must never hide what is: runs of bytes beside memmem(), patterns beside PCRE2. */
#include "control/judge/required.h"
#include "control/judge/search.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed = 20190303;

static unsigned chance(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

/* Few letters, so that much is there by chance. */
static size_t write_text(char *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = "abAB \n\xe1["[chance(8)];
	return len;
}

static void runs_that_are_there_are_never_denied(void **state)
{
	unsigned denied = 0;

	for (unsigned n = 0; n < 20000; n++) {
		char text[64], needle[12];
		struct bytes t = bytes_of(text, write_text(text, chance(sizeof(text)))), b = bytes_of(needle, write_text(needle, chance(sizeof(needle))));
		struct grams g;

		grams_init(&g, t.left);
		grams_add(&g, t);
		denied += !grams_may_hold(&g, b);
		if (bytes_find(t, b) >= 0)
			assert_true(grams_may_hold(&g, b));
		grams_fini(&g);
	}
	assert_true(denied > 5000); /* it is of use, too */
	assert_true(grams_may_hold(&(struct grams){ 0 }, bytes_text("anything")));
}

/* The syntax of emu/trace, and of what it does not write. */
static size_t write_pattern(char *to)
{
	static const char *const pieces[] = { "a", "b", "ab", "AB", "aba ", "bab", "\\x61", "\\[", "\\s{1,8}", "[^\\r\\n]{0,9}", "[\\w-]{1,3}", "a?", "b*",
	                                      "(?:ab)", "ab|ba", "(ab|ba)", "(abab|b[ab)]a)?", "(?!ab)", ".", "\\d{1,2}", "[]a]", "a{0,2}", "\\xe1", "\\Qab\\E", "^", "b+" };
	size_t len = 0;

	for (unsigned n = 1 + chance(6); n > 0; n--) {
		const char *p = pieces[chance(COUNT_OF(pieces))];

		memcpy(to + len, p, strlen(p));
		len += strlen(p);
	}
	return len;
}

static void what_matches_is_never_denied(void **state)
{
	unsigned matched = 0, denied = 0;

	for (unsigned n = 0; n < 20000; n++) {
		char text[64], pattern[128];
		struct bytes t = bytes_of(text, write_text(text, chance(sizeof(text))));
		struct search *s = NULL;
		struct grams g;
		size_t at = 0, start, end;

		if (search_new(bytes_of(pattern, write_pattern(pattern)), 0, &s) < 0)
			continue;
		grams_init(&g, t.left);
		grams_add(&g, t);
		denied += !search_may_match(s, &g);
		if (search_next(s, t, &at, &start, &end)) {
			matched++;
			assert_true(search_may_match(s, &g));
		}
		grams_fini(&g);
		search_free(s);
	}
	assert_true(matched > 1000 && denied > 1000);
}

static void literals_are_required_and_what_is_counted_is_not(void **state)
{
	static const struct { const char *pattern; unsigned count; } rows[] = {
		{ "uid=", 1 }, { "uid", 0 }, { "root:x:0:0:", 2 }, { "uid=?", 0 }, { "uid=\\d{1,9}", 1 }, { "ab[uid=]cd", 0 }, { "u(id=)abcd", 1 },
		{ "(?=uid)abcd", 0 }, { "(abcd[)]|(ab\\)c))?abcd", 1 }, { "abcd(", 0 }, { "(*UCP)abcd", 0 }, { "abcd(gid=){0,2}", 1 },
		{ "uid=a|gid=b", 0 }, { "abcd\\Qabcd", 0 }, { "\\x75\\x69\\x64\\x3d", 1 }, { "abcd[", 0 }, { "abcd\\", 0 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct required r;

		required_of(bytes_text(rows[i].pattern), &r);
		assert_int_equal(r.count, rows[i].count);
	}
}

static void a_kept_pattern_searches_as_a_new_one_and_is_lent_once(void **state)
{
	struct searches *all = searches_new();
	struct search *a = NULL, *b = NULL, *again = NULL;
	size_t at = 0, start = 0, end = 0;

	assert_non_null(all);
	assert_int_equal(searches_take(all, bytes_text("ab{2}"), 0, &a), 0);
	assert_int_equal(searches_take(all, bytes_text("ab{2}"), SEARCH_MUCH, &b), 0);
	assert_ptr_not_equal(a, b);
	searches_give(b);
	searches_give(a);
	assert_int_equal(searches_take(all, bytes_text("ab{2}"), SEARCH_MUCH, &again), 0);
	assert_ptr_equal(again, a);
	assert_true(search_next(again, bytes_text("xxABBx"), &at, &start, &end));
	assert_int_equal(start, 2);
	assert_int_equal(end, 5);
	searches_give(again);
	assert_int_equal(searches_take(all, bytes_text("a("), 0, &b), -EINVAL);
	assert_int_equal(searches_take(NULL, bytes_text("a"), 0, &b), 0);
	searches_give(b);
	for (unsigned i = 0; i < 10000; i++) {
		char text[16];
		size_t len = (size_t)snprintf(text, sizeof(text), "a%u", i);

		assert_int_equal(searches_take(all, bytes_of(text, len), 0, &a), 0);
		searches_give(a);
	}
	searches_free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_that_are_there_are_never_denied),
		cmocka_unit_test(what_matches_is_never_denied),
		cmocka_unit_test(literals_are_required_and_what_is_counted_is_not),
		cmocka_unit_test(a_kept_pattern_searches_as_a_new_one_and_is_lent_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
