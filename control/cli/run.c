/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki run: the appliance in the foreground. */
#include "control/cli/supervise.h"
#include "control/cli/verb.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Until SIGINT or SIGTERM; a program that ends meanwhile is started again. */
static void watch(struct fleet *f, const sigset_t *signals)
{
	const struct timespec beat = { .tv_nsec = 100000000 };
	struct timespec now;

	for (;;) {
		int number = sigtimedwait(signals, NULL, &beat);

		if (number == SIGINT || number == SIGTERM)
			return;
		fleet_reap(f);
		clock_gettime(CLOCK_MONOTONIC, &now);
		fleet_mend(f, (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec);
	}
}

int verb_run(int argc, char **argv)
{
	static struct settings settings;
	const char *config = NULL;
	struct fleet_plan plan = { .verb = "run", .settings = &settings };
	struct fleet fleet;
	sigset_t signals;
	int option, code;

	while ((option = getopt(argc, argv, ":c:")) != -1) {
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
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if ((code = fleet_start(&plan, &fleet)) != EXIT_DONE)
		return code;
	fprintf(stderr, "konseki run: %u lane%s, %u worker%s; ask with: konseki show health\n", settings.lanes,
	        settings.lanes == 1 ? "" : "s", settings.workers, settings.workers == 1 ? "" : "s");
	watch(&fleet, &signals);
	fleet_stop(&fleet);
	return EXIT_DONE;
}
