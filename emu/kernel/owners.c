/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modes, owners and times of files. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <sys/stat.h>

#define HERE ((uint64_t)AT_FDCWD)

/* Only its owner and root change what a file is. */
static int may_own(struct kernel *k, struct node *n)
{
	const struct identity *who = &k->current->who;

	if (who->uid != 0 && who->uid != n->uid)
		return -EPERM;
	return node_touch(k->world->tree, n);
}

static bool is_member(const struct identity *who, uint32_t gid)
{
	bool member = who->gid == gid;

	for (unsigned i = 0; i < who->groups_count; i++)
		member |= who->groups[i] == gid;
	return member;
}

static int64_t change_mode(struct kernel *k, struct node *n, unsigned mode)
{
	int r;

	if (n == NULL)
		return -ENOENT;
	if ((r = may_own(k, n)) < 0)
		return r;
	n->mode = (uint16_t)(mode & 07777);
	/* who is not of a file's group gives it no rights of the group's */
	if (k->current->who.uid != 0 && !is_member(&k->current->who, n->gid))
		n->mode &= (uint16_t)~02000;
	n->status_ns = world_now(k->world);
	return 0;
}

static int64_t change_owner(struct kernel *k, struct node *n, uint64_t uid, uint64_t gid)
{
	int r;

	if (n == NULL)
		return -ENOENT;
	if ((r = may_own(k, n)) < 0)
		return r;
	if (k->current->who.uid != 0 && (uint32_t)uid != UINT32_MAX && (uint32_t)uid != n->uid)
		return -EPERM;
	if (k->current->who.uid != 0 && (uint32_t)gid != UINT32_MAX && (uint32_t)gid != n->gid &&
	    !is_member(&k->current->who, (uint32_t)gid))
		return -EPERM;
	n->status_ns = world_now(k->world);
	if (n->kind == NODE_FILE && ((uint32_t)uid != UINT32_MAX || (uint32_t)gid != UINT32_MAX))
		n->mode &= (uint16_t)~((n->mode & 010) != 0 ? 06000 : 04000);
	if ((uint32_t)uid != UINT32_MAX)
		n->uid = (uint32_t)uid;
	if ((uint32_t)gid != UINT32_MAX)
		n->gid = (uint32_t)gid;
	return 0;
}

int64_t sys_fchmodat(struct kernel *k, const uint64_t *a)
{
	struct walk w;
	int r = walk_guest(k, a[0], a[1], true, &w);
	struct event *event;

	if (r < 0 || (r = (int)change_mode(k, w.node, (unsigned)a[2])) < 0)
		return r;
	if ((event = tell_path(k, EVENT_CHMOD, &w)) != NULL)
		event->name = tell_text(k, "%04o", (unsigned)a[2] & 07777);
	return 0;
}

int64_t sys_chmod(struct kernel *k, const uint64_t *a)
{
	return sys_fchmodat(k, (const uint64_t[]){ HERE, a[0], a[1] });
}

int64_t sys_fchmod(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	struct event *event;
	int64_t r = f == NULL || f->node == NULL ? -EBADF : change_mode(k, f->node, (unsigned)a[1]);

	if (r == 0 && (event = world_event(k->world, EVENT_CHMOD)) != NULL) {
		event->path = world_keep_text(k->world, f->path);
		event->name = tell_text(k, "%04o", (unsigned)a[1] & 07777);
	}
	return r;
}

int64_t sys_fchownat(struct kernel *k, const uint64_t *a)
{
	struct walk w;
	int r = walk_guest(k, a[0], a[1], (a[4] & AT_SYMLINK_NOFOLLOW) == 0, &w);

	return r < 0 ? r : change_owner(k, w.node, a[2], a[3]);
}

int64_t sys_chown(struct kernel *k, const uint64_t *a)
{
	return sys_fchownat(k, (const uint64_t[]){ HERE, a[0], a[1], a[2], 0 });
}

