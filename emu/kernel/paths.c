/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that guests name: walked, and asked about where the profile does not hold them. */
#include "emu/kernel/inside.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct node *at_directory(struct kernel *k, uint64_t fd, int *error)
{
	struct file *f;

	if ((int)fd == AT_FDCWD)
		return k->current->place->cwd;
	f = file_at(k, fd);
	*error = f == NULL ? -EBADF : -ENOTDIR;
	return f != NULL && f->node != NULL && f->node->kind == NODE_DIR ? f->node : NULL;
}

struct event *tell_path(struct kernel *k, enum event_kind kind, const struct walk *w)
{
	struct event *event = world_event(k->world, kind);
	char path[PATH_BYTES];

	if (event == NULL)
		return NULL;
	walk_path(w, path, sizeof(path));
	event->path = world_keep_text(k->world, path);
	return event;
}

struct bytes tell_text(struct kernel *k, const char *format, ...)
{
	char text[64];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	return world_keep_text(k->world, text);
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

/*
 * A path below a folder of programs is not asked about by itself: shells try one folder after the other. What is open
 * is whether the program is there at all. NULL: no such path; else the program's name.
 */
static const char *program_name(const char *path)
{
	static const char *const folders[] = {
		"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/",
	};

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		size_t len = strlen(folders[i]);

		if (strncmp(path, folders[i], len) == 0 && path[len] != 0 && strchr(path + len, '/') == NULL)
			return path + len;
	}
	return NULL;
}

static bool has_program(struct kernel *k, const char *name)
{
	static const char *const folders[] = {
		"/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/local/sbin",
	};
	struct tree *t = k->world->tree;
	char path[PATH_BYTES];
	struct walk w;

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (tree_walk(t, tree_root(t), path, &(struct identity){ 0 }, true, &w) == 0 && w.node != NULL)
			return true;
	}
	return false;
}

/* Nothing stands at this path: what does the run say to that? */
static bool ask(struct kernel *k, const char *path)
{
	const char *program = program_name(path);

	if (profile_is_quiet(&k->world->profile, path))
		return false;
	if (program == NULL)
		return record_ask(k->world->record, QUESTION_PATH, path, false);
	return !has_program(k, program) && record_ask(k->world->record, QUESTION_PROGRAM, program, false);
}

/* Something stands there, which a twist may deny. */
static bool denied(struct kernel *k, const char *path)
{
	const char *program = program_name(path);

	return program != NULL ? record_twisted(k->world->record, QUESTION_PROGRAM, program, true) :
	    record_twisted(k->world->record, QUESTION_PATH, path, true);
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

static int walk_files(struct kernel *k, struct node *dir, const char *path, bool follow, struct walk *ret)
{
	char full[PATH_BYTES];
	struct walk w = { 0 };
	int r = tree_walk(k->world->tree, dir, path, &k->current->who, follow, &w);

	if (r == -ENOENT && path[0] == '/' && program_name(path) == NULL)
		ask(k, path);
	if (r < 0)
		return r;
	if (w.node == NULL) {
		walk_path(&w, full, sizeof(full));
		if (!w.dir->generated && ask(k, full) && (r = invent(k, &w)) < 0)
			return r;
	} else if (w.node->kind != NODE_DIR && k->world->twists) {
		walk_path(&w, full, sizeof(full));
		if (denied(k, full))
			w.node = NULL;
	}
	*ret = w;
	return 0;
}

bool walk_sysroot(struct kernel *k, enum machine_cpu cpu, const char *path, struct walk *ret)
{
	struct node *root = k->world->profile.sysroots[cpu];

	return root != NULL && path[0] == '/' && tree_walk(k->world->tree, root, path + 1, &k->current->who, true, ret) == 0 &&
	    ret->node != NULL && ret->node->kind == NODE_FILE;
}

int walk_text(struct kernel *k, struct node *dir, const char *path, bool follow, struct walk *ret)
{
	if (k->current->abi != NULL && walk_sysroot(k, machine_cpu(k->machine), path, ret))
		return 0;
	return walk_files(k, dir, path, follow, ret);
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
