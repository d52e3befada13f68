/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The known key that a mistyped one resembles most. */
#include "config/schema.h"

#include <string.h>

enum { NEAREST_MAX = 64 };

/* Levenshtein's distance between two words shorter than NEAREST_MAX. */
static unsigned distance(const char *a, size_t la, const char *b, size_t lb)
{
	unsigned row[NEAREST_MAX + 1];

	for (unsigned j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

bool schema_nearest(const char *text, char *ret, size_t size)
{
	const char *dot = strchr(text, '.'), *key = dot != NULL ? dot + 1 : text;
	size_t len = strlen(text);
	unsigned least = NEAREST_MAX;

	if (len >= NEAREST_MAX)
		return false;
	for (unsigned i = 0; i < schema_count; i++) {
		const char *path = schema[i].path, *tail = strchr(path, '.') + 1;
		size_t part = dot != NULL ? strlen(path) : (size_t)(tail - 1 - path);
		/* the same key in another group is nearest, however long the group's name is */
		unsigned d = strcmp(tail, key) == 0 ? 0 : distance(text, len, path, part);
		if (d < least) {
			least = d;
			snprintf(ret, size, "%.*s", d == 0 ? (int)strlen(path) : (int)part, path);
		}
	}
	return least <= strlen(key) / 2; /* the group's name is right more often than not: it must not lend its length */
}
