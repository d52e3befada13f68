/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interpreters of an emulated server: how code reaches them, what they see, what stops them, what is left after. */
#include "emu/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct server *server;

static int open_server(void **state)
{
	char why[512];

	if (access("/usr/bin/php-cgi8.2", R_OK) < 0 || access("/usr/bin/python3.11", R_OK) < 0) {
		fprintf(stderr, "skipped: php8.2-cgi and python3.11-minimal are not installed\n");
		return 0;
	}
	if (server_open(SOURCE_ROOT "/emu/profiles/debian", why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s\n", why);
		return -1;
	}
	return 0;
}

static int close_server(void **state)
{
	server_close(server);
	return 0;
}

static const struct outcome *run(enum language language, const char *code, const char *request, uint64_t seed)
{
	struct command c = { .language = language, .code = bytes_text(code), .seed = seed,
		.request = bytes_text(request != NULL ? request : "") };
	const struct outcome *o = NULL;

	if (server == NULL)
		skip();
	assert_int_equal(server_run(server, &c, &o), 0);
	return o;
}

static void prints(enum language language, const char *code, const char *text)
{
	const struct outcome *o = run(language, code, NULL, 1);

	if (o->run.out.left != strlen(text) || memcmp(o->run.out.at, text, o->run.out.left) != 0)
		fail_msg("%s prints %.*s", code, (int)o->run.out.left, (const char *)o->run.out.at);
	assert_int_equal(o->run.stopped_by, STOPPED_EXIT);
}

static bool says(const struct outcome *o, const char *text)
{
	return bytes_find(o->run.out, bytes_text(text)) >= 0;
}

static void code_with_a_tag_is_a_file_and_other_code_is_evaluated(void **state)
{
	prints(LANGUAGE_PHP, "<?php echo 6*7;", "42");
	prints(LANGUAGE_PHP, "it's a<?=6*7?>b", "it's a42b");
	prints(LANGUAGE_PHP, "echo 6*7;", "42");
	prints(LANGUAGE_PHP, "echo '<?php', 6*7; // ?", "<?php42");
	prints(LANGUAGE_PHP, "?>a<?php echo 6*7;", "a42");
	assert_true(says(run(LANGUAGE_PHP, "echo 1", NULL, 1), "1"));
	assert_true(says(run(LANGUAGE_PHP, "nosuch();", NULL, 1), "eval()'d code"));
}

static void a_part_of_an_expression_shows_its_value_where_it_prints_nothing(void **state)
{
	prints(LANGUAGE_PHP, "md5('a')", "0cc175b9c0f1b6a831c399e269772661");
	prints(LANGUAGE_PHP, "print(6*7)", "42");
	prints(LANGUAGE_PHP, "'.(6*7).'", "42");
	prints(LANGUAGE_PHP, "\";echo 6*7;//", "42");
	prints(LANGUAGE_PHP, "');echo 6*7;//", "42");
	prints(LANGUAGE_PYTHON, "6*7", "42");
	prints(LANGUAGE_PYTHON, "print(6*7)", "42\n");
}

/* The byte before each says which engine's template it is (emu/server/node/pages.py). */
static void templates_of_node_s_engines_are_rendered(void **state)
{
	prints(LANGUAGE_NODE, "\x01" "a<%= 191*7 %>b<% for (const x of [1,2]) { %>,<%- x %><% } %>", "a1337b,1,2");
	prints(LANGUAGE_NODE, "\x02" "{{#with \"ab\" as |s|}}{{#each s.split}}{{@index}}{{this}}{{s.length}}{{/each}}{{/with}}{{nothing}}", "0ab2");
	prints(LANGUAGE_NODE, "\x02" "{{#with \"return 191*7\"}}{{#with split as |code|}}{{#with \"e\" as |s|}}{{#with split as |list|}}{{#if (this.pop)}}{{/if}}"
	    "{{#if (this.push (lookup s.sub \"constructor\"))}}{{/if}}{{#if this.pop}}{{/if}}{{#each list}}{{#with (s.sub.apply 0 code)}}{{this}}{{/with}}{{/each}}"
	    "{{/with}}{{/with}}{{/with}}{{/with}}", "1337");
	prints(LANGUAGE_NODE, "\x03" "{{range.constructor('return 191*7')()}}{% for i in [1,2] %}{{ i ~ '<' }}{% endfor %}{{ nothing.at.all }}", "13371&lt;2&lt;");
	prints(LANGUAGE_NODE, "\x04" "{{= 191*7 }}{{ [1,2].constructor.constructor('return 6*7')() }}", "133742");
	prints(LANGUAGE_NODE, "#{191*7} and #{[1,2].map(x=>{return x+1})}", "1337 and 2,3");
}

static void php_sees_the_request_that_brought_the_code(void **state)
{
	static const char request[] =
	    "POST /a/b.php/c?x=1&y[]=2 HTTP/1.1\r\nHost: h.example:81\r\nCookie: k=v\r\nX-A-B: z\r\nProxy: p\r\n"
	    "Content-Type: application/x-www-form-urlencoded\r\n\r\nq=r%20s";
	const struct outcome *o = run(LANGUAGE_PHP, "echo $_GET['y'][0],$_POST['q'],$_COOKIE['k'],$_SERVER['HTTP_X_A_B'],"
	    "$_SERVER['PHP_SELF'],getenv('HTTP_PROXY'),file_get_contents('php://input'),$_SERVER['REQUEST_METHOD'];", request, 1);

	assert_true(says(o, "2r svz/a/b.php/cq=r%20sPOST"));
	assert_int_equal(o->run.out.left, 27);
}

static void seeds_try_each_configuration(void **state)
{
	bool shown = says(run(LANGUAGE_PHP, "nosuch();", NULL, 0), "nosuch");

	assert_true(says(run(LANGUAGE_PHP, "nosuch();", NULL, 1), "nosuch") != shown);
}

static void starting_asks_nothing(void **state)
{
	static const struct { enum language language; const char *code; } codes[] = {
		{ LANGUAGE_PHP, "echo 1;" }, { LANGUAGE_PYTHON, "print(1)" }, { LANGUAGE_PERL, "print 1;" },
	};

	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		const struct outcome *o = run(codes[i].language, codes[i].code, NULL, 1);

		for (unsigned q = 0; q < o->questions_count; q++)
			fail_msg("%s asks %s", codes[i].code, o->questions[q].subject);
	}
}

