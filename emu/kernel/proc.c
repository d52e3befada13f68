/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc as a tree: its folders, filled when they are looked at. */
#include "emu/kernel/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node *proc_node(struct kernel *k, enum node_kind kind, uint16_t mode)
{
	struct node *n = node_new(k->world->tree, kind, mode, 0, 0);

	if (n != NULL)
		n->generated = true;
	return n;
}

struct node *proc_text(struct kernel *k, enum node_kind kind, struct bytes b)
{
	struct node *n = proc_node(k, kind, kind == NODE_LINK ? 0777 : 0444);

	return n != NULL && node_write(k->world->tree, n, 0, b) == 0 ? n : NULL;
}

static struct node *folder(struct kernel *k, struct node *parent, int kind, int number)
{
	const struct process *p = kind == PROC_SYS || kind == PROC_NET ? NULL : process_find(k, number);
	struct node *n = proc_node(k, NODE_DIR, kind == PROC_FD || kind == PROC_FDINFO ? 0500 : 0555);

	if (n == NULL)
		return NULL;
	n->dynamic = proc_code(kind, number);
	n->parent = parent;
	n->links = 2;
	if (p != NULL) {
		n->uid = p->who.uid;
		n->gid = p->who.gid;
	}
	return n;
}

static struct file *descriptor(const struct process *p, const char *name)
{
	char *end;
	unsigned long fd = strtoul(name, &end, 10);

	return *end == 0 && end != name && fd < FDS_MAX && p->files != NULL ? p->files->at[fd].file : NULL;
}

/* Is it still what its path leads to? */
static bool stands_at(struct kernel *k, const struct node *n, const char *path)
{
	struct walk w;

	return tree_walk(k->world->tree, tree_root(k->world->tree), path, &(struct identity){ 0 }, false, &w) == 0 && w.node == n;
}

static struct node *descriptor_link(struct kernel *k, const struct process *p, const char *name)
{
	struct file *f = descriptor(p, name);
	char buf[PATH_BYTES + 16];
	struct node *n;

	if (f == NULL)
		return NULL;
	if (f->path != NULL && f->node != NULL && f->kind != &file_pipe_reader && f->kind != &file_pipe_writer) {
		bool gone = !f->node->generated && !stands_at(k, f->node, f->path);

		snprintf(buf, sizeof(buf), "%s%s", f->path, gone ? " (deleted)" : "");
		n = proc_text(k, NODE_LINK, bytes_text(buf));
		if (n != NULL && gone)
			n->open = f;
		return n;
	}
	if (f->path != NULL)
		snprintf(buf, sizeof(buf), "%s", f->path);
	else if (strcmp(f->kind->name, "anon_inode") == 0)
		snprintf(buf, sizeof(buf), "anon_inode:[%s]", "eventpoll");
	else
		snprintf(buf, sizeof(buf), "%s:[%lu]", f->kind->name, pipe_number(f) != 0 ? 9100ul + pipe_number(f) :
		    9000 + strtoul(name, NULL, 10));
	if ((n = proc_text(k, NODE_LINK, bytes_text(buf))) != NULL)
		n->open = f;
	return n;
}

static struct node *descriptor_info(struct kernel *k, const struct process *p, const char *name)
{
	struct file *f = descriptor(p, name);
	char buf[128];
	int len = f == NULL ? 0 : snprintf(buf, sizeof(buf), "pos:\t%llu\nflags:\t0%o\nmnt_id:\t21\n", (unsigned long long)f->offset,
	    (unsigned)f->flags);

	return f != NULL ? proc_text(k, NODE_FILE, bytes_of(buf, (size_t)len)) : NULL;
}

static struct node *system_node(struct kernel *k, const char *prefix, const char *name)
{
	char buf[PATH_BYTES * 2], path[PATH_BYTES];
	int len;

	snprintf(path, sizeof(path), "%s%s", prefix, name);
	len = system_file(k, path, buf, sizeof(buf));
	return len >= 0 ? proc_text(k, NODE_FILE, bytes_of(buf, (size_t)len)) : NULL;
}

static struct node *find_top(struct kernel *k, struct node *dir, const char *name)
{
	struct node *n;
	char buf[64], *end;
	long pid;

