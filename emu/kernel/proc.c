/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc: what processes can read about themselves and each other, made when it is looked at. */
#include "emu/kernel/inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values of node->dynamic: the top, and a process's folders with its pid above the low bits. */
enum { PROC_TOP = 1, PROC_PROCESS = 2, PROC_FD = 3, PROC_SYS = 4, PROC_SYS_KERNEL = 5, PROC_NET = 6, PROC_ATTR = 7, PROC_KINDS = 8 };

static struct node *generated(struct kernel *k, enum node_kind kind, uint16_t mode)
{
	struct node *n = node_new(k->world->tree, kind, mode, k->current->who.uid, k->current->who.gid);

	if (n != NULL)
		n->generated = true;
	return n;
}

static struct node *text(struct kernel *k, enum node_kind kind, struct bytes b)
{
	struct node *n = generated(k, kind, kind == NODE_LINK ? 0777 : 0444);

	return n != NULL && node_write(k->world->tree, n, 0, b) == 0 ? n : NULL;
}

static struct node *folder(struct kernel *k, struct node *parent, int what, int pid)
{
	struct node *n = generated(k, NODE_DIR, 0555);

	if (n == NULL)
		return NULL;
	n->dynamic = what + pid * PROC_KINDS;
	n->parent = parent;
	n->links = 2;
	return n;
}

static struct node *maps(struct kernel *k, const struct process *p)
{
	struct node *n = generated(k, NODE_FILE, 0444);

	for (unsigned i = 0; n != NULL && p->space != NULL && i < p->space->count; i++) {
		const struct range *r = &p->space->ranges[i];
		char line[160];
		int len = snprintf(line, sizeof(line), "%08llx-%08llx %c%c%cp %08llx fe:01 0 %s\n",
		    (unsigned long long)r->start, (unsigned long long)r->end, (r->protection & 1) != 0 ? 'r' : '-',
		    (r->protection & 2) != 0 ? 'w' : '-', (r->protection & 4) != 0 ? 'x' : '-',
		    (unsigned long long)r->offset, r->name);

		if (node_write(k->world->tree, n, n->size, bytes_of(line, (size_t)len)) < 0)
			return NULL;
	}
	return n;
}

static char state_letter(const struct process *p)
{
	return p->state == PROCESS_READY ? 'R' : p->state == PROCESS_ZOMBIE ? 'Z' : 'S';
}

static struct node *process_file(struct kernel *k, const struct process *p, const char *name)
{
	char buf[PATH_BYTES];
	int len;

	if (strcmp(name, "exe") == 0) {
		struct node *n = p->program != NULL ? text(k, NODE_LINK, bytes_text(p->program)) : NULL;

		return n;
	}
	if (strcmp(name, "cmdline") == 0)
		return text(k, NODE_FILE, p->argv);
	if (strcmp(name, "environ") == 0)
		return text(k, NODE_FILE, p->environment);
	if (strcmp(name, "comm") == 0) {
		len = snprintf(buf, sizeof(buf), "%s\n", p->name);
	} else if (strcmp(name, "maps") == 0) {
		return maps(k, p);
	} else if (strcmp(name, "mounts") == 0) {
		return text(k, NODE_LINK, bytes_text("/proc/mounts"));
	} else if (strcmp(name, "mountinfo") == 0) {
		return text(k, NODE_LINK, bytes_text("/proc/mountinfo"));
	} else if (strcmp(name, "cwd") == 0) {
		return p->place != NULL && node_path(p->place->cwd, buf, sizeof(buf)) == 0 ?
		    text(k, NODE_LINK, bytes_text(buf)) : NULL;
	} else if (strcmp(name, "root") == 0) {
		return text(k, NODE_LINK, bytes_text("/"));
	} else if (strcmp(name, "stat") == 0) {
		len = snprintf(buf, sizeof(buf), "%d (%s) %c %d %d %d 0 -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 "
		    "%d 4000000 200 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
		    p->pid, p->name, state_letter(p), p->ppid, p->pgid, p->sid, 70000000 + p->pid);
	} else if (strcmp(name, "status") == 0) {
		len = snprintf(buf, sizeof(buf), "Name:\t%s\nUmask:\t0022\nState:\t%c (%s)\nTgid:\t%d\nPid:\t%d\n"
		    "PPid:\t%d\nTracerPid:\t0\nUid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nVmSize:\t4000 kB\n",
		    p->name, state_letter(p), p->state == PROCESS_READY ? "running" : "sleeping", p->tgid, p->pid,
		    p->ppid, p->ruid, p->who.uid, p->suid, p->who.uid, p->rgid, p->who.gid, p->who.gid,
		    p->who.gid);
	} else if (strcmp(name, "cgroup") == 0 && k->world->profile.cgroup[0] != 0) {
		len = snprintf(buf, sizeof(buf), "%s\n", k->world->profile.cgroup);
	} else {
		return NULL;
	}
	return text(k, NODE_FILE, bytes_of(buf, (size_t)len));
}

/* Of a process's security, as far as the server has any. What is written there changes nothing. */
static struct node *security_file(struct kernel *k, const char *name)
{
	static const char *const files[] = { "current", "exec", "fscreate", "keycreate", "prev", "sockcreate" };
	const char *context = k->world->profile.context;
	struct node *n;

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		bool says = i == 0 || i == 4;

		if (strcmp(name, files[i]) != 0)
			continue;
		/* who one is, like a user's number: what it is called differs between servers, that it stands there need not */
		record_ask(k->world->record, QUESTION_IDENTITY, "context", true);
		n = node_new(k->world->tree, NODE_FILE, 0666, k->current->who.uid, k->current->who.gid);
		return n != NULL && node_write(k->world->tree, n, 0, bytes_of(context, says ? strlen(context) + 1 : 0)) == 0 ?
		    n : NULL;
	}
	return NULL;
}

