/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the command line of konseki-dataplane. */
#include "dataplane/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "usage: konseki-dataplane -c FILE --rings FD --courier FD [--pulse FD] [--blocks FD] [--rules FILE] [--replay CAPTURE]...\n"
    "Takes packets in and sends cases up. It is started by konseki run and konseki replay, which hand it open\n"
    "descriptors by number: the sealed memory with one ring a lane, and the socket that ends with control.\n";

static int usage(void)
{
	fputs(help, stderr);
	return -EINVAL;
}

static int number(const char *text, int *ret)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || v < 0 || v > INT_MAX)
		return usage();
	*ret = (int)v;
	return 0;
}

static int take(int option, struct options *o)
{
	switch (option) {
	case 'c':
		o->config = optarg;
		return 0;
	case 'x':
		o->rules = optarg;
		return 0;
	case 'h':
		fputs(help, stdout);
		exit(0);
	case 'r':
		return number(optarg, &o->rings);
	case 'u':
		return number(optarg, &o->courier);
	case 'b':
		return number(optarg, &o->pulse);
	case 'k':
		return number(optarg, &o->blocks);
	case 'p':
		o->replay = true;
		o->captures[o->captures_count++] = optarg;
		return 0;
	default:
		return usage();
	}
}

int dataplane_options_parse(int argc, char **argv, struct options *ret)
{
	static const struct option known[] = {
		{ "rings", required_argument, NULL, 'r' },
		{ "courier", required_argument, NULL, 'u' },
		{ "pulse", required_argument, NULL, 'b' },
		{ "blocks", required_argument, NULL, 'k' },
		{ "replay", required_argument, NULL, 'p' },
		{ "rules", required_argument, NULL, 'x' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options o = { .rings = -1, .courier = -1, .pulse = -1, .blocks = -1 };
	int option, r = 0;

	if ((o.captures = calloc((size_t)argc, sizeof(*o.captures))) == NULL)
		return -ENOMEM;
	while (r == 0 && (option = getopt_long(argc, argv, "c:", known, NULL)) != -1)
		r = take(option, &o);
	if (r == 0 && (optind != argc || o.config == NULL || o.rings < 0))
		r = usage();
	if (r < 0)
		options_fini(&o);
	else
		*ret = o;
	return r;
}

void options_fini(struct options *o)
{
	free(o->captures);
}