static void what_stops_a_run_has_its_reason_and_the_next_is_right(void **state)
{
	static const struct { enum language language; const char *code; enum stopped_by why; } codes[] = {
		{ LANGUAGE_PHP, "while(1);", STOPPED_BLOCKS }, { LANGUAGE_PHP, "while(1)$a[]=str_repeat('x',1<<20);", STOPPED_MEMORY },
		{ LANGUAGE_PHP, "while(1)echo str_repeat('x',1<<16);", STOPPED_OUTPUT },
		{ LANGUAGE_PHP, "for(;;)system('sleep 9 &');", STOPPED_PROCESSES },
		{ LANGUAGE_PHP, "sleep(4000);", STOPPED_TIME },
		{ LANGUAGE_PYTHON, "while 1: pass", STOPPED_BLOCKS }, { LANGUAGE_PYTHON, "x=bytearray(1<<28)", STOPPED_MEMORY },
		{ LANGUAGE_PYTHON, "import os\nwhile 1: os.fork()", STOPPED_MEMORY },
		{ LANGUAGE_PERL, "1 while 1;", STOPPED_BLOCKS }, { LANGUAGE_PERL, "fork while 1;", STOPPED_PROCESSES },
		{ LANGUAGE_PERL, "print 'x' x 65536 while 1;", STOPPED_OUTPUT },
	};

	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		const struct outcome *o = run(codes[i].language, codes[i].code, NULL, i);

		if (o->run.stopped_by != codes[i].why)
			fail_msg("%s is stopped by %s", codes[i].code, stopped_by_name(o->run.stopped_by));
		prints(LANGUAGE_PHP, "echo md5('a');", "0cc175b9c0f1b6a831c399e269772661");
		prints(LANGUAGE_PYTHON, "print('%x' % (2**64-1))", "ffffffffffffffff\n");
		prints(LANGUAGE_PERL, "print join ',', map {$_*2} 1..3", "2,4,6");
		prints(LANGUAGE_SHELL, "echo $((6*7))", "42\n");
	}
}

static void nothing_of_a_run_is_seen_by_the_next(void **state)
{
	run(LANGUAGE_PHP, "define('LEFT',1);file_put_contents('/tmp/left','x');putenv('LEFT=1');ini_set('precision',3);chdir('/');", NULL, 1);
	prints(LANGUAGE_PHP, "var_dump(defined('LEFT'),file_exists('/tmp/left'),getenv('LEFT'),ini_get('precision'),getcwd());",
	    "bool(false)\nbool(false)\nbool(false)\nstring(2) \"14\"\nstring(13) \"/var/www/html\"\n");
	run(LANGUAGE_PYTHON, "import sys,os;sys.left=1;os.environ['LEFT']='1'", NULL, 1);
	prints(LANGUAGE_PYTHON, "import sys,os;print(hasattr(sys,'left'),os.environ.get('LEFT'))", "False None\n");
}

static void children_speak_where_their_output_goes(void **state)
{
	prints(LANGUAGE_PHP, "system('echo a');echo `echo b`;passthru('echo c');", "a\nb\nc\n");
	prints(LANGUAGE_PYTHON, "import os,subprocess;os.system('echo a');print(subprocess.check_output('echo b',shell=True))", "a\nb'b\\n'\n");
	prints(LANGUAGE_PERL, "system('echo a');print `echo b`;", "a\nb\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_with_a_tag_is_a_file_and_other_code_is_evaluated),
		cmocka_unit_test(a_part_of_an_expression_shows_its_value_where_it_prints_nothing),
		cmocka_unit_test(templates_of_node_s_engines_are_rendered),
		cmocka_unit_test(php_sees_the_request_that_brought_the_code),
		cmocka_unit_test(seeds_try_each_configuration),
		cmocka_unit_test(starting_asks_nothing),
		cmocka_unit_test(what_stops_a_run_has_its_reason_and_the_next_is_right),
		cmocka_unit_test(nothing_of_a_run_is_seen_by_the_next),
		cmocka_unit_test(children_speak_where_their_output_goes),
	};

	return cmocka_run_group_tests(tests, open_server, close_server);
}
