/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc cluster: families for samples that have none, as a CSV that the other verbs read. */
#include "control/iocgen/cluster.h"
#include "control/iocgen/logs.h"
#include "control/iocgen/verb.h"
#include "control/iocgen/shown.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct clustering {
	struct logs logs;
	const char *out;
	bool all;
	FILE *to;
	struct corpus corpus;
};

static int options_read(int argc, char **argv, struct clustering *c)
{
	static const struct option longs[] = {
		{ "out", required_argument, NULL, 'o' }, { "labels", required_argument, NULL, 'l' }, { "benign", required_argument, NULL, 'b' },
		{ "all", no_argument, NULL, 'a' }, { NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		if (option == 'o') {
			c->out = optarg;
		} else if (option == 'l') {
			c->logs.labels = optarg;
		} else if (option == 'a') {
			c->all = true;
		} else if (option == 'b') {
			if (!logs_add_benign(&c->logs, optarg))
				return ioc_usage("cluster", "--benign at most 256 times; a folder counts once");
		} else {
			return ioc_bad_option("cluster", option, argv);
		}
	}
	if (c->out == NULL)
		return ioc_usage("cluster", "--out FILE says where the families go");
	if (optind == argc)
		return ioc_usage("cluster", "no log is named");
	c->logs.paths = argv + optind;
	c->logs.count = argc - optind;
	return EXIT_DONE;
}

/* In quotation marks, for a name is foreign text. */
static void put_name(struct bytes name, FILE *to)
{
	putc('"', to);
	shown_quoted(to, name, '"');
	putc('"', to);
}

static void write_families(const struct clustering *c, const bool *wanted, const uint32_t *clusters)
{
	fputs("sample,label,family\n", c->to);
	for (uint32_t i = 0; i < c->corpus.samples_count; i++) {
		const struct corpus_sample *s = &c->corpus.samples[i];

		if (!wanted[i] || clusters[i] == CLUSTER_NONE)
			continue;
		put_name(names_get(&c->corpus.names, s->name), c->to);
		fprintf(c->to, ",%s,cluster-%04" PRIu32 "\n", s->label == LABEL_UNKNOWN ? "" : label_name(s->label), clusters[i] + 1);
	}
}

static int tell(const struct clustering *c, const bool *wanted, const uint32_t *clusters, uint32_t count)
{
	struct agreement a;
	uint64_t all = 0, without = 0;
	int r = cluster_agreement(&c->corpus, wanted, clusters, &a);

	for (uint32_t i = 0; i < c->corpus.samples_count; i++) {
		all += wanted[i];
		without += wanted[i] && clusters[i] == CLUSTER_NONE;
	}
	printf("%" PRIu32 " clusters of %" PRIu64 " samples; %" PRIu64 " are like no other\n", count, all, without);
	if (r == 0 && a.samples > 0)
		printf("beside the %" PRIu64 " families known of %" PRIu64 " samples: adjusted Rand index %.3f, purity %.3f, %" PRIu64
		       " clusters, %" PRIu64 " samples in none\n", a.families, a.samples, a.rand, a.purity, a.clusters, a.without);
	return r;
}

static int cluster(struct clustering *c)
{
	bool *wanted = calloc((size_t)c->corpus.samples_count + 1, sizeof(*wanted));
	uint32_t *clusters = calloc((size_t)c->corpus.samples_count + 1, sizeof(*clusters)), count = 0;
	int r = wanted == NULL || clusters == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; i < c->corpus.samples_count && r == 0; i++) {
		const struct corpus_sample *s = &c->corpus.samples[i];

		wanted[i] = s->label != LABEL_BENIGN && (c->all || names_get(&c->corpus.families, s->family).left == 0);
	}
	if (r == 0)
		r = cluster_samples(&c->corpus, wanted, clusters, &count);
	if (r == 0) {
		write_families(c, wanted, clusters);
		r = tell(c, wanted, clusters, count);
	}
	free(wanted);
	free(clusters);
	return r;
}

int ioc_cluster(int argc, char **argv)
{
	struct clustering c = { .logs = { .verb = "cluster" } };
	struct labels *labels = NULL;
	int code = options_read(argc, argv, &c), r;

	if (code != EXIT_DONE)
		return code;
	if ((c.to = fopen(c.out, "we")) == NULL) /* before the jail, which logs_read() enters */
		return ioc_cannot("cluster", "%s: %s", c.out, strerror(errno));
	code = logs_read(&c.logs, &c.corpus, &labels);
	if (code != EXIT_CANNOT) {
		logs_tell(&c.logs, &c.corpus.tally);
		if ((r = cluster(&c)) < 0)
			code = ioc_cannot("cluster", "%s", strerror(-r));
	}
	if (fclose(c.to) != 0 && code != EXIT_CANNOT)
		code = ioc_cannot("cluster", "%s: %s", c.out, strerror(errno));
	corpus_fini(&c.corpus);
	labels_free(labels);
	return code;
}
