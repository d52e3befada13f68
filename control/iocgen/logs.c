/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the logs that a command names. */
#include "control/iocgen/logs.h"
#include "control/iocgen/jail.h"
#include "control/iocgen/read/read.h"
#include "control/iocgen/verb.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAD_TOLD = 20, TICK_MS = 100 }; /* bad records that are named; the others are counted */

void progress_tell(void *unused, const char *what, uint64_t done, uint64_t all)
{
	static uint64_t last_ms;
	static bool shown;
	struct timespec t;
	uint64_t now;

	clock_gettime(CLOCK_MONOTONIC, &t);
	now = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
	if (what == NULL && shown)
		fputs("\r\033[K", stderr);
	if (what == NULL || now - last_ms < TICK_MS || isatty(STDERR_FILENO) == 0)
		return;
	last_ms = now;
	shown = true;
	if (all > 0)
		fprintf(stderr, "\r\033[K%s: %" PRIu64 " of %" PRIu64, what, done, all);
	else
		fprintf(stderr, "\r\033[K%s: %" PRIu64, what, done);
}

struct reading {
	const struct logs *logs;
	struct sample_sink inner;
	struct corpus *corpus;
	uint64_t told;
};

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	struct reading *r = to;

	if (r->told++ >= BAD_TOLD)
		return;
	progress_tell(NULL, NULL, 0, 0);
	if (line > 0)
		fprintf(stderr, "konseki ioc %s: %s:%" PRIu64 ": %s\n", r->logs->verb, file, line, why);
	else
		fprintf(stderr, "konseki ioc %s: %s: %s\n", r->logs->verb, file, why);
}

static int begin(void *to, const struct sample *s)
{
	struct reading *r = to;

	progress_tell(NULL, "reading, samples", r->corpus->tally.samples, 0);
	return r->inner.begin(r->inner.to, s);
}

static int artefact(void *to, const struct artefact *a)
{
	struct reading *r = to;

	return r->inner.artefact(r->inner.to, a);
}

static int end(void *to)
{
	struct reading *r = to;

	return r->inner.end(r->inner.to);
}

static void bad_record(void *to, const char *file, uint64_t line, const char *why)
{
	struct reading *r = to;

	r->inner.bad(r->inner.to, file, line, why);
	bad(to, file, line, why);
}

static int open_labels(const struct logs *l, struct reading *r, struct labels **ret)
{
	FILE *f = l->labels == NULL ? NULL : fopen(l->labels, "re");
	int e;

	if (l->labels == NULL)
		return EXIT_DONE;
	if (f == NULL)
		return ioc_cannot(l->verb, "%s: %s", l->labels, strerror(errno));
	e = labels_read(f, l->labels, bad, r, ret);
	fclose(f);
	if (e == -EBADMSG)
		return ioc_cannot(l->verb, "%s: its first line must name columns, one of them sample (others: label, family, date, source)", l->labels);
	return e < 0 ? ioc_cannot(l->verb, "%s: %s", l->labels, strerror(-e)) : EXIT_DONE;
}

static int read_one(const struct logs *l, const struct sample_sink *sink, const char *path, enum label label)
{
	const struct read_given given = { .path = path, .otherwise = { .day = DAY_NONE, .label = label } };
	int r = read_open(&given, sink);

	progress_tell(NULL, NULL, 0, 0);
	if (r == -EPROTO)
		return ioc_no(l->verb, "%s: no behaviour log that we know (the plain form is one JSON object a line)", path);
	if (r == -ENOMEM)
		return ioc_cannot(l->verb, "%s: no memory left", path);
	return r < 0 ? ioc_no(l->verb, "%s: %s", path, strerror(-r)) : EXIT_DONE;
}

bool logs_add_benign(struct logs *l, const char *path)
{
	if (l->benign_count == LOGS_BENIGN_MAX)
		return false;
	l->benign[l->benign_count++] = path;
	return true;
}

int logs_read(const struct logs *l, struct corpus *c, struct labels **labels)
{
	struct reading r = { .logs = l, .inner = corpus_sink(c), .corpus = c };
	const struct sample_sink sink = { begin, artefact, end, bad_record, &r };
	int worst = EXIT_DONE, e;

	if ((e = jail_enter()) < 0)
		return ioc_cannot(l->verb, "cannot give up powers: %s", strerror(-e));
	if ((e = open_labels(l, &r, labels)) != EXIT_DONE)
		return e;
	c->labels = *labels;
	for (int i = 0; i < l->count + l->benign_count && worst != EXIT_CANNOT; i++) {
		bool benign = i >= l->count;

		e = read_one(l, &sink, benign ? l->benign[i - l->count] : l->paths[i], benign ? LABEL_BENIGN : LABEL_UNKNOWN);
		worst = e > worst ? e : worst;
	}
	if (worst == EXIT_CANNOT)
		return worst;
	if (r.told > BAD_TOLD)
		fprintf(stderr, "konseki ioc %s: … and %" PRIu64 " bad records more\n", l->verb, r.told - BAD_TOLD);
	if (corpus_settle(c) < 0)
		return ioc_cannot(l->verb, "no memory left");
	return c->tally.bad > 0 ? EXIT_NO : worst;
}

void logs_tell(const struct logs *l, const struct corpus_tally *t)
{
	const struct { uint64_t count; const char *what; } losses[] = {
		{ t->bad, "bad records passed over" }, { t->unlabelled, "samples without a label not used" },
		{ t->empty_values, "artefacts without a value" }, { t->cut_values, "values cut at 4 KB" },
		{ t->over_sample, "artefacts beyond 65536 of one sample left out" },
		{ t->over_memory, "distinct values beyond 1 GB of text left out" },
	};

	fprintf(stderr, "konseki ioc %s: read %" PRIu64 " samples (%" PRIu64 " malware, %" PRIu64 " harmless), %" PRIu64 " artefacts\n", l->verb,
	        t->samples, t->malware, t->benign, t->artefacts);
	for (size_t i = 0; i < COUNT_OF(losses); i++) {
		if (losses[i].count > 0)
			fprintf(stderr, "konseki ioc %s: %" PRIu64 " %s\n", l->verb, losses[i].count, losses[i].what);
	}
}
