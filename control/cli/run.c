/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki run: the appliance in the foreground. */
#include "control/cli/ask.h"
#include "control/cli/supervise.h"
#include "control/cli/verb.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

/* A program that cannot work with this config says so and ends: before all have worked once, trying again is no help. */
static bool refused(const struct fleet *f, enum program *ret)
{
	for (enum program p = 0; p < PROGRAM_COUNT; p++) {
		const struct fleet_member *m = &f->members[p];

		if (m->ended && WIFEXITED(m->status) && (WEXITSTATUS(m->status) == EXIT_CANNOT || WEXITSTATUS(m->status) == EXIT_USAGE)) {
			*ret = p;
			return true;
		}
	}
	return false;
}

/* Until SIGINT or SIGTERM; a program that ends meanwhile is started again. An exit code. */
static int watch(struct fleet *f, const sigset_t *signals)
{
	const struct timespec beat = { .tv_nsec = 100000000 };
	const struct settings *s = f->plan.settings;
	struct timespec now;
	bool worked = false;
	enum program which;

	for (;;) {
		int number = sigtimedwait(signals, NULL, &beat);

		if (number == SIGINT || number == SIGTERM)
			return EXIT_DONE;
		if (number == SIGHUP && f->members[PROGRAM_DATAPLANE].pid > 0)
			kill(f->members[PROGRAM_DATAPLANE].pid, SIGHUP); /* other rules */
		fleet_reap(f);
		if (!worked && refused(f, &which))
			return cli_cannot("run", "%s cannot start", program_name(which));
		if (!worked && ask_healthy(s->socket, f->members[PROGRAM_CONTROL].pid)) {
			worked = true;
			fprintf(stderr, "konseki run: up with %u lane%s and %u worker%s; ask with: konseki show health\n",
			        s->lanes, s->lanes == 1 ? "" : "s", s->workers, s->workers == 1 ? "" : "s");
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		fleet_mend(f, (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec);
	}
}

int verb_run(int argc, char **argv)
{
	static struct settings settings;
	const char *config = NULL;
	struct fleet_plan plan = { .verb = "run", .settings = &settings, .rules = -1 };
	struct fleet fleet;
	sigset_t signals;
	static const struct option longs[] = { { NULL, 0, NULL, 0 } };
	int option, code;

	while ((option = getopt_long(argc, argv, ":c:", longs, NULL)) != -1) {
		if (option != 'c')
			return cli_bad_option("run", option, argv);
		config = optarg;
	}
	if (optind < argc)
		return cli_usage("run", "unexpected argument: %s", argv[optind]);
	if ((code = cli_settings("run", config, &settings)) != EXIT_DONE)
		return code;
	if (settings.ports_count == 0)
		return cli_cannot("run", "no port is set; add one to dataplane.ports in %s", settings.file);
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if ((code = fleet_start(&plan, &fleet)) != EXIT_DONE)
		return code;
	code = watch(&fleet, &signals);
	fleet_stop(&fleet);
	return code;
}