static struct node *descriptor_link(struct kernel *k, const struct process *p, const char *name)
{
	char *end, buf[PATH_BYTES];
	unsigned long fd = strtoul(name, &end, 10);
	struct node *n;
	struct file *f;

	if (*end != 0 || end == name || fd >= FDS_MAX || p->files == NULL || (f = p->files->at[fd].file) == NULL)
		return NULL;
	if (f->path != NULL)
		return text(k, NODE_LINK, bytes_text(f->path));
	snprintf(buf, sizeof(buf), "%s:[%lu]", f->kind->name, pipe_number(f) != 0 ? 9100ul + pipe_number(f) : 9000 + fd);
	if ((n = text(k, NODE_LINK, bytes_text(buf))) != NULL)
		n->open = f;
	return n;
}

static struct node *system_node(struct kernel *k, const char *prefix, const char *name)
{
	char buf[PATH_BYTES * 2], path[PATH_BYTES];
	int len;

	snprintf(path, sizeof(path), "%s%s", prefix, name);
	len = system_file(k, path, buf, sizeof(buf));
	return len >= 0 ? text(k, NODE_FILE, bytes_of(buf, (size_t)len)) : NULL;
}

struct node *proc_find(void *arg, struct node *dir, const char *name)
{
	int what = dir->dynamic % PROC_KINDS, pid = dir->dynamic / PROC_KINDS;
	struct kernel *k = arg;
	struct process *p;
	struct node *n;
	char buf[32], *end;

	if (k->current == NULL)
		return NULL;
	if (what == PROC_TOP) {
		if (strcmp(name, "self") == 0 || strcmp(name, "thread-self") == 0) {
			snprintf(buf, sizeof(buf), "%d", k->current->tgid);
			return text(k, NODE_LINK, bytes_text(buf));
		}
		if (strcmp(name, "sys") == 0)
			return folder(k, dir, PROC_SYS, 0);
		if (strcmp(name, "net") == 0)
			return folder(k, dir, PROC_NET, 0);
		if ((n = system_node(k, "", name)) != NULL)
			return n;
		pid = (int)strtol(name, &end, 10);
		return *end == 0 && end != name && process_find(k, pid) != NULL ? folder(k, dir, PROC_PROCESS, pid) : NULL;
	}
	if (what == PROC_SYS)
		return strcmp(name, "kernel") == 0 ? folder(k, dir, PROC_SYS_KERNEL, 0) : NULL;
	if (what == PROC_NET)
		return system_node(k, "net/", name);
	if (what == PROC_SYS_KERNEL)
		return system_node(k, "sys/kernel/", name);
	if ((p = process_find(k, pid)) == NULL)
		return NULL;
	if (what == PROC_FD)
		return descriptor_link(k, p, name);
	if (what == PROC_ATTR)
		return security_file(k, name);
	if (strcmp(name, "fd") == 0)
		return folder(k, dir, PROC_FD, pid);
	if (strcmp(name, "attr") == 0 && k->world->profile.context[0] != 0)
		return folder(k, dir, PROC_ATTR, pid);
	if (strcmp(name, "net") == 0)
		return folder(k, dir, PROC_NET, 0);
	return process_file(k, p, name);
}

void proc_list(struct kernel *k, struct node *dir)
{
	static const char *const files[] = { "attr", "cgroup", "cmdline", "comm", "cwd", "environ", "exe", "fd", "maps", "root", "stat", "status" };
	static const char *const tables[] = { "arp", "dev", "raw", "raw6", "route", "tcp", "tcp6", "udp", "udp6", "unix" };
	static const char *const system[] = { "cpuinfo", "loadavg", "meminfo", "net", "self", "stat", "sys", "uptime" };
	int what = dir->dynamic % PROC_KINDS, pid = dir->dynamic / PROC_KINDS;
	struct process *p = process_find(k, pid);
	struct node *n;
	char name[16];
	int r = 0;

	if (what == PROC_TOP || what == PROC_NET) {
		const char *const *names = what == PROC_TOP ? system : tables;
		size_t count = what == PROC_TOP ? COUNT_OF(system) : COUNT_OF(tables);

		for (size_t i = 0; i < count; i++)
			if (node_find(dir, names[i], strlen(names[i])) == NULL && (n = proc_find(k, dir, names[i])) != NULL)
				r |= node_link(k->world->tree, dir, names[i], n, 0);
	}
	if (what == PROC_TOP) {
		for (p = k->processes; p != NULL; p = p->next) {
			snprintf(name, sizeof(name), "%d", p->pid);
			if (!p->thread && node_find(dir, name, strlen(name)) == NULL &&
			    (n = folder(k, dir, PROC_PROCESS, p->pid)) != NULL)
				r |= node_link(k->world->tree, dir, name, n, 0);
		}
	} else if (what == PROC_PROCESS && p != NULL) {
		for (size_t i = 0; i < COUNT_OF(files); i++)
			if ((n = proc_find(k, dir, files[i])) != NULL)
				r |= node_link(k->world->tree, dir, files[i], n, 0);
	} else if (what == PROC_FD && p != NULL) {
		for (int fd = 0; p->files != NULL && fd < FDS_MAX; fd++) {
			snprintf(name, sizeof(name), "%d", fd);
			if ((n = descriptor_link(k, p, name)) != NULL)
				r |= node_link(k->world->tree, dir, name, n, 0);
		}
	}
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
