/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki config diff: the lines of all files that differ, and the keys, with what a change of each needs. */
#include "control/cli/clean.h"
#include "control/cli/config.h"
#include "control/cli/difference.h"
#include "control/cli/input.h"

#include "config/changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One of the two that are compared. */
struct side {
	unsigned number;        /* 0: the candidate */
	struct version *version;/* owned */
	struct settings settings;
	char name[32];
};

static int side_load(const struct config_ask *a, unsigned number, struct side *s)
{
	s->number = number;
	if (number == 0) {
		snprintf(s->name, sizeof(s->name), "candidate");
		return config_candidate_load(a, &s->version, &s->settings);
	}
	snprintf(s->name, sizeof(s->name), "version %u", number);
	return config_version_load(a, number, &s->version, &s->settings);
}

static const struct version_file *file_find(const struct side *s, const char *path)
{
	for (unsigned i = 0; i < s->version->files_count; i++)
		if (strcmp(s->version->files[i].path, path) == 0)
			return &s->version->files[i];
	return NULL;
}

/* A file's text as this side has it; NULL and no bytes where it has none. The caller's. An exit code. */
static int text_read(const struct config_ask *a, const struct side *s, const struct version_file *f, uint8_t **ret, struct bytes *ret_bytes)
{
	char path[PATH_MAX];
	size_t len = 0;
	int r;

	*ret = NULL;
	*ret_bytes = bytes_of("", 0);
	if (f == NULL)
		return EXIT_DONE;
	if (s->number != 0)
		r = version_path(&a->versions, s->version, f, path);
	else
		r = snprintf(path, sizeof(path), "%s/%s", a->versions.home, f->path) >= PATH_MAX ? -ENAMETOOLONG : 0;
	if (r == 0)
		r = input_read(path, f->bytes, ret, &len);
	if (r == -EFBIG)
		return cli_no("config", "%s changed meanwhile; try again", path);
	if (r < 0)
		return cli_cannot("config", "%s: %s", path, strerror(-r));
	*ret_bytes = bytes_of(*ret, len);
	return EXIT_DONE;
}

/* What people call a file of a side: "version 3/rules/a.rules". */
static void label(char *ret, size_t size, const struct side *s, const struct version_file *f)
{
	if (f == NULL)
		snprintf(ret, size, "/dev/null");
	else
		snprintf(ret, size, "%s/%s", s->name, f->path);
}

/* One file of either side. EXIT_NO: it differs. */
static int file_diff(const struct config_ask *a, const struct side *was, const struct version_file *f, const struct side *is,
                     const struct version_file *g)
{
	char names[2][PATH_MAX + 64];
	uint8_t *texts[2] = { NULL, NULL };
	struct bytes b[2];
	int code, r;

	if (f != NULL && g != NULL && strcmp(f->sha256, g->sha256) == 0)
		return EXIT_DONE;
	if ((f != NULL && f->outside) || (g != NULL && g->outside)) {
		printf("%s: %s, %s\n", f != NULL ? f->path : g->path, f == NULL ? "new" : g == NULL ? "no longer named" : "its contents changed",
		       "of which no copy is kept");
		return EXIT_NO;
	}
	if ((code = text_read(a, was, f, &texts[0], &b[0])) == EXIT_DONE && (code = text_read(a, is, g, &texts[1], &b[1])) == EXIT_DONE) {
		label(names[0], sizeof(names[0]), was, f);
		label(names[1], sizeof(names[1]), is, g);
		r = difference_print(stdout, names[0], b[0], names[1], b[1]);
		code = r < 0 ? cli_cannot("config", "%s", strerror(-r)) : EXIT_NO;
	}
	free(texts[0]);
	free(texts[1]);
	return code;
}

static const char *needs(const struct schema_row *row)
{
	return row->live ? "reload" : "restart";
}

static void key_tell(void *context, const struct schema_row *row, const char *was, const char *is)
{
	printf("%s: ", row->path);
	clean_put(stdout, was);
	fputs(" -> ", stdout);
	clean_put(stdout, is);
	printf(" (needs a %s)\n", needs(row));
}

/* A list whose files have other contents, its own text being the same. */
static void contents_tell(const struct side *was, const struct side *is)
{
	for (unsigned i = 0; i < is->version->files_count; i++) {
		const struct version_file *g = &is->version->files[i], *f = file_find(was, g->path);
		const struct schema_row *row = schema_find(g->role);

		if (row != NULL && f != NULL && strcmp(f->sha256, g->sha256) != 0)
			printf("%s: the contents of %s (needs a %s)\n", row->path, g->path, needs(row));
	}
}

static int sides_diff(const struct config_ask *a, const struct side *was, const struct side *is)
{
	int code = EXIT_DONE, answer = EXIT_DONE, r;

	for (unsigned i = 0; i < was->version->files_count; i++) {
		const struct version_file *f = &was->version->files[i];

		if ((code = file_diff(a, was, f, is, file_find(is, f->path))) > EXIT_NO)
			return code;
		answer |= code;
	}
	for (unsigned i = 0; i < is->version->files_count; i++) {
		const struct version_file *g = &is->version->files[i];

		if (file_find(was, g->path) != NULL)
			continue;
		if ((code = file_diff(a, was, NULL, is, g)) > EXIT_NO)
			return code;
		answer |= code;
	}
	if (answer == EXIT_DONE)
		return EXIT_DONE;
	putchar('\n');
	r = changes_each(&was->settings, &is->settings, key_tell, NULL);
	if (r < 0)
		return cli_cannot("config", "cannot compare the keys: %s", strerror(-r));
	contents_tell(was, is);
	return EXIT_NO;
}

int config_diff(struct config_ask *a)
{
	struct side *sides = calloc(2, sizeof(*sides));
	unsigned from = a->count > 0 ? a->numbers[0] : 0, to = a->count > 1 ? a->numbers[1] : 0;
	int code = EXIT_DONE;

	if (sides == NULL)
		return cli_cannot("config", "out of memory");
	if (from == 0 && versions_current(&a->versions, &from) < 0)
		code = cli_cannot("config", "no version of %s is in force; commit one with: konseki config commit", a->file);
	if (code == EXIT_DONE && (code = side_load(a, from, &sides[0])) == EXIT_DONE && (code = side_load(a, to, &sides[1])) == EXIT_DONE)
		code = sides_diff(a, &sides[0], &sides[1]);
	for (unsigned i = 0; i < 2; i++)
		version_free(sides[i].version);
	free(sides);
	return code;
}
