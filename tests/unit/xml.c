/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entities of XML documents: what is read and fetched, what is shown, and bounds. libxml2 judges the rest (tests/oracle). */
#include "emu/language/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct xml_result result;

static void expect_text(const char *document, const char *text)
{
	xml_evaluate(bytes_text(document), NULL, &result);
	assert_int_equal(result.stopped_by, STOPPED_EXIT);
	assert_true(bytes_equal(bytes_of(result.text, result.text_len), bytes_text(text)));
}

static void expect_resource(const char *document, const char *url, bool shown)
{
	xml_evaluate(bytes_text(document), NULL, &result);
	assert_int_equal(result.resources_count, 1);
	assert_string_equal(result.resources[0].url, url);
	assert_int_equal(result.resources[0].shown, shown);
}

static void entities_are_replaced_where_they_are_used(void **state)
{
	expect_text("<!DOCTYPE r [<!ENTITY a 'foo'><!ENTITY b \"&a;bar\">]><r>&b;&#98;<e>&lt;</e></r>", "foobarb<");
	expect_text("<r><![CDATA[&a;]]></r>", "&a;");
}

static void what_is_shown_is_told_from_declarations(void **state)
{
	expect_resource("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>", "file:///etc/passwd", true);
	expect_resource("<!DOCTYPE r [<!ENTITY % d PUBLIC 'p' \"http://h/e\"> %d;]><r/>", "http://h/e", false);
	expect_resource("<!DOCTYPE r SYSTEM 'http://h/all'><r/>", "http://h/all", false);
	expect_resource("<r xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include parse='text' href='/etc/hosts'/></r>", "/etc/hosts", true);
}

static void an_entity_that_is_not_used_is_not_read(void **state)
{
	xml_evaluate(bytes_text("<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>x</r>"), NULL, &result);
	assert_int_equal(result.resources_count, 0);
}

static void loops_and_growth_end(void **state)
{
	xml_evaluate(bytes_text("<!DOCTYPE r [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><r>&a;</r>"), NULL, &result);
	assert_int_equal(result.stopped_by, STOPPED_SIGNAL);
	xml_evaluate(bytes_text("<!DOCTYPE r [<!ENTITY a 'lololololo'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
	                        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
	                        "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>]><r>&e;</r>"), NULL, &result);
	assert_int_equal(result.stopped_by, STOPPED_MEMORY);
	assert_true(result.text_len <= XML_TEXT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entities_are_replaced_where_they_are_used),
		cmocka_unit_test(what_is_shown_is_told_from_declarations),
		cmocka_unit_test(an_entity_that_is_not_used_is_not_read),
		cmocka_unit_test(loops_and_growth_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
