/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of committed versions. */
#include "config/origin.h"

#include "config/list.h"
#include "config/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned origin_number(const char *name, size_t len)
{
	unsigned number = 0;

	if (len == 0 || len > 9 || name[0] == '0')
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return 0;
		number = number * 10 + (unsigned)(name[i] - '0');
	}
	return number;
}

/* Before at: the beginning of the last component, behind its slash; NULL: there is none. */
static const char *component_before(const char *path, const char *at)
{
	while (at > path && at[-1] != '/')
		at--;
	return at > path ? at : NULL;
}

bool origin_of(const char *file, char *ret)
{
	static const char files[] = "files", versions[] = ".versions", unfinished[] = ".tmp";
	const char *name = strrchr(file, '/'), *copies, *number, *store;
	size_t name_len, len;

	if (name == NULL || name == file)
		return false;
	name++;
	name_len = strlen(name);
	copies = component_before(file, name - 1);
	if (copies == NULL || (size_t)(name - 1 - copies) != strlen(files) || memcmp(copies, files, strlen(files)) != 0)
		return false;
	number = component_before(file, copies - 1);
	if (number == NULL)
		return false;
	len = (size_t)(copies - 1 - number);
	if (len > strlen(unfinished) && memcmp(copies - 1 - strlen(unfinished), unfinished, strlen(unfinished)) == 0)
		len -= strlen(unfinished);
	if (origin_number(number, len) == 0)
		return false;
	store = component_before(file, number - 1);
	if (store == NULL || (size_t)(number - 1 - store) != name_len + strlen(versions) || memcmp(store, name, name_len) != 0 ||
	    memcmp(store + name_len, versions, strlen(versions)) != 0)
		return false;
	snprintf(ret, PATH_MAX, "%.*s", store - 1 > file ? (int)(store - 1 - file) : 1, file);
	return true;
}

const char *origin_below(const char *folder, const char *path)
{
	size_t len = strlen(folder);
	const char *rest;

	if (len == 1)
		len = 0; /* "/" */
	if (strncmp(path, folder, len) != 0 || path[len] != '/')
		return NULL;
	rest = path + len + 1;
	while (*rest == '/' || (rest[0] == '.' && rest[1] == '/'))
		rest++;
	for (const char *c = rest; (c = strstr(c, "..")) != NULL; c += 2)
		if ((c == rest || c[-1] == '/') && (c[2] == '/' || c[2] == 0))
			return NULL;
	return *rest == 0 ? NULL : rest;
}

void origin_copies(struct settings *settings, const char *origin, const char *folder)
{
	if (strcmp(origin, folder) == 0)
		return;
	for (unsigned i = 0; i < schema_count; i++) {
		char(*paths)[PATH_MAX] = (void *)((char *)settings + schema[i].at);
		unsigned count;

		if (schema[i].type != SCHEMA_PATHS)
			continue;
		memcpy(&count, (const char *)settings + schema[i].count_at, sizeof(count));
		for (unsigned k = 0; k < count; k++) {
			const char *below = origin_below(origin, paths[k]);
			char copy[PATH_MAX];

			if (below != NULL && value_path(folder, below, copy) == 0)
				memcpy(paths[k], copy, sizeof(copy));
		}
	}
}
