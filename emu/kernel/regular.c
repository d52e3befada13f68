/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open files that stand in the tree: regular files, folders, devices. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SHOWN_PER_BLOCK = 512 /* bytes that are moved in the time of a block */ };

static int64_t regular_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	struct node *again = f->node->generated && f->offset == 0 ? proc_again(k, f->node, f->path) : NULL;
	uint64_t left;

	/* what a process says of itself, it says when it is read */
	if (again != NULL)
		f->node = again;
	left = f->offset < f->node->size ? f->node->size - f->offset : 0;
	if (len > left)
		len = left;
	if (k->memory.shares != 0)
		mapping_gather(k, f->node);
	if (len != 0)
		memcpy(to, f->node->data + f->offset, len);
	f->offset += len;
	return (int64_t)len;
}

/* One event a file, however often it is opened and written. */
static struct event *write_event(struct kernel *k, struct file *f)
{
	struct run *run = &record_outcome(k->world->record)->run;

	for (unsigned i = run->events_count; f->event == NULL && i-- > 0;)
		if (run->events[i].kind == EVENT_WRITE && bytes_equal(run->events[i].path, bytes_text(f->path)))
			f->event = (struct event *)(uintptr_t)&run->events[i];
	if (f->event == NULL && (f->event = world_event(k->world, EVENT_WRITE)) != NULL)
		f->event->path = world_keep_text(k->world, f->path);
	return f->event;
}

/* How much of len bytes from here on the process may write. 0: a signal tells it that this is none. */
static uint64_t allowed(struct kernel *k, const struct file *f, uint64_t len)
{
	uint64_t limit = k->current->limits[RLIMIT_FSIZE][0];

	if (limit == UINT64_MAX || len == 0)
		return len;
	if (f->offset < limit)
		return len < limit - f->offset ? len : limit - f->offset;
	signal_send(k, k->current, SIGXFSZ);
	return 0;
}

static int64_t regular_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	uint64_t wanted = len;
	int r;

	if ((f->flags & O_APPEND) != 0)
		f->offset = f->node->size;
	if ((len = allowed(k, f, len)) == 0 && wanted != 0)
		return -EFBIG;
	if (k->memory.shares != 0)
		mapping_gather(k, f->node);
	if ((r = node_write(k->world->tree, f->node, f->offset, bytes_of(from, len))) < 0)
		return r == -EDQUOT ? -ENOSPC : r;
	if (k->memory.shares != 0)
		mapping_spread(k, f->node);
	f->node->changed_ns = world_now(k->world);
	f->offset += len;
	record_more(k->world->record, write_event(k, f), bytes_of(from, len));
	return (int64_t)len;
}

static short regular_poll(struct kernel *k, struct file *f)
{
	return POLLIN | POLLOUT;
}

static int64_t directory_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	return -EISDIR;
}

static int64_t device_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	switch (f->node->device) {
	case DEVICE_ZERO:
	case DEVICE_FULL:
		memset(to, 0, len);
		return (int64_t)len;
	case DEVICE_RANDOM:
		record_ask(k->world->record, QUESTION_RANDOM, f->path, true);
		world_random_bytes(k->world, to, len);
		return (int64_t)len;
	default:
		return 0;
	}
}

static int64_t device_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	return f->node->device == DEVICE_FULL ? -ENOSPC : (int64_t)len;
}

const struct file_kind file_regular = { "file", regular_read, regular_write, regular_poll, NULL, NULL };
/* Opened only to name it: O_PATH. */
static const struct file_kind file_named = { .name = "path", .poll = regular_poll };
const struct file_kind file_directory = { "folder", directory_read, NULL, regular_poll, NULL, NULL };
const struct file_kind file_device = { "device", device_read, device_write, regular_poll, NULL, NULL };

int file_from_node(struct kernel *k, struct node *n, const char *path, int flags, struct file **ret)
{
	struct file *f = NULL;
	int r;

	if ((flags & O_PATH) != 0 && n->kind != NODE_DIR) {
		f = file_new(&file_named, flags);
		goto made;
	}
	switch (n->kind) {
	case NODE_DIR:
		f = file_new(&file_directory, flags);
		break;
	case NODE_DEVICE:
		/* no server process has a terminal */
		if (n->device == DEVICE_TTY)
			return -ENXIO;
		f = file_new(&file_device, flags);
		break;
	case NODE_FIFO:
		if ((r = pipe_open_named(k, n, flags, &f)) < 0)
			return r;
		break;
	case NODE_FILE:
		f = file_new(&file_regular, flags);
		break;
	default:
		return -ENXIO;
	}
made:
	if (f == NULL || (f->path = strdup(path)) == NULL) {
		file_release(k, f);
		return -ENOMEM;
	}
	f->node = n;
	*ret = f;
	return 0;
}

