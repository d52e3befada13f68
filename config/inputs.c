/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking over the files of a config. */
#include "config/inputs.h"

#include "config/schema.h"
#include "config/source.h"

#include <string.h>

struct walk {
	input_file *each;
	void *context;
};

static int source_step(void *context, const char *path, bool main)
{
	struct walk *w = context;

	return w->each(w->context, path, main ? "main" : "include");
}

int inputs_each(const struct settings *settings, struct complaints *complaints, input_file *each, void *context)
{
	struct walk w = { .each = each, .context = context };
	char folder[PATH_MAX], *slash;
	int r;

	memcpy(folder, settings->file, sizeof(folder));
	slash = strrchr(folder, '/');
	slash[slash == folder] = 0;
	r = source_each(settings->file, folder, complaints, source_step, &w);
	for (unsigned i = 0; r == 0 && i < schema_count; i++) {
		const char(*paths)[PATH_MAX] = (const void *)((const char *)settings + schema[i].at);
		unsigned count = 0;

		if (schema[i].type == SCHEMA_PATHS)
			memcpy(&count, (const char *)settings + schema[i].count_at, sizeof(count));
		for (unsigned k = 0; r == 0 && k < count; k++)
			r = each(context, paths[k], schema[i].path);
	}
	return r;
}
