/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki check: reads config and rules as the appliance would, and tells every error. */
#include "control/cli/verb.h"

#include "config/load.h"
#include "config/rules/rule.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct check {
	const char *config;
	const char *files[SETTINGS_LIST_MAX]; /* --rules: instead of the config's */
	unsigned files_count;
};

static int read_options(int argc, char **argv, struct check *c)
{
	static const struct option known[] = { { "rules", required_argument, NULL, 'r' }, { NULL, 0, NULL, 0 } };
	int o;

	while ((o = getopt_long(argc, argv, "+:c:", known, NULL)) != -1) {
		if (o == 'c')
			c->config = optarg;
		else if (o != 'r')
			return cli_bad_option("check", o, argv);
		else if (c->files_count == COUNT_OF(c->files))
			return cli_usage("check", "more than %zu --rules", COUNT_OF(c->files));
		else
			c->files[c->files_count++] = optarg;
	}
	return optind < argc ? cli_usage("check", "unexpected argument: %s", argv[optind]) : EXIT_DONE;
}

/* What the programs would stumble over at their start. */
static void check_places(const struct settings *s, struct complaints *complaints)
{
	if (access(s->profiles, R_OK | X_OK) < 0)
		complain(complaints, s->file, settings_line(s, "emulation.profiles"), "emulation.profiles: %s: %s", s->profiles,
		         strerror(errno));
	if (getpwnam(s->user) == NULL)
		complain(complaints, s->file, settings_line(s, "emulation.user"), "emulation.user: there is no account %s",
		         s->user);
}

/* Errors of a config that does not load leave its defaults, so that the rules are checked all the same. */
static void read_config(const char *file, struct complaints *complaints, struct settings *settings)
{
	char found[PATH_MAX], folder[PATH_MAX];

	if (file == NULL)
		file = settings_find(found, sizeof(found));
	if (file != NULL && settings_load(file, complaints, settings) == 0) {
		check_places(settings, complaints);
		return;
	}
	if (getcwd(folder, sizeof(folder)) == NULL)
		snprintf(folder, sizeof(folder), "/");
	settings_default(folder, settings);
	settings->rules_count = 0;
}

int verb_check(int argc, char **argv)
{
	struct check c = { 0 };
	struct complaints complaints = { .to = stderr };
	struct settings *settings = malloc(sizeof(*settings));
	struct rule_set *set = NULL;
	int r = EXIT_CANNOT;

	if (settings == NULL) {
		cli_cannot("check", "out of memory");
		goto out;
	}
	if ((r = read_options(argc, argv, &c)) != EXIT_DONE)
		goto out;
	r = EXIT_CANNOT;
	read_config(c.config, &complaints, settings);
	if (c.files_count > 0)
		settings->rules_count = 0;
	if (rule_set_load(settings, &complaints, &set) == -ENOMEM) {
		cli_cannot("check", "out of memory");
		goto out;
	}
	for (unsigned i = 0; set != NULL && i < c.files_count; i++)
		if (rule_set_add(set, c.files[i], &complaints) == -ENOMEM) {
			cli_cannot("check", "out of memory");
			goto out;
		}
	printf("%u rules loaded, %u refused\n", set != NULL ? rule_set_count(set) : 0,
	       set != NULL ? rule_set_refused(set) : 0);
	r = complaints.count == 0 ? EXIT_DONE : EXIT_NO;
out:
	rule_set_free(set);
	free(settings);
	return r;
}
