/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki config: versions of the configuration. */
#include "control/cli/config.h"

#include "config/load.h"
#include "config/origin.h"
#include "control/versions/commit.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct word {
	const char *name;
	int (*run)(struct config_ask *);
	unsigned numbers;      /* how many versions it may name */
	bool changes;
};

static const struct word words[] = {
	{ "show", config_show, 1, false },
	{ "diff", config_diff, 2, false },
	{ "commit", config_commit, 0, true },
	{ "rollback", config_rollback, 1, true },
	{ "history", config_history, 0, false },
};

const char *config_time(int64_t seconds, char buf[40])
{
	time_t at = (time_t)seconds;
	struct tm t;

	if (gmtime_r(&at, &t) == NULL || strftime(buf, 40, "%Y-%m-%dT%H:%M:%SZ", &t) == 0)
		snprintf(buf, 40, "?");
	return buf;
}

int config_version(const struct config_ask *a, unsigned n, struct version **ret)
{
	int r = version_read(&a->versions, n, ret);

	if (r == -ENOENT)
		return cli_no("config", "there is no version %u of %s; see: konseki config history", n, a->file);
	if (r < 0)
		return cli_cannot("config", "version %u of %s cannot be read: %s", n, a->file, r == -EBADMSG ? "its version.json is damaged" : strerror(-r));
	return EXIT_DONE;
}

int config_version_load(const struct config_ask *a, unsigned n, struct version **ret, struct settings *ret_settings)
{
	char why[COMMIT_WHY_MAX];
	int code = config_version(a, n, ret);

	if (code == EXIT_DONE && version_load(&a->versions, n, true, why, sizeof(why), ret_settings) < 0) {
		version_free(*ret);
		*ret = NULL;
		return cli_cannot("config", "version %u of %s cannot be used: %s", n, a->file, why);
	}
	return code;
}

int config_candidate_load(const struct config_ask *a, struct version **ret, struct settings *ret_settings)
{
	char why[COMMIT_WHY_MAX];
	int code = cli_settings("config", a->file, ret_settings);

	if (code == EXIT_DONE && commit_describe(ret_settings, why, ret) < 0)
		return cli_no("config", "%s", why);
	return code;
}

/* A word behind that of what to do. An exit code. */
static int argument_take(struct config_ask *a, const struct word *w, char **argv, int *at, int argc)
{
	const char *text = argv[*at];
	unsigned n = origin_number(text, strlen(text));
	char *end;

	if (w->run == config_show && a->count == 0 && !a->candidate && strcmp(text, "candidate") == 0) {
		a->candidate = true;
		return EXIT_DONE;
	}
	if (w->run == config_commit && a->minutes == 0 && strcmp(text, "confirmed") == 0) {
		if (*at + 1 == argc)
			return cli_usage("config", "confirmed within how many minutes?");
		text = argv[++*at];
		a->minutes = (unsigned)strtoul(text, &end, 10);
		if (text[0] < '0' || text[0] > '9' || *end != 0 || strlen(text) > 9 || a->minutes == 0 || a->minutes > PENDING_MINUTES_MAX)
			return cli_usage("config", "%s is no number of minutes from 1 to %d", text, PENDING_MINUTES_MAX);
		return EXIT_DONE;
	}
	if (a->count == w->numbers || a->candidate)
		return cli_usage("config", "unexpected argument: %s", text);
	if (n == 0)
		return cli_usage("config", "%s is no number of a version", text);
	a->numbers[a->count++] = n;
	return EXIT_DONE;
}

static int options_read(int argc, char **argv, struct config_ask *a, const struct word **ret)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' }, { "reason", required_argument, NULL, 'm' },
		{ "author", required_argument, NULL, 'a' }, { NULL, 0, NULL, 0 },
	};
	const struct word *w = NULL;
	int option, code = EXIT_DONE;

	while ((option = getopt_long(argc, argv, ":c:m:", longs, NULL)) != -1) {
		if (option == 'c')
			a->file = optarg;
		else if (option == 'm')
			a->reason = optarg;
		else if (option == 'a')
			a->author = optarg;
		else if (option == 'j')
			a->json = true;
		else
			return cli_bad_option("config", option, argv);
	}
	for (size_t i = 0; optind < argc && i < COUNT_OF(words); i++)
		if (strcmp(words[i].name, argv[optind]) == 0)
			w = &words[i];
	if (w == NULL)
		return optind < argc ? cli_usage("config", "no such word: %s", argv[optind]) :
		                       cli_usage("config", "what? show, diff, commit, rollback or history");
	for (int i = optind + 1; code == EXIT_DONE && i < argc; i++)
		code = argument_take(a, w, argv, &i, argc);
	if (code == EXIT_DONE && a->json && w->run != config_show && w->run != config_history)
		code = cli_usage("config", "--json is of show and history");
	if (code == EXIT_DONE && (a->reason != NULL || a->author != NULL) && !w->changes)
		code = cli_usage("config", "reason and author are of commit and rollback");
	*ret = w;
	return code;
}

static int texts_check(const struct config_ask *a)
{
	if (a->reason != NULL && !version_text_ok(a->reason, VERSION_REASON_MAX))
		return cli_usage("config", "a reason is one line of at most %d bytes of UTF-8", VERSION_REASON_MAX);
	if (a->author != NULL && (a->author[0] == 0 || !version_text_ok(a->author, VERSION_AUTHOR_MAX)))
		return cli_usage("config", "an author is one line of at most %d bytes of UTF-8", VERSION_AUTHOR_MAX);
	return EXIT_DONE;
}

/* Opens the folder; who changes it holds the lock. What only looks may do so without the right to change. */
static int folder_open(struct config_ask *a, const struct word *w)
{
	int r = versions_open(a->file, w->changes, &a->versions);

	if (r == -ENOENT && !w->changes)
		return EXIT_DONE;
	if (r < 0)
		return cli_cannot("config", "cannot open %s.versions: %s", a->file, strerror(-r));
	r = versions_lock(&a->versions);
	if (r < 0 && w->changes)
		return r == -EWOULDBLOCK ? cli_cannot("config", "another konseki config is at work on %s; try again when it has ended", a->file) :
		                           cli_cannot("config", "cannot write %s: %s", a->versions.path, strerror(-r));
	return EXIT_DONE;
}

/* Whoever looks first after the time is over puts the version before in force again. */
static int expire(struct config_ask *a)
{
	struct pending p;
	int r = a->versions.lock < 0 ? 0 : pending_expire(&a->versions, time(NULL), &p);

	if (r == 1)
		fprintf(stderr, "konseki config: version %u was not confirmed in time; version %u is in force again\n", p.number, p.back_to);
	else if (r < 0)
		fprintf(stderr, "konseki config: cannot go back from a version that was not confirmed: %s/pending: %s\n", a->versions.path,
		        r == -EBADMSG ? "damaged; remove it" : strerror(-r));
	return EXIT_DONE;
}

int verb_config(int argc, char **argv)
{
	struct config_ask a = { .versions = { .fd = -1, .lock = -1 } };
	const struct word *w = NULL;
	char found[PATH_MAX];
	int code;

	if ((code = options_read(argc, argv, &a, &w)) != EXIT_DONE || (code = texts_check(&a)) != EXIT_DONE)
		return code;
	if (a.file == NULL && (a.file = settings_find(found, sizeof(found))) == NULL)
		return cli_cannot("config", "there is no config file; name one with -c FILE");
	if ((code = folder_open(&a, w)) == EXIT_DONE && (code = expire(&a)) == EXIT_DONE)
		code = w->run(&a);
	versions_close(&a.versions);
	return code;
}
