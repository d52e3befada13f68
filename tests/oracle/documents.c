/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of each document named, as the evaluator of entities has it: one line each, hexadecimal, or "-" where it has none. */
#include "emu/language/xml.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20, FILES_MAX = 64 };

struct folder {
	char path[PATH_MAX];
	uint8_t *files[FILES_MAX]; /* lent to the evaluation, freed after it */
	unsigned count;
};

static bool file_read(const char *path, uint8_t **ret, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *room = f != NULL ? malloc(FILE_MAX) : NULL;

	if (room != NULL)
		*len = fread(room, 1, FILE_MAX, f);
	if (f != NULL)
		fclose(f);
	*ret = room;
	return room != NULL;
}

/* A system identifier is a file's name in the document's folder. */
static bool folder_read(const void *context, struct bytes url, struct bytes *ret)
{
	struct folder *f = (struct folder *)(uintptr_t)context;
	char path[2 * PATH_MAX];
	size_t len;

	snprintf(path, sizeof(path), "%s/%.*s", f->path, (int)url.left, (const char *)url.at);
	if (f->count == FILES_MAX || !file_read(path, &f->files[f->count], &len))
		return false;
	*ret = bytes_of(f->files[f->count++], len);
	return true;
}

int main(int argc, char **argv)
{
	struct xml_result *result = malloc(sizeof(*result));

	for (int i = 1; i < argc && result != NULL; i++) {
		struct folder folder = { .path = "." };
		const struct xml_world world = { .context = &folder, .read = folder_read };
		const char *slash = strrchr(argv[i], '/');
		uint8_t *document;
		size_t len;

		if (slash != NULL)
			snprintf(folder.path, sizeof(folder.path), "%.*s", (int)(slash - argv[i]), argv[i]);
		if (!file_read(argv[i], &document, &len))
			return 2;
		xml_evaluate(bytes_of(document, len), &world, result);
		if (result->stopped_by != STOPPED_EXIT)
			putchar('-');
		for (size_t k = 0; k < result->text_len && result->stopped_by == STOPPED_EXIT; k++)
			printf("%02x", result->text[k]);
		putchar('\n');
		free(document);
		for (unsigned k = 0; k < folder.count; k++)
			free(folder.files[k]);
	}
	free(result);
	return 0;
}
