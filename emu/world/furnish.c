/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host files put into a tree. Runs before the jail closes; nothing here is reached by a guest. */
#include "emu/world/furnish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct identity root = { 0 };

/* Walks to where path is or would be, making folders on the way. */
static int reach(struct tree *t, const char *path, struct walk *ret)
{
	char part[PATH_BYTES];

	for (const char *at = path; (at = strchr(at + 1, '/')) != NULL && at[1] != 0;) {
		struct node *dir;
		int r;

		if ((size_t)(at - path) >= sizeof(part))
			return -ENAMETOOLONG;
		memcpy(part, path, (size_t)(at - path));
		part[at - path] = 0;
		if ((r = tree_walk(t, tree_root(t), part, &root, true, ret)) < 0)
			return r;
		if (ret->node != NULL)
			continue;
		if ((dir = node_new(t, NODE_DIR, 0755, 0, 0)) == NULL)
			return -ENOMEM;
		if ((r = node_link(t, ret->dir, ret->name, dir, 0)) < 0)
			return r;
	}
	return tree_walk(t, tree_root(t), path, &root, false, ret);
}

static int put(struct tree *t, const struct walk *w, struct node *n)
{
	return n == NULL ? -ENOMEM : node_link(t, w->dir, w->name, n, w->dir->changed_ns);
}

int furnish_folder(struct tree *t, const char *path, uint16_t mode, uint32_t uid, uint32_t gid)
{
	struct walk w;
	int r;

	if ((r = reach(t, path, &w)) < 0)
		return r;
	if (w.node != NULL)
		return furnish_owner(t, path, mode, uid, gid);
	return put(t, &w, node_new(t, NODE_DIR, mode, uid, gid));
}

int furnish_link(struct tree *t, const char *path, const char *target)
{
	struct node *n;
	struct walk w;
	int r;

	if ((r = reach(t, path, &w)) < 0)
		return r;
	if (w.node != NULL)
		return 0;
	if ((n = node_new(t, NODE_LINK, 0777, 0, 0)) == NULL)
		return -ENOMEM;
	if ((r = node_write(t, n, 0, bytes_text(target))) < 0)
		return r;
	return put(t, &w, n);
}

int furnish_device(struct tree *t, const char *path, enum device device, uint16_t mode)
{
	struct node *n;
	struct walk w;
	int r;

	if ((r = reach(t, path, &w)) < 0)
		return r;
	if (w.node != NULL)
		return 0;
	if ((n = node_new(t, NODE_DEVICE, mode, 0, 0)) == NULL)
		return -ENOMEM;
	n->device = device;
	return put(t, &w, n);
}

int furnish_devices(struct tree *t)
{
	static const struct { const char *path; enum device device; } list[] = {
		{ "/dev/null", DEVICE_NULL }, { "/dev/zero", DEVICE_ZERO }, { "/dev/full", DEVICE_FULL },
		{ "/dev/random", DEVICE_RANDOM }, { "/dev/urandom", DEVICE_RANDOM }, { "/dev/tty", DEVICE_TTY },
	};
	static const struct { const char *path, *target; } links[] = {
		{ "/dev/fd", "/proc/self/fd" }, { "/dev/stdin", "/proc/self/fd/0" },
		{ "/dev/stdout", "/proc/self/fd/1" }, { "/dev/stderr", "/proc/self/fd/2" },
	};
	int e = 0;

	for (size_t i = 0; i < COUNT_OF(list) && e == 0; i++)
		e = furnish_device(t, list[i].path, list[i].device, 0666);
	for (size_t i = 0; i < COUNT_OF(links) && e == 0; i++)
		e = furnish_link(t, links[i].path, links[i].target);
	return e;
}

