/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markup: which script a piece brings along, which a page holds, and where a script's text is code. */
#include "control/judge/javascript.h"
#include "control/judge/page.h"
#include "emu/language/html.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct html_result result;

static void assert_brings(const char *code, const char *label, const char *text)
{
	html_evaluate(bytes_text(code), &result);
	for (unsigned i = 0; i < result.count; i++) {
		if (strcmp(result.at[i].label, label) == 0 && bytes_equal(bytes_of(result.at[i].text, result.at[i].len), bytes_text(text)))
			return;
	}
	fail_msg("%s brings no %s: %s (%u others)", code, label, text, result.count);
}

static void assert_brings_none(const char *code)
{
	html_evaluate(bytes_text(code), &result);
	assert_int_equal(result.count, 0);
}

static void a_piece_brings_script_into_some_place(void **state)
{
	assert_brings("<svg onload=f(1)>", "svg@onload", "f(1)");
	assert_brings("\"><img src=x onerror='f(1)'>", "img@onerror", "f(1)");
	assert_brings("' onfocus='f(1)' x='", "*@onfocus", "f(1)");
	assert_brings("x onfocus=f(1)", "*@onfocus", "f(1)");
	assert_brings("</title><script>f(1)</script>", "script", "f(1)");
	assert_brings("--><script>f(1)</script>", "script", "f(1)");
	assert_brings("<script src=//h.example/x.js></script>", "script@src", "//h.example/x.js");
	assert_brings("<a href='java&#115;cript:f(1)'>", "a@href", "f(1)");
	assert_brings("java\nscript:f(1)", "iframe@src", "f(1)");
	assert_brings("<iframe srcdoc='&lt;script>f(1)&lt;/script>'>", "script", "f(1)");
	assert_brings("';f(1)//", "*", "f(1)");
	assert_brings("</script><svg/onload=f(1)>", "svg@onload", "f(1)");
	assert_brings("<svg><a xlink:href=javascript:f(1)>", "a@href", "f(1)");
}

static void a_piece_without_script_brings_none(void **state)
{
	assert_brings_none("<b>bold</b> and <i class=x>not</i>");
	assert_brings_none("<img src=\"x\" title=\"onerror=f\">");
	assert_brings_none("<a href=https://www.example.org/?a=1>x</a>");
	assert_brings_none("");
	assert_brings_none("<");
}

static struct page_script script_of(const char *text, unsigned wanted)
{
	struct page *page = NULL;
	const struct page_script *scripts;
	unsigned count, left;
	struct page_script first = { .element = "" };

	assert_int_equal(page_new(bytes_text(text), &page), 0);
	scripts = page_scripts(page, &count, &left);
	if (count != wanted)
		fail_msg("%s has %u", text, count);
	if (count > 0) {
		first = scripts[0];
		assert_true(first.from < strlen(text));
	}
	page_free(page); /* names and text are gone with it, places stay */
	return first;
}

static void a_page_lists_what_a_browser_would_run(void **state)
{
	static const char handler[] = "<p>x<img title=\"a\" onerror=\"f(1)\">";

	assert_int_equal(script_of("<script>f(1)</script>", 1).from, 0);
	assert_int_equal(script_of(handler, 1).from, strstr(handler, "onerror") - handler);
	script_of("<svg onload=f(1)><script>f(2)</script></svg>", 2);
	script_of("<a href=javascript:f(1)><img src=javascript:f(1)>", 1);
	script_of("<textarea><script>f(1)</script></textarea>", 0);
	script_of("<!-- <script>f(1)</script> -->", 0);
	script_of("<template><script>f(1)</script></template>", 0);
	script_of("<noscript><script>f(1)</script></noscript>", 0);
	script_of("<script type=application/json>f(1)</script><script type=module>f(1)</script>", 1);
	script_of("<p title='<script>f(1)</script>'>", 0);
	script_of("", 0);
}

static void a_page_that_is_too_deep_or_large_is_refused(void **state)
{
	enum { SIZE = 200000 };
	static char text[SIZE + 1];
	struct page *page = NULL;

	for (size_t i = 0; i + 5 <= SIZE; i += 5)
		memcpy(text + i, "<div>", 5);
	assert_int_equal(page_new(bytes_text(text), &page), -E2BIG);
	memset(text, 0, sizeof(text));
	/* each paragraph makes all of the open elements again */
	memcpy(text, "<p>", 3);
	for (size_t i = 0; i < 1500; i++)
		snprintf(text + strlen(text), 16, "<b a=%zu>", i);
	for (size_t at = strlen(text); at + 8 <= SIZE; at += 8)
		memcpy(text + at, "</p><p>x", 8);
	assert_int_equal(page_new(bytes_text(text), &page), -E2BIG);
}

static enum javascript_place place(const char *script, const char *piece)
{
	return javascript_place_of(bytes_text(script), (size_t)(strstr(script, piece) - script), strlen(piece));
}

static void code_is_told_from_strings_and_comments(void **state)
{
	assert_int_equal(place("var a = \"\";f(1);//\";", "f(1)"), JAVASCRIPT_CODE);
	assert_int_equal(place("var a = \"f(1)\";", "f(1)"), JAVASCRIPT_DATA);
	assert_int_equal(place("var a = \"\\\";f(1)//\";", "f(1)"), JAVASCRIPT_DATA);
	assert_int_equal(place("var a = \"\\\\\";f(1)//\";", "f(1)"), JAVASCRIPT_CODE);
	assert_int_equal(place("var a = ''-f(1)-'';", "f(1)"), JAVASCRIPT_CODE);
	assert_int_equal(place("var a = ''f(1)'';", "f(1)"), JAVASCRIPT_BROKEN);
	assert_int_equal(place("// f(1)\ng();", "f(1)"), JAVASCRIPT_DATA);
	assert_int_equal(place("/* f(1) */ g();", "f(1)"), JAVASCRIPT_DATA);
	assert_int_equal(place("var a = `x ${f(1)} y`;", "f(1)"), JAVASCRIPT_CODE);
	assert_int_equal(place("var a = `x f(1) y`;", "f(1)"), JAVASCRIPT_DATA);
	assert_int_equal(place("var a = /f(1)/;", "f(1)"), JAVASCRIPT_DATA);
	assert_int_equal(place("var a = b /f(1)/ c;", "f(1)"), JAVASCRIPT_CODE);
	assert_int_equal(place("if (a) { f(1);", "f(1)"), JAVASCRIPT_BROKEN);
	assert_int_equal(place("var a = \"x\nf(1)\";", "f(1)"), JAVASCRIPT_BROKEN);
	assert_int_equal(place("a()\nf(1)", "f(1)"), JAVASCRIPT_CODE);
	assert_int_equal(place("return f(1)", "f(1)"), JAVASCRIPT_CODE);
	assert_int_equal(place("go('');f(1)//')", "f(1)"), JAVASCRIPT_CODE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_piece_brings_script_into_some_place), cmocka_unit_test(a_piece_without_script_brings_none),
		cmocka_unit_test(a_page_lists_what_a_browser_would_run), cmocka_unit_test(a_page_that_is_too_deep_or_large_is_refused),
		cmocka_unit_test(code_is_told_from_strings_and_comments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
