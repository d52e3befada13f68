/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The config as verbs read it. */
#include "config/load.h"
#include "control/cli/verb.h"
#include "control/versions/in_force.h"

#include <errno.h>
#include <string.h>

int cli_settings(const char *verb, const char *file, struct settings *ret)
{
	struct complaints complaints = { .to = stderr, .max = 20 };
	char found[PATH_MAX];
	int r;

	if (file == NULL && (file = settings_find(found, sizeof(found))) == NULL)
		return cli_cannot(verb, "there is no config file; name one with -c FILE");
	r = settings_load(file, &complaints, ret);
	if (r == -EINVAL)
		return EXIT_CANNOT; /* every error was told, with file and line */
	return r < 0 ? cli_cannot(verb, "cannot read %s: %s", file, strerror(-r)) : EXIT_DONE;
}

int cli_settings_in_force(const char *verb, const char *file, bool whole, struct settings *ret, unsigned *ret_number)
{
	struct versions versions;
	struct in_force in = { 0 };
	char found[PATH_MAX];
	int r;

	*ret_number = 0;
	if (file == NULL && (file = settings_find(found, sizeof(found))) == NULL)
		return cli_cannot(verb, "there is no config file; name one with -c FILE");
	r = versions_open(file, false, &versions);
	if (r == 0)
		r = in_force_load(&versions, whole, &in, ret);
	versions_close(&versions);
	if (r == 0 && in.why[0] == 0) {
		*ret_number = in.number;
		return EXIT_DONE;
	}
	if (in.why[0] != 0) {
		fprintf(stderr, "konseki %s: ", verb);
		if (in.wanted != 0)
			fprintf(stderr, "version %u of %s cannot be used: ", in.wanted, file);
		fputs(in.why, stderr);
		if (r == 0)
			fprintf(stderr, "; version %u is taken\n", in.number);
		else
			fputs("; no earlier version can be used, so the file itself is taken\n", stderr);
	}
	if (r == 0) {
		*ret_number = in.number;
		return EXIT_DONE;
	}
	return cli_settings(verb, file, ret);
}
