/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in folders: made, moved, removed; where a process is. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HERE ((uint64_t)AT_FDCWD)

/* May the current process put names into, or take them from, this folder? */
static int may_change(struct kernel *k, const struct walk *w)
{
	const struct identity *who = &k->current->who;

	if (w->dir->dynamic != 0 || w->dir->generated)
		return w->node != NULL ? -EPERM : -ENOENT;
	if (w->dir->parent == NULL)
		return -ENOENT; /* removed */
	if (!node_may(w->dir, who, MAY_WRITE | MAY_EXECUTE))
		return -EACCES;
	/* sticky: only one's own */
	if (w->node != NULL && (w->dir->mode & 01000) != 0 && who->uid != 0 && w->node->uid != who->uid &&
	    w->dir->uid != who->uid)
		return -EPERM;
	return 0;
}

static int64_t make(struct kernel *k, uint64_t at, uint64_t path, enum node_kind kind, unsigned mode,
    const char *target)
{
	struct process *p = k->current;
	struct event *event;
	struct node *n;
	struct walk w;
	int r = walk_guest(k, at, path, false, &w);

	if (r < 0)
		return r;
	if (w.node != NULL)
		return -EEXIST;
	if (w.slash && kind != NODE_DIR)
		return -ENOENT;
	if ((r = may_change(k, &w)) < 0)
		return r;
	if (kind != NODE_LINK)
		mode &= 01777 & ~p->place->umask;
	if ((n = node_new(k->world->tree, kind, (uint16_t)mode, p->who.uid, p->who.gid)) == NULL)
		return -ENOMEM;
	if (target != NULL && (r = node_write(k->world->tree, n, 0, bytes_text(target))) < 0)
		return r;
	n->changed_ns = world_now(k->world);
	if ((r = node_link(k->world->tree, w.dir, w.name, n, n->changed_ns)) < 0)
		return r;
	event = tell_path(k, kind == NODE_DIR ? EVENT_MKDIR : kind == NODE_LINK ? EVENT_LINK : kind == NODE_FIFO ? EVENT_PIPE :
	    EVENT_WRITE, &w);
	if (event != NULL && kind == NODE_FILE)
		event->name = bytes_text("create");
	if (event != NULL && target != NULL)
		event->data = world_keep_text(k->world, target);
	return 0;
}

int64_t sys_mkdir(struct kernel *k, const uint64_t *a)
{
	return make(k, HERE, a[0], NODE_DIR, (unsigned)a[1], NULL);
}

int64_t sys_mkdirat(struct kernel *k, const uint64_t *a)
{
	return make(k, a[0], a[1], NODE_DIR, (unsigned)a[2], NULL);
}

int64_t sys_mknodat(struct kernel *k, const uint64_t *a)
{
	switch (a[2] & S_IFMT) {
	case S_IFIFO:
		return make(k, a[0], a[1], NODE_FIFO, (unsigned)a[2], NULL);
	case S_IFSOCK:
		return make(k, a[0], a[1], NODE_SOCKET, (unsigned)a[2], NULL);
	case S_IFREG:
	case 0:
		return make(k, a[0], a[1], NODE_FILE, (unsigned)a[2], NULL);
	default:
		return -EPERM;
	}
}

int64_t sys_mknod(struct kernel *k, const uint64_t *a)
{
	return sys_mknodat(k, (const uint64_t[]){ HERE, a[0], a[1], a[2] });
}

int64_t sys_symlinkat(struct kernel *k, const uint64_t *a)
{
	char target[PATH_BYTES];
	int r = space_string(k->current->space, a[0], target, sizeof(target));

	if (r < 0)
		return r;
	return target[0] != 0 ? make(k, a[1], a[2], NODE_LINK, 0777, target) : -ENOENT;
}

int64_t sys_symlink(struct kernel *k, const uint64_t *a)
{
	return sys_symlinkat(k, (const uint64_t[]){ a[0], HERE, a[1] });
}

