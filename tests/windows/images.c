/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated Windows libraries, for others to look at: usage: images FOLDER. Writes FOLDER/VERSION-WIDTH-NAME for each,
 * as it stands in memory, and prints a line for each function: VERSION WIDTH LIBRARY NAME ARGUMENTS CALLER|CALLEE ORDINAL
 * FORWARD (- where it has none).
 */
#include "emu/windows/api/api.h"

#include <stdio.h>

static int write_image(const char *folder, unsigned version, unsigned width, const struct win_image *image)
{
	char path[4096];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "%s/%u-%u-%s", folder, version, width, image->library->name);
	if ((file = fopen(path, "wb")) == NULL)
		return -1;
	n = fwrite(image->bytes, 1, image->places.size, file);
	return fclose(file) == 0 && n == image->places.size ? 0 : -1;
}

static int show(const char *folder, unsigned version, bool wide)
{
	struct catalog *c;
	unsigned width = wide ? 64 : 32;
	int r = 0;

	if (catalog_new(api_libraries, api_libraries_count, wide, version, &c) < 0)
		return -1;
	for (unsigned i = 0; i < c->count && r == 0; i++) {
		r = write_image(folder, version, width, &c->images[i]);
		for (unsigned n = 0; n < c->images[i].count; n++) {
			const struct win_function *f = c->images[i].functions[n];

			printf("%u %u %s %s %d %s %u %s\n", version, width, c->images[i].library->name, f->name, f->args,
			    f->cdecl ? "CALLER" : "CALLEE", f->ordinal, f->forward != NULL ? f->forward : "-");
		}
	}
	catalog_free(c);
	return r;
}

int main(int argc, char **argv)
{
	static const unsigned versions[] = { 52, 61, 100 };

	for (unsigned i = 0; argc == 2 && i < COUNT_OF(versions); i++)
		if (show(argv[1], versions[i], false) < 0 || show(argv[1], versions[i], true) < 0)
			return 1;
	return argc == 2 ? 0 : 2;
}
