/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Syslog lines: what RFC 5424 lets stand, whatever the bytes of an attack are. */
#include "control/journal/rfc5424.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint8_t room[LINE_MAX_BYTES];
static char text[LINE_MAX_BYTES + 1];

static const char *line_of(const struct line_facts *f, struct bytes message)
{
	struct sink s = sink_over(room, sizeof(room));
	struct bytes line;

	line_write(&s, f, message);
	assert_int_equal(sink_done(&s, &line), 0);
	memcpy(text, line.at, line.left);
	text[line.left] = 0;
	return text;
}

static struct line_facts facts_of(enum verdict v, enum priority p)
{
	return (struct line_facts){ .time_ns = UINT64_C(1700000000123456789), .verdict = v, .priority = p, .id = "00-1",
		                    .reason = "refused", .revision = 2, .final = true, .host = "sensor" };
}

static void severity_follows_priority(void **state)
{
	const struct line_facts high = facts_of(VERDICT_SUCCESS, PRIORITY_HIGH);
	const struct line_facts medium = facts_of(VERDICT_UNKNOWN, PRIORITY_MEDIUM);
	const struct line_facts low = facts_of(VERDICT_FAILURE, PRIORITY_LOW);

	/* local4 is 20: 20 * 8 + 2, 4, 6 */
	assert_memory_equal(line_of(&high, bytes_text("{}")), "<162>1 2023-11-14T22:13:20.123456Z sensor konseki ", 50);
	assert_non_null(strstr(text, "event.outcome=\"success\""));
	assert_memory_equal(line_of(&medium, bytes_text("{}")), "<164>1 ", 7);
	assert_non_null(strstr(text, "event.outcome=\"unknown\""));
	assert_memory_equal(line_of(&low, bytes_text("{}")), "<166>1 ", 7);
	assert_non_null(strstr(text, "event.outcome=\"failure\""));
}

static void values_and_host_names_are_escaped(void **state)
{
	struct line_facts f = facts_of(VERDICT_SUCCESS, PRIORITY_HIGH);

	f.reason = "a\"b\\c]d";
	f.host = "a b\n\xc3\xa9";
	assert_non_null(strstr(line_of(&f, bytes_text("x")), "reason=\"a\\\"b\\\\c\\]d\""));
	assert_non_null(strstr(text, "Z a?b??? konseki - verdict [konseki@32473 id=\"00-1\" revision=\"2\" final=\"true\""));
	f.host = "";
	assert_non_null(strstr(line_of(&f, bytes_text("x")), "Z - konseki - verdict ["));
}

static void the_message_is_ascii_and_the_same_json(void **state)
{
	/* two, three and four bytes of UTF-8; an escape that was there before */
	static const char said[] = "{\"a\":\"\xc3\xa9 \xe7\x97\x95 \xf0\x9f\x98\x80 \\n \x7f\"}";
	const struct line_facts f = facts_of(VERDICT_SUCCESS, PRIORITY_HIGH);
	const char *message = strstr(line_of(&f, bytes_text(said)), "] ") + 2;
	json_t *before = json_loads(said, 0, NULL), *after = json_loads(message, 0, NULL);

	for (const char *c = text; *c != 0; c++)
		assert_true(*c >= ' ' && *c < 127);
	assert_true(before != NULL && json_equal(before, after));
	json_decref(before);
	json_decref(after);
}

static void bytes_that_are_no_utf_8_become_the_replacement(void **state)
{
	static const char *const broken[] = { "\xff", "\x80", "\xc3", "\xe7\x97", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80" };
	const struct line_facts f = facts_of(VERDICT_SUCCESS, PRIORITY_HIGH);

	for (size_t i = 0; i < COUNT_OF(broken); i++) {
		const char *message = strstr(line_of(&f, bytes_text(broken[i])), "] ") + 2;

		assert_memory_equal(message, "\\ufffd", 6);
		assert_int_equal(strlen(message) % 6, 0);
	}
}

static void a_line_that_does_not_fit_says_so(void **state)
{
	static uint8_t much[LINE_MAX_BYTES];
	const struct line_facts f = facts_of(VERDICT_SUCCESS, PRIORITY_HIGH);
	struct sink s = sink_over(room, sizeof(room));
	struct bytes line;

	memset(much, 'x', sizeof(much));
	line_write(&s, &f, bytes_of(much, sizeof(much)));
	assert_true(sink_done(&s, &line) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(severity_follows_priority),
		cmocka_unit_test(values_and_host_names_are_escaped),
		cmocka_unit_test(the_message_is_ascii_and_the_same_json),
		cmocka_unit_test(bytes_that_are_no_utf_8_become_the_replacement),
		cmocka_unit_test(a_line_that_does_not_fit_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