/* Another's file is linked only by who may read and write it, as fs.protected_hardlinks has it by default. */
static bool may_link(const struct process *p, const struct node *n)
{
	if (p->who.uid == 0 || p->who.uid == n->uid)
		return true;
	return n->kind == NODE_FILE && (n->mode & S_ISUID) == 0 && (n->mode & (S_ISGID | S_IXGRP)) != (S_ISGID | S_IXGRP) &&
	    node_may(n, &p->who, MAY_READ | MAY_WRITE);
}

int64_t sys_linkat(struct kernel *k, const uint64_t *a)
{
	struct walk from, to;
	struct event *event;
	char path[PATH_BYTES];
	int r;

	if ((r = walk_guest(k, a[0], a[1], (a[4] & AT_SYMLINK_FOLLOW) != 0, &from)) < 0 ||
	    (r = walk_guest(k, a[2], a[3], false, &to)) < 0)
		return r;
	if (from.node == NULL)
		return -ENOENT;
	if (to.node != NULL)
		return -EEXIST;
	if (mount_device(k, from.node) != mount_device(k, to.dir))
		return -EXDEV;
	if (from.node->kind == NODE_DIR || from.node->generated || !may_link(k->current, from.node))
		return -EPERM;
	if ((r = may_change(k, &to)) < 0)
		return r;
	if ((r = node_link(k->world->tree, to.dir, to.name, from.node, world_now(k->world))) < 0)
		return r;
	walk_path(&from, path, sizeof(path));
	if ((event = tell_path(k, EVENT_LINK, &to)) != NULL)
		event->data = world_keep_text(k->world, path);
	return 0;
}

int64_t sys_link(struct kernel *k, const uint64_t *a)
{
	return sys_linkat(k, (const uint64_t[]){ HERE, a[0], HERE, a[1], 0 });
}

