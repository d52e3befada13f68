/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies of a config's files under a new number. */
#include "control/versions/commit.h"

#include "config/inputs.h"
#include "config/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct describing {
	struct version *v;
	char folder[PATH_MAX]; /* of the main file */
	uint64_t bytes;
	char *why;
};

static int because(char *why, int r, const char *text, ...) format_like(3, 4);
static int because(char *why, int r, const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	vsnprintf(why, COMMIT_WHY_MAX, text, arguments);
	va_end(arguments);
	return r;
}

static int describe(void *context, const char *path, const char *role)
{
	struct describing *d = context;
	const char *below = origin_below(d->folder, path);
	char sha256[SHA256_TEXT];
	uint64_t bytes = 0;
	int r;

	if (below == NULL && strcmp(role, "include") == 0)
		return because(d->why, -EXDEV, "%s lies outside of %s: an included file can only be committed from below it", path, d->folder);
	for (unsigned i = 0; i < d->v->files_count; i++) /* a file of two lists is copied once */
		if (strcmp(d->v->files[i].path, below == NULL ? path : below) == 0)
			return 0;
	r = file_digest(path, sha256, &bytes);
	if (r == 0 && below != NULL && (d->bytes += bytes) > VERSION_BYTES_MAX)
		r = -EFBIG;
	if (r == 0)
		r = version_add(d->v, below == NULL ? path : below, role, below == NULL, sha256, bytes);
	if (r == -EFBIG)
		return because(d->why, r, "%s: the files of a version have %d MiB at most", path, VERSION_BYTES_MAX >> 20);
	if (r == -ENOBUFS)
		return because(d->why, r, "%s: a version has %d files at most", path, VERSION_FILES_MAX);
	return r < 0 ? because(d->why, r, "%s: %s", path, strerror(-r)) : 0;
}

int commit_describe(const struct settings *settings, char why[COMMIT_WHY_MAX], struct version **ret)
{
	struct complaints quiet = { 0 }; /* it was loaded: what is wrong was told then */
	struct describing d = { .v = calloc(1, sizeof(*d.v)), .why = why };
	int r;

	if (d.v == NULL)
		return because(why, -ENOMEM, "out of memory");
	snprintf(d.folder, sizeof(d.folder), "%.*s", (int)(strrchr(settings->file, '/') - settings->file), settings->file);
	if (d.folder[0] == 0)
		snprintf(d.folder, sizeof(d.folder), "/");
	because(why, 0, "%s cannot be read", settings->file);
	r = inputs_each(settings, &quiet, describe, &d);
	if (r == 0)
		*ret = d.v;
	else
		version_free(d.v);
	return r;
}

bool version_same(const struct version *a, const struct version *b)
{
	if (a->files_count != b->files_count)
		return false;
	for (unsigned i = 0; i < a->files_count; i++) {
		const struct version_file *f = &a->files[i], *g = &b->files[i];

		if (strcmp(f->path, g->path) != 0 || strcmp(f->role, g->role) != 0 || strcmp(f->sha256, g->sha256) != 0)
			return false;
	}
	return true;
}

static int pour(int from, int to)
{
	char buf[1 << 14];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) > 0)
		for (ssize_t at = 0, put; at < n; at += put)
			if ((put = write(to, buf + at, (size_t)(n - at))) < 0)
				return -errno;
	return n < 0 ? -errno : 0;
}

/* Who may read the file may read its copy, and nobody else. */
static int rights_give(int fd, const struct stat *st)
{
	mode_t mode = st->st_mode & 0644;

	if (geteuid() == 0 ? fchown(fd, st->st_uid, st->st_gid) < 0 : fchown(fd, (uid_t)-1, st->st_gid) < 0)
		mode &= (mode_t)~0070;
	return fchmod(fd, mode | 0600) < 0 ? -errno : 0;
}

