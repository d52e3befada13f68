/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What files are: stat in its forms, access, readlink, folders' entries. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static uint32_t type_of(const struct node *n)
{
	static const uint32_t types[] = {
		[NODE_FILE] = S_IFREG, [NODE_DIR] = S_IFDIR, [NODE_LINK] = S_IFLNK, [NODE_DEVICE] = S_IFCHR,
		[NODE_FIFO] = S_IFIFO, [NODE_SOCKET] = S_IFSOCK,
	};

	return types[n->kind];
}

static uint64_t device_of(const struct node *n)
{
	static const uint8_t minors[] = {
		[DEVICE_NULL] = 3, [DEVICE_ZERO] = 5, [DEVICE_FULL] = 7, [DEVICE_RANDOM] = 9, [DEVICE_TTY] = 0,
	};

	if (n->kind != NODE_DEVICE)
		return 0;
	return makedev(n->device == DEVICE_TTY ? 5 : 1, minors[n->device]);
}

static void describe(struct kernel *k, const struct node *n, struct stat *s)
{
	uint64_t ns = n->changed_ns != 0 ? n->changed_ns : k->world->profile.clock_ns - 86400ull * 30 * 1000000000ull;

	memset(s, 0, sizeof(*s));
	s->st_dev = mount_device(k, n);
	s->st_ino = n->ino;
	s->st_nlink = n->links != 0 || n->generated ? (n->links != 0 ? n->links : 1) : 0;
	s->st_mode = type_of(n) | n->mode;
	s->st_uid = n->uid;
	s->st_gid = n->gid;
	s->st_rdev = device_of(n);
	s->st_size = n->kind == NODE_DIR ? GUEST_PAGE : (off_t)(n->generated && n->kind == NODE_FILE ? 0 : n->size);
	s->st_blksize = GUEST_PAGE;
	if (n->kind == NODE_FILE || n->kind == NODE_DIR)
		s->st_blocks = (s->st_size + GUEST_PAGE - 1) / GUEST_PAGE * 8;
	s->st_mtim.tv_sec = (time_t)(ns / 1000000000);
	s->st_mtim.tv_nsec = (long)(ns % 1000000000);
	ns = n->accessed_ns != 0 ? n->accessed_ns : ns;
	s->st_atim = (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
	s->st_ctim = n->status_ns != 0 ? (struct timespec){ (time_t)(n->status_ns / 1000000000), (long)(n->status_ns % 1000000000) } :
	    s->st_mtim;
}

/* Pipes, sockets and captured output have no node. */
static void describe_file(struct kernel *k, const struct file *f, struct stat *s)
{
	if (f->node != NULL) {
		describe(k, f->node, s);
		return;
	}
	memset(s, 0, sizeof(*s));
	s->st_dev = 13;
	s->st_ino = f->kind == &file_capture ? 9000 + (ino_t)f->stream : 9100 + (ino_t)pipe_number(f);
	s->st_nlink = 1;
	s->st_mode = f->kind == &file_socket ? S_IFSOCK | 0777 : S_IFIFO | 0600;
	s->st_uid = k->current->who.uid;
	s->st_gid = k->current->who.gid;
	s->st_blksize = GUEST_PAGE;
}

/* What a walk came to: of /proc/self/fd/N the open file itself, where links are followed. */
static void describe_walk(struct kernel *k, const struct walk *w, bool follow, struct stat *s)
{
	if (follow && w->node->open != NULL)
		describe_file(k, w->node->open, s);
	else
		describe(k, w->node, s);
}

static int64_t stat_path(struct kernel *k, uint64_t at, uint64_t path, uint64_t to, unsigned flags)
{
	struct file *f;
	struct stat s;
	struct walk w;
	char first = 1;
	int r;

	if ((flags & AT_EMPTY_PATH) != 0 && guest_get(k, path, &first, 1) == 0 && first == 0) {
		if ((int)at == AT_FDCWD) {
			describe(k, k->current->place->cwd, &s);
			return guest_put(k, to, &s, sizeof(s));
		}
		if ((f = file_at(k, at)) == NULL)
			return -EBADF;
		describe_file(k, f, &s);
		return guest_put(k, to, &s, sizeof(s));
	}
	if ((r = walk_guest(k, at, path, (flags & AT_SYMLINK_NOFOLLOW) == 0, &w)) < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	describe_walk(k, &w, (flags & AT_SYMLINK_NOFOLLOW) == 0, &s);
	return guest_put(k, to, &s, sizeof(s));
}

int64_t sys_stat(struct kernel *k, const uint64_t *a)
{
	return stat_path(k, (uint64_t)AT_FDCWD, a[0], a[1], 0);
}

int64_t sys_lstat(struct kernel *k, const uint64_t *a)
{
	return stat_path(k, (uint64_t)AT_FDCWD, a[0], a[1], AT_SYMLINK_NOFOLLOW);
}

int64_t sys_newfstatat(struct kernel *k, const uint64_t *a)
{
	return stat_path(k, a[0], a[1], a[2], (unsigned)a[3]);
}

int64_t sys_fstat(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);
	struct stat s;

	if (f == NULL)
		return -EBADF;
	describe_file(k, f, &s);
	return guest_put(k, a[1], &s, sizeof(s));
}

int64_t sys_statx(struct kernel *k, const uint64_t *a)
{
	struct statx x = { 0 };
	struct file *f;
	struct stat s;
	struct walk w;
	char first = 1;
	int r;

	if ((a[2] & AT_EMPTY_PATH) != 0 && guest_get(k, a[1], &first, 1) == 0 && first == 0) {
		if ((f = file_at(k, a[0])) == NULL)
			return -EBADF;
		describe_file(k, f, &s);
	} else {
		if ((r = walk_guest(k, a[0], a[1], (a[2] & AT_SYMLINK_NOFOLLOW) == 0, &w)) < 0)
			return r;
		if (w.node == NULL)
			return -ENOENT;
		describe_walk(k, &w, (a[2] & AT_SYMLINK_NOFOLLOW) == 0, &s);
	}
	x.stx_mask = STATX_BASIC_STATS;
	x.stx_blksize = GUEST_PAGE;
	x.stx_nlink = (uint32_t)s.st_nlink;
	x.stx_uid = s.st_uid;
	x.stx_gid = s.st_gid;
	x.stx_mode = (uint16_t)s.st_mode;
	x.stx_ino = s.st_ino;
	x.stx_size = (uint64_t)s.st_size;
	x.stx_blocks = (uint64_t)s.st_blocks;
	x.stx_mtime.tv_sec = s.st_mtim.tv_sec;
	x.stx_mtime.tv_nsec = (uint32_t)s.st_mtim.tv_nsec;
	x.stx_atime = (struct statx_timestamp){ .tv_sec = s.st_atim.tv_sec, .tv_nsec = (uint32_t)s.st_atim.tv_nsec };
	x.stx_ctime = (struct statx_timestamp){ .tv_sec = s.st_ctim.tv_sec, .tv_nsec = (uint32_t)s.st_ctim.tv_nsec };
	x.stx_rdev_major = major(s.st_rdev);
	x.stx_rdev_minor = minor(s.st_rdev);
	x.stx_dev_major = major(s.st_dev);
	x.stx_dev_minor = minor(s.st_dev);
	return guest_put(k, a[4], &x, sizeof(x));
}

static int64_t access_at(struct kernel *k, uint64_t at, uint64_t path, unsigned mask, bool follow)
{
	struct walk w;
	int r = walk_guest(k, at, path, follow, &w);

	if (r < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	return node_may(w.node, &k->current->who, mask & 7) ? 0 : -EACCES;
}

int64_t sys_access(struct kernel *k, const uint64_t *a)
{
	return access_at(k, (uint64_t)AT_FDCWD, a[0], (unsigned)a[1], true);
}

int64_t sys_faccessat(struct kernel *k, const uint64_t *a)
{
	return access_at(k, a[0], a[1], (unsigned)a[2], true);
}

int64_t sys_faccessat2(struct kernel *k, const uint64_t *a)
{
	return access_at(k, a[0], a[1], (unsigned)a[2], (a[3] & AT_SYMLINK_NOFOLLOW) == 0);
}

int64_t sys_readlinkat(struct kernel *k, const uint64_t *a)
{
	struct walk w;
	uint64_t len;
	int r = walk_guest(k, a[0], a[1], false, &w);

	if (r < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	if (w.node->kind != NODE_LINK || a[3] == 0)
		return -EINVAL;
	len = w.node->size < a[3] ? w.node->size : a[3];
	r = guest_put(k, a[2], w.node->data, len);
	return r < 0 ? r : (int64_t)len;
}

int64_t sys_readlink(struct kernel *k, const uint64_t *a)
{
	return sys_readlinkat(k, (const uint64_t[]){ (uint64_t)AT_FDCWD, a[0], a[1], a[2] });
}

/* As linux_dirent64 stands in memory. */
struct linux_entry {
	uint64_t ino, offset;
	uint16_t len;
	uint8_t type;
	char name[256 + 8];
} __attribute__((packed));

static int add_entry(struct kernel *k, uint64_t *at, uint64_t *left, const char *name, const struct node *n,
    uint64_t next)
{
	struct linux_entry d = { .ino = n->ino, .offset = next, .type = (uint8_t)(type_of(n) >> 12) };
	size_t name_len = strlen(name);

	d.len = (uint16_t)((offsetof(struct linux_entry, name) + name_len + 1 + 7) & ~7ull);
	if (d.len > *left)
		return -EINVAL;
	memcpy(d.name, name, name_len);
	if (guest_put(k, *at, &d, d.len) < 0)
		return -EFAULT;
	*at += d.len;
	*left -= d.len;
	return 0;
}

/* The names in a folder, but for those that the run made itself. */
static void tell_names(struct kernel *k, const struct node *dir)
{
	uint8_t text[4096];
	struct sink s = sink_over(text, sizeof(text));

	for (unsigned i = 0; i < dir->count; i++) {
		size_t len = strlen(dir->entries[i].name);

		if (dir->entries[i].node->fresh && !dir->entries[i].node->generated)
			continue;
		if (s.used != 0 && len + 1 > s.size - s.used) {
			record_fact(k->world->record, bytes_of(text, s.used));
			s = sink_over(text, sizeof(text));
		}
		sink_put(&s, dir->entries[i].name, len);
		sink_u8(&s, '\n');
	}
	record_fact(k->world->record, bytes_of(text, s.used));
}

int64_t sys_getdents64(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);
	uint64_t at = a[1], left = (uint32_t)a[2];
	struct node *dir;
	int r = 0;

	if (f == NULL)
		return -EBADF;
	if (f->kind != &file_directory)
		return -ENOTDIR;
	dir = f->node;
	if (dir->dynamic != 0 && f->offset == 0)
		proc_list(k, dir);
	if (f->offset == 0)
		tell_names(k, dir);
	kernel_charge(k, dir->count * 64ull);
	while (r == 0 && f->offset < dir->count + 2ull) {
		const struct entry *e = f->offset >= 2 ? &dir->entries[f->offset - 2] : NULL;
		const struct node *n = e != NULL ? e->node : f->offset == 1 && dir->parent != NULL ? dir->parent : dir;
		const char *name = e != NULL ? e->name : f->offset == 1 ? ".." : ".";

		r = add_entry(k, &at, &left, name, n, f->offset + 1);
		if (r == 0)
			f->offset++;
	}
	return at != a[1] ? (int64_t)(at - a[1]) : r;
}
