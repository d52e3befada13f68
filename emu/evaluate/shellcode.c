/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machine code: looked for in the payload once, tried in one server where the search alone cannot tell, then run in all
 * of them as any other code.
 */
#include "emu/evaluate/evaluate.h"

#include <errno.h>
#include <string.h>

/* How much a run shows of what it does to others. */
static int weight(const struct run *run)
{
	enum { NETWORK = 100, PROGRAM = 40, OTHER = 4, MANY = 20 };
	int v = 0;

	for (uint32_t i = 0; i < run->events_count && i < MANY; i++) {
		switch (run->events[i].kind) {
		case EVENT_CONNECT:
		case EVENT_LISTEN:
		case EVENT_DNS:
		case EVENT_ICMP:
		case EVENT_FETCH:
		case EVENT_SEND:
			v += NETWORK;
			break;
		case EVENT_EXEC:
			v += PROGRAM;
			break;
		default:
			v += OTHER;
			break;
		}
	}
	return v + (run->output.left > 0 ? OTHER : 0) + (run->stopped_by == STOPPED_EXIT ? 1 : 0);
}

static void take(const struct found *f, struct job *job)
{
	job->language = f->language;
	job->entry = f->entry;
	job->thumb = f->thumb;
	job->registers = f->registers;
	job->bsd = f->bsd;
}

/* Is that how bytes run that by chance looked as if they called the system once? Code does something first, or never ends. */
static bool comes_to_nothing(const struct run *run)
{
	return run->events_count == 0 && run->output.left == 0 && run->stopped_by == STOPPED_SIGNAL;
}

/*
 * Runs what was found in the first server that can; the one that does most is left in *job. Returns how many of them came
 * to something, or -errno.
 */
static int choose(struct server *const *servers, unsigned count, const struct found *found, unsigned found_count,
                  struct arena *a, void (*run_begins)(void), struct job *job)
{
	bool spent = false;
	int best = -1, something = 0;

	for (unsigned i = 0; i < found_count; i++) {
		const struct found *f = &found[i];
		struct command c = { .language = f->language, .code = job->code, .request = job->request, .entry = f->entry,
			.thumb = f->thumb, .registers = f->registers, .bsd = f->bsd };
		struct observation seen;
		unsigned at = 0;
		int r;

		while (at < count && !server_runs(servers[at], f->language))
			at++;
		/* what uses up a budget would do so again; but code that tries for ever does it from its beginning */
		if (at == count || (spent && f->entry != 0)) {
			something += at == count; /* nobody here can tell */
			continue;
		}
		c.seed = known_seed(job, at, 0);
		if ((r = known_run(job->known, a, servers[at], &c, run_begins, &seen)) < 0)
			return r;
		something += !comes_to_nothing(&seen.run);
		if (weight(&seen.run) > best) {
			best = weight(&seen.run);
			take(f, job);
		}
		spent = spent || (seen.run.stopped_by > STOPPED_SIGNAL && seen.run.stopped_by != STOPPED_TIME);
	}
	return something;
}

int evaluate_shellcode(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job,
                       struct arena *a, void (*run_begins)(void), struct report **ret)
{
	struct server *chosen[REPORT_RUNS_MAX];
	struct found found[FOUND_MAX];
	struct job resolved = *job;
	enum language wanted = job->language == LANGUAGE_MACHINE ? LANGUAGE_AUTO : job->language;
	int n = finder != NULL ? finder_search(finder, wanted, job->code, found) : 0, r;

	if (n < 0)
		return n;
	/* where nothing was found, what was asked for is run from its beginning: that it does nothing is an answer too */
	if (n > 0)
		take(&found[0], &resolved);
	if (n > 1 || (n > 0 && wanted == LANGUAGE_AUTO)) {
		if ((r = choose(chosen, study_servers(servers, count, job, chosen), found, (unsigned)n, a, run_begins, &resolved)) < 0)
			return r;
		n = r;
	}
	if (n == 0 && job->language == LANGUAGE_AUTO)
		return 0;
	if (n == 0 && job->language == LANGUAGE_MACHINE)
		return study(servers, 0, job, a, run_begins, ret);
	return study(servers, count, &resolved, a, run_begins, ret);
}