/* May the current process open it so? */
static int permitted(const struct process *p, const struct node *n, int flags)
{
	unsigned mask = 0;

	if ((flags & O_PATH) != 0)
		return 0;
	if ((flags & O_ACCMODE) != O_WRONLY)
		mask |= MAY_READ;
	if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0)
		mask |= MAY_WRITE;
	if (n->kind == NODE_DIR && (mask & MAY_WRITE) != 0)
		return -EISDIR;
	return node_may(n, &p->who, mask) ? 0 : -EACCES;
}

/* A file without a name, in a folder that one may write to. */
static int64_t open_nameless(struct kernel *k, const struct walk *w, int flags, unsigned mode)
{
	struct process *p = k->current;
	struct node *n;
	struct file *f;
	int r;

	if (w->node == NULL || w->node->kind != NODE_DIR)
		return w->node == NULL ? -ENOENT : -ENOTDIR;
	if ((flags & O_ACCMODE) == O_RDONLY)
		return -EINVAL;
	if (!node_may(w->node, &p->who, MAY_WRITE | MAY_EXECUTE))
		return -EACCES;
	if ((n = node_new(k->world->tree, NODE_FILE, (uint16_t)(mode & 07777 & ~p->place->umask), p->who.uid, p->who.gid)) == NULL)
		return -ENOMEM;
	n->mount = w->node->mount;
	n->changed_ns = world_now(k->world);
	if ((r = file_from_node(k, n, "/tmp/#nameless", flags, &f)) < 0)
		return r;
	return fd_put(k, f, 0, (flags & O_CLOEXEC) != 0);
}

int64_t sys_memfd_create(struct kernel *k, const uint64_t *a)
{
	enum { CLOSE_ON_EXEC = 1, SEALS = 2 };
	char name[250], path[sizeof(name) + 16];
	struct process *p = k->current;
	struct node *n;
	struct file *f;
	int r = space_string(p->space, a[0], name, sizeof(name));

	if (r < 0)
		return r == -ENAMETOOLONG ? -EINVAL : r;
	if ((a[1] & ~(uint64_t)(CLOSE_ON_EXEC | SEALS | 8 | 16)) != 0)
		return -EINVAL;
	if ((n = node_new(k->world->tree, NODE_FILE, 0777, p->who.uid, p->who.gid)) == NULL)
		return -ENOMEM;
	n->changed_ns = world_now(k->world);
	snprintf(path, sizeof(path), "/memfd:%s", name);
	if ((r = file_from_node(k, n, path, O_RDWR, &f)) < 0)
		return r;
	return fd_put(k, f, 0, (a[1] & CLOSE_ON_EXEC) != 0);
}

static int create(struct kernel *k, struct walk *w, unsigned mode)
{
	struct process *p = k->current;
	struct node *n;

	if (w->slash)
		return -EISDIR;
	if (w->dir->parent == NULL || w->dir->generated || w->dir->dynamic != 0)
		return -ENOENT;
	if (!node_may(w->dir, &p->who, MAY_WRITE | MAY_EXECUTE))
		return -EACCES;
	if ((n = node_new(k->world->tree, NODE_FILE, (uint16_t)(mode & 07777 & ~p->place->umask), p->who.uid,
	    p->who.gid)) == NULL)
		return -ENOMEM;
	n->changed_ns = world_now(k->world);
	w->node = n;
	return node_link(k->world->tree, w->dir, w->name, n, n->changed_ns);
}

/* What a file says that this run did not write. A program's or library's bytes are none of the server's facts. */
static void tell_contents(struct kernel *k, const struct node *n)
{
	struct bytes text = bytes_of(n->data, n->size);

	if (n->kind == NODE_FILE && (n->generated || (!n->fresh && !n->touched)) && (n->mode & 0111) == 0 &&
	    !bytes_starts_fold(text, bytes_text("\x7f" "ELF")))
		world_tell(k->world, text);
}

/* A named pipe is open when both of its ends are. */
static int64_t open_waits(struct kernel *k, struct file *f, bool close_on_exec)
{
	struct process *p = k->current;

	p->opening = NULL;
	if (pipe_has_other_end(f) || (f->flags & O_NONBLOCK) != 0 || (f->flags & O_ACCMODE) == O_RDWR)
		return fd_put(k, f, 0, close_on_exec);
	if (signal_waiting(p)) {
		file_release(k, f);
		return -EINTR;
	}
	p->opening = f;
	return CALL_WAITS;
}

