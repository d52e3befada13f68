/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-control: cases in, verdicts out. Started by `konseki run` and `konseki replay`, which pass descriptors. */
#include "control/loop.h"
#include "config/account.h"
#include "config/load.h"

#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum { HEAP_MMAP_BYTES = 16 << 20, HEAP_KEEP_BYTES = 256 << 20, HEAP_GROW_BYTES = 4 << 20 };

/* A handler can reach nothing but an object of static life. */
static volatile int stop;

static void on_signal(int number)
{
	stop = 1;
}

struct options {
	const char *config, *alerts;
	int rings, courier, emu, results, blocks;
	bool replay;
	uint32_t captures;
};

static const char help[] =
    "usage: konseki-control -c FILE --rings FD --emu FD [--courier FD] [--blocks FD] [--replay --results FD --captures N]\n"
    "Takes cases from the dataplane, has their code emulated, judges, stores and tells. Started by `konseki run` and\n"
    "`konseki replay`, which hand it open descriptors by number:\n"
    "  --rings FD      the sealed memory with one ring a lane\n"
    "  --emu FD        the socket of konseki-emu, over which its workers come\n"
    "  --courier FD    the socket that ends with the dataplane\n"
    "  --blocks FD     the sealed memory that says what is blocked\n"
    "  --replay        N captures, then the end; result lines go to FD\n"
    "  --alerts FILE   alerts of another IDS, EVE JSON lines, for cases of their flows\n"
    "  --version       its version";

static int number_parse(const char *text, int *ret)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != 0 || v < 0 || v > INT32_MAX)
		return -EINVAL;
	*ret = (int)v;
	return 0;
}

static int options_parse(int argc, char **argv, struct options *ret)
{
	static const struct option longs[] = {
		{ "rings", required_argument, NULL, 'r' },   { "courier", required_argument, NULL, 'k' },
		{ "emu", required_argument, NULL, 'e' },     { "results", required_argument, NULL, 'o' },
		{ "captures", required_argument, NULL, 'n' },{ "replay", no_argument, NULL, 'p' },
		{ "version", no_argument, NULL, 'v' },       { "help", no_argument, NULL, 'h' },
		{ "alerts", required_argument, NULL, 'a' },   { "blocks", required_argument, NULL, 'b' },
		{ NULL, 0, NULL, 0 },
	};
	int option, captures = 0;

	*ret = (struct options){ .rings = -1, .courier = -1, .emu = -1, .results = -1, .blocks = -1 };
	while ((option = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		int *number = option == 'r' ? &ret->rings : option == 'k' ? &ret->courier : option == 'e' ? &ret->emu
		              : option == 'o' ? &ret->results : option == 'b' ? &ret->blocks : option == 'n' ? &captures : NULL;

		if (option == 'v' || option == 'h') {
			puts(option == 'v' ? "konseki-control " KONSEKI_VERSION : help);
			return -ECANCELED;
		}
		if (option == 'c')
			ret->config = optarg;
		else if (option == 'a')
			ret->alerts = optarg;
		else if (option == 'p')
			ret->replay = true;
		else if (number == NULL || number_parse(optarg, number) < 0)
			return -EINVAL;
	}
	ret->captures = (uint32_t)captures;
	return ret->rings >= 0 && ret->emu >= 0 && optind == argc ? 0 : -EINVAL;
}

/* The store is open and the socket bound; nothing more needs what root may do. */
static int privileges_drop(const struct settings *s)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return account_become(s->user);
}

static int settings_read(const char *file, struct settings *ret)
{
	struct complaints complaints = { .to = stderr, .max = 20 };

	if (file != NULL && file[0] != 0)
		return settings_load(file, &complaints, ret);
	settings_default(".", ret);
	return 0;
}

static int serve(const struct options *o)
{
	static struct settings settings;
	struct complaints told_already = { .to = NULL }; /* by who started us */
	struct control *c = NULL;
	struct eve *eve = NULL;
	int r = settings_read(o->config, &settings);

	if (r == 0 && o->alerts != NULL && (r = eve_open(o->alerts, &told_already, &eve)) < 0)
		fprintf(stderr, "konseki-control: cannot read %s: %s\n", o->alerts, strerror(-r));
	if (r == 0)
		r = control_new(&settings, o->replay, o->rings, o->results, o->blocks, eve, &stop, &c);
	if (r == 0 && (r = pool_open(o->emu, &c->pool)) < 0)
		fprintf(stderr, "konseki-control: cannot use the emulation pool: %s\n", strerror(-r));
	if (r == 0 && (r = privileges_drop(&settings)) < 0)
		fprintf(stderr, "konseki-control: cannot become %s: %s\n", settings.user, strerror(-r));
	if (r == 0) {
		c->courier = o->courier;
		r = control_run(c, o->captures);
	}
	control_free(c);
	eve_free(eve);
	return r;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct options options;
	int r = options_parse(argc, argv, &options);

	if (r == -ECANCELED)
		return 0;
	if (r < 0) {
		fputs("konseki-control is started by `konseki run` or `konseki replay`; see: konseki --help\n", stderr);
		return 2;
	}
	/* cases come and go in hundreds of kilobytes: giving each back to the kernel costs a fault a page */
	mallopt(M_MMAP_THRESHOLD, HEAP_MMAP_BYTES);
	mallopt(M_TRIM_THRESHOLD, HEAP_KEEP_BYTES);
	mallopt(M_TOP_PAD, HEAP_GROW_BYTES);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	return serve(&options) < 0 ? 3 : 0;
}
