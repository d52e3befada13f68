/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki config commit and rollback: another version in force, whole or not at all. */
#include "control/cli/appliance.h"
#include "control/cli/author.h"
#include "control/cli/check.h"
#include "control/cli/config.h"
#include "control/versions/candidate.h"
#include "control/versions/commit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A version about to be made, beside the one in force. */
struct change {
	struct config_ask *ask;
	struct version *now, *next; /* owned; now is NULL where there is none, or it is damaged */
	unsigned in_force;          /* 0: none was ever */
	struct settings settings;   /* of next, where its files are read from */
	struct pending pending;     /* number 0: nothing is pending */
};

/* What is in force and pending. An exit code. */
static int change_begin(struct change *c)
{
	struct versions *v = &c->ask->versions;
	int r = versions_current(v, &c->in_force);

	if (r == -EINVAL)
		return cli_cannot("config", "%s/current names no version; name one again with: konseki config rollback N", v->path);
	if (r < 0 && r != -ENOENT)
		return cli_cannot("config", "cannot read %s: %s", v->path, strerror(-r));
	if (r == 0 && version_read(v, c->in_force, &c->now) < 0)
		c->now = NULL;
	if (pending_read(v, &c->pending) < 0)
		c->pending.number = 0;
	return EXIT_DONE;
}

static void change_end(struct change *c)
{
	version_free(c->now);
	version_free(c->next);
	free(c);
}

/* The settings that the running appliance was most likely started with: where its socket is. */
static enum appliance take(const struct change *c, char *why, size_t size)
{
	struct settings *running = malloc(sizeof(*running));
	char unused[COMMIT_WHY_MAX];
	enum appliance a = APPLIANCE_NONE;

	if (running == NULL)
		return a;
	if (c->in_force == 0 || version_load(&c->ask->versions, c->in_force, false, unused, sizeof(unused), running) < 0)
		memcpy(running, &c->settings, sizeof(*running));
	a = appliance_take(running, &c->ask->versions, c->next->number, why, size);
	free(running);
	return a;
}

/* Takes back what was begun; the version before is in force as it was. */
static void undo(struct change *c)
{
	struct versions *v = &c->ask->versions;
	int r = versions_point(v, c->in_force);

	if (r == 0 && c->pending.number != 0)
		r = pending_write(v, &c->pending);
	else if (r == 0)
		r = pending_end(v);
	if (r == 0)
		r = versions_remove(v, c->next->number);
	if (r < 0)
		cli_cannot("config", "cannot take version %u back: %s; see: konseki config history", c->next->number, strerror(-r));
}

static void tell(const struct change *c, enum appliance took, const struct pending *p)
{
	char time[40];

	printf("version %u is in force%s\n", c->next->number,
	       took == APPLIANCE_TOOK ? ", and the appliance works with it" : took == APPLIANCE_READS ? "; the appliance is still reading it" :
	       "; it takes effect at the next start of konseki run");
	if (p->number != 0)
		printf("version %u comes back at %s unless it is confirmed by: konseki config commit\n", p->back_to, config_time(p->deadline_s, time));
}

/* Stores next, puts it in force and has it taken. An exit code. */
static int change_make(struct change *c)
{
	struct config_ask *a = c->ask;
	struct versions *v = &a->versions;
	struct pending p = { 0 };
	char why[COMMIT_WHY_MAX];
	enum appliance took;
	int r;

	c->next->parent = c->in_force;
	author_write(a->author, c->next->author);
	if (a->reason != NULL)
		snprintf(c->next->reason, sizeof(c->next->reason), "%s", a->reason);
	r = commit_store(v, &c->settings, c->next, why);
	if (r < 0)
		return r == -ESTALE ? cli_no("config", "%s", why) : cli_cannot("config", "nothing was committed: %s", why);
	if (a->minutes != 0) {
		p = (struct pending){ c->next->number, c->pending.number != 0 ? c->pending.back_to : c->in_force, time(NULL) + 60 * (int64_t)a->minutes };
		r = pending_write(v, &p);
	}
	if (r == 0)
		r = versions_point(v, c->next->number);
	if (r < 0) {
		undo(c);
		return cli_cannot("config", "nothing was committed: cannot write %s: %s", v->path, strerror(-r));
	}
	took = take(c, why, sizeof(why));
	if (took == APPLIANCE_REFUSED) {
		undo(c);
		return cli_no("config", "nothing was committed: the appliance refused it: %s", why);
	}
	if (a->minutes == 0 && (r = pending_end(v)) < 0) /* of another version, so it has gone by already */
		fprintf(stderr, "konseki config: cannot remove %s/pending: %s\n", v->path, strerror(-r));
	if ((r = versions_prune(v, VERSIONS_KEPT, c->next->number, p.number != 0 ? p.back_to : c->in_force)) < 0)
		fprintf(stderr, "konseki config: cannot remove old versions: %s\n", strerror(-r));
	tell(c, took, &p);
	return EXIT_DONE;
}