static int64_t open_at(struct kernel *k, uint64_t at, uint64_t path_at, int flags, unsigned mode)
{
	bool created = false;
	char path[PATH_BYTES];
	struct event *event;
	struct file *f;
	struct walk w;
	int r;

	if (k->current->opening != NULL)
		return open_waits(k, k->current->opening, (flags & O_CLOEXEC) != 0);
	if ((r = walk_guest(k, at, path_at, (flags & O_NOFOLLOW) == 0, &w)) < 0)
		return r;
	if ((flags & O_TMPFILE) == O_TMPFILE)
		return open_nameless(k, &w, flags, mode);
	if (w.node != NULL && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (w.node == NULL) {
		if ((flags & O_CREAT) == 0)
			return -ENOENT;
		if ((r = create(k, &w, mode)) < 0)
			return r;
		created = true;
	}
	if (w.node->open != NULL) {
		f = w.node->open;
		f->refs++;
		return fd_put(k, f, 0, (flags & O_CLOEXEC) != 0);
	}
	if (w.node->kind == NODE_LINK && (flags & O_PATH) == 0)
		return -ELOOP;
	if ((flags & O_DIRECTORY) != 0 && w.node->kind != NODE_DIR)
		return -ENOTDIR;
	if (!created && (r = permitted(k->current, w.node, flags)) < 0)
		return r;
	walk_path(&w, path, sizeof(path));
	if ((flags & (O_TRUNC | O_PATH)) == O_TRUNC && w.node->kind == NODE_FILE && (r = node_truncate(k->world->tree, w.node, 0)) < 0)
		return r;
	if ((r = file_from_node(k, w.node, path, flags, &f)) < 0)
		return r;
	if ((flags & O_PATH) != 0)
		return fd_put(k, f, 0, (flags & O_CLOEXEC) != 0);
	if (w.node->kind == NODE_FIFO)
		return open_waits(k, f, (flags & O_CLOEXEC) != 0);
	if ((flags & O_ACCMODE) != O_WRONLY)
		tell_contents(k, w.node);
	if (w.node->kind == NODE_FILE && (created || (flags & O_TRUNC) != 0)) {
		if ((event = write_event(k, f)) != NULL && created && event->value == 0)
			event->name = bytes_text("create");
	} else if (w.node->kind == NODE_FILE && !w.node->packaged && !w.node->generated &&
	    (event = world_event(k->world, EVENT_OPEN)) != NULL)
		event->path = world_keep_text(k->world, path);
	return fd_put(k, f, 0, (flags & O_CLOEXEC) != 0);
}

int64_t sys_open(struct kernel *k, const uint64_t *a)
{
	return open_at(k, (uint64_t)AT_FDCWD, a[0], (int)a[1], (unsigned)a[2]);
}

int64_t sys_openat(struct kernel *k, const uint64_t *a)
{
	return open_at(k, a[0], a[1], (int)a[2], (unsigned)a[3]);
}

int64_t sys_creat(struct kernel *k, const uint64_t *a)
{
	return open_at(k, (uint64_t)AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC, (unsigned)a[1]);
}

int kernel_show(struct kernel *k, const char *path)
{
	struct run *run = &record_outcome(k->world->record)->run;
	struct event *event;
	char full[PATH_BYTES];
	struct walk w = { 0 };
	int r = kernel_first_process(k);

	if (r < 0)
		return r;
	k->current = k->first;
	run->exit_status = 1;
	if ((r = walk_text(k, k->first->place->cwd, path, true, &w)) < 0)
		return r == -ENOMEM ? r : 0;
	if (w.node == NULL)
		return 0;
	if (w.node->kind != NODE_FILE || w.node->generated || w.node->open != NULL)
		return -ENOSYS;
	if (permitted(k->first, w.node, O_RDONLY) < 0)
		return 0;
	walk_path(&w, full, sizeof(full));
	tell_contents(k, w.node);
	if (!w.node->packaged && (event = world_event(k->world, EVENT_OPEN)) != NULL)
		event->path = world_keep_text(k->world, full);
	if (record_output(k->world->record, STREAM_OUT, bytes_of(w.node->data, w.node->size)) < 0)
		run->stopped_by = STOPPED_OUTPUT;
	run->blocks = w.node->size / SHOWN_PER_BLOCK;
	run->exit_status = 0;
	return 0;
}
