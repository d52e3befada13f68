/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking paths, with links and permissions. */
#include "emu/world/tree_inside.h"

#include <errno.h>
#include <string.h>

bool node_may(const struct node *n, const struct identity *who, unsigned mask)
{
	unsigned bits = n->mode & 7;

	if (who->uid == 0)
		return (mask & MAY_EXECUTE) == 0 || n->kind == NODE_DIR || (n->mode & 0111) != 0;
	if (who->uid == n->uid) {
		bits = n->mode >> 6 & 7;
	} else {
		bool member = who->gid == n->gid;

		for (unsigned i = 0; i < who->groups_count && !member; i++)
			member = who->groups[i] == n->gid;
		if (member)
			bits = n->mode >> 3 & 7;
	}
	return (bits & mask) == mask;
}

/* Puts the target of a link before what is left of the path. */
static int splice(char *path, const char *rest, const struct node *link)
{
	char both[PATH_BYTES];
	size_t len = strlen(rest);

	if (link->size + 1 + len + 1 > sizeof(both))
		return -ENAMETOOLONG;
	memcpy(both, link->data, link->size);
	both[link->size] = '/';
	memcpy(both + link->size + 1, rest, len + 1);
	/* no slash where nothing comes after, or the link's own last component would have to be a directory */
	if (len == 0)
		both[link->size] = 0;
	memcpy(path, both, strlen(both) + 1);
	return 0;
}

static struct node *look(struct tree *t, struct node *dir, const char *name, size_t len)
{
	struct node *n = node_find(dir, name, len);
	char text[256];

	/* what a listing entered is looked for again: it may have changed since, or gone */
	if ((n != NULL && !n->generated) || dir->dynamic == 0 || t->dynamic.find == NULL)
		return n;
	memcpy(text, name, len);
	text[len] = 0;
	return t->dynamic.find(t->dynamic.owner, dir, text);
}

int tree_walk(struct tree *t, struct node *dir, const char *path, const struct identity *who, bool follow,
    struct walk *ret)
{
	enum { LINKS_MAX = 40 };
	char text[PATH_BYTES];
	const char *at = text;
	struct walk w = { 0 };
	unsigned links = 0;
	int r;

	if (*path == 0)
		return -ENOENT;
	if (strlen(path) >= sizeof(text))
		return -ENAMETOOLONG;
	memcpy(text, path, strlen(path) + 1);
	if (*at == '/')
		dir = t->root;
	w.dir = w.node = dir;
	for (;;) {
		const char *end;
		size_t len;

		while (*at == '/')
			at++;
		if (*at == 0)
			break;
		end = strchrnul(at, '/');
		len = (size_t)(end - at);
		if (len >= sizeof(w.name))
			return -ENAMETOOLONG;
		if (w.node == NULL)
			return -ENOENT;
		if (w.node->kind != NODE_DIR)
			return -ENOTDIR;
		if (!node_may(w.node, who, MAY_EXECUTE))
			return -EACCES;
		w.dir = w.node;
		memcpy(w.name, at, len);
		w.name[len] = 0;
		w.slash = *end == '/';
		if (strcmp(w.name, ".") == 0)
			w.node = w.dir;
		else if (strcmp(w.name, "..") == 0)
			w.node = w.dir->parent != NULL ? w.dir->parent : w.dir;
		else
			w.node = look(t, w.dir, at, len);
		at = end;
		if (w.node != NULL && w.node->kind == NODE_LINK && w.node->open == NULL &&
		    (follow || *at != 0)) {
			if (++links > LINKS_MAX)
				return -ELOOP;
			while (*at == '/')
				at++;
			if ((r = splice(text, at, w.node)) < 0)
				return r;
			w.node = *text == '/' ? t->root : w.dir;
			at = text;
		}
	}
	if (w.slash && w.node != NULL && w.node->kind != NODE_DIR)
		return -ENOTDIR;
	*ret = w;
	return 0;
}
