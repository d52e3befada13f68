/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes and directories of the emulated server's file system, and the undoing of what a run changed. */
#include "emu/world/tree.h"
#include "emu/world/tree_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int tree_new(struct tree **ret)
{
	struct tree *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -ENOMEM;
	t->limit = UINT64_MAX;
	t->root = node_new(t, NODE_DIR, 0755, 0, 0);
	if (t->root == NULL) {
		free(t);
		return -ENOMEM;
	}
	t->root->parent = t->root;
	t->root->links = 2;
	*ret = t;
	return 0;
}

static void node_free(struct node *n)
{
	free(n->own);
	free(n->entries);
	free(n);
}

static void names_free(struct name *n)
{
	while (n != NULL) {
		struct name *next = n->next;

		free(n);
		n = next;
	}
}

void tree_free(struct tree *t)
{
	if (t == NULL)
		return;
	tree_restore(t);
	while (t->nodes != NULL) {
		struct node *next = t->nodes->next;

		node_free(t->nodes);
		t->nodes = next;
	}
	names_free(t->names);
	free(t);
}

struct node *tree_root(const struct tree *t)
{
	return t->root;
}

void tree_dynamic(struct tree *t, const struct tree_dynamic *d)
{
	t->dynamic = *d;
}

void tree_limit(struct tree *t, uint64_t bytes)
{
	t->limit = bytes;
}

bool tree_full(const struct tree *t)
{
	return t->full;
}

void tree_settle(struct tree *t)
{
	for (struct node *n = t->nodes; n != NULL; n = n->next)
		n->fresh = n->touched = false;
	while (t->undo != NULL) {
		struct undo *next = t->undo->next;

		free(t->undo);
		t->undo = next;
	}
	t->settled = true;
	t->settled_nodes = t->nodes;
	t->settled_names = t->names;
	t->settled_ino = t->ino;
	t->used = 0;
	t->made = 0;
}

void tree_restore(struct tree *t)
{
	while (t->undo != NULL) {
		struct undo *u = t->undo;
		struct node *n = u->node;

		t->undo = u->next;
		if (n->own != u->before.own)
			free(n->own);
		if (n->entries != u->before.entries)
			free(n->entries);
		u->before.next = n->next;
		*n = u->before;
		free(u);
	}
	if (!t->settled)
		return;
	while (t->nodes != t->settled_nodes) {
		struct node *next = t->nodes->next;

		node_free(t->nodes);
		t->nodes = next;
	}
	while (t->names != t->settled_names) {
		struct name *next = t->names->next;

		free(t->names);
		t->names = next;
	}
	t->ino = t->settled_ino;
	t->used = 0;
	t->made = 0;
	t->full = false;
}

struct node *node_new(struct tree *t, enum node_kind kind, uint16_t mode, uint32_t uid, uint32_t gid)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->kind = kind;
	n->mode = mode;
	n->uid = uid;
	n->gid = gid;
	n->ino = 1000 + ++t->ino;
	n->fresh = true;
	n->next = t->nodes;
	t->nodes = n;
	return n;
}

int node_touch(struct tree *t, struct node *n)
{
	struct undo *u;

	if (n->fresh || n->touched || !t->settled)
		return 0;
	if ((u = malloc(sizeof(*u))) == NULL)
		return -ENOMEM;
	u->node = n;
	u->before = *n;
	if (n->kind == NODE_DIR && n->count != 0) {
		struct entry *copy = malloc(n->entries_room * sizeof(*copy));

		if (copy == NULL) {
			free(u);
			return -ENOMEM;
		}
		memcpy(copy, n->entries, n->count * sizeof(*copy));
		n->entries = copy;
	} else if (n->kind == NODE_DIR) {
		n->entries = NULL;
		n->entries_room = 0;
	}
	if (n->own != NULL) {
		/* the settled bytes stay as they are: writing copies them */
		n->own = NULL;
		n->room = 0;
	}
	n->touched = true;
	u->next = t->undo;
	t->undo = u;
	return 0;
}

