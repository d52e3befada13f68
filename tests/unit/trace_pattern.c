/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What outputs agree on: literals, typed holes, and the bits of both. */
#include "emu/trace/model.h"
#include "emu/trace/pattern.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint8_t memory[8 << 20];
static struct arena arena;
static struct pattern pattern;

/* The PCRE2 text of what the samples (ended by NULL) agree on. */
static const char *learned_but(const struct bytes *names, unsigned names_count, const char *const *samples)
{
	static char text[8192];
	const struct pattern *lines[1] = { &pattern };
	struct bytes rows[8];
	struct sink s = sink_over(text, sizeof(text) - 1);
	unsigned count = 0;

	arena = (struct arena){ .at = memory, .size = sizeof(memory) };
	for (; samples[count] != NULL; count++)
		rows[count] = bytes_text(samples[count]);
	pattern_of(rows, count, names, names_count, &arena, &pattern);
	assert_int_equal(arena.used, 0);
	patterns_write(&s, lines, 1);
	assert_false(s.overflow);
	text[s.used] = '\0';
	for (unsigned i = 0; i < count && rows[i].left < 200; i++)
		assert_true(pattern_matches(&pattern, rows[i], &arena));
	return text;
}
#define LEARNED(...) learned_but(NULL, 0, (const char *const[]){ __VA_ARGS__, NULL })

static double learned_bits(void)
{
	const struct pattern *lines[1] = { &pattern };

	return patterns_bits(lines, 1);
}

static void what_agrees_stays_literal(void **state)
{
	assert_string_equal(LEARNED("a.b (c)", "a.b (c)"), "a\\.b\\s{1,8}\\(c\\)");
	assert_true(pattern_is_literal(&pattern));
}

static void names_of_the_servers_are_no_literals(void **state)
{
	const struct bytes names[] = { bytes_text("kx7"), bytes_text("6.1.0-28-amd64"), bytes_text("#1 SMP kvt (2024)") };
	const char *const one[] = { "Linux kx7 6.1.0-28-amd64 #1 SMP kvt (2024) x86_64 GNU/Linux", NULL };
	const char *const within[] = { "akx7b kx7b 16.1.0-28-amd64", NULL };

	assert_string_equal(learned_but(names, COUNT_OF(names), one),
	                    "Linux\\s{1,8}[\\w-]{1,32}\\s{1,8}\\d{1,2}\\.\\d{1,3}\\.\\d{1,5}[\\w.+~-]{0,60}\\s{1,8}[^\\r\\n]{0,200}"
	                    "\\s{1,8}x86_64\\s{1,8}GNU/Linux");
	assert_string_equal(learned_but(names, COUNT_OF(names), within), "akx7b\\s{1,8}kx7b\\s{1,8}16\\.1\\.0-28-amd64");
}

static void users_and_numbers_become_typed_holes(void **state)
{
	assert_string_equal(LEARNED("uid=33(www-data) gid=33(www-data) groups=33(www-data)",
	                            "uid=48(apache) gid=48(apache) groups=48(apache) context=system_u:system_r:x:s0",
	                            "uid=0(root) gid=0(root) groups=0(root),1(bin)"),
	                    "uid=\\d{1,10}\\([\\w-]{1,32}\\)\\s{1,8}gid=\\d{1,10}\\([\\w-]{1,32}\\)\\s{1,8}"
	                    "groups=\\d{1,10}\\([\\w-]{1,32}\\)");
	assert_true(learned_bits() > 30);
	assert_false(pattern_is_literal(&pattern));
}

static void a_pattern_admits_others_of_its_kind_only(void **state)
{
	LEARNED("pid 17 done", "pid 4032 done");
	assert_true(pattern_matches(&pattern, bytes_text("pid 9 done"), &arena));
	assert_true(pattern_matches(&pattern, bytes_text("pid   9 done"), &arena));
	assert_false(pattern_matches(&pattern, bytes_text("pid x done"), &arena));
	assert_false(pattern_matches(&pattern, bytes_text("pid 9 done."), &arena));
	assert_false(pattern_matches(&pattern, bytes_text(""), &arena));
}

static void kinds_of_holes_follow_their_samples(void **state)
{
	assert_string_equal(LEARNED("<web01.example>", "<c7f3a.local>"), "<[\\w-]{1,32}\\.[\\w-]{1,32}>");
}

