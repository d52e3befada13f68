/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a verb says what is wrong: one line on stderr, and the exit code that goes with it. */
#include "control/cli/verb.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(const char *verb, const char *why, va_list arguments, const char *end)
{
	fprintf(stderr, "konseki %s: ", verb);
	vfprintf(stderr, why, arguments);
	fputs(end, stderr);
}

int cli_cannot(const char *verb, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	say(verb, why, arguments, "\n");
	va_end(arguments);
	return EXIT_CANNOT;
}

int cli_no(const char *verb, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	say(verb, why, arguments, "\n");
	va_end(arguments);
	return EXIT_NO;
}

int cli_usage(const char *verb, const char *why, ...)
{
	va_list arguments;
	char end[96];

	snprintf(end, sizeof(end), "; see: konseki %s --help\n", verb);
	va_start(arguments, why);
	say(verb, why, arguments, end);
	va_end(arguments);
	return EXIT_USAGE;
}

int cli_bad_option(const char *verb, int result, char **argv)
{
	const char *given = optind > 0 ? argv[optind - 1] : "";
	char letter[3] = { '-', (char)optopt, 0 };

	/* optopt is 0 for an unknown long option, its letter or value for all others */
	if (strncmp(given, "--", 2) != 0 && optopt > 0 && optopt < 128)
		given = letter;
	return cli_usage(verb, result == ':' ? "option %s needs a value" : "no such option: %s", given);
}
