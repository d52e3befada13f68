/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors and open files, and how guest paths are walked. */
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
	if (f->kind->close != NULL)
		f->kind->close(k, f);
	free(f->path);
	free(f);
}

struct file *file_at(struct kernel *k, uint64_t fd)
{
	uint32_t n = (uint32_t)fd;

	return n < FDS_MAX && k->current->files != NULL ? k->current->files->at[n].file : NULL;
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

struct node *at_directory(struct kernel *k, uint64_t fd, int *error)
{
	struct file *f;

	if ((int)fd == AT_FDCWD)
		return k->current->place->cwd;
	f = file_at(k, fd);
	*error = f == NULL ? -EBADF : -ENOTDIR;
	return f != NULL && f->node != NULL && f->node->kind == NODE_DIR ? f->node : NULL;
}

void walk_path(const struct walk *w, char *buf, size_t size)
{
	const struct node *dir = w->node != NULL && w->node->kind == NODE_DIR ? w->node : w->dir;
	size_t len;

	if (dir->generated || node_path(dir, buf, size) < 0) {
		snprintf(buf, size, "%s", w->name);
		return;
	}
	if (dir == w->node)
		return;
	len = strlen(buf);
	if (len > 1)
		snprintf(buf + len, size - len, "/%s", w->name);
	else
		snprintf(buf + 1, size - 1, "%s", w->name);
}

/* A twist may say that a missing path is there: as an empty file, or a program that does nothing. */
static int invent(struct kernel *k, struct walk *w)
{
	struct tree *t = k->world->tree;
	struct node *n = node_new(t, NODE_FILE, 0755, 0, 0);
	static const char nothing[] = "#!/bin/sh\n";

	if (n == NULL || node_write(t, n, 0, bytes_of(nothing, sizeof(nothing) - 1)) < 0)
		return -ENOMEM;
	if (node_link(t, w->dir, w->name, n, world_now(k->world)) < 0)
		return -ENOMEM;
	w->node = n;
	return 0;
}

int walk_text(struct kernel *k, struct node *dir, const char *path, bool follow, struct walk *ret)
{
	char full[PATH_BYTES];
	struct walk w = { 0 };
	int r = tree_walk(k->world->tree, dir, path, &k->current->who, follow, &w);

	if (r == -ENOENT && path[0] == '/' && !profile_is_quiet(&k->world->profile, path))
		record_ask(k->world->record, QUESTION_PATH, path, false);
	if (r < 0)
		return r;
	if (w.node == NULL) {
		walk_path(&w, full, sizeof(full));
		/* what a run itself removed or never made below a place of its own is no question */
		if (!profile_is_quiet(&k->world->profile, full) &&
		    record_ask(k->world->record, QUESTION_PATH, full, false) && (r = invent(k, &w)) < 0)
			return r;
	} else if (w.node->kind != NODE_DIR) {
		walk_path(&w, full, sizeof(full));
		if (record_twisted(k->world->record, QUESTION_PATH, full, true))
			w.node = NULL;
	}
	*ret = w;
	return 0;
}

int walk_guest(struct kernel *k, uint64_t at_fd, uint64_t path_at, bool follow, struct walk *ret)
{
	char path[PATH_BYTES];
	int r = space_string(k->current->space, path_at, path, sizeof(path)), error = 0;
	struct node *dir;

	if (r < 0)
		return r;
	dir = path[0] == '/' ? tree_root(k->world->tree) : at_directory(k, at_fd, &error);
	return dir != NULL ? walk_text(k, dir, path, follow, ret) : error;
}

uint8_t *guest_read(struct kernel *k, uint64_t at, uint64_t len)
{
	return space_at(k->current->space, at, len, RANGE_READ);
}

uint8_t *guest_write(struct kernel *k, uint64_t at, uint64_t len)
{
	uint8_t *to = space_at(k->current->space, at, len, RANGE_WRITE);

	if (to != NULL)
		space_wrote(k->current->space, at, len);
	return to;
}

int guest_put(struct kernel *k, uint64_t at, const void *from, uint64_t len)
{
	return space_put(k->current->space, at, from, len);
}

int guest_get(struct kernel *k, uint64_t at, void *to, uint64_t len)
{
	return space_get(k->current->space, at, to, len);
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