/* Where name is, or would be: true if it is there. */
static bool place(const struct node *dir, const char *name, size_t len, unsigned *ret)
{
	unsigned low = 0, high = dir->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		int c = strncmp(dir->entries[middle].name, name, len);

		if (c == 0 && dir->entries[middle].name[len] != 0)
			c = 1;
		if (c == 0) {
			*ret = middle;
			return true;
		}
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return false;
}

struct node *node_find(const struct node *dir, const char *name, size_t len)
{
	unsigned i;

	return place(dir, name, len, &i) ? dir->entries[i].node : NULL;
}

static char *keep_name(struct tree *t, const char *name)
{
	size_t len = strlen(name);
	struct name *n = malloc(sizeof(*n) + len + 1);

	if (n == NULL)
		return NULL;
	memcpy(n->text, name, len + 1);
	n->next = t->names;
	t->names = n;
	return n->text;
}

int node_link(struct tree *t, struct node *dir, const char *name, struct node *n, uint64_t now_ns)
{
	unsigned at;
	char *kept;

	if (place(dir, name, strlen(name), &at))
		return -EEXIST;
	if (t->settled && ++t->made > TREE_NAMES_MAX) {
		t->full = true;
		return -EDQUOT;
	}
	if (node_touch(t, dir) < 0 || node_touch(t, n) < 0 || (kept = keep_name(t, name)) == NULL)
		return -ENOMEM;
	if (dir->count == dir->entries_room) {
		unsigned room = dir->entries_room != 0 ? dir->entries_room * 2 : 8;
		struct entry *more = realloc(dir->entries, room * sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		dir->entries = more;
		dir->entries_room = room;
	}
	memmove(&dir->entries[at + 1], &dir->entries[at], (dir->count - at) * sizeof(*dir->entries));
	dir->entries[at] = (struct entry){ kept, n };
	dir->count++;
	dir->changed_ns = now_ns;
	if (!n->mounted)
		n->mount = dir->mount;
	n->links++;
	if (n->kind == NODE_DIR) {
		n->parent = dir;
		n->links = n->links < 2 ? 2 : n->links;
		dir->links++;
	}
	return 0;
}

int node_unlink(struct tree *t, struct node *dir, const char *name, uint64_t now_ns)
{
	struct node *n;
	unsigned at;

	if (!place(dir, name, strlen(name), &at))
		return -ENOENT;
	n = dir->entries[at].node;
	if (node_touch(t, dir) < 0 || node_touch(t, n) < 0)
		return -ENOMEM;
	dir->count--;
	memmove(&dir->entries[at], &dir->entries[at + 1], (dir->count - at) * sizeof(*dir->entries));
	dir->changed_ns = now_ns;
	n->links--;
	if (n->kind == NODE_DIR) {
		dir->links--;
		n->parent = NULL;
	}
	return 0;
}

int node_path(const struct node *dir, char *buf, size_t size)
{
	size_t at = size;

	if (size < 2)
		return -ENAMETOOLONG;
	if (dir->parent == dir) {
		memcpy(buf, "/", 2);
		return 0;
	}
	buf[--at] = 0;
	while (dir->parent != dir) {
		const struct node *up = dir->parent;
		const char *name = NULL;
		size_t len;

		if (up == NULL)
			return -ENOENT;
		for (unsigned i = 0; i < up->count && name == NULL; i++)
			if (up->entries[i].node == dir)
				name = up->entries[i].name;
		if (name == NULL)
			return -ENOENT;
		len = strlen(name);
		if (at < len + 1)
			return -ENAMETOOLONG;
		at -= len;
		memcpy(buf + at, name, len);
		buf[--at] = '/';
		dir = up;
	}
	memmove(buf, buf + at, size - at);
	return 0;
}
