/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki run: the appliance in the foreground. */
#include "config/load.h"
#include "control/cli/ask.h"
#include "control/cli/notify.h"
#include "control/cli/running.h"
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

enum { AGAIN = -1, /* not an exit code: with what is in force now */ LOOK_EVERY = 10 /* beats */ };

/* Until SIGINT or SIGTERM; a program that ends meanwhile is started again. An exit code, or AGAIN. */
static int watch(struct fleet *f, const sigset_t *signals, struct running *r)
{
	const struct timespec beat = { .tv_nsec = 100000000 };
	const struct settings *s = f->plan.settings;
	struct timespec now;
	bool worked = false;
	enum program which;
	enum running_change change;
	unsigned beats = 0;

	for (;;) {
		int number = sigtimedwait(signals, NULL, &beat);

		if (number == SIGINT || number == SIGTERM)
			return EXIT_DONE;
		change = ++beats % LOOK_EVERY == 0 ? running_look(r) : RUNNING_SAME;
		if (beats % LOOK_EVERY == 0)
			notify_manager("WATCHDOG=1");
		if (change == RUNNING_RESTART)
			return AGAIN;
		if ((number == SIGHUP || change == RUNNING_RELOAD) && f->members[PROGRAM_DATAPLANE].pid > 0)
			kill(f->members[PROGRAM_DATAPLANE].pid, SIGHUP); /* other rules */
		fleet_reap(f);
		if (!worked && refused(f, &which))
			return cli_cannot("run", "%s cannot start", program_name(which));
		if (!worked && ask_healthy(s->socket, f->members[PROGRAM_CONTROL].pid)) {
			worked = true;
			notify_manager("READY=1");
			fprintf(stderr, "konseki run: up with %u lane%s and %u worker%s; ask with: konseki show health\n",
			        s->lanes, s->lanes == 1 ? "" : "s", s->workers, s->workers == 1 ? "" : "s");
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		fleet_mend(f, (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec);
	}
}

/* From the start of the programs to their end. An exit code, or AGAIN. */
static int serve(const char *config, const sigset_t *signals, struct running *r)
{
	struct fleet_plan plan = { .verb = "run", .settings = &r->settings, .rules = -1 };
	struct fleet fleet;
	int code = running_load(r, config);

	if (code != EXIT_DONE)
		return code;
	if (r->settings.ports_count == 0)
		return cli_cannot("run", "no port is set; add one to dataplane.ports in %s", r->settings.file);
	if ((code = fleet_start(&plan, &fleet)) != EXIT_DONE)
		return code;
	code = watch(&fleet, signals, r);
	fleet_stop(&fleet);
	return code;
}

int verb_run(int argc, char **argv)
{
	static struct running running;
	static const struct option longs[] = { { NULL, 0, NULL, 0 } };
	const char *config = NULL;
	char found[PATH_MAX];
	sigset_t signals;
	int option, code;

	while ((option = getopt_long(argc, argv, ":c:", longs, NULL)) != -1) {
		if (option != 'c')
			return cli_bad_option("run", option, argv);
		config = optarg;
	}
	if (optind < argc)
		return cli_usage("run", "unexpected argument: %s", argv[optind]);
	if (config == NULL && (config = settings_find(found, sizeof(found))) == NULL)
		return cli_cannot("run", "there is no config file; name one with -c FILE");
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	do
		code = serve(config, &signals, &running);
	while (code == AGAIN);
	return code;
}
