/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which file system a file is on: the profile's /proc/mountinfo, kept at the nodes. */
#include "emu/kernel/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

/* Marks all that is below dir, but for what is mounted there, with dir's number. */
static int spread(struct node *dir)
{
	unsigned room = 1024, count = 0;
	struct node **left = malloc(room * sizeof(struct node *));

	if (left == NULL)
		return -ENOMEM;
	left[count++] = dir;
	while (count != 0) {
		struct node *at = left[--count];

		for (unsigned i = 0; i < at->count; i++) {
			struct node *n = at->entries[i].node;

			if (n->mounted)
				continue;
			n->mount = at->mount;
			if (n->kind != NODE_DIR)
				continue;
			if (count == room) {
				struct node **more = realloc(left, (room *= 2) * sizeof(struct node *));

				if (more == NULL) {
					free(left);
					return -ENOMEM;
				}
				left = more;
			}
			left[count++] = n;
		}
	}
	free(left);
	return 0;
}

static int place(struct kernel *k, const char *path, unsigned number)
{
	struct tree *t = k->world->tree;
	struct walk w;

	/* a profile may tell of mounts whose place it does not have */
	if (tree_walk(t, tree_root(t), path, &(struct identity){ 0 }, true, &w) < 0 || w.node == NULL ||
	    w.node->kind != NODE_DIR || w.node->mounted)
		return 0;
	w.node->mounted = true;
	w.node->mount = (uint8_t)number;
	if (strcmp(path, "/proc") == 0)
		k->proc_mount = (uint8_t)number;
	return spread(w.node);
}

int mounts_read(struct kernel *k)
{
	struct tree *t = k->world->tree;
	const uint8_t *at, *end;
	struct walk w;
	int r;

	if ((r = tree_walk(t, tree_root(t), "/proc/mountinfo", &(struct identity){ 0 }, true, &w)) < 0 || w.node == NULL)
		return r == -ENOMEM ? r : 0;
	at = w.node->data;
	end = at + w.node->size;
	for (unsigned number = 1; at < end && number < MOUNTS_MAX; number++) {
		const uint8_t *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = stop != NULL ? (size_t)(stop - at) : (size_t)(end - at);
		char line[512], path[256];
		unsigned major, minor;

		snprintf(line, sizeof(line), "%.*s", (int)len, (const char *)at);
		at += len + (stop != NULL);
		if (sscanf(line, "%*u %*u %u:%u %*s %255s", &major, &minor, path) != 3)
			continue;
		k->mounts[number] = makedev(major, minor);
		if ((r = place(k, path, number)) < 0)
			return r;
	}
	return 0;
}

uint64_t mount_device(const struct kernel *k, const struct node *n)
{
	enum { UNKNOWN = 0xfe01 };
	uint64_t device = k->mounts[n->generated ? k->proc_mount : n->mount];

	return device != 0 ? device : UNKNOWN;
}