static void dates_paths_and_digests_are_known(void **state)
{
	assert_string_equal(LEARNED("[/var/www]", "[/srv/http/x]"), "\\[/[\\w-]{1,32}/[^\\r\\n]{0,200}\\]");
	assert_string_equal(LEARNED("h 0cc175b9c0f1b6a831c399e269772661 x", "h 92eb5ffee6ae2fec3ad71c777531578f x"),
	                    "h\\s{1,8}[0-9a-f]{32}\\s{1,8}x");
	assert_string_equal(LEARNED("at 11:22:33 UTC", "at 04:05:06 UTC"),
	                    "at\\s{1,8}\\d{1,10}:\\d{1,10}:\\d{1,10}\\s{1,8}UTC");
}

static void all_hole_says_nothing(void **state)
{
	LEARNED("web01", "c7f3a");
	assert_false(pattern_says_something(&pattern));
	LEARNED("-", "-");
	assert_true(pattern_says_something(&pattern));
}

static void holes_at_the_ends_are_left_away(void **state)
{
	assert_string_equal(LEARNED("12 lines of x 7", "9 lines of x 10"), "lines\\s{1,8}of\\s{1,8}x");
}

static void bytes_that_mean_something_to_pcre2_are_escaped(void **state)
{
	assert_string_equal(LEARNED("a+b*$[\x01\xff", "a+b*$[\x01\xff"), "a\\+b\\*\\$\\[\\x01\\xff");
}

static void lines_are_joined_by_blanks(void **state)
{
	static struct pattern first, second;
	const struct pattern *lines[2] = { &first, &second };
	const struct bytes one = bytes_text("one "), two = bytes_text(" two");
	char text[64] = "";
	struct sink s = sink_over(text, sizeof(text) - 1);

	arena = (struct arena){ .at = memory, .size = sizeof(memory) };
	pattern_of(&one, 1, NULL, 0, &arena, &first);
	pattern_of(&two, 1, NULL, 0, &arena, &second);
	patterns_write(&s, lines, 2);
	assert_string_equal(text, "one\\s{1,8}two");
}

static void ordinary_words_are_worth_little_and_random_ones_much(void **state)
{
	assert_true(model_bits(bytes_text("error"), 0) < 14);
	assert_true(model_bits(bytes_text("Not Found"), 0) < 22);
	assert_true(model_bits(bytes_text("reconnaissance"), 0) <= 20);
	assert_true(model_bits(bytes_text("kzqwvmtrplxj"), 0) > 30);
	assert_true(model_bits(bytes_text("<br><br><br>"), 0) < 30);
}

static void a_short_number_is_weak(void **state)
{
	double bits = model_bits(bytes_text("1337"), 0);

	assert_true(bits > 8 && bits < 14);
	assert_true(model_bits(bytes_text("1000"), 0) < 7);
	assert_true(model_bits(bytes_text("123456"), 0) < 10);
	assert_true(model_bits(bytes_text("7395028461"), 0) > 30);
}

static void the_word_table_is_in_order(void **state)
{
	for (unsigned i = 1; i < model_words_count; i++)
		assert_true(strcmp(model_words[i - 1].word, model_words[i].word) < 0);
	assert_int_equal(strlen(model_letters), 27 * 27 * 27);
	assert_int_equal(strlen(model_marks), 4 * 31);
}

static void a_line_of_many_tokens_is_bounded(void **state)
{
	static char a[20000], b[20000];

	for (size_t i = 0; i + 2 < sizeof(a); i += 2) {
		memcpy(a + i, "a,", 2);
		memcpy(b + i, i % 6 == 0 ? "b;" : "a,", 2);
	}
	assert_non_null(LEARNED(a, b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_agrees_stays_literal),
		cmocka_unit_test(names_of_the_servers_are_no_literals),
		cmocka_unit_test(users_and_numbers_become_typed_holes),
		cmocka_unit_test(a_pattern_admits_others_of_its_kind_only),
		cmocka_unit_test(kinds_of_holes_follow_their_samples),
		cmocka_unit_test(dates_paths_and_digests_are_known),
		cmocka_unit_test(all_hole_says_nothing),
		cmocka_unit_test(holes_at_the_ends_are_left_away),
		cmocka_unit_test(bytes_that_mean_something_to_pcre2_are_escaped),
		cmocka_unit_test(lines_are_joined_by_blanks),
		cmocka_unit_test(ordinary_words_are_worth_little_and_random_ones_much),
		cmocka_unit_test(a_short_number_is_weak),
		cmocka_unit_test(the_word_table_is_in_order),
		cmocka_unit_test(a_line_of_many_tokens_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
