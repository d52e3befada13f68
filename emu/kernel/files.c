/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors, open files, and guest memory as handlers see it. */
#include "emu/kernel/inside.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct files *files_new(void)
{
	struct files *f = calloc(1, sizeof(*f));

	if (f != NULL)
		f->refs = 1;
	return f;
}

struct files *files_copy(struct kernel *k, const struct files *from)
{
	struct files *f = files_new();

	if (f == NULL)
		return NULL;
	memcpy(f->at, from->at, sizeof(f->at));
	for (int i = 0; i < FDS_MAX; i++)
		if (f->at[i].file != NULL)
			f->at[i].file->refs++;
	return f;
}

void files_release(struct kernel *k, struct files *f)
{
	if (f == NULL || --f->refs != 0)
		return;
	for (int i = 0; i < FDS_MAX; i++)
		file_release(k, f->at[i].file);
	free(f);
}

struct file *file_new(const struct file_kind *kind, int flags)
{
	struct file *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->refs = 1;
	f->kind = kind;
	f->flags = flags;
	return f;
}

void file_release(struct kernel *k, struct file *f)
{
	if (f == NULL || --f->refs != 0)
		return;
	if (k->locks != NULL)
		locks_drop(k, f, NULL);
	if (k->epolls != NULL)
		epoll_forget(k, f);
	if (f->kind->close != NULL)
		f->kind->close(k, f);
	free(f->path);
	free(f);
}

struct file *file_at(struct kernel *k, uint64_t fd)
{
	uint32_t n = (uint32_t)fd;
	struct files *files = k->current->files;

	if (n >= FDS_MAX || files == NULL)
		return NULL;
	return files->at[n].file != NULL ? files->at[n].file : own_file(k, n);
}

int fd_put(struct kernel *k, struct file *f, int lowest, bool close_on_exec)
{
	struct files *files = k->current->files;

	for (int fd = lowest; fd < FDS_MAX; fd++)
		if (files->at[fd].file == NULL) {
			files->at[fd] = (struct descriptor){ f, close_on_exec };
			return fd;
		}
	file_release(k, f);
	if (++k->refused > k->limit.refused)
		kernel_stop(k, STOPPED_DESCRIPTORS);
	return -EMFILE;
}

int64_t file_wait(struct kernel *k, struct file *f, short events)
{
	if ((f->flags & O_NONBLOCK) != 0)
		return -EAGAIN;
	if (signal_waiting(k->current))
		return -EINTR;
	wait_for_file(k->current, f, events);
	return CALL_WAITS;
}

uint8_t *guest_read(struct kernel *k, uint64_t at, uint64_t len)
{
	void *bounce = abi_bounce_at(k, at, len);

	return bounce != NULL ? bounce : space_at(k->current->space, at, len, RANGE_READ);
}

uint8_t *guest_write(struct kernel *k, uint64_t at, uint64_t len)
{
	void *bounce = abi_bounce_at(k, at, len);
	uint8_t *to;

	if (bounce != NULL)
		return bounce;
	to = space_at(k->current->space, at, len, RANGE_WRITE);
	if (to != NULL)
		space_wrote(k->current->space, at, len);
	return to;
}

int guest_put(struct kernel *k, uint64_t at, const void *from, uint64_t len)
{
	void *bounce = abi_bounce_at(k, at, len);

	if (bounce == NULL)
		return space_put(k->current->space, at, from, len);
	memcpy(bounce, from, len);
	return 0;
}

int guest_get(struct kernel *k, uint64_t at, void *to, uint64_t len)
{
	const void *bounce = abi_bounce_at(k, at, len);

	if (bounce == NULL)
		return space_get(k->current->space, at, to, len);
	memcpy(to, bounce, len);
	return 0;
}

/* What the run prints: its two streams end in the record. */
static int64_t capture_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	if (record_output(k->world->record, f->stream, bytes_of(from, len)) < 0)
		kernel_stop(k, STOPPED_OUTPUT);
	return (int64_t)len;
}

static short capture_poll(struct kernel *k, struct file *f)
{
	return POLLOUT;
}

const struct file_kind file_capture = { .name = "pipe", .write = capture_write, .poll = capture_poll };

struct file *capture_new(enum stream stream)
{
	struct file *f = file_new(&file_capture, O_WRONLY);

	if (f != NULL)
		f->stream = stream;
	return f;
}
