/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder of versions. */
#include "control/versions/folder.h"

#include "config/origin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 4096 /* entries looked at: versions are pruned to VERSIONS_KEPT, so more are not ours */ };

static const char half[] = ".tmp";

/* The candidate's place, also where the file itself is gone. */
static int place(const char *file, struct versions *v)
{
	const char *slash = strrchr(file, '/'), *name = slash == NULL ? file : slash + 1;
	char folder[PATH_MAX];
	char *end;

	if (realpath(file, v->file) == NULL) {
		if (errno != ENOENT)
			return -errno;
		if ((size_t)snprintf(folder, sizeof(folder), "%.*s", slash == NULL ? 1 : (int)(slash - file) + 1,
		                     slash == NULL ? "." : file) >= sizeof(folder))
			return -ENAMETOOLONG;
		if (*name == 0)
			return -EISDIR;
		if (realpath(folder, v->home) == NULL)
			return -errno;
		if (snprintf(v->file, sizeof(v->file), "%s/%s", strcmp(v->home, "/") == 0 ? "" : v->home, name) >= PATH_MAX)
			return -ENAMETOOLONG;
	}
	memcpy(v->home, v->file, sizeof(v->home));
	end = strrchr(v->home, '/');
	end[end == v->home] = 0;
	if ((size_t)snprintf(v->name, sizeof(v->name), "%s", strrchr(v->file, '/') + 1) >= sizeof(v->name))
		return -ENAMETOOLONG;
	return snprintf(v->path, sizeof(v->path), "%s.versions", v->file) >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int versions_open(const char *file, bool make, struct versions *ret)
{
	int r;

	*ret = (struct versions){ .fd = -1, .lock = -1 };
	if ((r = place(file, ret)) < 0)
		return r;
	if (make && mkdir(ret->path, 0755) == 0)
		r = folder_sync(ret->home);
	else if (make && errno != EEXIST)
		r = -errno;
	if (r == 0 && (ret->fd = open(ret->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
		r = -errno;
	return r;
}

void versions_close(struct versions *v)
{
	if (v->name[0] == 0)
		return;
	if (v->lock >= 0)
		close(v->lock);
	if (v->fd >= 0)
		close(v->fd);
	v->fd = v->lock = -1;
}

static int entry_remove(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	return remove(path) < 0 ? errno : 0;
}

int tree_remove(const char *path)
{
	int r = nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);

	if (r < 0)
		return errno == ENOENT ? 0 : -errno;
	return -r;
}

int folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	if (fd < 0)
		return -errno;
	r = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return r;
}

/* What ends in .tmp was never finished, whoever left it. */
static int halves_remove(struct versions *v)
{
	char path[PATH_MAX + NAME_MAX + 2];
	int fd = openat(v->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (folder == NULL)
		return -errno;
	for (unsigned i = 0; r == 0 && i < NAMES_MAX && (e = readdir(folder)) != NULL; i++) {
		size_t len = strlen(e->d_name);

		if (len <= strlen(half) || strcmp(e->d_name + len - strlen(half), half) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", v->path, e->d_name);
		r = tree_remove(path);
	}
	closedir(folder);
	return r;
}

int versions_lock(struct versions *v)
{
	if (v->lock >= 0)
		return 0;
	v->lock = openat(v->fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (v->lock < 0)
		return -errno;
	if (flock(v->lock, LOCK_EX | LOCK_NB) < 0) {
		int r = -errno;

		close(v->lock);
		v->lock = -1;
		return r;
	}
	return halves_remove(v);
}

static int link_read(const struct versions *v, const char *link, unsigned *ret)
{
	char name[16];
	ssize_t len = readlinkat(v->fd, link, name, sizeof(name));
	unsigned n;

	if (len < 0)
		return errno == ENOENT ? -ENOENT : -EINVAL;
	n = origin_number(name, (size_t)len);
	if (n == 0)
		return -EINVAL;
	*ret = n;
	return 0;
}

/* At once or not at all: a new link takes the old one's name. beside: the name that it has until then. */
static int link_replace(const struct versions *v, const char *link, const char *beside, unsigned n)
{
	char name[16];

	if (n == 0)
		return unlinkat(v->fd, link, 0) < 0 && errno != ENOENT ? -errno : fsync(v->fd) < 0 ? -errno : 0;
	snprintf(name, sizeof(name), "%u", n);
	if (unlinkat(v->fd, beside, 0) < 0 && errno != ENOENT)
		return -errno;
	if (symlinkat(name, v->fd, beside) < 0 || renameat(v->fd, beside, v->fd, link) < 0 || fsync(v->fd) < 0)
		return -errno;
	return 0;
}

int versions_current(const struct versions *v, unsigned *ret)
{
	return link_read(v, "current", ret);
}

int versions_point(struct versions *v, unsigned n)
{
	return link_replace(v, "current", "current.tmp", n);
}

int versions_run(const struct versions *v, unsigned n, char *ret)
{
	char path[PATH_MAX + NAME_MAX + 32];
	int r = link_replace(v, "running", "running.new", n);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%s/running/files/%s", v->path, v->name);
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret, path, strlen(path) + 1);
	return 0;
}

unsigned versions_running(const struct versions *v)
{
	unsigned n = 0;

	return link_read(v, "running", &n) < 0 ? 0 : n;
}

static int newer(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return *x < *y ? 1 : *x > *y ? -1 : 0;
}

int versions_list(const struct versions *v, unsigned *ret, unsigned max)
{
	int fd = openat(v->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	unsigned *all = calloc(NAMES_MAX, sizeof(*all)), count = 0;
	struct dirent *e;

	if (folder == NULL || all == NULL) {
		int r = all == NULL ? -ENOMEM : -errno;

		if (folder != NULL)
			closedir(folder);
		free(all);
		return r;
	}
	while (count < NAMES_MAX && (e = readdir(folder)) != NULL) {
		unsigned n = origin_number(e->d_name, strlen(e->d_name));

		if (n != 0)
			all[count++] = n;
	}
	closedir(folder);
	qsort(all, count, sizeof(*all), newer);
	if (count > max)
		count = max;
	memcpy(ret, all, count * sizeof(*all));
	free(all);
	return (int)count;
}

int versions_remove(struct versions *v, unsigned n)
{
	char name[16], gone[24], path[PATH_MAX + 32];

	/* under its name it is whole, or not there */
	snprintf(name, sizeof(name), "%u", n);
	snprintf(gone, sizeof(gone), "%u%s", n, half);
	if (renameat(v->fd, name, v->fd, gone) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fsync(v->fd) < 0)
		return -errno;
	snprintf(path, sizeof(path), "%s/%s", v->path, gone);
	return tree_remove(path);
}

int versions_prune(struct versions *v, unsigned kept, unsigned keep, unsigned keep_too)
{
	unsigned all[VERSIONS_KEPT * 2];
	int count = versions_list(v, all, COUNT_OF(all)), r = 0;

	if (count < 0)
		return count;
	for (unsigned i = kept; r == 0 && i < (unsigned)count; i++)
		if (all[i] != keep && all[i] != keep_too && all[i] != versions_running(v))
			r = versions_remove(v, all[i]);
	return r;
}

int file_replace(int folder, const char *name, const void *at, size_t len)
{
	const char *bytes = at;
	char beside[64];
	int fd, r = 0;

	snprintf(beside, sizeof(beside), "%s%s", name, half);
	fd = openat(folder, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	while (r == 0 && len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno != EINTR) {
			r = -errno;
		} else if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && (renameat(folder, beside, folder, name) < 0 || fsync(folder) < 0))
		r = -errno;
	if (r < 0)
		unlinkat(folder, beside, 0);
	return r;
}

long file_take(int folder, const char *name, char *ret, size_t size)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	size_t used = 0;
	ssize_t n = 0;
	long r = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		r = -errno;
	else if (!S_ISREG(st.st_mode))
		r = -EINVAL;
	while (r == 0 && used + 1 < size && (n = read(fd, ret + used, size - 1 - used)) > 0)
		used += (size_t)n;
	if (r == 0 && n < 0)
		r = -errno;
	if (r == 0 && used + 1 == size)
		r = -EFBIG;
	close(fd);
	if (r < 0)
		return r;
	ret[used] = 0;
	return (long)used;
}
