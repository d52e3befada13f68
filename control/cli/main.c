/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki, the operator's program: one table of verbs. */
#include "control/cli/verb.h"

#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

struct verb {
	const char *name;
	int (*run)(int argc, char **argv); /* NULL: this version does not have it */
	const char *arguments, *does;
	const char *help; /* further lines of `konseki VERB --help` */
};

static const char of_config[] =
    "  -c FILE      the config file (default: /etc/konseki/konseki.conf, else config/konseki.conf of the build tree)\n";

static const struct verb verbs[] = {
	{ "check", verb_check, "[-c FILE] [--rules FILE]…", "reads config and rules, and tells every error",
	  "  --rules FILE   a rule file to check instead of the config's; several may be given\n"
	  "Each error is FILE:LINE: why, on stderr; a rule with an error is refused, the others load.\n" },
	{ "run", verb_run, "[-c FILE]", "the appliance, in the foreground",
	  "Starts the three programs, restarts one that dies, stops on SIGINT or SIGTERM.\n" },
	{ "replay", verb_replay, "[-c FILE] [--json] [--alerts EVE.json] [--lanes N] [--workers N] CAPTURE…",
	  "judges recordings and prints the triage table",
	  "  --json       one JSON object a line instead of the table, final records only\n"
	  "  --lanes N, --workers N   instead of what the config says; the output does not depend on them\n"
	  "  --alerts EVE.json        alerts of another IDS (EVE JSON lines): their transactions are judged too, and a record\n"
	  "                           names every alert that was raised on it; alerts without a transaction are told\n"
	  "Exit code: 0 done, 1 some capture or alert line was bad, 2 usage, 3 cannot run.\n" },
	{ "emulate", verb_emulate, "--language L [--profile P] [--request FILE] [-c FILE] [--json] [FILE|-]", "what this code would do",
	  "  --language L shell, php, python, perl, ruby, node, asp, java, cmd, powershell; pickle, yaml, php-serialized,\n"
	  "               java-serialized, dotnet-serialized, ruby-marshal; template (of any engine), jinja2, twig, smarty, erb, ejs, spel, ognl, el,\n"
	  "               mvel, freemarker, velocity, thymeleaf; sql (of any), sql-mysql, sql-postgresql, sql-mssql, sql-oracle,\n"
	  "               sql-sqlite; path, url, xml, jndi, html; machine code of x86, x86-64, arm, aarch64, mips, mipsel, powerpc, win-x86,\n"
	  "               win-x86-64, or machine (of any of these); elf (a program, or a script that begins with #!); auto: by what it looks like\n"
	  "  --profile P  on this emulated server only\n"
	  "  --request FILE  the HTTP request that brings the code, for scripts and templates that read it; of machine code: what comes\n"
	  "               after it over the same connection, for its shell to read\n"
	  "  --json       one JSON object\n"
	  "Exit code: 0 done, 1 nothing here can run it, 2 usage, 3 cannot run.\n" },
	{ "extract", verb_extract, "[--json] [FILE|-]", "the attack code in these request bytes, layer by layer",
	  "Exit code: 0 some was found, 1 none, 2 usage, 3 cannot run.\n" },
	{ "show", verb_show, "alerts|flows|ports|lanes|queue|rules|iocs|profiles|health [-c FILE] [--json] [--follow]",
	  "what is going on",
	  "  --json       JSON lines\n"
	  "  --follow     goes on telling until interrupted\n"
	  "`show alerts` reads the store where no appliance runs; `show health` ends with 1 when something is wrong.\n" },
	{ "case", verb_case, "ID [-c FILE] [--json|--pcap FILE|--code N|--request|--mark false-positive|confirmed]",
	  "one case, so that it can be checked by hand",
	  "  --json       the record, the captured parts and the emulation reports as one object\n"
	  "  --code N     writes the bytes of attack code N, for konseki emulate\n"
	  "  --request    writes the request that brought it, for konseki emulate --request\n"
	  "  --pcap FILE  writes the case's streams as packets rebuilt from the captured parts\n"
	  "  --mark WORD  stores a person's word on the verdict\n" },
	{ "block", verb_block, "list [-c FILE] [--json]\n"
	  "       konseki block add WHAT [--minutes N] [--reason TEXT] [--author NAME] [--force] [-c FILE] [--json]\n"
	  "       konseki block remove NUMBER|WHAT|--case ID|--all [--author NAME] [-c FILE] [--json]",
	  "what inline traffic is stopped, for how long and why",
	  "WHAT is one of\n"
	  "  ADDRESS or NETWORK/BITS                all from and to it: 198.51.100.7, 2001:db8::/64\n"
	  "  ADDRESS ADDRESS                        all between the two\n"
	  "  tcp|udp ADDRESS:PORT ADDRESS:PORT      one flow: tcp 198.51.100.7:40000 192.0.2.1:80, udp [2001:db8::1]:53 [2001:db8::2]:53\n"
	  "Options:\n"
	  "  --minutes N    how long (default: containment.minutes); what is blocked already lasts so long from now on\n"
	  "  --reason TEXT  why, for the list\n"
	  "  --author NAME  instead of the account's name\n"
	  "  --force        although it is protected: rules.home, judging.sites, containment.never, this machine, a collector\n"
	  "  --case ID      everything that this case's success blocked; --all: everything\n"
	  "  --json         JSON lines\n"
	  "What a success blocks by itself: containment.on_success. `list` reads the store where no appliance runs.\n"
	  "Exit code: 0 done, 1 it is protected, there is no room, or nothing such is blocked, 2 usage, 3 cannot.\n" },
	{ "report", NULL, "--html FILE", "a report for people", "" },
	{ "update", NULL, "FILE", "installs a new version of the appliance", "" },
	{ "config", verb_config, "show [N|candidate] | diff [N [M]] | commit [confirmed MINUTES] | rollback [N] | history\n"
	  "                      [-c FILE] [-m REASON] [--author NAME] [--json]",
	  "versions of the configuration",
	  "  -m REASON, --reason REASON   commit, rollback: why, for the history\n"
	  "  --author NAME                instead of the account's name\n"
	  "  --json                       show, history: JSON lines\n"
	  "The file is the candidate: edit it, then\n"
	  "  diff      the candidate against the version in force, or version N against the candidate or M: lines, and which keys need a restart\n"
	  "  commit    checks it as konseki check does and stores it, with what it includes and its lists, in FILE.versions/; whole or not at all\n"
	  "            confirmed MINUTES: the version before comes back by itself unless another commit says that all is well\n"
	  "  rollback  version N (the one before) again, as a new version and as the candidate; the candidate is kept in FILE.versions/\n"
	  "  show      the version in force, version N, or the candidate; history: all of them\n"
	  "Once something is committed, konseki run works with the version in force, not with the file.\n"
	  "Exit code: 0 done (diff: no difference), 1 the config was bad (diff: they differ), 2 usage, 3 cannot.\n" },
	{ "ioc", verb_ioc, "generate|scan|score", "endpoint IOCs from behaviour logs", "" },
};

