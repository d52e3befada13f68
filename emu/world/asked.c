/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of a profile once it is read, and its end. */
#include "emu/world/profile.h"

#include <stdlib.h>
#include <string.h>

void profile_fini(struct profile *p)
{
	for (unsigned i = 0; i < p->environment_count; i++)
		free(p->environment[i]);
	for (unsigned i = 0; i < p->applets_count; i++)
		free(p->applets[i]);
	for (unsigned i = 0; i < p->quiet_count; i++)
		free(p->quiet[i]);
	for (unsigned i = 0; i < p->php_inis_count; i++)
		free(p->php_inis[i]);
	for (unsigned i = 0; i < p->named_count; i++)
		free(p->named[i]);
	for (unsigned i = 0; i < p->labels_count; i++) {
		free(p->labels[i].path);
		free(p->labels[i].context);
	}
	for (unsigned i = 0; i < p->facts_count; i++) {
		free(p->facts[i].name);
		free(p->facts[i].value);
	}
	for (unsigned i = 0; i < p->clocks_count; i++)
		free(p->clocks[i].program);
	free(p->applets);
	free(p->quiet);
	memset(p, 0, sizeof(*p));
}

static int by_name(const void *name, const void *applet)
{
	return strcmp(*(const char *const *)name, *(char *const *)applet);
}

bool profile_has_applet(const struct profile *p, const char *name)
{
	return p->applets_count == 0 ||
	    bsearch(&name, p->applets, p->applets_count, sizeof(*p->applets), by_name) != NULL;
}

unsigned profile_own_clock(const struct profile *p, const char *program)
{
	for (unsigned i = 0; i < p->clocks_count; i++)
		if (strcmp(p->clocks[i].program, program) == 0)
			return p->clocks[i].times;
	return 0;
}

unsigned profile_own_blocks(const struct profile *p, const char *program)
{
	for (unsigned i = 0; i < p->clocks_count; i++)
		if (strcmp(p->clocks[i].program, program) == 0)
			return p->clocks[i].blocks;
	return 0;
}

const char *profile_label(const struct profile *p, const char *path)
{
	const char *found = NULL;
	size_t longest = 0;

	for (unsigned i = 0; i < p->labels_count; i++) {
		size_t len = strlen(p->labels[i].path);
		bool above = strncmp(path, p->labels[i].path, len) == 0 && (path[len] == 0 || path[len] == '/' || len == 1);

		if (above && len > longest) {
			longest = len;
			found = p->labels[i].context;
		}
	}
	return found;
}

bool profile_is_quiet(const struct profile *p, const char *path)
{
	for (unsigned i = 0; i < p->quiet_count; i++)
		if (strncmp(path, p->quiet[i], strlen(p->quiet[i])) == 0)
			return true;
	return false;
}
