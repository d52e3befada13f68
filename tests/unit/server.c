/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The emulated server as a whole, with the busybox profile: what commands do, what stops them, what they leave. */
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
	char why[256];

	if (access("/bin/busybox", R_OK) < 0) {
		fprintf(stderr, "skipped: /bin/busybox is not installed (busybox-static)\n");
		return 0;
	}
	if (server_open(SOURCE_ROOT "/emu/profiles/busybox", why, sizeof(why), &server) < 0) {
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

static const struct outcome *run_with(const char *code, uint64_t seed, const struct twist *twist)
{
	struct command c = { .language = LANGUAGE_SHELL, .code = bytes_text(code), .seed = seed, .twists = twist,
		.twists_count = twist != NULL };
	const struct outcome *o = NULL;

	if (server == NULL)
		skip();
	assert_int_equal(server_run(server, &c, &o), 0);
	return o;
}

static const struct outcome *run(const char *code)
{
	return run_with(code, 0, NULL);
}

static void prints(const char *code, const char *text)
{
	const struct outcome *o = run(code);

	assert_int_equal(o->run.out.left, strlen(text));
	assert_memory_equal(o->run.out.at, text, o->run.out.left);
}

static const struct event *event_of(const struct outcome *o, enum event_kind kind)
{
	for (unsigned i = 0; i < o->run.events_count; i++)
		if (o->run.events[i].kind == kind)
			return &o->run.events[i];
	return NULL;
}

static bool asks(const struct outcome *o, enum question_kind kind, const char *subject)
{
	for (unsigned i = 0; i < o->questions_count; i++)
		if (o->questions[i].kind == kind && strcmp(o->questions[i].subject, subject) == 0)
			return true;
	return false;
}

static void pipes_and_forks_print_what_a_shell_prints(void **state)
{
	prints("echo $((191*7)) | rev", "7331\n");
	prints("for i in c a b; do echo $i; done | sort | tr a-z A-Z", "A\nB\nC\n");
	prints("x=$(echo a; (echo b) & wait); echo \"$x\"", "a\nb\n");
	prints("echo one > /tmp/f; echo two >> /tmp/f; wc -l < /tmp/f; rm /tmp/f; ls /tmp", "2\n");
	prints("mkfifo /tmp/p; echo through > /tmp/p & cat /tmp/p", "through\n");
	prints("echo aWQK | base64 -d", "id\n");
}

static void the_exit_status_is_as_a_shell_counts(void **state)
{
	assert_int_equal(run("exit 7")->run.exit_status, 7);
	assert_int_equal(run("nosuchprogram")->run.exit_status, 127);
	assert_int_equal(run("kill -9 $$")->run.exit_status, 137);
	assert_int_equal(run("kill -9 $$")->run.stopped_by, STOPPED_SIGNAL);
	assert_int_equal(run("trap 'exit 3' USR1; kill -USR1 $$; sleep 5")->run.exit_status, 3);
}

static void what_reaches_out_is_told(void **state)
{
	const struct event *e;
	char text[ADDRESS_TEXT];

	e = event_of(run("ping -c1 198.51.100.7"), EVENT_ICMP);
	assert_non_null(e);
	assert_string_equal(address_format(&e->address, text), "198.51.100.7");
	e = event_of(run("echo hello | nc 203.0.113.9 4444"), EVENT_CONNECT);
	assert_non_null(e);
	assert_string_equal(address_format(&e->address, text), "203.0.113.9");
	assert_int_equal(e->port, 4444);
	e = event_of(run("echo hello | nc 203.0.113.9 4444"), EVENT_SEND);
	assert_non_null(e);
	assert_true(bytes_equal(e->data, bytes_text("hello\n")));
	e = event_of(run("nslookup a.example.net"), EVENT_DNS);
	assert_non_null(e);
	assert_true(bytes_equal(e->name, bytes_text("a.example.net")));
	e = event_of(run("printf 'GET /x HTTP/1.1\\r\\nHost: h.example\\r\\n\\r\\n' | nc 203.0.113.9 80"), EVENT_FETCH);
	assert_non_null(e);
	assert_true(bytes_equal(e->name, bytes_text("http://h.example/x")));
	e = event_of(run("sleep 60"), EVENT_SLEEP);
	assert_non_null(e);
	assert_true(e->value == 60000000000ull);
	e = event_of(run("nc -l -p 4000 -e sh"), EVENT_LISTEN);
	assert_non_null(e);
	assert_int_equal(e->port, 4000);
}

static void its_interfaces_and_ports_are_told(void **state)
{
	prints("ifconfig lo | grep -c 127.0.0.1; ifconfig | grep -o 'addr:192[^ ]*'", "1\naddr:192.0.2.21\n");
	prints("netstat -ltn | awk 'NR > 2 {print $4, $6}'", "0.0.0.0:80 LISTEN\n");
	prints("route -n | awk '/^0/ {print $2}'; ls /proc/net | head -n 2; cat /proc/net/nosuch", "192.0.2.1\narp\ndev\n");
	prints("ls -ld /proc/self/fd/0 | cut -c1; stat -Lc %F /dev/stdin", "l\ncharacter special file\n");
}

static void a_program_left_out_is_not_there(void **state)
{
	const struct twist there = { QUESTION_PROGRAM, "wget", true };

	assert_int_equal(run("wget http://203.0.113.9/")->run.exit_status, 127);
	assert_true(asks(run("wget http://203.0.113.9/"), QUESTION_PROGRAM, "wget"));
	assert_int_not_equal(run_with("wget -O- http://203.0.113.9/", 0, &there)->run.exit_status, 127);
}

static void a_twist_turns_an_answer_round(void **state)
{
	const char *code = "if [ -e /srv/app.conf ]; then echo there; else echo away; fi";
	const struct twist there = { QUESTION_PATH, "/srv/app.conf", true };
	const struct outcome *o;

	prints(code, "away\n");
	assert_true(asks(run(code), QUESTION_PATH, "/srv/app.conf"));
	o = run_with(code, 0, &there);
	assert_true(bytes_equal(o->run.out, bytes_text("there\n")));
	prints(code, "away\n");
}

static void what_a_seed_decides_differs_between_seeds(void **state)
{
	static const char *const codes[] = { "date", "echo $$", "head -c8 /dev/urandom | od -tx1" };
	char first[256];

	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		const struct outcome *o = run_with(codes[i], 1, NULL);
		size_t len = o->run.out.left;

		assert_in_range(len, 1, sizeof(first));
		memcpy(first, o->run.out.at, len);
		o = run_with(codes[i], 1, NULL);
		assert_true(bytes_equal(o->run.out, bytes_of(first, len)));
		o = run_with(codes[i], 2, NULL);
		assert_false(bytes_equal(o->run.out, bytes_of(first, len)));
	}
}

