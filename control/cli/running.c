/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki run and the version in force. */
#include "control/cli/running.h"

#include "config/changes.h"
#include "control/versions/in_force.h"
#include "control/versions/pending.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int running_load(struct running *r, const char *config)
{
	struct versions versions;
	int code, e;

	*r = (struct running){ .config = config };
	code = cli_settings_in_force("run", config, true, &r->settings, &r->version);
	if (code != EXIT_DONE || r->version == 0)
		return code;
	/* through a link of ours, so that a program that is started again reads what the others read */
	e = versions_open(config, false, &versions);
	if (e == 0)
		e = versions_run(&versions, r->version, r->settings.file);
	versions_close(&versions);
	if (e < 0)
		fprintf(stderr, "konseki run: cannot write beside %s: %s; another version needs a restart\n", config, strerror(-e));
	return EXIT_DONE;
}

static void key_note(void *context, const struct schema_row *row, const char *was, const char *is)
{
	const char **key = context;

	if (!row->live && *key == NULL)
		*key = row->path;
}

/* Changes to version n, if a reload can do it. key is what cannot. -errno; 1: a restart is needed. */
static int change(struct running *r, struct versions *versions, unsigned n, const char **key, char *why, size_t size)
{
	struct settings *next = malloc(sizeof(*next));
	int e = next == NULL ? -ENOMEM : version_load(versions, n, true, why, size, next);

	*key = NULL;
	if (e == 0 && (e = changes_each(&r->settings, next, key_note, key)) >= 0)
		e = *key != NULL ? 1 : versions_run(versions, n, next->file);
	if (e == 0) {
		memcpy(&r->settings, next, sizeof(*next));
		r->version = n;
	}
	free(next);
	return e;
}

static enum running_change look(struct running *r, struct versions *versions)
{
	char why[PATH_MAX + 256] = "its files cannot be read";
	struct pending p;
	const char *key;
	unsigned n;
	int e;

	/* no lock: somebody works on it just now, and looks himself */
	if (pending_read(versions, &p) == 0 && time(NULL) >= p.deadline_s && versions_lock(versions) == 0 &&
	    pending_expire(versions, time(NULL), &p) < 0)
		cli_cannot("run", "version %u was not confirmed in time, and cannot be taken back", p.number);
	if (versions_current(versions, &n) < 0 || n == r->version || n == r->refused)
		return RUNNING_SAME;
	e = change(r, versions, n, &key, why, sizeof(why));
	if (e == 0) {
		fprintf(stderr, "konseki run: version %u is in force: reading it\n", n);
		return RUNNING_RELOAD;
	}
	r->refused = n;
	if (e == 1 && pending_went_back(versions, r->version)) {
		fprintf(stderr, "konseki run: version %u was not confirmed in time; starting again with version %u\n", r->version, n);
		return RUNNING_RESTART;
	}
	if (e == 1)
		fprintf(stderr, "konseki run: version %u changes %s, which needs a restart; going on with version %u\n", n, key, r->version);
	else
		fprintf(stderr, "konseki run: version %u cannot be used: %s; going on with version %u\n", n, why, r->version);
	return RUNNING_SAME;
}

enum running_change running_look(struct running *r)
{
	enum running_change found = RUNNING_SAME;
	struct versions versions;

	if (r->version == 0) /* a first version waits for a start: what runs was never committed */
		return RUNNING_SAME;
	if (versions_open(r->config, false, &versions) == 0)
		found = look(r, &versions);
	versions_close(&versions);
	return found;
}