int64_t sys_lchown(struct kernel *k, const uint64_t *a)
{
	return sys_fchownat(k, (const uint64_t[]){ HERE, a[0], a[1], a[2], AT_SYMLINK_NOFOLLOW });
}

int64_t sys_fchown(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	return f == NULL || f->node == NULL ? -EBADF : change_owner(k, f->node, a[1], a[2]);
}

/* times: seconds and nanoseconds of the last access and the last change; NULL: both are now. */
static int64_t set_times(struct kernel *k, struct node *n, const int64_t *times)
{
	static const int64_t both[4] = { 0, UTIME_NOW, 0, UTIME_NOW };
	bool now;
	int r;

	if (times == NULL)
		times = both;
	now = times[1] == UTIME_NOW && times[3] == UTIME_NOW;
	if (k->current->who.uid != 0 && k->current->who.uid != n->uid &&
	    (!now || !node_may(n, &k->current->who, MAY_WRITE)))
		return now ? -EACCES : -EPERM;
	if ((r = node_touch(k->world->tree, n)) < 0)
		return r;
	n->status_ns = world_now(k->world);
	if (times[1] != UTIME_OMIT)
		n->accessed_ns = times[1] == UTIME_NOW ? world_now(k->world) : kernel_timespec_ns(times);
	else if (n->accessed_ns == 0)
		n->accessed_ns = n->changed_ns;
	if (times[3] == UTIME_NOW)
		n->changed_ns = world_now(k->world);
	else if (times[3] != UTIME_OMIT)
		n->changed_ns = kernel_timespec_ns(times + 2);
	return 0;
}

int64_t sys_utimensat(struct kernel *k, const uint64_t *a)
{
	int64_t times[4];
	struct node *n;
	struct file *f;
	struct walk w;
	int r;

	if (a[1] == 0) {
		if ((f = file_at(k, a[0])) == NULL || f->node == NULL)
			return -EBADF;
		n = f->node;
	} else {
		if ((r = walk_guest(k, a[0], a[1], (a[3] & AT_SYMLINK_NOFOLLOW) == 0, &w)) < 0)
			return r;
		if ((n = w.node) == NULL)
			return -ENOENT;
	}
	if (a[2] != 0 && guest_get(k, a[2], times, sizeof(times)) < 0)
		return -EFAULT;
	return set_times(k, n, a[2] != 0 ? times : NULL);
}

/* The older forms: seconds, or seconds and microseconds, of a path. */
static int64_t old_times(struct kernel *k, uint64_t at, uint64_t path, const int64_t *times)
{
	struct walk w;
	int r = walk_guest(k, at, path, true, &w);

	return r < 0 ? r : w.node == NULL ? -ENOENT : set_times(k, w.node, times);
}

int64_t sys_utime(struct kernel *k, const uint64_t *a)
{
	int64_t v[2], times[4] = { 0 };

	if (a[1] != 0 && guest_get(k, a[1], v, sizeof(v)) < 0)
		return -EFAULT;
	times[0] = a[1] != 0 ? v[0] : 0;
	times[2] = a[1] != 0 ? v[1] : 0;
	return old_times(k, HERE, a[0], a[1] != 0 ? times : NULL);
}

int64_t sys_futimesat(struct kernel *k, const uint64_t *a)
{
	int64_t times[4];

	if (a[2] != 0 && guest_get(k, a[2], times, sizeof(times)) < 0)
		return -EFAULT;
	if (a[2] != 0 && (times[1] < 0 || times[1] >= 1000000 || times[3] < 0 || times[3] >= 1000000))
		return -EINVAL;
	times[1] *= a[2] != 0 ? 1000 : 0;
	times[3] *= a[2] != 0 ? 1000 : 0;
	return old_times(k, a[0], a[1], a[2] != 0 ? times : NULL);
}

int64_t sys_utimes(struct kernel *k, const uint64_t *a)
{
	return sys_futimesat(k, (const uint64_t[]){ HERE, a[0], a[1] });
}