static int64_t remove_at(struct kernel *k, uint64_t at, uint64_t path, bool folder)
{
	struct walk w;
	int r = walk_guest(k, at, path, false, &w);

	if (r < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	if (folder && w.node->kind != NODE_DIR)
		return -ENOTDIR;
	if (!folder && w.node->kind == NODE_DIR)
		return -EISDIR;
	if (folder && (w.node == tree_root(k->world->tree) || w.node->dynamic != 0 ||
	    w.node->mounted || strcmp(w.name, ".") == 0 || strcmp(w.name, "..") == 0))
		return strcmp(w.name, ".") == 0 ? -EINVAL : strcmp(w.name, "..") == 0 ? -ENOTEMPTY : -EBUSY;
	if ((r = may_change(k, &w)) < 0)
		return r;
	if (folder && w.node->count != 0)
		return -ENOTEMPTY;
	tell_path(k, EVENT_DELETE, &w);
	return node_unlink(k->world->tree, w.dir, w.name, world_now(k->world));
}

int64_t sys_unlink(struct kernel *k, const uint64_t *a)
{
	return remove_at(k, HERE, a[0], false);
}

int64_t sys_rmdir(struct kernel *k, const uint64_t *a)
{
	return remove_at(k, HERE, a[0], true);
}

int64_t sys_unlinkat(struct kernel *k, const uint64_t *a)
{
	return remove_at(k, a[0], a[1], (a[2] & AT_REMOVEDIR) != 0);
}

/* Is dir the folder n, or below it? */
static bool is_below(const struct node *dir, const struct node *n)
{
	for (;; dir = dir->parent) {
		if (dir == n)
			return true;
		if (dir == NULL || dir->parent == dir)
			return false;
	}
}

static void tell_renamed(struct kernel *k, const struct walk *from, const struct walk *to)
{
	struct event *event = tell_path(k, EVENT_RENAME, from);
	char path[PATH_BYTES];

	if (event == NULL)
		return;
	walk_path(to, path, sizeof(path));
	event->data = world_keep_text(k->world, path);
}

static int64_t exchange(struct kernel *k, const struct walk *from, const struct walk *to, uint64_t now)
{
	struct tree *t = k->world->tree;
	int r;

	if (to->node->kind == NODE_DIR && is_below(from->dir, to->node))
		return -EINVAL;
	if ((r = node_unlink(t, to->dir, to->name, now)) < 0 || (r = node_unlink(t, from->dir, from->name, now)) < 0 ||
	    (r = node_link(t, to->dir, to->name, from->node, now)) < 0)
		return r;
	return node_link(t, from->dir, from->name, to->node, now);
}

static int64_t rename_at(struct kernel *k, const uint64_t *a, unsigned flags)
{
	uint64_t now = world_now(k->world);
	struct walk from, to;
	struct node *n;
	int r;

	if ((r = walk_guest(k, a[0], a[1], false, &from)) < 0 || (r = walk_guest(k, a[2], a[3], false, &to)) < 0)
		return r;
	if ((n = from.node) == NULL)
		return -ENOENT;
	if (flags > RENAME_EXCHANGE + 0u || flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	if (to.node != NULL && flags == RENAME_NOREPLACE)
		return -EEXIST;
	if (to.node == NULL && flags == RENAME_EXCHANGE)
		return -ENOENT;
	if (n->mounted || (to.node != NULL && to.node->mounted) || strcmp(from.name, ".") == 0 || strcmp(from.name, "..") == 0 ||
	    strcmp(to.name, ".") == 0 || strcmp(to.name, "..") == 0)
		return -EBUSY;
	if (to.slash && n->kind != NODE_DIR)
		return -ENOTDIR;
	if (mount_device(k, n) != mount_device(k, to.dir))
		return -EXDEV;
	if (to.node == n)
		return 0;
	if ((r = may_change(k, &from)) < 0 || (r = may_change(k, &to)) < 0)
		return r;
	if (n->kind == NODE_DIR && is_below(to.dir, n))
		return -EINVAL;
	n->status_ns = now;
	if (flags == RENAME_EXCHANGE)
		return exchange(k, &from, &to, now);
	if (to.node != NULL) {
		if (to.node->kind == NODE_DIR && n->kind != NODE_DIR)
			return -EISDIR;
		if (to.node->kind != NODE_DIR && n->kind == NODE_DIR)
			return -ENOTDIR;
		if (to.node->kind == NODE_DIR && to.node->count != 0)
			return -ENOTEMPTY;
		if ((r = node_unlink(k->world->tree, to.dir, to.name, now)) < 0)
			return r;
	}
	tell_renamed(k, &from, &to);
	if ((r = node_unlink(k->world->tree, from.dir, from.name, now)) < 0)
		return r;
	return node_link(k->world->tree, to.dir, to.name, n, now);
}

int64_t sys_renameat2(struct kernel *k, const uint64_t *a)
{
	return rename_at(k, a, (unsigned)a[4]);
}

int64_t sys_renameat(struct kernel *k, const uint64_t *a)
{
	return rename_at(k, a, 0);
}

int64_t sys_rename(struct kernel *k, const uint64_t *a)
{
	return rename_at(k, (const uint64_t[]){ HERE, a[0], HERE, a[1] }, 0);
}

static int64_t change_place(struct kernel *k, struct node *n)
{
	if (n == NULL)
		return -ENOENT;
	if (n->kind != NODE_DIR)
		return -ENOTDIR;
	if (!node_may(n, &k->current->who, MAY_EXECUTE))
		return -EACCES;
	k->current->place->cwd = n;
	return 0;
}

int64_t sys_chdir(struct kernel *k, const uint64_t *a)
{
	struct walk w;
	int r = walk_guest(k, HERE, a[0], true, &w);

	return r < 0 ? r : change_place(k, w.node);
}

int64_t sys_fchdir(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	return f == NULL ? -EBADF : f->node == NULL ? -ENOTDIR : change_place(k, f->node);
}

int64_t sys_getcwd(struct kernel *k, const uint64_t *a)
{
	char path[PATH_BYTES];
	int r = node_path(k->current->place->cwd, path, sizeof(path));
	size_t len;

	if (r < 0)
		return r;
	len = strlen(path) + 1;
	if (len > a[1])
		return -ERANGE;
	r = guest_put(k, a[0], path, len);
	return r < 0 ? r : (int64_t)len;
}

int64_t sys_umask(struct kernel *k, const uint64_t *a)
{
	unsigned old = k->current->place->umask;

	k->current->place->umask = (unsigned)a[0] & 0777;
	return old;
}
