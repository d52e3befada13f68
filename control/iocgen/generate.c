/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc generate: IOCs out of behaviour logs. */
#include "control/iocgen/interval.h"
#include "control/iocgen/logs.h"
#include "control/iocgen/make.h"
#include "control/iocgen/verb.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct generating {
	struct logs logs;
	struct make_options make;
	const char *out;
};

static int options_read(int argc, char **argv, struct generating *g)
{
	static const struct option longs[] = {
		{ "out", required_argument, NULL, 'o' },    { "max-fpr", required_argument, NULL, 'f' },
		{ "max-items", required_argument, NULL, 'i' }, { "labels", required_argument, NULL, 'l' },
		{ "benign", required_argument, NULL, 'b' }, { NULL, 0, NULL, 0 },
	};
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		if (option == 'o') {
			g->out = optarg;
		} else if (option == 'l') {
			g->logs.labels = optarg;
		} else if (option == 'b') {
			if (!logs_add_benign(&g->logs, optarg))
				return ioc_usage("generate", "--benign at most 256 times; a folder counts once");
		} else if (option == 'f') {
			g->make.max_fpr = strtod(optarg, &end);
			if (end == optarg || *end != 0 || !(g->make.max_fpr >= 0 && g->make.max_fpr <= 1))
				return ioc_usage("generate", "--max-fpr takes a share from 0 to 1, not %s", optarg);
		} else if (option == 'i') {
			g->make.max_items = (unsigned)strtoul(optarg, &end, 10);
			if (end == optarg || *end != 0 || g->make.max_items < 1 || g->make.max_items > 1000)
				return ioc_usage("generate", "--max-items takes a number from 1 to 1000, not %s", optarg);
		} else {
			return ioc_bad_option("generate", option, argv);
		}
	}
	if (g->out == NULL)
		return ioc_usage("generate", "--out FILE says where the IOCs go");
	if (optind == argc && g->logs.benign_count == 0)
		return ioc_usage("generate", "no log is named");
	g->logs.paths = argv + optind;
	g->logs.count = argc - optind;
	return EXIT_DONE;
}

static void tell(const struct ioc_set *s, const struct make_notes *n)
{
	struct interval tpr = interval_of(s->malware_covered, s->malware_samples);
	uint64_t near = 0;

	for (size_t i = 0; i < s->families_count; i++) {
		const struct ioc_family *f = &s->families[i];

		near += f->gap <= 0.02;
		printf("%.*s: %" PRIu64 " of %" PRIu64 " samples, %s %.2f %%\n", (int)f->name.left, (const char *)f->name.at, f->covered, f->samples,
		       f->exact ? "the best set; gap" : "gap to the best at most", 100 * f->gap);
	}
	printf("%zu IOCs for %zu families; gap at most 2 %% in %" PRIu64 "\n", s->count, s->families_count, near);
	printf("malware matched: %" PRIu64 " of %" PRIu64 " (%.2f %% to %.2f %%)\n", s->malware_covered, s->malware_samples, 100 * tpr.low,
	       100 * tpr.high);
	printf("harmless matched: %" PRIu64 " of %" PRIu64 " (%.3f %% to %.3f %%); held-out harmless samples: %.3f %%, strictness %u\n", s->benign_hits,
	       s->benign_samples, 100 * s->fpr_low, 100 * s->fpr_high, 100 * n->held_out, n->strictness);
	if (n->hits_allowed < 0)
		printf("%" PRIu64 " harmless samples are too few to prove a share of %.3f %%: none was allowed to match\n", s->benign_samples,
		       100 * s->max_fpr);
}

int ioc_generate(int argc, char **argv)
{
	struct generating g = { .logs = { .verb = "generate" }, .make = { .max_fpr = 0.0097, .max_items = 12, .progress = progress_tell } };
	struct corpus corpus = { 0 };
	struct labels *labels = NULL;
	struct ioc_set *set = NULL;
	struct making *making = NULL;
	struct make_notes notes;
	FILE *out = NULL;
	int code = options_read(argc, argv, &g), read, r;

	if (code != EXIT_DONE)
		return code;
	if ((out = fopen(g.out, "we")) == NULL)
		return ioc_cannot("generate", "%s: %s", g.out, strerror(errno));
	read = logs_read(&g.logs, &corpus, &labels);
	code = read;
	if (read == EXIT_CANNOT)
		goto out;
	logs_tell(&g.logs, &corpus.tally);
	if (corpus.tally.malware == 0) {
		code = ioc_no("generate", "no sample is labelled malware: labels stand in the logs, in --labels, or in folders (malware/FAMILY, benign)");
		goto out;
	}
	r = making_new(&corpus, NULL, &g.make, &making);
	if (r == 0)
		r = making_choose(making, METHOD_OURS, &set, &notes);
	progress_tell(NULL, NULL, 0, 0);
	if (r == 0)
		r = ioc_set_write(set, out);
	if (r < 0) {
		code = ioc_cannot("generate", "%s: %s", r == -EIO ? g.out : "making IOCs", strerror(-r));
		goto out;
	}
	tell(set, &notes);
out:
	if (fclose(out) != 0 && code != EXIT_CANNOT)
		code = ioc_cannot("generate", "%s: %s", g.out, strerror(errno));
	ioc_set_free(set);
	making_free(making);
	corpus_fini(&corpus);
	labels_free(labels);
	return code;
}
