/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The config as verbs read it. */
#include "config/load.h"
#include "control/cli/verb.h"

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
