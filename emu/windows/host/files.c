/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and changing the tree by Windows paths. */
#include "emu/windows/host/files.h"
#include "emu/windows/host/web.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Names in a folder may be many; each look is work. */
static struct entry *entry_find(struct host *h, struct node *dir, const char *name, size_t len)
{
	h->steps += 1 + dir->count / 8;
	for (unsigned i = 0; i < dir->count; i++) {
		const char *have = dir->entries[i].name;

		if (strlen(have) == len && bytes_equal_fold(bytes_of(have, len), bytes_of(name, len)))
			return &dir->entries[i];
	}
	return NULL;
}

bool file_find(struct host *h, const char *path, struct place *ret)
{
	struct node *at = tree_root(h->world->tree);
	struct place p = { 0 };

	if (file_is_unc(path))
		return false;
	while (*path != 0) {
		size_t len = strcspn(path, "\\");
		size_t taken = len;
		struct entry *e;

		if (at == NULL || at->kind != NODE_DIR || len >= sizeof(p.name))
			return false;
		if (len == 2 && path[1] == ':')
			len = 1;
		if (len != 0) {
			e = entry_find(h, at, path, len);
			p.dir = at;
			snprintf(p.name, sizeof(p.name), "%.*s", (int)len, e != NULL ? e->name : path);
			at = p.node = e != NULL ? e->node : NULL;
		}
		path += taken;
		path += *path == '\\';
	}
	*ret = p;
	return p.dir != NULL;
}

void file_written(struct host *h, const char *path, char ret[FILE_PATH_MAX])
{
	char made[FILE_PATH_MAX] = "";
	struct place p;

	for (size_t len = 0; path[len] != 0 && !file_is_unc(path);) {
		char part[FILE_PATH_MAX];
		size_t used = strlen(made);

		len += strcspn(path + len + (len != 0), "\\") + (len != 0);
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		if (len == 2)
			snprintf(made, sizeof(made), "%c:", part[0] & ~0x20);
		else if (file_find(h, part, &p) && p.node != NULL && part[len - 1] != '\\')
			snprintf(made + used, sizeof(made) - used, "\\%s", p.name);
		else
			snprintf(made + used, sizeof(made) - used, "%s", strrchr(part, '\\'));
	}
	if (file_is_unc(path))
		snprintf(made, sizeof(made), "%s", path);
	memcpy(ret, made, sizeof(made));
}

bool file_exists(struct host *h, const char *path, struct place *ret)
{
	struct place p = { 0 };
	bool there = file_find(h, path, &p) && p.node != NULL;

	/* what the run made itself is there */
	if (there && p.node->fresh) {
		*ret = p;
		return true;
	}
	*ret = p;
	if (record_ask(h->world->record, QUESTION_PATH, path, there) == there)
		return there;
	ret->node = NULL;
	return !there;
}

int file_read(struct host *h, const char *path, struct bytes *ret)
{
	struct event *e;
	struct place p;
	bool there;

	if (file_is_unc(path)) {
		web_share(h, path);
		(void)record_ask(h->world->record, QUESTION_PATH, path, false);
		return -ENOENT;
	}
	there = file_exists(h, path, &p);
	if ((e = world_event(h->world, EVENT_OPEN)) != NULL)
		e->path = world_keep_text(h->world, path);
	if (!there)
		return -ENOENT;
	if (p.node == NULL)
		return -EACCES; /* turned round: there, and nobody knows what it holds */
	if (p.node->kind != NODE_FILE)
		return -EISDIR;
	if (p.node->packaged && p.node->data == NULL) {
		host_unknown(h, path);
		return -EACCES;
	}
	*ret = bytes_of(p.node->data, p.node->size);
	/* what stood there before the run is the server's to know */
	if (!p.node->touched && !p.node->fresh)
		record_fact(h->world->record, *ret);
	return 0;
}

int file_write(struct host *h, const char *path, bool append, struct node **ret, struct event **told)
{
	struct tree *t = h->world->tree;
	struct event *e;
	struct place p;
	int r;

	if ((e = world_event(h->world, EVENT_WRITE)) != NULL)
		e->path = world_keep_text(h->world, path);
	*told = e;
	if (file_is_unc(path))
		web_share(h, path);
	if (!file_find(h, path, &p)) {
		/* is its folder there on the victim? */
		(void)record_ask(h->world->record, QUESTION_PATH, path, false);
		return -ENOENT;
	}
	if (p.node != NULL && p.node->kind != NODE_FILE)
		return -EISDIR;
	if (p.node == NULL) {
		if ((p.node = node_new(t, NODE_FILE, 0644, 0, 0)) == NULL)
			return -ENOMEM;
		if ((r = node_link(t, p.dir, p.name, p.node, world_now(h->world))) < 0)
			return r;
	}
	/* whose bytes are not kept here, is no file of the attack's to add to */
	if (append && p.node->packaged && p.node->data == NULL)
		return -EACCES;
	if ((r = node_touch(t, p.node)) < 0 || (!append && (r = node_truncate(t, p.node, 0)) < 0))
		return r;
	p.node->packaged = false;
	p.node->changed_ns = world_now(h->world);
	*ret = p.node;
	return 0;
}

int file_put(struct host *h, const char *path, struct bytes contents)
{
	struct event *told;
	struct node *n;
	int r = file_write(h, path, false, &n, &told);

	record_more(h->world->record, told, contents);
	return r < 0 ? r : node_write(h->world->tree, n, 0, contents);
}

