/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spooled verdicts and filters: what each collector gets. */
#include "control/journal/entry.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct settings settings;

static struct entry entry_of(const char *src, const char *dst)
{
	struct entry e = { .priority = PRIORITY_MEDIUM, .verdict = VERDICT_UNKNOWN, .class_name = bytes_text("sql") };

	assert_int_equal(address_parse(src, &e.src), 0);
	assert_int_equal(address_parse(dst, &e.dst), 0);
	e.lines[SYSLOG_JSON] = bytes_text("<1>json");
	e.lines[SYSLOG_CEF] = bytes_text("<1>cef");
	return e;
}

static void an_entry_comes_back_as_it_was(void **state)
{
	uint8_t room[ENTRY_MAX];
	struct entry e = entry_of("192.0.2.1", "2001:db8::1"), back;
	struct sink s = sink_over(room, sizeof(room));
	struct bytes b;

	e.final = true;
	entry_encode(&s, &e);
	assert_int_equal(sink_done(&s, &b), 0);
	assert_int_equal(entry_decode(b, &back), 0);
	assert_true(back.final && back.priority == PRIORITY_MEDIUM && back.verdict == VERDICT_UNKNOWN && !back.bare);
	assert_true(address_equal(&back.src, &e.src) && address_equal(&back.dst, &e.dst));
	assert_true(bytes_equal(back.class_name, e.class_name) && bytes_equal(back.lines[1], e.lines[1]));
	for (size_t len = 0; len < b.left; len++)
		assert_int_equal(entry_decode(bytes_of(room, len), &back), -EBADMSG);
}

static void a_line_of_an_older_version_goes_to_everyone(void **state)
{
	struct syslog_filter f = { .priority = PRIORITY_HIGH, .final_only = true };
	struct entry e;

	assert_int_equal(entry_decode(bytes_text("<162>1 old line"), &e), 0);
	assert_true(e.bare && entry_passes(&e, &settings, &f));
	assert_true(bytes_equal(entry_line(&e, SYSLOG_CEF), bytes_text("<162>1 old line")));
}

static void a_form_that_was_not_made_gives_the_other(void **state)
{
	struct entry e = entry_of("::1", "::2");

	assert_true(bytes_equal(entry_line(&e, SYSLOG_CEF), bytes_text("<1>cef")));
	e.lines[SYSLOG_CEF] = bytes_of(NULL, 0);
	assert_true(bytes_equal(entry_line(&e, SYSLOG_CEF), bytes_text("<1>json")));
}

static void each_part_of_a_filter_holds(void **state)
{
	struct entry e = entry_of("198.51.100.66", "203.0.113.10");
	struct syslog_filter f = { .priority = PRIORITY_MEDIUM };

	assert_true(entry_passes(&e, &settings, &f));
	f.priority = PRIORITY_HIGH;
	assert_false(entry_passes(&e, &settings, &f));
	f = (struct syslog_filter){ .verdicts = 1u << VERDICT_SUCCESS | 1u << VERDICT_FAILURE };
	assert_false(entry_passes(&e, &settings, &f));
	f.verdicts |= 1u << VERDICT_UNKNOWN;
	assert_true(entry_passes(&e, &settings, &f));
	f.final_only = true;
	assert_false(entry_passes(&e, &settings, &f));
	e.final = true;
	assert_true(entry_passes(&e, &settings, &f));
	f = (struct syslog_filter){ .classes_count = 2, .classes = { "shell", "sqli" } };
	assert_false(entry_passes(&e, &settings, &f));
	strcpy(f.classes[1], "sql");
	assert_true(entry_passes(&e, &settings, &f));
}

static void either_side_may_be_of_an_address_or_a_site(void **state)
{
	const struct entry to = entry_of("198.51.100.66", "203.0.113.10"), from = entry_of("203.0.113.10", "198.51.100.66");
	const struct entry other = entry_of("198.51.100.66", "203.0.113.200");
	struct syslog_filter f = { .networks_count = 1 };

	assert_int_equal(address_parse("203.0.113.0", &f.networks[0].address), 0);
	f.networks[0].bits = 27;
	assert_true(entry_passes(&to, &settings, &f) && entry_passes(&from, &settings, &f) && !entry_passes(&other, &settings, &f));
	settings.sites_count = 2;
	settings.sites[1].networks_count = 1;
	assert_int_equal(address_parse("203.0.113.200", &settings.sites[1].networks[0].address), 0);
	settings.sites[1].networks[0].bits = 32;
	f.sites_count = 1;
	f.sites[0] = 1;
	assert_true(entry_passes(&to, &settings, &f) && entry_passes(&other, &settings, &f));
	f.networks_count = 0;
	assert_true(!entry_passes(&to, &settings, &f) && entry_passes(&other, &settings, &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_comes_back_as_it_was),
		cmocka_unit_test(a_line_of_an_older_version_goes_to_everyone),
		cmocka_unit_test(a_form_that_was_not_made_gives_the_other),
		cmocka_unit_test(each_part_of_a_filter_holds),
		cmocka_unit_test(either_side_may_be_of_an_address_or_a_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
