/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes by host and number in an open hash table; a tree is a gather with a name. */
#include "control/iocgen/read/forest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGE_MAX = 64, HOSTS_MAX = 4096 };

struct process {
	uint64_t pid, parent;
	uint32_t host, tree;     /* + 1; 0: free, or none yet */
	bool born, ended;
	uint64_t image;          /* digest of its program's path, folded */
};

struct tree {
	struct gather *gather;
	char image[IMAGE_MAX];
	uint64_t order;          /* from 1 */
};

struct forest {
	const struct read_given *given;
	const struct sample_sink *sink;
	const char *source;
	struct process *processes;
	struct tree *trees;
	char *hosts[HOSTS_MAX];
	size_t hosts_count, processes_count, processes_size, trees_count, trees_size, text;
	uint64_t begun;
	int32_t day;
};

struct forest *forest_new(const struct read_given *given, const struct sample_sink *sink, const char *source)
{
	struct forest *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->given = given;
	f->sink = sink;
	f->source = source;
	f->day = DAY_NONE;
	return f;
}

static void clear(struct forest *f)
{
	for (size_t i = 0; i < f->trees_count; i++)
		gather_free(f->trees[i].gather);
	f->trees_count = 0;
	f->processes_count = 0;
	f->text = 0;
	if (f->processes != NULL)
		memset(f->processes, 0, f->processes_size * sizeof(*f->processes));
}

void forest_free(struct forest *f)
{
	if (f == NULL)
		return;
	clear(f);
	for (size_t i = 0; i < f->hosts_count; i++)
		free(f->hosts[i]);
	free(f->processes);
	free(f->trees);
	free(f);
}

/* Its number from 1; hosts beyond the bound, or without memory, are one. Logs have few, and the last one again and again. */
static uint32_t host_of(struct forest *f, struct bytes name)
{
	for (size_t i = f->hosts_count; i > 0; i--) {
		if (bytes_equal_fold(bytes_text(f->hosts[i - 1]), name))
			return (uint32_t)i;
	}
	if (f->hosts_count == HOSTS_MAX || (f->hosts[f->hosts_count] = strndup(name.left > 0 ? (const char *)name.at : "", name.left)) == NULL)
		return HOSTS_MAX;
	return (uint32_t)++f->hosts_count;
}

static struct process *slot_of(struct process *in, size_t size, uint32_t host, uint64_t pid)
{
	size_t i = (pid * 0x9e3779b97f4a7c15u >> 20 ^ host * 0x9e3779b1u) & (size - 1);

	while (in[i].host != 0 && (in[i].host != host || in[i].pid != pid))
		i = (i + 1) & (size - 1);
	return &in[i];
}

static int grow_processes(struct forest *f)
{
	size_t size = f->processes_size != 0 ? 2 * f->processes_size : 256;
	struct process *more = calloc(size, sizeof(*more));

	if (more == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < f->processes_size; i++) {
		if (f->processes[i].host != 0)
			*slot_of(more, size, f->processes[i].host, f->processes[i].pid) = f->processes[i];
	}
	free(f->processes);
	f->processes = more;
	f->processes_size = size;
	return 0;
}

/* The process; one that was not heard of is made. NULL: no memory. */
static struct process *process_of(struct forest *f, uint32_t host, uint64_t pid)
{
	struct process *p;

	if (2 * (f->processes_count + 1) > f->processes_size && grow_processes(f) < 0)
		return NULL;
	p = slot_of(f->processes, f->processes_size, host, pid);
	if (p->host == 0) {
		*p = (struct process){ .pid = pid, .host = host };
		f->processes_count++;
	}
	return p;
}

/* What stands after the last slash of either kind, as far as it fits. */
static void name_image(struct tree *t, struct bytes image)
{
	size_t from = image.left, len;

	while (from > 0 && image.at[from - 1] != '\\' && image.at[from - 1] != '/')
		from--;
	len = image.left - from < IMAGE_MAX - 1 ? image.left - from : IMAGE_MAX - 1;
	if (len > 0)
		memcpy(t->image, image.at + from, len);
	t->image[len] = '\0';
}

