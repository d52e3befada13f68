/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The config in force, else the file. */
#include "images/prepare/in_force.h"
#include "config/load.h"
#include "control/versions/in_force.h"

#include <errno.h>

int config_in_force(const char *file, struct settings *ret)
{
	struct complaints told = { .to = stderr, .max = 20 };
	struct versions versions;
	struct in_force in = { 0 };
	char found[PATH_MAX];
	int r;

	if (file == NULL && (file = settings_find(found, sizeof(found))) == NULL)
		return -ENOENT;
	r = versions_open(file, false, &versions);
	if (r == 0)
		r = in_force_load(&versions, false, &in, ret);
	versions_close(&versions);
	return r == 0 ? 0 : settings_load(file, &told, ret);
}
