/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What file systems tell beside their files: kind and size of the one at a path, and SELinux's labels as attributes. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#define XFS_MAGIC 0x58465342 /* "XFSB"; not in linux/magic.h of every age */

/* The next field of a line of /proc/mounts. */
static struct bytes field(struct bytes *line)
{
	size_t len = 0;
	struct bytes word;

	while (len < line->left && line->at[len] != ' ')
		len++;
	word = bytes_of(line->at, len);
	len += len < line->left;
	*line = bytes_of(line->at + len, line->left - len);
	return word;
}

static int64_t magic_of(struct bytes kind)
{
	static const struct { const char *name; int64_t magic; } kinds[] = {
		{ "ext4", EXT4_SUPER_MAGIC }, { "xfs", XFS_MAGIC }, { "overlay", OVERLAYFS_SUPER_MAGIC },
		{ "tmpfs", TMPFS_MAGIC }, { "proc", PROC_SUPER_MAGIC }, { "sysfs", SYSFS_MAGIC },
		{ "squashfs", SQUASHFS_MAGIC }, { "selinuxfs", SELINUX_MAGIC }, { "cgroup2", CGROUP2_SUPER_MAGIC },
		{ "devpts", DEVPTS_SUPER_MAGIC },
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (bytes_equal(kind, bytes_text(kinds[i].name)))
			return kinds[i].magic;
	return EXT4_SUPER_MAGIC;
}

/* The kind of file system at a path: of the longest place above it in the profile's /proc/mounts. */
static int64_t kind_at(struct kernel *k, const char *path)
{
	struct tree *t = k->world->tree;
	int64_t magic = EXT4_SUPER_MAGIC;
	struct bytes mounts = { 0 };
	size_t longest = 0;
	struct walk w;

	if (tree_walk(t, tree_root(t), "/proc/mounts", &(struct identity){ 0 }, true, &w) == 0 && w.node != NULL)
		mounts = bytes_of(w.node->data, w.node->size);
	while (mounts.left > 0) {
		const uint8_t *end = memchr(mounts.at, '\n', mounts.left);
		struct bytes line = bytes_of(mounts.at, end != NULL ? (size_t)(end - mounts.at) : mounts.left), place;
		size_t taken = line.left + (end != NULL);

		mounts = bytes_of(mounts.at + taken, mounts.left - taken);
		field(&line);
		place = field(&line);
		if (place.left < longest || place.left == 0 || strncmp(path, (const char *)place.at, place.left) != 0 ||
		    (place.left > 1 && path[place.left] != 0 && path[place.left] != '/'))
			continue;
		longest = place.left;
		magic = magic_of(field(&line));
	}
	return magic;
}

static int64_t describe(struct kernel *k, const char *path, uint64_t to)
{
	enum { VALID = 0x20, RELATIME = 0x1000 };
	struct statfs s = {
		.f_type = kind_at(k, path), .f_bsize = GUEST_PAGE, .f_blocks = 5000000, .f_bfree = 3200000,
		.f_bavail = 3000000, .f_files = 1300000, .f_ffree = 1200000, .f_namelen = 255, .f_frsize = GUEST_PAGE,
		.f_flags = VALID | RELATIME,
	};

	return guest_put(k, to, &s, sizeof(s));
}

int64_t sys_statfs(struct kernel *k, const uint64_t *a)
{
	char path[PATH_BYTES];
	struct walk w;
	int r = walk_guest(k, (uint64_t)AT_FDCWD, a[0], true, &w);

	if (r < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	walk_path(&w, path, sizeof(path));
	return describe(k, path, a[1]);
}

int64_t sys_fstatfs(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	return f != NULL ? describe(k, f->path != NULL ? f->path : "/", a[1]) : -EBADF;
}

static const char attribute[] = "security.selinux";

/* The label of what stands at path, for the guest; it is a fact of the server. */
static int64_t put_label(struct kernel *k, const char *path, const uint64_t *a)
{
	const char *label = k->world->profile.context[0] != 0 ? profile_label(&k->world->profile, path) : NULL;
	char name[64];
	size_t len;
	int r = space_string(k->current->space, a[1], name, sizeof(name));

	if (r < 0)
		return r == -ENAMETOOLONG ? -ERANGE : r;
	if (label == NULL)
		return -EOPNOTSUPP;
	if (strcmp(name, attribute) != 0)
		return -ENODATA;
	len = strlen(label) + 1;
	if (a[3] == 0)
		return (int64_t)len;
	if (a[3] < len)
		return -ERANGE;
	record_fact(k->world->record, bytes_text(label));
	r = guest_put(k, a[2], label, len);
	return r < 0 ? r : (int64_t)len;
}

static int64_t label_at(struct kernel *k, const uint64_t *a, bool follow)
{
	char path[PATH_BYTES];
	struct walk w;
	int r = walk_guest(k, (uint64_t)AT_FDCWD, a[0], follow, &w);

	if (r < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	walk_path(&w, path, sizeof(path));
	return put_label(k, path, a);
}

int64_t sys_getxattr(struct kernel *k, const uint64_t *a)
{
	return label_at(k, a, true);
}

int64_t sys_lgetxattr(struct kernel *k, const uint64_t *a)
{
	return label_at(k, a, false);
}

int64_t sys_fgetxattr(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	return f == NULL ? -EBADF : f->path == NULL ? -EOPNOTSUPP : put_label(k, f->path, a);
}

/* No file here has other attributes, and none can be given any. */
int64_t sys_setxattr(struct kernel *k, const uint64_t *a)
{
	return -EOPNOTSUPP;
}
