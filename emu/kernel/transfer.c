/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading, writing and seeking of open files. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { TRANSFER_MAX = 1 << 20 };

static int64_t transfer_in(struct kernel *k, struct file *f, uint64_t at, uint64_t len)
{
	uint64_t reach;
	int64_t n;

	if (f->kind->read == NULL || (f->flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (len > TRANSFER_MAX)
		len = TRANSFER_MAX;
	reach = space_reach(k->current->space, at, len, RANGE_WRITE);
	if (reach == 0 && len != 0)
		return -EFAULT;
	n = f->kind->read(k, f, reach != 0 ? guest_write(k, at, reach) : NULL, reach);
	kernel_charge(k, n > 0 ? (uint64_t)n : 0);
	return n != -EAGAIN ? n : f->kind == &file_socket ? socket_wait(k, f, POLLIN, 0) : file_wait(k, f, POLLIN);
}

static int64_t transfer_out(struct kernel *k, struct file *f, uint64_t at, uint64_t len)
{
	uint64_t reach;
	int64_t n;

	if (f->kind->write == NULL || (f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (len > TRANSFER_MAX)
		len = TRANSFER_MAX;
	reach = space_reach(k->current->space, at, len, RANGE_READ);
	if (reach == 0 && len != 0)
		return -EFAULT;
	n = f->kind->write(k, f, reach != 0 ? guest_read(k, at, reach) : NULL, reach);
	kernel_charge(k, n > 0 ? (uint64_t)n : 0);
	return n != -EAGAIN ? n : f->kind == &file_socket ? socket_wait(k, f, POLLOUT, 0) : file_wait(k, f, POLLOUT);
}

int64_t sys_read(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	return f != NULL ? transfer_in(k, f, a[1], a[2]) : -EBADF;
}

int64_t sys_write(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	return f != NULL ? transfer_out(k, f, a[1], a[2]) : -EBADF;
}

/* The vector forms go on while each part is moved whole; what was moved counts, an error after it does not. */
static int64_t vector(struct kernel *k, const uint64_t *a,
    int64_t (*move)(struct kernel *, struct file *, uint64_t, uint64_t))
{
	struct file *f = file_at(k, a[0]);
	int64_t total = 0, n;

	if (f == NULL)
		return -EBADF;
	if (a[2] > IOV_MAX)
		return -EINVAL;
	for (uint64_t i = 0; i < a[2]; i++) {
		struct iovec v;

		if (guest_get(k, a[1] + i * sizeof(v), &v, sizeof(v)) < 0)
			return total != 0 ? total : -EFAULT;
		if (v.iov_len == 0)
			continue;
		n = move(k, f, (uint64_t)(uintptr_t)v.iov_base, v.iov_len);
		if (n < 0)
			return total != 0 ? total : n;
		total += n;
		if ((uint64_t)n < v.iov_len)
			break;
	}
	return total;
}

int64_t sys_readv(struct kernel *k, const uint64_t *a)
{
	return vector(k, a, transfer_in);
}

int64_t sys_writev(struct kernel *k, const uint64_t *a)
{
	return vector(k, a, transfer_out);
}

static int64_t at_offset(struct kernel *k, const uint64_t *a, bool in)
{
	struct file *f = file_at(k, a[0]);
	uint64_t kept;
	int64_t r;

	if (f == NULL)
		return -EBADF;
	if (f->kind != &file_regular)
		return f->kind == &file_device ? (in ? transfer_in : transfer_out)(k, f, a[1], a[2]) : -ESPIPE;
	if ((int64_t)a[3] < 0)
		return -EINVAL;
	kept = f->offset;
	f->offset = a[3];
	r = (in ? transfer_in : transfer_out)(k, f, a[1], a[2]);
	f->offset = kept;
	return r;
}

int64_t sys_pread64(struct kernel *k, const uint64_t *a)
{
	return at_offset(k, a, true);
}

int64_t sys_pwrite64(struct kernel *k, const uint64_t *a)
{
	return at_offset(k, a, false);
}

int64_t sys_lseek(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);
	int64_t base;

	if (f == NULL)
		return -EBADF;
	if (f->kind != &file_regular && f->kind != &file_directory && f->kind != &file_device)
		return -ESPIPE;
	switch (a[2]) {
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = (int64_t)f->offset;
		break;
	case SEEK_END:
		base = (int64_t)f->node->size;
		break;
	case SEEK_DATA:
		return a[1] < f->node->size ? (int64_t)(f->offset = a[1]) : -ENXIO;
	case SEEK_HOLE:
		return a[1] < f->node->size ? (int64_t)(f->offset = f->node->size) : -ENXIO;
	default:
		return -EINVAL;
	}
	if (f->kind == &file_device)
		return 0;
	if (__builtin_add_overflow(base, (int64_t)a[1], &base) || base < 0)
		return -EINVAL;
	f->offset = (uint64_t)base;
	return base;
}

static int64_t cut(struct kernel *k, struct node *n, uint64_t size)
{
	uint64_t before = n->size;
	int r;

	if ((int64_t)size < 0)
		return -EINVAL;
	if (k->memory.shares != 0)
		mapping_gather(k, n);
	if ((r = node_truncate(k->world->tree, n, size)) < 0)
		return r == -EDQUOT ? -ENOSPC : r;
	kernel_charge(k, size > before ? size - before : 0);
	n->changed_ns = world_now(k->world);
	if (k->memory.shares != 0)
		mapping_spread(k, n);
	return 0;
}

int64_t sys_sendfile(struct kernel *k, const uint64_t *a)
{
	struct file *to = file_at(k, a[0]), *from = file_at(k, a[1]);
	uint64_t offset, n;
	int64_t r;

	if (to == NULL || from == NULL)
		return -EBADF;
	if (from->kind != &file_regular || to->kind->write == NULL)
		return -EINVAL;
	offset = from->offset;
	if (a[2] != 0 && guest_get(k, a[2], &offset, sizeof(offset)) < 0)
		return -EFAULT;
	n = offset < from->node->size ? from->node->size - offset : 0;
	if (n > a[3])
		n = a[3];
	if (n == 0)
		return 0;
	kernel_charge(k, n);
	r = to->kind->write(k, to, from->node->data + offset, n);
	if (r == -EAGAIN)
		return file_wait(k, to, POLLOUT);
	if (r < 0)
		return r;
	offset += (uint64_t)r;
	if (a[2] == 0)
		from->offset = offset;
	else if (guest_put(k, a[2], &offset, sizeof(offset)) < 0)
		return -EFAULT;
	return r;
}

int64_t sys_copy_file_range(struct kernel *k, const uint64_t *a)
{
	struct file *from = file_at(k, a[0]), *to = file_at(k, a[2]);
	uint64_t in, out, n, kept;
	int64_t r;

	if (from == NULL || to == NULL)
		return -EBADF;
	if (from->kind != &file_regular || to->kind != &file_regular)
		return from->kind == &file_directory || to->kind == &file_directory ? -EISDIR : -EINVAL;
	if ((from->flags & O_ACCMODE) == O_WRONLY || (to->flags & O_ACCMODE) == O_RDONLY || (to->flags & O_APPEND) != 0)
		return -EBADF;
	/* what is made when it is looked at has no length to copy by */
	if (a[5] != 0 || from->node->generated)
		return a[5] != 0 ? -EINVAL : 0;
	in = from->offset;
	out = to->offset;
	if ((a[1] != 0 && guest_get(k, a[1], &in, sizeof(in)) < 0) || (a[3] != 0 && guest_get(k, a[3], &out, sizeof(out)) < 0))
		return -EFAULT;
	n = in < from->node->size ? from->node->size - in : 0;
	n = n < a[4] ? n : a[4];
	n = n < TRANSFER_MAX ? n : TRANSFER_MAX;
	if (n == 0)
		return 0;
	kept = to->offset;
	to->offset = out;
	r = to->kind->write(k, to, from->node->data + in, n);
	to->offset = a[3] != 0 ? kept : to->offset;
	if (r < 0)
		return r;
	kernel_charge(k, (uint64_t)r);
	in += (uint64_t)r;
	out += (uint64_t)r;
	if (a[1] == 0)
		from->offset = in;
	else if (guest_put(k, a[1], &in, sizeof(in)) < 0)
		return -EFAULT;
	return a[3] != 0 && guest_put(k, a[3], &out, sizeof(out)) < 0 ? -EFAULT : r;
}

int64_t sys_ftruncate(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	if (f == NULL)
		return -EBADF;
	if (f->kind != &file_regular || (f->flags & O_ACCMODE) == O_RDONLY)
		return -EINVAL;
	return cut(k, f->node, a[1]);
}

int64_t sys_truncate(struct kernel *k, const uint64_t *a)
{
	struct walk w;
	int r = walk_guest(k, (uint64_t)AT_FDCWD, a[0], true, &w);

	if (r < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	if (w.node->kind != NODE_FILE)
		return w.node->kind == NODE_DIR ? -EISDIR : -EINVAL;
	if (!node_may(w.node, &k->current->who, MAY_WRITE))
		return -EACCES;
	return cut(k, w.node, a[1]);
}

int64_t sys_fallocate(struct kernel *k, const uint64_t *a)
{
	struct file *f = file_at(k, a[0]);

	if (f == NULL || f->kind != &file_regular || (f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (a[1] != 0)
		return -EOPNOTSUPP;
	return a[2] + a[3] > f->node->size ? cut(k, f->node, a[2] + a[3]) : 0;
}

/* There is no disk to wait for. */
int64_t sys_sync(struct kernel *k, const uint64_t *a)
{
	return 0;
}