static void hostile_code_ends_and_leaves_nothing(void **state)
{
	static const struct { const char *code; enum stopped_by by; } list[] = {
		{ "f(){ f|f & }; f", STOPPED_PROCESSES },
		{ "while :; do :; done", STOPPED_BLOCKS },
		{ "yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", STOPPED_OUTPUT },
		{ "dd if=/dev/zero of=/tmp/x bs=64k count=1000", STOPPED_FILES },
		{ "f(){ f; }; f", STOPPED_SIGNAL },
		{ "sleep 10000", STOPPED_TIME },
		{ "mkfifo /tmp/p; cat /tmp/p", STOPPED_TIME },
		{ "i=0; while [ $i -lt 99 ]; do nc 203.0.113.9 $((i+1000)) </dev/null; i=$((i+1)); done", STOPPED_CONNECTS },
	};
	const char *code = "id; ls -la / /tmp; cat /etc/passwd | md5sum; date; echo $$";
	const struct outcome *o = run(code);
	static char before[8192];
	size_t len = o->run.out.left;

	assert_in_range(len, 1, sizeof(before));
	memcpy(before, o->run.out.at, len);
	for (size_t i = 0; i < COUNT_OF(list); i++) {
		o = run(list[i].code);
		if (o->run.stopped_by != list[i].by)
			print_error("%s: stopped by %d\n", list[i].code, o->run.stopped_by);
		assert_int_equal(o->run.stopped_by, list[i].by);
		o = run(code);
		assert_true(bytes_equal(o->run.out, bytes_of(before, len)));
	}
}

/* What a run that was stopped still held, a socket among it, is gone before the next begins. */
static void a_connection_left_open_ends_with_its_run(void **state)
{
	for (int i = 0; i < 3; i++) {
		const struct outcome *o = run("nc 203.0.113.9 4444 & while :; do :; done");

		assert_int_equal(o->run.stopped_by, STOPPED_BLOCKS);
		assert_non_null(event_of(o, EVENT_CONNECT));
	}
	prints("echo $((6*7))", "42\n");
}

/* execve("/bin/sh") from nowhere, and a jump to where nothing is: programs made of code alone. */
static void a_program_of_bare_code_runs(void **state)
{
	static const uint8_t program[] = {
		0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0, 1, 0, 0, 0,
		0x78, 0, 0x40, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0,
		0, 0, 0x40, 0, 0, 0, 0, 0, 0x84, 0, 0, 0, 0, 0, 0, 0, 0x84, 0, 0, 0, 0, 0, 0, 0,
		0, 0x10, 0, 0, 0, 0, 0, 0,
		0xb8, 60, 0, 0, 0, 0xbf, 7, 0, 0, 0, 0x0f, 0x05,
	};
	struct command c = { .language = LANGUAGE_ELF, .code = bytes_of(program, sizeof(program)) };
	const struct outcome *o = NULL;

	if (server == NULL)
		skip();
	/* at the very address that busybox has: it gives way, and comes back */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(server_run(server, &c, &o), 0);
		assert_int_equal(o->run.exit_status, 7);
		prints("echo $((6*7))", "42\n");
	}
	c.code = bytes_text("not a program");
	assert_int_equal(server_run(server, &c, &o), 0);
	assert_int_equal(o->run.stopped_by, STOPPED_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pipes_and_forks_print_what_a_shell_prints),
		cmocka_unit_test(the_exit_status_is_as_a_shell_counts),
		cmocka_unit_test(what_reaches_out_is_told),
		cmocka_unit_test(its_interfaces_and_ports_are_told),
		cmocka_unit_test(a_program_left_out_is_not_there),
		cmocka_unit_test(a_twist_turns_an_answer_round),
		cmocka_unit_test(what_a_seed_decides_differs_between_seeds),
		cmocka_unit_test(hostile_code_ends_and_leaves_nothing),
		cmocka_unit_test(a_connection_left_open_ends_with_its_run),
		cmocka_unit_test(a_program_of_bare_code_runs),
	};

	return cmocka_run_group_tests(tests, open_server, close_server);
}