	if (strcmp(name, "self") == 0 || strcmp(name, "thread-self") == 0) {
		snprintf(buf, sizeof(buf), name[0] == 's' ? "%d" : "%d/task/%d", k->current->tgid, k->current->pid);
		return proc_text(k, NODE_LINK, bytes_text(buf));
	}
	if (strcmp(name, "sys") == 0)
		return folder(k, dir, PROC_SYS, 0);
	if (strcmp(name, "net") == 0)
		return folder(k, dir, PROC_NET, 0);
	if ((n = system_node(k, "", name)) != NULL)
		return n;
	pid = strtol(name, &end, 10);
	return *end == 0 && end != name && name[0] != '0' && process_find(k, (int)pid) != NULL ?
	    folder(k, dir, PROC_PROCESS, (int)pid) : NULL;
}

static struct node *find_system(struct kernel *k, struct node *dir, int number, const char *name)
{
	char path[128];
	int below;

	snprintf(path, sizeof(path), "%s/%s", system_folder((unsigned)number), name);
	for (below = 0; system_folder((unsigned)below) != NULL; below++)
		if (strcmp(system_folder((unsigned)below), path) == 0)
			return folder(k, dir, PROC_SYS, below);
	snprintf(path, sizeof(path), "%s/", system_folder((unsigned)number));
	return system_node(k, path, name);
}

static struct node *find_process(struct kernel *k, struct node *dir, struct process *p, const char *name)
{
	static const struct { const char *name; int kind; } folders[] = {
		{ "fd", PROC_FD }, { "fdinfo", PROC_FDINFO }, { "net", PROC_NET }, { "task", PROC_TASK }, { "ns", PROC_NS },
	};

	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (strcmp(name, folders[i].name) == 0)
			return folder(k, dir, folders[i].kind, folders[i].kind == PROC_NET ? 0 : p->pid);
	if (strcmp(name, "attr") == 0)
		return k->world->profile.context[0] != 0 ? folder(k, dir, PROC_ATTR, p->pid) : NULL;
	return proc_process(k, p, name);
}

static const struct { const char *name; unsigned number; } namespaces[] = {
	{ "cgroup", 4026531835 }, { "ipc", 4026531839 }, { "mnt", 4026531841 }, { "net", 4026531840 }, { "pid", 4026531836 },
	{ "time", 4026531834 }, { "user", 4026531837 }, { "uts", 4026531838 },
};

static struct node *namespace_link(struct kernel *k, const char *name)
{
	char buf[64];

	for (size_t i = 0; i < COUNT_OF(namespaces); i++)
		if (strcmp(name, namespaces[i].name) == 0) {
			snprintf(buf, sizeof(buf), "%s:[%u]", name, namespaces[i].number);
			return proc_text(k, NODE_LINK, bytes_text(buf));
		}
	return NULL;
}

struct node *proc_find(void *arg, struct node *dir, const char *name)
{
	int kind = dir->dynamic % PROC_KINDS, number = dir->dynamic / PROC_KINDS;
	struct kernel *k = arg;
	struct process *p, *thread;

	if (k->current == NULL)
		return NULL;
	if (kind == PROC_TOP)
		return find_top(k, dir, name);
	if (kind == PROC_SYS)
		return find_system(k, dir, number, name);
	if (kind == PROC_NET)
		return system_node(k, "net/", name);
	if ((p = process_find(k, number)) == NULL)
		return NULL;
	switch (kind) {
	case PROC_FD:
		return descriptor_link(k, p, name);
	case PROC_FDINFO:
		return descriptor_info(k, p, name);
	case PROC_ATTR:
		return proc_security(k, name);
	case PROC_NS:
		return namespace_link(k, name);
	case PROC_TASK:
		thread = process_find(k, atoi(name));
		return thread != NULL && thread->tgid == p->tgid && name[0] >= '1' && name[0] <= '9' ?
		    folder(k, dir, PROC_PROCESS, thread->pid) : NULL;
	default:
		return find_process(k, dir, p, name);
	}
}

struct node *proc_again(struct kernel *k, const struct node *n, const char *path)
{
	const char *name = strrchr(path, '/');
	struct process *p;

	if (n->dynamic % PROC_KINDS != PROC_FILE || (p = process_find(k, n->dynamic / PROC_KINDS)) == NULL)
		return NULL;
	return proc_process(k, p, name != NULL ? name + 1 : path);
}