int file_copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_NONBLOCK | O_CLOEXEC), out = -1, r = 0;
	struct stat st;

	if (in < 0)
		return -errno;
	if (fstat(in, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EINVAL;
	else if ((out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0)
		r = -errno;
	if (r == 0 && (r = pour(in, out)) == 0)
		r = rights_give(out, &st);
	if (r == 0 && fsync(out) < 0)
		r = -errno;
	if (out >= 0 && close(out) < 0 && r == 0)
		r = -errno;
	close(in);
	if (r < 0 && out >= 0)
		unlink(to);
	return r;
}

int folders_make(const char *root, const char *path)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *slash = folder + strlen(root); (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
		*slash = 0;
		if (mkdir(folder, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* One described file, from the config's folder into the new version's; it must still be what was described. */
static int take_in(const char *source, const char *half, const struct version_file *f, char *why)
{
	char from[2 * PATH_MAX], to[2 * PATH_MAX], sha256[SHA256_TEXT];
	uint64_t bytes = 0;
	int r;

	snprintf(from, sizeof(from), "%s/%s", source, f->path);
	snprintf(to, sizeof(to), "%s/files/%s", half, f->path);
	if (strlen(from) >= PATH_MAX || strlen(to) >= PATH_MAX)
		return because(why, -ENAMETOOLONG, "%s: %s", f->path, strerror(ENAMETOOLONG));
	if ((r = folders_make(half, to)) < 0 || (r = file_copy(from, to)) < 0 || (r = file_digest(to, sha256, &bytes)) < 0)
		return because(why, r, "cannot copy %s: %s", from, strerror(-r));
	if (bytes != f->bytes || strcmp(sha256, f->sha256) != 0)
		return because(why, -ESTALE, "%s changed while it was committed; try again", from);
	return 0;
}

static int description_write(const char *half, const struct version *v)
{
	json_t *o = version_encode(v);
	char *text = o == NULL ? NULL : json_dumps(o, JSON_INDENT(1));
	int folder = open(half, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r = -ENOMEM;

	if (folder < 0)
		r = -errno;
	else if (text != NULL)
		r = strlen(text) >= VERSION_TEXT_MAX ? -EFBIG : file_replace(folder, "version.json", text, strlen(text));
	if (folder >= 0)
		close(folder);
	free(text);
	json_decref(o);
	return r;
}

static int entry_sync(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	int r = kind == FTW_D || kind == FTW_DP ? folder_sync(path) : 0;

	return -r;
}

static void time_write(char *ret, size_t size)
{
	time_t now = time(NULL);
	struct tm t;

	gmtime_r(&now, &t);
	strftime(ret, size, "%Y-%m-%dT%H:%M:%SZ", &t);
}

/* Fills the folder that only then gets its name. */
static int half_fill(const char *half, const char *source, const struct version *v, char *why)
{
	int r = mkdir(half, 0755) < 0 ? -errno : 0;

	if (r < 0)
		return because(why, r, "cannot make %s: %s", half, strerror(-r));
	for (unsigned i = 0; r == 0 && i < v->files_count; i++)
		if (!v->files[i].outside)
			r = take_in(source, half, &v->files[i], why);
	if (r < 0)
		return r;
	r = description_write(half, v);
	if (r == 0)
		r = -nftw(half, entry_sync, 16, FTW_PHYS);
	return r < 0 ? because(why, r, "cannot write %s: %s", half, strerror(-r)) : 0;
}

int commit_store(struct versions *versions, const struct settings *settings, struct version *v, char why[COMMIT_WHY_MAX])
{
	char half[PATH_MAX + 32], name[16], unfinished[24], source[PATH_MAX];
	unsigned newest = 0, current = 0;
	int r = versions_list(versions, &newest, 1);

	if (r < 0)
		return because(why, r, "cannot read %s: %s", versions->path, strerror(-r));
	if (versions_current(versions, &current) == 0 && current > newest)
		newest = current; /* its folder was lost; its number is not given twice */
	if (newest == VERSION_NUMBER_MAX)
		return because(why, -EOVERFLOW, "%s has no number left", versions->path);
	v->number = newest + 1;
	time_write(v->time, sizeof(v->time));
	snprintf(source, sizeof(source), "%.*s", (int)(strrchr(settings->file, '/') - settings->file), settings->file);
	snprintf(name, sizeof(name), "%u", v->number);
	snprintf(unfinished, sizeof(unfinished), "%s.tmp", name);
	snprintf(half, sizeof(half), "%s/%s", versions->path, unfinished);
	r = half_fill(half, source, v, why);
	if (r == 0 && (renameat(versions->fd, unfinished, versions->fd, name) < 0 || fsync(versions->fd) < 0))
		r = because(why, -errno, "cannot write %s/%s: %s", versions->path, name, strerror(errno));
	if (r < 0 && tree_remove(half) < 0) /* the next one that holds the lock removes it */
		return r;
	return r;
}
