/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-ioc, the program behind `konseki ioc`: one table of verbs. It reads hostile logs, so it gives up its powers first. */
#include "control/iocgen/verb.h"

#include <getopt.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *arguments, *does, *help;
};

static const struct verb verbs[] = {
	{ "generate", ioc_generate, "--out IOCS.json [--max-fpr 0.0097] [--max-items N] [--labels FILE.csv] LOG…",
	  "endpoint IOCs from behaviour logs of malware and of ordinary software",
	  "  --out FILE       where the IOCs go\n"
	  "  --max-fpr SHARE  at most this share of harmless samples may match, by the upper end of its interval (default 0.0097)\n"
	  "  --max-items N    at most so many IOCs a family (default 12)\n"
	  "  --labels FILE    a CSV with the columns sample, label, family, date, source: what it says comes before the logs' own word\n"
	  "  --benign LOG     a log whose samples are harmless unless something says otherwise; may be given again\n"
	  "LOG is a file or a folder, gzip and zstd included; - is stdin. The same logs in any order give the same file.\n" },
	{ "scan", ioc_scan, "--iocs IOCS.json [--json] LOG…", "where IOCs match",
	  "  --iocs FILE  what `konseki ioc generate` wrote\n"
	  "  --json       one object a hit: {\"sample\", \"family\", \"ioc\", \"artefact\"}\n"
	  "Exit code: 0 done, whether or not something matched; 1 some input was bad.\n" },
	{ "score", ioc_score, "[--split KIND]… [--baselines] [--labels FILE.csv] [--benign LOG]… [--max-fpr 0.0097] [--max-items N] [--json] LOG…",
	  "how good IOCs of these logs are on samples that they were not made from",
	  "  --split KIND  random, time, environment or source; may be given again (default: time). Of a source \"archive/environment\" each\n"
	  "                archive, or each environment, is left out in turn; random and time test on the last 30 of 100 samples\n"
	  "  --baselines   also: most frequent literals, a decision list, plain greedy cover, smooth local search\n"
	  "  --json        one object a row\n" },
	{ "select", ioc_select, "--out MANIFEST [OPTION]… LOG…", "which samples of a pool IOCs are to be made from, with the reason for each",
	  "  --out MANIFEST       a line a sample: taken or not, and why; of which one it is a duplicate\n"
	  "  --plain FILE         what was taken, in the plain form, for konseki ioc generate (reads the logs a second time)\n"
	  "  --labels FILE        as in generate\n"
	  "  --platform NAME      windows or linux, by what the artefacts look like\n"
	  "  --kinds LIST         what the target can match: file,registry,mutex,process,command,service,task,pipe,url,dns,ip,agent\n"
	  "  --from DAY, --to DAY the window, both days in it\n"
	  "  --quota N            at most N samples a family, its sources and days in turn (default 200; 0: all)\n"
	  "  --total N            at most N of all families, by how many samples each had in the window\n"
	  "  --least-family N     families of fewer samples in the window are left out (default 1)\n"
	  "  --least-artefacts N  samples with fewer matchable artefacts are left out (default 1)\n"
	  "  --likeness SHARE     from here on a sample is another one's duplicate (default 0.95; 2: only the same is)\n"
	  "  --by-process         of event logs: each tree of processes is a sample\n" },
	{ "cluster", ioc_cluster, "--out LABELS.csv [--all] [--labels FILE.csv] [--benign LOG]… LOG…", "families for samples that have none, by what they do",
	  "  --out FILE     a CSV of sample, label and family, for --labels of the other verbs; a sample like no other is left out\n"
	  "  --all          as if no family were known; how well the clusters meet those that are is printed\n"
	  "  --labels FILE  as in generate\n"
	  "  --benign LOG   as in generate: what harmless samples do too makes no family\n" },
	{ "export", ioc_export, "--iocs IOCS.json --format sigma|stix|openioc|csv|json [--out FILE] [--date YYYY-MM-DD]",
	  "IOCs in the formats of others",
	  "  --iocs FILE    what `konseki ioc generate` wrote\n"
	  "  --format NAME  sigma: rules, and correlations where an IOC has several patterns; stix: a 2.1 bundle; openioc: 1.1; csv; json\n"
	  "  --out FILE     where to (default: stdout)\n"
	  "  --date DAY     the day of the export (default: that of the newest match)\n"
	  "What a format cannot say, what it says more widely, and how good what remains is stands on stderr and in the export itself.\n" },
	{ "publish", ioc_publish, "--iocs IOCS.json --feed FOLDER --key SECRET [--name NAME] [--date YYYY-MM-DD]", "the next number of a signed feed",
	  "  --iocs FILE    what `konseki ioc generate` wrote\n"
	  "  --feed FOLDER  holds N.json, with what was added and withdrawn since N-1, and N.json.sig\n"
	  "  --key SECRET   made by `signify-openbsd -G -n -p PUBLIC -s SECRET`; `signify-openbsd -V -p PUBLIC -m N.json` checks a feed\n"
	  "  --name NAME    what the feed is called (default: konseki)\n" },
	{ "import", ioc_import, "--out LIST [--format FORMAT] FILE…", "lists of network indicators of any form into one",
	  "  --out LIST       where to\n"
	  "  --format FORMAT  as in list (default: plain)\n"
	  "Reads plain lists, CSV, STIX 2.x and MISP; addresses, networks, domains, URLs, JA3, JA4 and digests of files and certificates.\n" },
	{ "list", ioc_list, "[--format plain|csv|json|stix|misp|rules] [--iocs IOCS.json] [--out FILE] LIST…", "what such lists hold, in the form that somebody else reads",
	  "  --format rules   in Suricata's language: name the file in rules.files, and the dataplane matches it\n"
	  "  --iocs FILE      also what endpoint IOCs know of addresses, names and URLs\n" },
	{ "convert", ioc_convert, "[--by-process] [--labels FILE.csv] LOG…", "what a log says, in the plain form: one JSON object a sample",
	  "  --by-process   of event logs (Sysmon, auditd): each tree of processes is a sample; else the log is one\n"
	  "  --labels FILE  as in generate\n"
	  "Reads CAPE and Cuckoo reports, Speakeasy reports, Sysmon's and Windows' events as JSON, auditd's logs, what konseki emulate --json\n"
	  "prints, and the plain form itself; LOG is a file or a folder, gzip and zstd included; - is stdin.\n" },
};

static void print_overview(FILE *to)
{
	fputs("usage: konseki ioc VERB [OPTION]… LOG…\nEndpoint IOCs from behaviour logs.\n\n", to);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		fprintf(to, "  %-9s%s\n", verbs[i].name, verbs[i].does);
	fputs("\n`konseki ioc VERB --help` tells a verb's options.\n"
	      "Exit code: 0 done, 1 the answer is no or some input was bad, 2 usage, 3 cannot run.\n", to);
}

static bool asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	opterr = 0;
	if (argc < 2) {
		print_overview(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_overview(stdout);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		const struct verb *v = &verbs[i];

		if (strcmp(argv[1], v->name) != 0)
			continue;
		if (!asks_for_help(argc - 1, argv + 1))
			return v->run(argc - 1, argv + 1);
		printf("usage: konseki ioc %s %s\n%s.\n%s", v->name, v->arguments, v->does, v->help);
		return EXIT_DONE;
	}
	fprintf(stderr, "konseki ioc: no such verb: %s; see: konseki ioc --help\n", argv[1]);
	return EXIT_USAGE;
}
