/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc convert: logs of any form in, the plain form out. */
#include "control/iocgen/jail.h"
#include "control/iocgen/labels.h"
#include "control/iocgen/plain.h"
#include "control/iocgen/read/read.h"
#include "control/iocgen/verb.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { BAD_SHOWN = 20 /* complaints by name; the others are counted */ };

struct printing {
	struct labels *labels;
	struct plain plain;
	uint64_t bad;
};

static int begin(void *to, const struct sample *given)
{
	struct printing *p = to;
	struct sample s = *given;

	(void)labels_apply(p->labels, &s);
	return plain_begin(&p->plain, &s);
}

static int artefact(void *to, const struct artefact *a)
{
	struct printing *p = to;

	return plain_artefact(&p->plain, a);
}

static int end(void *to)
{
	struct printing *p = to;

	return plain_end(&p->plain);
}

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	struct printing *p = to;

	if (++p->bad > BAD_SHOWN)
		return;
	if (line > 0)
		fprintf(stderr, "konseki ioc convert: %s:%llu: %s\n", file, (unsigned long long)line, why);
	else
		fprintf(stderr, "konseki ioc convert: %s: %s\n", file, why);
}

static int read_labels(struct printing *p, const char *file)
{
	FILE *from = fopen(file, "re");
	int r;

	if (from == NULL)
		return ioc_cannot("convert", "%s: %s", file, strerror(errno));
	r = labels_read(from, file, bad, p, &p->labels);
	fclose(from);
	return r < 0 ? ioc_no("convert", "%s: %s", file, r == -EBADMSG ? "no column is called sample" : strerror(-r)) : EXIT_DONE;
}

int ioc_convert(int argc, char **argv)
{
	static const struct option options[] = {
		{ "by-process", no_argument, NULL, 'p' }, { "labels", required_argument, NULL, 'l' }, { 0 },
	};
	struct printing printing = { .plain = { .to = stdout } };
	struct sample_sink sink = { .begin = begin, .artefact = artefact, .end = end, .bad = bad, .to = &printing };
	struct read_given given = { .otherwise = { .day = DAY_NONE } };
	int c, r;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'p')
			given.by_process = true;
		else if (c != 'l')
			return ioc_bad_option("convert", c, argv);
		else if ((r = read_labels(&printing, optarg)) != EXIT_DONE)
			return r;
	}
	if (optind == argc)
		return ioc_usage("convert", "which logs?");
	if ((r = jail_enter()) < 0)
		return ioc_cannot("convert", "its powers cannot be given up: %s", strerror(-r));
	for (r = 0; r >= 0 && optind < argc; optind++) {
		given.path = argv[optind];
		r = read_open(&given, &sink);
		if (r == -EPROTO)
			bad(&printing, given.path, 0, "no behaviour log that we know");
		else if (r < 0 && !ferror(stdout))
			bad(&printing, given.path, 0, strerror(-r));
		r = ferror(stdout) ? r : 0;
	}
	labels_free(printing.labels);
	if (printing.bad > BAD_SHOWN)
		fprintf(stderr, "konseki ioc convert: and %llu more that could not be read\n", (unsigned long long)printing.bad - BAD_SHOWN);
	if (r < 0 || fflush(stdout) != 0)
		return ioc_cannot("convert", "the answer cannot be written: %s", strerror(errno));
	return printing.bad > 0 ? EXIT_NO : EXIT_DONE;
}
