/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of Microsoft's web server: what they write, what they run, and what is none. Values are reckoned by hand. */
#include "emu/asp/asp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY = 8 << 20 };

static struct arena arena;
static struct template_outcome outcome;

static int run(void *context, enum language language, struct bytes code, struct bytes *ret)
{
	assert_int_equal(language, LANGUAGE_CMD);
	*ret = bytes_text("printed");
	return 0;
}

static void evaluate(const char *text)
{
	const struct template_host host = { .run = run };

	free(arena.at);
	arena = (struct arena){ .at = calloc(1, MEMORY), .size = MEMORY };
	assert_non_null(arena.at);
	assert_int_equal(asp_evaluate(bytes_text(text), &host, &arena, &outcome), 0);
}

static void assert_writes(const char *code, const char *text)
{
	evaluate(code);
	if (!outcome.taken || !bytes_equal(outcome.text, bytes_text(text)))
		fail_msg("%s writes %.*s", code, (int)outcome.text.left, (const char *)outcome.text.at);
}

static void expressions_are_written(void **state)
{
	assert_writes("response.write(111*222)", "24642");
	assert_writes("Response.Write \"a\" & 7*6", "a42");
	assert_writes("response.write(chr(65)&chrw(66)&len(\"abc\"))", "AB3");
	assert_writes("response.write(17 mod 5):response.write(7\\2)", "23");
	assert_writes("x=5\nresponse.write(x*x+1)", "26");
	assert_writes("execute(\"response.write(strreverse(\"\"abc\"\"))\")", "cba");
	assert_writes("response.write(String.fromCharCode(72,105)+'!')", "Hi!");
	assert_writes("<p><%= 7*7 %></p>", "<p>49</p>");
	assert_writes("<%@ Page Language=\"C#\" %><% Response.Write(\"x\"); %>", "x");
	assert_writes("response.write(replace(\"a-b\",\"-\",\"+\")&mid(\"abcdef\",2,3))", "a+bbcd");
}

static void programs_are_started_by_the_emulated_windows(void **state)
{
	assert_writes("<%Response.Write CreateObject(\"WScript.Shell\").exec(\"cmd /c whoami\").StdOut.ReadAll()%>", "printed");
	assert_int_equal(outcome.effects_count, 1);
	assert_true(bytes_equal(outcome.effects[0].text, bytes_text("cmd /c whoami")));
	evaluate("set s=server.createobject(\"wscript.shell\"):s.run(\"ping 198.51.100.7\")");
	assert_true(outcome.taken && bytes_equal(outcome.effects[0].text, bytes_text("ping 198.51.100.7")));
	evaluate("System.Diagnostics.Process.Start(\"cmd\",\"/c dir\")");
	assert_true(outcome.taken && bytes_equal(outcome.effects[0].text, bytes_text("cmd /c dir")));
}

static void what_is_not_modelled_is_refused_by_name(void **state)
{
	evaluate("response.write(1):if x then response.write(2)");
	assert_true(outcome.taken && outcome.open && outcome.refusals_count == 1);
	assert_string_equal(outcome.refusals[0], "if");
	evaluate("ordinary text");
	assert_false(outcome.taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_are_written),
		cmocka_unit_test(programs_are_started_by_the_emulated_windows),
		cmocka_unit_test(what_is_not_modelled_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
