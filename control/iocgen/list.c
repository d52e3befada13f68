/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc import and list: lists of network indicators, in and out. */
#include "control/iocgen/jail.h"
#include "control/iocgen/network/lists.h"
#include "control/iocgen/verb.h"
#include "control/iocgen/whole.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <time.h>

enum { FILES_MAX = 256, BAD_SHOWN = 20 /* complaints by name; the others are counted */ };

struct listing {
	const char *verb, *out, *iocs;
	void (*write)(const struct indicators *, int32_t day, FILE *to);
	int32_t day;
	FILE *to;
	struct indicators list;
	uint64_t bad, left;
};

static const struct { const char *name; void (*write)(const struct indicators *, int32_t day, FILE *to); } formats[] = {
	{ "plain", lists_write_plain }, { "csv", lists_write_csv }, { "json", lists_write_json }, { "stix", lists_write_stix },
	{ "misp", lists_write_misp }, { "rules", lists_write_rules },
};

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	struct listing *l = to;

	if (++l->bad <= BAD_SHOWN)
		fprintf(stderr, "konseki ioc %s: %s:%llu: %s\n", l->verb, file, (unsigned long long)line, why);
}

static int parse(int argc, char **argv, struct listing *l)
{
	static const struct option options[] = {
		{ "out", required_argument, NULL, 'o' }, { "format", required_argument, NULL, 'f' }, { "iocs", required_argument, NULL, 'i' },
		{ "date", required_argument, NULL, 'd' }, { 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		size_t i = 0;

		if (c == 'o') {
			l->out = optarg;
		} else if (c == 'i') {
			l->iocs = optarg;
		} else if (c == 'd') {
			if (day_parse(bytes_text(optarg), &l->day) < 0)
				return ioc_usage(l->verb, "no date: %s", optarg);
		} else if (c == 'f') {
			while (i < COUNT_OF(formats) && strcmp(formats[i].name, optarg) != 0)
				i++;
			if (i == COUNT_OF(formats))
				return ioc_usage(l->verb, "no such format: %s (plain, csv, json, stix, misp, rules)", optarg);
			l->write = formats[i].write;
		} else {
			return ioc_bad_option(l->verb, c, argv);
		}
	}
	if (optind == argc && l->iocs == NULL)
		return ioc_usage(l->verb, "which lists?");
	return argc - optind > FILES_MAX ? ioc_usage(l->verb, "at most %d lists at once", FILES_MAX) : EXIT_DONE;
}

static int read_one(struct listing *l, const char *name)
{
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	int r;

	if (from == NULL) {
		bad(l, name, 0, strerror(errno));
		return EXIT_DONE;
	}
	r = lists_read(from, name, &l->list, bad, l);
	if (from != stdin)
		fclose(from);
	if (r == -EIO)
		bad(l, name, 0, strerror(-r));
	else if (r < 0)
		return ioc_cannot(l->verb, "%s: %s", name, r == -ENOSPC ? "more than a million indicators" : strerror(-r));
	return EXIT_DONE;
}

static int read_iocs(struct listing *l)
{
	struct ioc_set *set = NULL;
	int r = iocs_open(l->verb, l->iocs, &set);

	if (r != EXIT_DONE)
		return r;
	r = lists_take_iocs(set, &l->list, &l->left);
	ioc_set_free(set);
	if (l->left > 0)
		fprintf(stderr, "konseki ioc %s: %llu IOCs are about more than one fixed address, name or URL: a list does not carry them\n", l->verb,
		        (unsigned long long)l->left);
	return r < 0 ? ioc_cannot(l->verb, "%s", strerror(-r)) : EXIT_DONE;
}

static int run(int argc, char **argv, struct listing *l)
{
	int r;

	l->day = (int32_t)(time(NULL) / 86400);
	if ((r = parse(argc, argv, l)) != EXIT_DONE)
		return r;
	if (l->out == NULL && strcmp(l->verb, "import") == 0)
		return ioc_usage(l->verb, "--out FILE says where the list goes");
	l->to = l->out != NULL ? fopen(l->out, "we") : stdout;
	if (l->to == NULL)
		return ioc_cannot(l->verb, "%s: %s", l->out, strerror(errno));
	if ((r = jail_enter()) < 0)
		return ioc_cannot(l->verb, "its powers cannot be given up: %s", strerror(-r));
	r = l->iocs != NULL ? read_iocs(l) : EXIT_DONE;
	for (int i = optind; r == EXIT_DONE && i < argc; i++)
		r = read_one(l, argv[i]);
	if (r == EXIT_DONE) {
		indicators_settle(&l->list);
		l->write(&l->list, l->day, l->to);
		if (fflush(l->to) != 0 || ferror(l->to))
			r = ioc_cannot(l->verb, "the list cannot be written: %s", strerror(errno));
		else if (l->bad > 0)
			r = EXIT_NO;
	}
	if (l->bad > BAD_SHOWN)
		fprintf(stderr, "konseki ioc %s: and %llu more that could not be read\n", l->verb, (unsigned long long)l->bad - BAD_SHOWN);
	if (strcmp(l->verb, "import") == 0 && r <= EXIT_NO)
		fprintf(stderr, "konseki ioc import: %zu indicators in %s\n", l->list.count, l->out);
	indicators_fini(&l->list);
	return r;
}

int ioc_import(int argc, char **argv)
{
	struct listing l = { .verb = "import", .write = lists_write_plain };

	return run(argc, argv, &l);
}

int ioc_list(int argc, char **argv)
{
	struct listing l = { .verb = "list", .write = lists_write_plain };

	return run(argc, argv, &l);
}
