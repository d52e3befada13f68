/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree as the files of emu/world that work on it see it. */
#ifndef EMU_WORLD_TREE_INSIDE_H
#define EMU_WORLD_TREE_INSIDE_H

#include "emu/world/tree.h"

struct undo {
	struct undo *next;
	struct node *node, before;
};

struct name {
	struct name *next;
	char text[];
};

struct tree {
	struct node *root, *nodes, *settled_nodes;
	struct name *names, *settled_names;
	struct undo *undo;
	struct tree_dynamic dynamic;
	uint32_t ino, settled_ino;
	bool settled, full;
	uint64_t used, limit; /* bytes of contents that runs hold */
	unsigned made;        /* names that this run gave */
};

#endif