int file_make_folder(struct host *h, const char *path)
{
	struct tree *t = h->world->tree;
	char part[FILE_PATH_MAX];
	struct place p;
	struct node *n;
	int r;

	for (size_t len = 2; path[len] != 0;) {
		len += 1 + strcspn(path + len + 1, "\\");
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		if (!file_find(h, part, &p))
			return -ENOENT;
		if (p.node != NULL && path[len] == 0)
			return -EEXIST;
		if (p.node != NULL)
			continue;
		if ((n = node_new(t, NODE_DIR, 0755, 0, 0)) == NULL)
			return -ENOMEM;
		if ((r = node_link(t, p.dir, p.name, n, world_now(h->world))) < 0)
			return r;
	}
	return 0;
}

int file_delete(struct host *h, const char *path)
{
	struct event *e;
	struct place p;

	if (!file_exists(h, path, &p) || p.node == NULL)
		return -ENOENT;
	if (p.node->kind == NODE_DIR && p.node->count != 0)
		return -ENOTEMPTY;
	if ((e = world_event(h->world, EVENT_DELETE)) != NULL)
		e->path = world_keep_text(h->world, path);
	return node_unlink(h->world->tree, p.dir, p.name, world_now(h->world));
}

int file_rename(struct host *h, const char *from, const char *to)
{
	struct place a, b;
	struct event *e;
	int r;

	if (!file_exists(h, from, &a) || a.node == NULL || !file_find(h, to, &b))
		return -ENOENT;
	if (b.node == a.node)
		return 0;
	/* a folder does not go into itself */
	if (a.node->kind == NODE_DIR && bytes_starts_fold(bytes_text(to), bytes_text(from)))
		return -EACCES;
	if (b.node != NULL && (b.node->kind == NODE_DIR || (r = node_unlink(h->world->tree, b.dir, b.name, 0)) < 0))
		return -EEXIST;
	if ((e = world_event(h->world, EVENT_RENAME)) != NULL) {
		e->path = world_keep_text(h->world, from);
		e->data = world_keep_text(h->world, to);
	}
	if ((r = node_unlink(h->world->tree, a.dir, a.name, world_now(h->world))) < 0)
		return r;
	return node_link(h->world->tree, b.dir, b.name, a.node, world_now(h->world));
}

void file_mark_foreign(struct host *h, const struct node *n)
{
	if (n != NULL && h->foreign_count < HOST_FOREIGN_MAX)
		h->foreign[h->foreign_count++] = n;
	else if (n != NULL)
		host_stop(h, STOPPED_FILES);
}

bool file_is_foreign(const struct host *h, const struct node *n)
{
	for (unsigned i = 0; i < h->foreign_count; i++)
		if (h->foreign[i] == n)
			return true;
	return false;
}

int files_programs(struct host *h, const char *folder, char *why, size_t why_size)
{
	char path[PATH_MAX], line[FILE_PATH_MAX];
	struct tree *t = h->world->tree;
	struct place p;
	struct node *n;
	int number = 0, r = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/programs", folder);
	if ((f = fopen(path, "re")) == NULL)
		return 0;
	heap_reset(h->heap);
	while (r == 0 && fgets(line, sizeof(line), f) != NULL) {
		char *last;

		number++;
		line[strcspn(line, "\r\n")] = 0;
		if (line[0] == '#' || line[0] == 0)
			continue;
		if ((last = strrchr(line, '\\')) == NULL || line[1] != ':') {
			r = -EINVAL;
			break;
		}
		*last = 0;
		if (last - line > 2 && (r = file_make_folder(h, line)) == -EEXIST)
			r = 0;
		*last = '\\';
		if (r < 0 || !file_find(h, line, &p) || (p.node == NULL && (n = node_new(t, NODE_FILE, 0755, 0, 0)) == NULL))
			r = r < 0 ? r : -ENOMEM;
		else if (p.node == NULL && (r = node_link(t, p.dir, p.name, n, 0)) == 0)
			n->packaged = true;
	}
	fclose(f);
	if (r < 0)
		snprintf(why, why_size, "%s:%d: %s", path, number, strerror(-r));
	return r;
}

static bool is_file(struct host *h, const char *path)
{
	struct place p;

	return file_find(h, path, &p) && p.node != NULL && p.node->kind == NODE_FILE;
}

static bool with_ending(struct host *h, const char *dir, const char *name, const char *endings, char ret[FILE_PATH_MAX])
{
	const char *last = strrchr(name, '.'), *slash = strrchr(name, '\\');
	char path[FILE_PATH_MAX], whole[FILE_PATH_MAX];

	if (!file_path(dir, name, whole))
		return false;
	if (last != NULL && last > slash && is_file(h, whole)) {
		strcpy(ret, whole);
		return true;
	}
	while (*endings != 0) {
		size_t len = strcspn(endings, ";");

		if (snprintf(path, sizeof(path), "%s%.*s", whole, (int)len, endings) < (int)sizeof(path) && is_file(h, path)) {
			strcpy(ret, path);
			return true;
		}
		endings += len;
		endings += *endings == ';';
	}
	return false;
}

bool file_program(struct host *h, const char *cwd, const char *path, const char *endings, const char *name,
                  char ret[FILE_PATH_MAX])
{
	char dir[FILE_PATH_MAX], found[FILE_PATH_MAX] = "";
	bool there = with_ending(h, cwd, name, endings, found), whole = strpbrk(name, "\\/:") != NULL;

	while (!there && !whole && *path != 0) {
		size_t len = strcspn(path, ";");

		snprintf(dir, sizeof(dir), "%.*s", (int)len, path);
		there = len != 0 && with_ending(h, dir, name, endings, found);
		path += len;
		path += *path == ';';
	}
	if (!there)
		there = record_ask(h->world->record, QUESTION_PROGRAM, name, false);
	if (there && found[0] != 0) {
		file_written(h, found, ret);
		return true;
	}
	ret[0] = 0; /* turned round: it is there, and nobody knows what it does */
	return there;
}