/* Enters names that stand in a list. */
static int enter(struct kernel *k, struct node *dir, const char *const *names, size_t count)
{
	struct node *n;
	int r = 0;

	for (size_t i = 0; i < count; i++)
		if (node_find(dir, names[i], strlen(names[i])) == NULL && (n = proc_find(k, dir, names[i])) != NULL)
			r |= node_link(k->world->tree, dir, names[i], n, 0);
	return r;
}

static int enter_numbers(struct kernel *k, struct node *dir, int kind, const struct process *of)
{
	char name[16];
	int r = 0;

	if (kind == PROC_FD || kind == PROC_FDINFO)
		for (int fd = 0; of->files != NULL && fd < FDS_MAX; fd++) {
			snprintf(name, sizeof(name), "%d", fd);
			if (of->files->at[fd].file != NULL)
				r |= enter(k, dir, (const char *const[]){ name }, 1);
		}
	else
		for (const struct process *p = k->processes; p != NULL; p = p->next) {
			snprintf(name, sizeof(name), "%d", p->pid);
			if (kind == PROC_TASK ? p->tgid == of->tgid && p->state != PROCESS_ZOMBIE : !p->thread && !p->reaped)
				r |= enter(k, dir, (const char *const[]){ name }, 1);
		}
	return r;
}

void proc_list(struct kernel *k, struct node *dir)
{
	static const char *const files[] = { "attr", "cgroup", "cmdline", "comm", "cwd", "environ", "exe", "fd", "fdinfo", "gid_map",
		"io", "limits", "loginuid", "maps", "mountinfo", "mounts", "net", "ns", "oom_adj", "oom_score", "oom_score_adj", "root",
		"sessionid", "stat", "statm", "status", "task", "uid_map", "wchan" };
	static const char *const tables[] = { "arp", "dev", "raw", "raw6", "route", "tcp", "tcp6", "udp", "udp6", "unix" };
	static const char *const system[] = { "cpuinfo", "loadavg", "meminfo", "net", "self", "stat", "swaps", "sys",
		"thread-self", "uptime", "vmstat" };
	static const char *const security[] = { "current", "exec", "fscreate", "keycreate", "prev", "sockcreate" };
	int kind = dir->dynamic % PROC_KINDS, number = dir->dynamic / PROC_KINDS, r = 0;
	struct process *p = process_find(k, number);
	const char *names[64];
	size_t count;

	for (unsigned i = dir->count; i-- > 0;)
		if (dir->entries[i].node->generated)
			r |= node_unlink(k->world->tree, dir, dir->entries[i].name, dir->changed_ns);
	if (kind == PROC_TOP)
		r |= enter(k, dir, system, COUNT_OF(system)) | enter_numbers(k, dir, kind, NULL);
	else if (kind == PROC_NET)
		r |= enter(k, dir, tables, COUNT_OF(tables));
	else if (kind == PROC_SYS && (count = system_names((unsigned)number, names, COUNT_OF(names))) != 0)
		r |= enter(k, dir, names, count);
	else if (kind == PROC_PROCESS && p != NULL)
		r |= enter(k, dir, files, COUNT_OF(files));
	else if (kind == PROC_ATTR)
		r |= enter(k, dir, security, COUNT_OF(security));
	else if (kind == PROC_NS)
		for (size_t i = 0; i < COUNT_OF(namespaces); i++)
			r |= enter(k, dir, &namespaces[i].name, 1);
	else if ((kind == PROC_FD || kind == PROC_FDINFO || kind == PROC_TASK) && p != NULL)
		r |= enter_numbers(k, dir, kind, p);
	/* a listing that memory cut short is shorter */
	(void)r;
}

int proc_furnish(struct tree *t)
{
	struct walk w;
	struct node *n;
	int r = tree_walk(t, tree_root(t), "/proc", &(struct identity){ 0 }, true, &w);

	if (r < 0)
		return r;
	if ((n = w.node) == NULL) {
		if ((n = node_new(t, NODE_DIR, 0555, 0, 0)) == NULL || node_link(t, tree_root(t), "proc", n, 0) < 0)
			return -ENOMEM;
	}
	n->dynamic = PROC_TOP;
	return 0;
}
