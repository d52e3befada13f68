/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the verbs of `konseki ioc` say what is wrong. */
#include "control/iocgen/verb.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>

static void say(const char *verb, const char *after, const char *why, va_list args)
{
	fprintf(stderr, "konseki ioc %s: ", verb);
	vfprintf(stderr, why, args);
	fprintf(stderr, after, verb);
}

int ioc_cannot(const char *verb, const char *why, ...)
{
	va_list args;

	va_start(args, why);
	say(verb, "\n", why, args);
	va_end(args);
	return EXIT_CANNOT;
}

int ioc_no(const char *verb, const char *why, ...)
{
	va_list args;

	va_start(args, why);
	say(verb, "\n", why, args);
	va_end(args);
	return EXIT_NO;
}

int ioc_usage(const char *verb, const char *why, ...)
{
	va_list args;

	va_start(args, why);
	say(verb, "; see: konseki ioc %s --help\n", why, args);
	va_end(args);
	return EXIT_USAGE;
}

int ioc_bad_option(const char *verb, int result, char **argv)
{
	if (result == ':')
		return ioc_usage(verb, "%s wants a value", argv[optind - 1]);
	return ioc_usage(verb, "no such option: %s", argv[optind - 1]);
}
