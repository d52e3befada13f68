/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki check: reads config and rules as the appliance would, and tells every error. */
#include "control/cli/check.h"

#include "config/load.h"
#include "config/rules/rule.h"
#include "control/journal/tls.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* May this operator read it? What root alone may read the programs can, since they read it before they give that up. */
static bool is_withheld(const char *file)
{
	return file[0] != 0 && access(file, R_OK) < 0 && errno == EACCES && geteuid() != 0;
}

static void check_collectors(const struct settings *s, struct complaints *complaints)
{
	for (unsigned i = 0; i < s->syslog_count; i++) {
		const struct syslog_target *t = &s->syslog[i];
		struct tls_credentials *c = NULL;
		char why[TLS_WHY_MAX];

		if (t->transport != SYSLOG_TLS || is_withheld(t->ca) || is_withheld(t->certificate) || is_withheld(t->key))
			continue;
		if (tls_credentials_new(t, &c, why) < 0)
			complain(complaints, s->file, t->line, "syslog.targets: \"tls://%s:%u\": %s", t->host, t->port, why);
		tls_credentials_free(c);
	}
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
		check_collectors(settings, complaints);
		return;
	}
	if (getcwd(folder, sizeof(folder)) == NULL)
		snprintf(folder, sizeof(folder), "/");
	settings_default(folder, settings);
	settings->rules_count = 0;
}

static int rules_check(const struct check *c, struct settings *settings, struct complaints *complaints, struct rule_set **ret)
{
	if (c->files_count > 0)
		settings->rules_count = 0;
	if (rule_set_load(settings, complaints, ret) == -ENOMEM)
		return -ENOMEM;
	for (unsigned i = 0; *ret != NULL && i < c->files_count; i++)
		if (rule_set_add(*ret, c->files[i], complaints) == -ENOMEM)
			return -ENOMEM;
	return 0;
}

int check_all(const struct check *c, struct settings *ret)
{
	struct complaints complaints = { .to = stderr };
	struct rule_set *set = NULL;
	int code;

	read_config(c->config, &complaints, ret);
	if (rules_check(c, ret, &complaints, &set) < 0) {
		code = cli_cannot(c->verb, "out of memory");
	} else {
		printf("%u rules loaded, %u refused\n", set != NULL ? rule_set_count(set) : 0, set != NULL ? rule_set_refused(set) : 0);
		code = complaints.count == 0 ? EXIT_DONE : EXIT_NO;
	}
	rule_set_free(set);
	return code;
}

int verb_check(int argc, char **argv)
{
	struct check c = { .verb = "check" };
	struct settings *settings = malloc(sizeof(*settings));
	int r;

	if (settings == NULL)
		return cli_cannot("check", "out of memory");
	if ((r = read_options(argc, argv, &c)) == EXIT_DONE)
		r = check_all(&c, settings);
	free(settings);
	return r;
}