/* The file is what is in force: nothing to store, but a pending version is confirmed, or given more time. */
static int same_again(struct change *c)
{
	struct config_ask *a = c->ask;
	char time_text[40];
	int r;

	if (c->pending.number == 0) {
		printf("nothing to commit: %s is what version %u has\n", a->file, c->in_force);
		return EXIT_DONE;
	}
	if (a->minutes != 0) {
		c->pending.deadline_s = time(NULL) + 60 * (int64_t)a->minutes;
		r = pending_write(&a->versions, &c->pending);
	} else {
		r = pending_end(&a->versions);
	}
	if (r < 0)
		return cli_cannot("config", "cannot write %s/pending: %s", a->versions.path, strerror(-r));
	if (a->minutes != 0)
		printf("version %u comes back at %s unless it is confirmed by: konseki config commit\n", c->pending.back_to,
		       config_time(c->pending.deadline_s, time_text));
	else
		printf("version %u is confirmed\n", c->in_force);
	return EXIT_DONE;
}

static int commit(struct change *c)
{
	struct config_ask *a = c->ask;
	struct check check = { .verb = "config", .config = a->file };
	char why[COMMIT_WHY_MAX];
	int code = change_begin(c);

	if (code != EXIT_DONE)
		return code;
	if (a->minutes != 0 && c->in_force == 0)
		return cli_no("config", "there is no version to go back to yet; commit this one for good");
	/* what is described now is what is checked and what is copied: a file that changes meanwhile ends it */
	if ((code = config_candidate_load(a, &c->next, &c->settings)) != EXIT_DONE)
		return EXIT_NO;
	if (c->now != NULL && version_same(c->now, c->next) && version_load(&a->versions, c->in_force, true, why, sizeof(why), &c->settings) == 0)
		return same_again(c);
	if ((code = check_all(&check, &c->settings)) != EXIT_DONE)
		return code == EXIT_NO ? cli_no("config", "nothing was committed: mend what is told above") : code;
	return change_make(c);
}

int config_commit(struct config_ask *a)
{
	struct change *c = calloc(1, sizeof(*c));
	int code;

	if (c == NULL)
		return cli_cannot("config", "out of memory");
	c->ask = a;
	code = commit(c);
	change_end(c);
	return code;
}

static int candidate_write(struct change *c, const struct version *v)
{
	char why[COMMIT_WHY_MAX];

	if (candidate_restore(&c->ask->versions, v, why) < 0)
		return cli_cannot("config", "%s stays as it was: %s", c->ask->file, why);
	printf("%s is as in version %u; what it was is kept in %s/candidate-before-rollback\n", c->ask->file, v->number, c->ask->versions.path);
	return EXIT_DONE;
}

/* n is where to go back to. */
static int rollback(struct change *c, unsigned n)
{
	struct config_ask *a = c->ask;
	struct check check = { .verb = "config" };
	struct version *old = NULL;
	char reason[64], path[PATH_MAX], why[COMMIT_WHY_MAX];
	int code = config_version_load(a, n, &old, &c->settings);

	if (code != EXIT_DONE)
		return code;
	if (n == c->in_force) {
		code = candidate_write(c, old);
		goto out;
	}
	memcpy(path, c->settings.file, sizeof(path));
	check.config = path;
	if ((code = check_all(&check, &c->settings)) != EXIT_DONE) {
		code = cli_no("config", "nothing was changed: version %u is no longer good here", n);
		goto out;
	}
	if (commit_describe(&c->settings, why, &c->next) < 0) {
		code = cli_cannot("config", "nothing was changed: %s", why);
		goto out;
	}
	snprintf(reason, sizeof(reason), "rollback to %u", n);
	if (a->reason == NULL)
		a->reason = reason;
	if ((code = change_make(c)) == EXIT_DONE)
		code = candidate_write(c, c->next);
out:
	version_free(old);
	return code;
}

int config_rollback(struct config_ask *a)
{
	struct change *c = calloc(1, sizeof(*c));
	unsigned n = a->count == 1 ? a->numbers[0] : 0;
	int code = EXIT_DONE;

	if (c == NULL)
		return cli_cannot("config", "out of memory");
	c->ask = a;
	if (n == 0 || versions_current(&a->versions, &c->in_force) == 0)
		code = change_begin(c);
	if (code == EXIT_DONE && c->in_force == 0 && n == 0)
		code = cli_no("config", "nothing of %s is committed yet", a->file);
	else if (code == EXIT_DONE && n == 0 && c->now == NULL)
		code = cli_no("config", "version %u is damaged and does not say what came before it; name one: konseki config rollback N", c->in_force);
	else if (code == EXIT_DONE && n == 0 && (n = c->now->parent) == 0)
		code = cli_no("config", "there is no version before %u", c->in_force);
	if (code == EXIT_DONE)
		code = rollback(c, n);
	change_end(c);
	return code;
}
