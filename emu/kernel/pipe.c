/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pipes, with and without a name. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct pipe {
	unsigned refs, readers, writers, number;
	uint32_t start, used;
	uint64_t written; /* since it was made */
	uint8_t at[PIPE_BYTES];
};

static int64_t pipe_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	struct pipe *p = f->pipe;
	uint64_t n = len < p->used ? len : p->used, first = PIPE_BYTES - p->start;

	if (n == 0)
		return len == 0 || p->writers == 0 ? 0 : -EAGAIN;
	if (first > n)
		first = n;
	memcpy(to, p->at + p->start, first);
	memcpy(to + first, p->at, n - first);
	p->start = (uint32_t)((p->start + n) % PIPE_BYTES);
	p->used -= (uint32_t)n;
	return (int64_t)n;
}

static int64_t pipe_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	struct pipe *p = f->pipe;
	uint64_t room = PIPE_BYTES - p->used, end, first;

	/* nothing is no message, even where nobody reads, and its bytes may have no address */
	if (len == 0)
		return 0;
	if (p->readers == 0) {
		signal_send(k, k->current, SIGPIPE);
		return -EPIPE;
	}
	/* short writes go in whole or not at all */
	if (room == 0 || (len <= GUEST_PAGE && room < len))
		return -EAGAIN;
	if (len > room)
		len = room;
	end = (p->start + p->used) % PIPE_BYTES;
	first = PIPE_BYTES - end < len ? PIPE_BYTES - end : len;
	memcpy(p->at + end, from, first);
	memcpy(p->at, from + first, len - first);
	p->used += (uint32_t)len;
	p->written += len;
	return (int64_t)len;
}

static short reader_poll(struct kernel *k, struct file *f)
{
	return (short)((f->pipe->used != 0 ? POLLIN : 0) | (f->pipe->writers == 0 ? POLLHUP : 0));
}

static short writer_poll(struct kernel *k, struct file *f)
{
	return (short)((PIPE_BYTES - f->pipe->used >= GUEST_PAGE ? POLLOUT : 0) |
	    (f->pipe->readers == 0 ? POLLERR : 0));
}

static void drop(struct pipe *p)
{
	if (--p->refs == 0)
		free(p);
}

static void reader_close(struct kernel *k, struct file *f)
{
	f->pipe->readers--;
	drop(f->pipe);
}

static void writer_close(struct kernel *k, struct file *f)
{
	f->pipe->writers--;
	drop(f->pipe);
}

static uint64_t pipe_arrived(const struct file *f)
{
	return f->pipe->written;
}

const struct file_kind file_pipe_reader = { "pipe", pipe_read, NULL, reader_poll, reader_close, pipe_arrived };
const struct file_kind file_pipe_writer = { "pipe", NULL, pipe_write, writer_poll, writer_close, NULL };
/* A named pipe that one descriptor both reads and writes. */
static void both_close(struct kernel *k, struct file *f)
{
	f->pipe->readers--;
	f->pipe->writers--;
	drop(f->pipe);
}

static short both_poll(struct kernel *k, struct file *f)
{
	return (short)(reader_poll(k, f) | writer_poll(k, f));
}

const struct file_kind file_pipe_both = { "pipe", pipe_read, pipe_write, both_poll, both_close, pipe_arrived };

static int pipe_make(struct kernel *k, struct file **reader, struct file **writer, int flags)
{
	/* not cleared: what was never written is never read */
	struct pipe *p = malloc(sizeof(*p));

	*reader = file_new(&file_pipe_reader, O_RDONLY | flags);
	*writer = file_new(&file_pipe_writer, O_WRONLY | flags);
	if (p == NULL || *reader == NULL || *writer == NULL) {
		free(p);
		free(*reader);
		free(*writer);
		return -ENOMEM;
	}
	p->refs = 2;
	p->readers = p->writers = 1;
	p->start = p->used = 0;
	p->written = 0;
	p->number = ++k->pipes;
	(*reader)->pipe = (*writer)->pipe = p;
	return 0;
}

int64_t sys_pipe2(struct kernel *k, const uint64_t *a)
{
	bool close_on_exec = (a[1] & O_CLOEXEC) != 0;
	struct file *reader, *writer;
	int32_t fds[2];
	int r = pipe_make(k, &reader, &writer, (int)(a[1] & O_NONBLOCK));

	if (r < 0)
		return r;
	if ((fds[0] = fd_put(k, reader, 0, close_on_exec)) < 0) {
		file_release(k, writer);
		return fds[0];
	}
	if ((fds[1] = fd_put(k, writer, 0, close_on_exec)) < 0)
		return fds[1];
	return guest_put(k, a[0], fds, sizeof(fds));
}

int64_t sys_pipe(struct kernel *k, const uint64_t *a)
{
	return sys_pipe2(k, (const uint64_t[]){ a[0], 0 });
}

/* The two ends of a named pipe: made when it is first opened, kept while one end is open. */
int pipe_open_named(struct kernel *k, struct node *n, int flags, struct file **ret)
{
	struct file *reader = NULL, *writer = NULL, *other = NULL;
	bool reads = (flags & O_ACCMODE) != O_WRONLY, writes = (flags & O_ACCMODE) != O_RDONLY;
	int r;

	for (struct process *p = k->processes; p != NULL; p = p->next) {
		if (p->opening != NULL && p->opening->node == n)
			other = p->opening;
		for (int fd = 0; p->files != NULL && fd < FDS_MAX; fd++)
			if (p->files->at[fd].file != NULL && p->files->at[fd].file->node == n)
				other = p->files->at[fd].file;
	}
	if (other == NULL && !reads && (flags & O_NONBLOCK) != 0)
		return -ENXIO;
	if (other == NULL) {
		if ((r = pipe_make(k, &reader, &writer, flags & O_NONBLOCK)) < 0)
			return r;
		*ret = reads ? reader : writer;
		if (reads && writes) {
			reader->kind = &file_pipe_both;
			reader->flags = flags;
			reader->pipe->writers++;
		}
		file_release(k, reads ? writer : reader);
		(*ret)->node = n;
		return 0;
	}
	/* without waiting, nothing is written where nobody reads */
	if (!reads && (flags & O_NONBLOCK) != 0 && other->pipe->readers == 0)
		return -ENXIO;
	if ((*ret = file_new(!writes ? &file_pipe_reader : !reads ? &file_pipe_writer : &file_pipe_both, flags)) == NULL)
		return -ENOMEM;
	(*ret)->pipe = other->pipe;
	(*ret)->node = n;
	other->pipe->refs++;
	other->pipe->readers += reads;
	other->pipe->writers += writes;
	return 0;
}

bool pipe_has_other_end(const struct file *f)
{
	return f->kind == &file_pipe_both || (f->kind == &file_pipe_reader ? f->pipe->writers != 0 || f->pipe->used != 0 :
	    f->pipe->readers != 0);
}

unsigned pipe_number(const struct file *f)
{
	return f->kind == &file_pipe_reader || f->kind == &file_pipe_writer || f->kind == &file_pipe_both ? f->pipe->number : 0;
}

int pipe_waiting(const struct file *f)
{
	return (int)f->pipe->used;
}