static void print_overview(FILE *to)
{
	fputs("usage: konseki VERB [OPTION]… [ARGUMENT]…\n"
	      "Tells which attacks worked.\n\n", to);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		fprintf(to, "  %-9s%s%s\n", verbs[i].name, verbs[i].does,
		        verbs[i].run == NULL ? " (not available in this version)" : "");
	fputs("\n`konseki VERB --help` tells a verb's options; `konseki --version` the version.\n"
	      "Exit code: 0 done, 1 the answer is no or some input was bad, 2 usage, 3 cannot run.\n", to);
}

static void print_help(const struct verb *v)
{
	printf("usage: konseki %s %s\n%s.\n%s%s", v->name, v->arguments, v->does,
	       strstr(v->arguments, "-c FILE") != NULL ? of_config : "", v->help);
}

static bool asks_for_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct verb *v;

	setlocale(LC_CTYPE, "C.UTF-8"); /* widths of characters; our texts are UTF-8 wherever we run */
	opterr = 0; /* verbs say themselves what is wrong, in one line */
	if (argc < 2) {
		print_overview(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_overview(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("konseki " KONSEKI_VERSION);
		return EXIT_DONE;
	}
	v = verb_find(argv[1]);
	if (v == NULL) {
		fprintf(stderr, "konseki: no such verb: %s; see: konseki --help\n", argv[1]);
		return EXIT_USAGE;
	}
	if (v->run != verb_ioc && asks_for_help(argc - 1, argv + 1)) {
		print_help(v);
		return EXIT_DONE;
	}
	if (v->run == NULL)
		return cli_cannot(v->name, "not available in this version");
	return v->run(argc - 1, argv + 1);
}
