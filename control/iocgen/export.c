/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc export: IOCs in the formats of others. */
#include "control/iocgen/export/carry.h"
#include "control/iocgen/jail.h"
#include "control/iocgen/verb.h"
#include "control/iocgen/whole.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct exporting {
	const char *iocs, *out;
	const struct format *format;
	int32_t day;
};

static int format_find(const char *name, const struct format **ret)
{
	static const struct format *const formats[] = { &format_sigma, &format_stix, &format_openioc, &format_csv, &format_json };

	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		if (strcmp(formats[i]->name, name) == 0) {
			*ret = formats[i];
			return 0;
		}
	}
	return -ENOENT;
}

static int parse(int argc, char **argv, struct exporting *e)
{
	static const struct option options[] = {
		{ "iocs", required_argument, NULL, 'i' }, { "format", required_argument, NULL, 'f' }, { "out", required_argument, NULL, 'o' },
		{ "date", required_argument, NULL, 'd' }, { 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c == 'i')
			e->iocs = optarg;
		else if (c == 'o')
			e->out = optarg;
		else if (c == 'f' && format_find(optarg, &e->format) < 0)
			return ioc_usage("export", "no such format: %s (sigma, stix, openioc, csv, json)", optarg);
		else if (c == 'd' && day_parse(bytes_text(optarg), &e->day) < 0)
			return ioc_usage("export", "no date: %s", optarg);
		else if (c != 'f' && c != 'd')
			return ioc_bad_option("export", c, argv);
	}
	if (e->iocs == NULL || e->format == NULL)
		return ioc_usage("export", "say --iocs FILE and --format sigma|stix|openioc|csv|json");
	return optind < argc ? ioc_usage("export", "what is %s?", argv[optind]) : EXIT_DONE;
}

/* The day of the newest match: the same IOCs are exported with the same bytes. */
static int32_t day_of(const struct ioc_set *set)
{
	int32_t day = 0;

	for (size_t i = 0; i < set->count; i++)
		day = set->iocs[i].last > day ? set->iocs[i].last : day;
	return day;
}

int ioc_export(int argc, char **argv)
{
	struct exporting e = { .day = DAY_NONE };
	struct ioc_set *set = NULL;
	struct carried *all = NULL;
	FILE *out = stdout;
	int r;

	if ((r = parse(argc, argv, &e)) != EXIT_DONE)
		return r;
	if (e.out != NULL && (out = fopen(e.out, "we")) == NULL)
		return ioc_cannot("export", "%s: %s", e.out, strerror(errno));
	if ((r = jail_enter()) < 0)
		return ioc_cannot("export", "its powers cannot be given up: %s", strerror(-r));
	if ((r = iocs_open("export", e.iocs, &set)) != EXIT_DONE)
		return r;
	if ((all = carry_all(set, e.format)) == NULL) {
		ioc_set_free(set);
		return ioc_cannot("export", "no memory");
	}
	r = e.format->write(set, all, e.day != DAY_NONE ? e.day : day_of(set), out);
	if (r < 0 || fflush(out) != 0 || ferror(out))
		r = ioc_cannot("export", "the export cannot be written: %s", strerror(r < 0 ? -r : errno));
	else
		carry_tell(set, all, e.format, "", stderr);
	free(all);
	ioc_set_free(set);
	return r;
}
