/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks on files: of processes on parts (fcntl), of open files on parts or the whole (flock, OFD locks). */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

enum { LOCKS_MAX = 1024 /* of all processes, then -ENOLCK */ };

struct lock {
	struct lock *next;
	const void *owner;         /* a group, or an open file; borrowed: locks_drop() when it goes */
	const struct node *node;
	int pid, type;
	bool whole;                /* of flock(): apart from the others */
	uint64_t start, end;       /* the last byte */
};

static bool meets(const struct lock *a, const struct lock *b)
{
	return a->node == b->node && a->whole == b->whole && a->start <= b->end && b->start <= a->end;
}

static const struct lock *against(const struct kernel *k, const struct lock *wanted)
{
	for (const struct lock *l = k->locks; l != NULL; l = l->next)
		if (l->owner != wanted->owner && meets(l, wanted) && (l->type == F_WRLCK || wanted->type == F_WRLCK))
			return l;
	return NULL;
}

static int add(struct kernel *k, const struct lock *wanted)
{
	struct lock *l = k->locks_count < LOCKS_MAX ? malloc(sizeof(*l)) : NULL;

	if (l == NULL)
		return -ENOLCK;
	*l = *wanted;
	l->next = k->locks;
	k->locks = l;
	k->locks_count++;
	return 0;
}

/* Takes from the owner's locks what the wanted one covers. */
static int cut(struct kernel *k, const struct lock *wanted)
{
	for (struct lock **at = &k->locks, *l; (l = *at) != NULL;) {
		struct lock behind = *l;

		if (l->owner != wanted->owner || !meets(l, wanted)) {
			at = &l->next;
			continue;
		}
		k->lock_changes++;
		if (l->start < wanted->start && l->end > wanted->end) {
			l->end = wanted->start - 1;
			behind.start = wanted->end + 1;
			return add(k, &behind);
		}
		if (l->start < wanted->start) {
			l->end = wanted->start - 1;
		} else if (l->end > wanted->end) {
			l->start = wanted->end + 1;
		} else {
			*at = l->next;
			free(l);
			k->locks_count--;
			continue;
		}
		at = &l->next;
	}
	return 0;
}

static int64_t take(struct kernel *k, const struct lock *wanted, bool waits)
{
	int r;

	if (wanted->type != F_UNLCK && against(k, wanted) != NULL) {
		if (!waits)
			return -EAGAIN;
		if (signal_waiting(k->current))
			return -EINTR;
		k->current->wait.lock = true;
		k->current->wait.lock_changes = k->lock_changes;
		return CALL_WAITS;
	}
	r = cut(k, wanted);
	return r == 0 && wanted->type != F_UNLCK ? add(k, wanted) : r;
}

void locks_drop(struct kernel *k, const void *owner, const struct node *n)
{
	for (struct lock **at = &k->locks, *l; (l = *at) != NULL;) {
		if (l->owner != owner || (n != NULL && l->node != n)) {
			at = &l->next;
			continue;
		}
		*at = l->next;
		free(l);
		k->locks_count--;
		k->lock_changes++;
	}
}

static int range_of(const struct file *f, const struct flock *l, struct lock *ret)
{
	int64_t start = l->l_start, len = l->l_len, base = l->l_whence == SEEK_CUR ? (int64_t)f->offset :
	    l->l_whence == SEEK_END ? (int64_t)f->node->size : 0;

	if (l->l_whence > SEEK_END || __builtin_add_overflow(start, base, &start))
		return -EINVAL;
	if (len < 0) {
		if (__builtin_add_overflow(start, len, &start))
			return -EINVAL;
		len = -len;
	}
	if (start < 0 || (len != 0 && start > INT64_MAX - (len - 1)))
		return start < 0 ? -EINVAL : -EOVERFLOW;
	ret->start = (uint64_t)start;
	ret->end = len == 0 ? INT64_MAX : (uint64_t)(start + len - 1);
	return 0;
}

int64_t lock_control(struct kernel *k, struct file *f, uint64_t command, uint64_t at)
{
	bool ofd = command == F_OFD_GETLK || command == F_OFD_SETLK || command == F_OFD_SETLKW;
	struct lock wanted = { .owner = ofd ? (const void *)f : k->current->group, .node = f->node,
		.pid = ofd ? -1 : k->current->tgid };
	const struct lock *other;
	struct flock l;
	int r;

	if (guest_get(k, at, &l, sizeof(l)) < 0)
		return -EFAULT;
	if (f->node == NULL || l.l_type < F_RDLCK || l.l_type > F_UNLCK)
		return -EINVAL;
	if ((r = range_of(f, &l, &wanted)) < 0)
		return r;
	wanted.type = l.l_type;
	if (command == F_GETLK || command == F_OFD_GETLK) {
		other = against(k, &wanted);
		l.l_type = other != NULL ? (short)other->type : F_UNLCK;
		if (other != NULL) {
			l.l_pid = other->pid;
			l.l_whence = SEEK_SET;
			l.l_start = (int64_t)other->start;
			l.l_len = other->end == INT64_MAX ? 0 : (int64_t)(other->end - other->start + 1);
		}
		return guest_put(k, at, &l, sizeof(l));
	}
	if ((l.l_type == F_RDLCK && (f->flags & O_ACCMODE) == O_WRONLY) || (l.l_type == F_WRLCK && (f->flags & O_ACCMODE) == O_RDONLY))
		return -EBADF;
	return take(k, &wanted, command == F_SETLKW || command == F_OFD_SETLKW);
}

int64_t sys_flock(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);
	int how = (int)a[1] & ~LOCK_NB;
	struct lock wanted = { .owner = f, .whole = true, .end = INT64_MAX };

	if (f == NULL)
		return -EBADF;
	if (how != LOCK_SH && how != LOCK_EX && how != LOCK_UN)
		return -EINVAL;
	if (f->node == NULL)
		return 0;
	wanted.node = f->node;
	wanted.type = how == LOCK_SH ? F_RDLCK : how == LOCK_EX ? F_WRLCK : F_UNLCK;
	return take(k, &wanted, (a[1] & LOCK_NB) == 0);
}
