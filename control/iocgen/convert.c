/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc convert: logs of any form in, the plain form out. */
#include "control/iocgen/jail.h"
#include "control/iocgen/labels.h"
#include "control/iocgen/read/read.h"
#include "control/iocgen/shown.h"
#include "control/iocgen/verb.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

enum { BAD_SHOWN = 20 /* complaints by name; the others are counted */ };

struct printing {
	struct labels *labels;
	bool first;      /* no artefact of the sample was printed yet */
	uint64_t bad;
};

static void put_known(const char *key, struct bytes value)
{
	printf(",\"%s\":", key);
	if (value.left > 0)
		shown_json(stdout, value);
	else
		fputs("null", stdout);
}

static int begin(void *to, const struct sample *given)
{
	struct printing *p = to;
	struct sample s = *given;
	char day[16];

	(void)labels_apply(p->labels, &s);
	p->first = true;
	fputs("{\"sample\":", stdout);
	shown_json(stdout, s.name);
	put_known("label", bytes_text(s.label == LABEL_UNKNOWN ? "" : label_name(s.label)));
	put_known("family", s.family);
	put_known("date", bytes_text(day_format(s.day, day)));
	put_known("source", s.source);
	fputs(",\"artefacts\":[", stdout);
	return 0;
}

static int artefact(void *to, const struct artefact *a)
{
	struct printing *p = to;

	printf("%s{\"kind\":\"%s\",\"action\":\"%s\",\"value\":", p->first ? "" : ",", kind_name(a->kind), action_name(a->action));
	shown_json(stdout, a->value);
	putchar('}');
	p->first = false;
	return 0;
}

static int end(void *to)
{
	fputs("]}\n", stdout);
	return ferror(stdout) ? -EIO : 0;
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
	struct printing printing = { 0 };
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
