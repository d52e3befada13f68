/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors: closed, doubled, asked about. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <sys/ioctl.h>

int64_t sys_close(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	if (f == NULL)
		return -EBADF;
	k->current->files->at[(uint32_t)a[0]].file = NULL;
	if (k->locks != NULL && f->node != NULL)
		locks_drop(k, k->current->group, f->node);
	file_release(k, f);
	return 0;
}

int64_t sys_close_range(struct kernel *k, const uint64_t *a)
{
	enum { CLOSE_ON_EXEC = 4 };

	if ((uint32_t)a[0] > (uint32_t)a[1])
		return -EINVAL;
	for (uint64_t fd = (uint32_t)a[0]; fd < FDS_MAX && fd <= (uint32_t)a[1]; fd++) {
		struct descriptor *d = &k->current->files->at[fd];

		if (d->file == NULL)
			continue;
		if ((a[2] & CLOSE_ON_EXEC) != 0) {
			d->close_on_exec = true;
			continue;
		}
		file_release(k, d->file);
		d->file = NULL;
	}
	return 0;
}

static int64_t dup_to(struct kernel *k, uint64_t from, uint64_t to, bool close_on_exec)
{
	struct file *f = file_at(k, from);
	struct descriptor *d;

	if (f == NULL || (uint32_t)to >= FDS_MAX)
		return -EBADF;
	d = &k->current->files->at[(uint32_t)to];
	f->refs++;
	file_release(k, d->file);
	*d = (struct descriptor){ f, close_on_exec };
	return (int64_t)(uint32_t)to;
}

int64_t sys_dup(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	if (f == NULL)
		return -EBADF;
	f->refs++;
	return fd_put(k, f, 0, false);
}

int64_t sys_dup2(struct kernel *k, const uint64_t *a)
{
	if ((uint32_t)a[0] == (uint32_t)a[1])
		return file_at(k, a[0]) != NULL ? (int64_t)(uint32_t)a[1] : -EBADF;
	return dup_to(k, a[0], a[1], false);
}

int64_t sys_dup3(struct kernel *k, const uint64_t *a)
{
	if ((uint32_t)a[0] == (uint32_t)a[1])
		return -EINVAL;
	return dup_to(k, a[0], a[1], (a[2] & O_CLOEXEC) != 0);
}

int64_t sys_fcntl(struct kernel *k, const uint64_t *a)
{
	const int changeable = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME;
	struct file *f = file_at(k, a[0]);
	struct descriptor *d;

	if (f == NULL)
		return -EBADF;
	d = &k->current->files->at[(uint32_t)a[0]];
	switch (a[1]) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (a[2] >= FDS_MAX)
			return -EINVAL;
		f->refs++;
		return fd_put(k, f, (int)a[2], a[1] == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return d->close_on_exec ? FD_CLOEXEC : 0;
	case F_SETFD:
		d->close_on_exec = (a[2] & FD_CLOEXEC) != 0;
		return 0;
	case F_GETFL:
		return (f->flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)) | 0100000;
	case F_SETFL:
		f->flags = (f->flags & ~changeable) | ((int)a[2] & changeable);
		return 0;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return lock_control(k, f, a[1], a[2]);
	case F_SETOWN:
	case F_SETSIG:
	case F_SETPIPE_SZ:
	case F_ADD_SEALS:
		return 0;
	case F_GETOWN:
	case F_GETSIG:
	case F_GET_SEALS:
		return 0;
	case F_GETPIPE_SZ:
		return PIPE_BYTES;
	default:
		return -EINVAL;
	}
}

int64_t sys_ioctl(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);
	int32_t n = 0;

	if (f == NULL)
		return -EBADF;
	switch (a[1]) {
	case FIONBIO:
		if (guest_get(k, a[2], &n, sizeof(n)) < 0)
			return -EFAULT;
		f->flags = n != 0 ? f->flags | O_NONBLOCK : f->flags & ~O_NONBLOCK;
		return 0;
	case FIOCLEX:
	case FIONCLEX:
		k->current->files->at[(uint32_t)a[0]].close_on_exec = a[1] == FIOCLEX;
		return 0;
	case FIONREAD:
		if (f->kind == &file_regular && f->offset < f->node->size)
			n = (int32_t)(f->node->size - f->offset);
		else if (f->kind == &file_socket)
			n = socket_waiting(f);
		else if (f->kind == &file_pipe_reader)
			n = pipe_waiting(f);
		return guest_put(k, a[2], &n, sizeof(n));
	default:
		/* nothing here is a terminal */
		return f->kind == &file_socket ? socket_ioctl(k, f, a[1], a[2]) : -ENOTTY;
	}
}