/* A new tree; its number + 1, or 0 without memory. */
static uint32_t plant(struct forest *f, struct bytes image)
{
	struct tree *t;

	if (f->trees_count == f->trees_size) {
		size_t size = f->trees_size != 0 ? 2 * f->trees_size : 16;
		struct tree *more = realloc(f->trees, size * sizeof(*more));

		if (more == NULL)
			return 0;
		f->trees = more;
		f->trees_size = size;
	}
	t = &f->trees[f->trees_count];
	if ((t->gather = gather_new()) == NULL)
		return 0;
	t->order = ++f->begun;
	name_image(t, image);
	return (uint32_t)++f->trees_count;
}

static uint64_t digest_of(struct bytes image)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < image.left; i++)
		h = (h ^ (image.at[i] | 0x20)) * 0x100000001b3u;
	return h;
}

/* Everything that is open goes out where it has become too much. */
static int make_room(struct forest *f)
{
	if (f->trees_count < FOREST_TREES_MAX && f->processes_count < FOREST_PROCESSES_MAX && f->text < FOREST_SIZE_MAX)
		return 0;
	f->sink->bad(f->sink->to, f->given->path, 0, "more processes than are kept at once: the samples so far are cut here");
	return forest_give(f);
}

int forest_born(struct forest *f, struct bytes host, uint64_t pid, uint64_t parent, struct bytes image)
{
	uint32_t h, tree = 0;
	struct process *p;
	uint64_t digest = digest_of(image);

	if (!f->given->by_process || pid == 0)
		return 0;
	h = host_of(f, host);
	if ((p = process_of(f, h, parent)) == NULL)
		return -ENOMEM;
	if (p->born)
		tree = p->tree;
	if ((p = process_of(f, h, pid)) == NULL)
		return -ENOMEM;
	/* two logs may tell of the same creation */
	if (p->born && !p->ended && p->parent == parent && p->image == digest)
		return 0;
	*p = (struct process){ .pid = pid, .parent = parent, .host = h, .born = true, .image = digest, .tree = tree };
	if (p->tree == 0 && (p->tree = plant(f, image)) == 0)
		return -ENOMEM;
	return 0;
}

void forest_ended(struct forest *f, struct bytes host, uint64_t pid)
{
	struct process *p;

	if (!f->given->by_process || pid == 0 || f->processes_size == 0)
		return;
	p = slot_of(f->processes, f->processes_size, host_of(f, host), pid);
	p->ended = p->host != 0;
}

static int tree_of(struct forest *f, struct bytes host, uint64_t pid, struct bytes image, struct tree **ret)
{
	struct process *p;

	if (!f->given->by_process) {
		if (f->trees_count == 0 && plant(f, bytes_of(NULL, 0)) == 0)
			return -ENOMEM;
		*ret = &f->trees[0];
		return 0;
	}
	if ((p = process_of(f, host_of(f, host), pid)) == NULL || (p->tree == 0 && (p->tree = plant(f, image)) == 0))
		return -ENOMEM;
	*ret = &f->trees[p->tree - 1];
	return 0;
}

int forest_add(struct forest *f, struct bytes host, uint64_t pid, struct bytes image, enum artefact_kind kind,
               enum artefact_action action, struct bytes value)
{
	struct tree *t = NULL;
	size_t before;
	int r = make_room(f);

	if (r < 0 || (r = tree_of(f, host, pid, image, &t)) < 0)
		return r;
	before = gather_size(t->gather);
	r = gather_add(t->gather, kind, action, value);
	f->text += gather_size(t->gather) - before;
	return r;
}

void forest_day(struct forest *f, int32_t day)
{
	f->day = f->day != DAY_NONE ? f->day : day;
}

int forest_give(struct forest *f)
{
	struct bytes file = given_name(f->given);
	char name[SAMPLE_NAME_MAX + 1];
	int r = 0;

	for (size_t i = 0; r == 0 && i < f->trees_count; i++) {
		struct tree *t = &f->trees[i];
		struct sample s = { .source = bytes_text(f->source), .day = f->day };

		if (gather_count(t->gather) == 0)
			continue;
		/* the last part of the name is the program's, by which a list of labels may call it */
		if (f->given->by_process) {
			snprintf(name, sizeof(name), "%.*s#%llu/%s", (int)(file.left < 256 ? file.left : 256), (const char *)file.at,
			         (unsigned long long)t->order, t->image[0] != '\0' ? t->image : "system");
			s.name = bytes_text(name);
		}
		r = gather_give(t->gather, &s, f->given, f->sink);
	}
	clear(f);
	return r;
}
