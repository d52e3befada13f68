/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading a committed version, and falling back to an older one. */
#include "control/versions/in_force.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first thing that was complained of, without the end of its line. */
static void first_line(char *text)
{
	text[strcspn(text, "\n")] = 0;
}

static int files_load(const struct versions *versions, const struct version *v, char *why, size_t size, struct settings *ret)
{
	char path[PATH_MAX], *said = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&said, &len);
	struct complaints complaints = { .to = to, .max = 1 };
	int r = to == NULL ? -ENOMEM : version_path(versions, v, &v->files[0], path);

	if (r == 0)
		r = settings_load(path, &complaints, ret);
	if (to != NULL)
		fclose(to);
	if (r < 0 && said != NULL && said[0] != 0) {
		first_line(said);
		snprintf(why, size, "%s", said);
	} else if (r < 0) {
		snprintf(why, size, "%s", strerror(-r));
	}
	free(said);
	return r;
}

int version_load(const struct versions *versions, unsigned n, bool whole, char *why, size_t size, struct settings *ret)
{
	const struct version_file *bad = NULL;
	struct version *v = NULL;
	int r = version_read(versions, n, &v);

	if (r < 0)
		snprintf(why, size, "%s", r == -ENOENT ? "it is not there" : r == -EBADMSG ? "its version.json is damaged" : strerror(-r));
	else if ((r = version_check_all(versions, v, whole, &bad)) < 0)
		snprintf(why, size, "its %s: %s", bad->path, r == -EBADMSG ? "not what was committed" : strerror(-r));
	else
		r = files_load(versions, v, why, size, ret);
	version_free(v);
	return r;
}

int in_force_load(const struct versions *versions, bool whole, struct in_force *in, struct settings *ret)
{
	unsigned all[2 * VERSIONS_KEPT];
	int count = versions_list(versions, all, COUNT_OF(all)), r;
	char why[sizeof(in->why)] = "";

	*in = (struct in_force){ 0 };
	r = versions_current(versions, &in->wanted);
	if (count < 0)
		return count;
	if (count == 0 && r == -ENOENT)
		return -ENOENT;
	if (r < 0) {
		snprintf(in->why, sizeof(in->why), "%s/current names no version", versions->path);
	} else if ((r = version_load(versions, in->wanted, whole, in->why, sizeof(in->why), ret)) == 0) {
		in->number = in->wanted;
		return 0;
	}
	for (int i = 0; i < count; i++) {
		if (in->wanted != 0 && all[i] >= in->wanted)
			continue;
		if (version_load(versions, all[i], true, why, sizeof(why), ret) == 0) {
			in->number = all[i];
			return 0;
		}
	}
	return -EBADMSG;
}