static int map_file(struct node *n, const char *from, const struct stat *st)
{
	void *at;
	int fd;

	if (st->st_size == 0)
		return 0;
	if ((fd = open(from, O_RDONLY | O_CLOEXEC)) < 0)
		return -errno;
	/* shared, so that a program's pages can be shown in the window without a descriptor */
	at = mmap(NULL, (size_t)st->st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (at == MAP_FAILED)
		return -ENOMEM;
	n->data = at;
	n->size = (uint64_t)st->st_size;
	n->mapped = true;
	return 0;
}

int furnish_host(struct tree *t, const char *from, const char *to, bool packaged)
{
	char target[PATH_MAX];
	struct node *n;
	struct walk w;
	struct stat st;
	ssize_t len;
	int r;

	if (lstat(from, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode)) {
		if ((len = readlink(from, target, sizeof(target) - 1)) < 0)
			return -errno;
		target[len] = 0;
		return furnish_link(t, to, target);
	}
	if ((r = reach(t, to, &w)) < 0 || w.node != NULL)
		return r;
	if (S_ISDIR(st.st_mode))
		return put(t, &w, node_new(t, NODE_DIR, st.st_mode & 07777, st.st_uid, st.st_gid));
	if (!S_ISREG(st.st_mode))
		return 0;
	if ((n = node_new(t, NODE_FILE, st.st_mode & 07777, st.st_uid, st.st_gid)) == NULL)
		return -ENOMEM;
	n->packaged = packaged;
	n->changed_ns = (uint64_t)st.st_mtime * 1000000000ull;
	/* a file that we may not read is a file the guest cannot either */
	if ((r = map_file(n, from, &st)) < 0 && r != -EACCES)
		return r;
	return put(t, &w, n);
}

static int copy_entry(struct tree *t, const char *from, const char *to)
{
	struct node *n;
	struct walk w;
	struct stat st;
	int r;

	if (lstat(from, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode)) {
		if ((r = reach(t, to, &w)) < 0)
			return r;
		if (w.node == NULL && (r = furnish_folder(t, to, 0755, 0, 0)) < 0)
			return r;
		return furnish_copy(t, from, to);
	}
	if ((r = furnish_host(t, from, to, false)) < 0 || !S_ISREG(st.st_mode))
		return r;
	/* a checked-out folder knows no owner and only one bit of the mode; dates would differ on each machine */
	if ((r = reach(t, to, &w)) < 0)
		return r;
	n = w.node;
	n->uid = n->gid = 0;
	n->mode = (st.st_mode & 0100) != 0 ? 0755 : 0644;
	n->changed_ns = 0;
	return 0;
}

int furnish_copy(struct tree *t, const char *from, const char *to)
{
	char source[PATH_MAX], target[PATH_MAX];
	struct dirent **list;
	int count = scandir(from, &list, NULL, alphasort), r = 0;

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		const char *name = list[i]->d_name;

		if (r == 0 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
			if (snprintf(source, sizeof(source), "%s/%s", from, name) >= (int)sizeof(source) ||
			    snprintf(target, sizeof(target), "%s/%s", to, name) >= (int)sizeof(target))
				r = -ENAMETOOLONG;
			else
				r = copy_entry(t, source, target);
		}
		free(list[i]);
	}
	free(list);
	return r;
}

/* A Python module's compiled form, which its package makes when it is installed and does not list. */
static int furnish_compiled(struct tree *t, const char *path)
{
	const char *name = strrchr(path, '/'), *end = strrchr(path, '.');
	char pattern[PATH_MAX];
	glob_t found;
	int r = 0;

	if (end == NULL || strcmp(end, ".py") != 0)
		return 0;
	snprintf(pattern, sizeof(pattern), "%.*s/__pycache__/%.*s.cpython-*[0-9].pyc", (int)(name - path), path,
	    (int)(end - name - 1), name + 1);
	if (glob(pattern, GLOB_NOSORT, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc && r == 0; i++)
		r = furnish_host(t, found.gl_pathv[i], found.gl_pathv[i], true);
	globfree(&found);
	return r == -ENOENT ? 0 : r;
}

static bool omitted(const char *path, char *const *omit, unsigned omit_count)
{
	for (unsigned i = 0; i < omit_count; i++) {
		size_t len = strlen(omit[i]);

		if (strncmp(path, omit[i], len) == 0 && (path[len] == 0 || path[len] == '/'))
			return true;
	}
	return false;
}

int furnish_package(struct tree *t, const char *package, char *const *omit, unsigned omit_count)
{
	static const char *const ends[] = { ".list", ":amd64.list" };
	char line[PATH_MAX];
	FILE *f = NULL;
	int r = 0;

	for (size_t i = 0; i < COUNT_OF(ends) && f == NULL; i++) {
		snprintf(line, sizeof(line), "/var/lib/dpkg/info/%s%s", package, ends[i]);
		f = fopen(line, "re");
	}
	if (f == NULL)
		return -ENOENT;
	while (r == 0 && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = 0;
		if (line[0] != '/' || strcmp(line, "/.") == 0 || omitted(line, omit, omit_count))
			continue;
		if ((r = furnish_host(t, line, line, true)) == 0)
			r = furnish_compiled(t, line);
		/* diverted or removed by the host's administrator: not there */
		if (r == -ENOENT)
			r = 0;
	}
	fclose(f);
	return r;
}

int furnish_owner(struct tree *t, const char *path, int mode, uint32_t uid, uint32_t gid)
{
	struct walk w;
	int r;

	if ((r = tree_walk(t, tree_root(t), path, &root, true, &w)) < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	if (mode >= 0)
		w.node->mode = (uint16_t)mode;
	w.node->uid = uid;
	w.node->gid = gid;
	return 0;
}
