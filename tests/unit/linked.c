/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dynamic loader does is kept and passed over: a run that does so is the same as the one that had it run, to the nanosecond. */
#include "emu/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TOLD_MAX = 64 << 10 };

/* All that a run tells, times and work too. */
static void tell(struct server *server, const char *code, uint64_t seed, char told[TOLD_MAX])
{
	const struct command c = { .language = LANGUAGE_SHELL, .code = bytes_text(code), .seed = seed };
	const struct outcome *o;
	int len;

	assert_int_equal(server_run(server, &c, &o), 0);
	len = snprintf(told, TOLD_MAX, "%d %d %llu %llu\n%.*s\n", o->run.exit_status, o->run.stopped_by, (unsigned long long)o->run.ended_ns,
	    (unsigned long long)o->run.blocks, (int)o->run.output.left, (const char *)o->run.output.at);
	for (uint32_t i = 0; i < o->run.events_count && len < TOLD_MAX; i++)
		len += snprintf(told + len, (size_t)(TOLD_MAX - len), "%d %llu %.*s\n", o->run.events[i].kind,
		    (unsigned long long)o->run.events[i].virtual_ns, (int)o->run.events[i].path.left, (const char *)o->run.events[i].path.at);
}

static void a_passed_loader_leaves_what_one_that_ran_leaves(void **state)
{
	static const char *const codes[] = {
		"id", "cat /etc/passwd | head -n 3; ls -la / | wc -l", "uname -a & whoami; wait; echo $(id -u)$(id -un)", "sleep 1 & ps; LD_BIND_NOW=1 id; cat /proc/self/maps",
		"a=1 ls /etc/hostname /nowhere; expr 1 + 2 3", "(yes | head -n 2000 | md5sum) & (date; id) | cat",
	};
	char *ran = malloc(TOLD_MAX), *passed = malloc(TOLD_MAX), why[256];
	struct server *server;

	if (access("/usr/bin/id", X_OK) < 0)
		skip();
	assert_true(ran != NULL && passed != NULL);
	for (unsigned i = 0; i < COUNT_OF(codes); i++) {
		/* one that has run nothing yet, so that nothing is kept */
		assert_int_equal(server_open(SOURCE_ROOT "/emu/profiles/debian", why, sizeof(why), &server), 0);
		tell(server, codes[i], 1, ran);
		for (unsigned again = 0; again < 3; again++) {
			tell(server, "ls; id; cat /etc/hostname; expr 1 + 1", 2, passed);
			tell(server, codes[i], 1, passed);
			assert_string_equal(passed, ran);
		}
		server_close(server);
	}
	free(ran);
	free(passed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_passed_loader_leaves_what_one_that_ran_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
