/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID: what a process can read about itself and others, made when it is looked at. */
#include "emu/kernel/proc.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct node *maps(struct kernel *k, const struct process *p)
{
	struct node *n = proc_node(k, NODE_FILE, 0444);

	for (unsigned i = 0; n != NULL && p->space != NULL && i < p->space->count; i++) {
		const struct range *r = &p->space->ranges[i];
		bool named = r->name[0] != 0, file = named && r->name[0] != '[';
		char line[PATH_BYTES + 100];
		int len = snprintf(line, sizeof(line), "%08llx-%08llx %c%c%c%c %08llx %s %-10u", (unsigned long long)r->start,
		    (unsigned long long)r->end, (r->protection & 1) != 0 ? 'r' : '-', (r->protection & 2) != 0 ? 'w' : '-',
		    (r->protection & 4) != 0 ? 'x' : '-', r->shared != NULL ? 's' : 'p', (unsigned long long)r->offset,
		    file ? "fe:01" : "00:00", file ? 1000u : 0u);

		if (named) {
			while (len < 73)
				line[len++] = ' ';
			len += snprintf(line + len, sizeof(line) - (size_t)len, "%s", strcmp(r->name, "[program]") == 0 &&
			    p->program != NULL ? p->program : r->name);
		}
		line[len++] = '\n';
		if (node_write(k->world->tree, n, n->size, bytes_of(line, (size_t)len)) < 0)
			return NULL;
	}
	return n;
}

static char state_letter(const struct process *p)
{
	return p->state == PROCESS_ZOMBIE ? 'Z' : p->group->stopped ? 'T' : p->state == PROCESS_READY ? 'R' : 'S';
}

static unsigned threads_of(const struct kernel *k, const struct process *p)
{
	unsigned n = 0;

	for (const struct process *q = k->processes; q != NULL; q = q->next)
		n += q->tgid == p->tgid && q->state != PROCESS_ZOMBIE;
	return n != 0 ? n : 1;
}

/* Bytes of its addresses, and of those that are its own memory. */
static uint64_t size_of(const struct process *p, bool own)
{
	uint64_t n = 0;

	for (unsigned i = 0; p->space != NULL && i < p->space->count; i++) {
		const struct range *r = &p->space->ranges[i];

		n += own && r->kind != RANGE_MEMORY ? 0 : own && r->kind == RANGE_STACK ? r->end - r->low : r->end - r->start;
	}
	return n;
}

static int stat_text(struct kernel *k, const struct process *p, char *buf, size_t size)
{
	unsigned long long ticks = p->group->cpu_ns / 10000000, born = 70000000ull + (unsigned)p->pid;

	return snprintf(buf, size, "%d (%s) %c %d %d %d 0 -1 4194304 100 0 0 0 %llu 0 %llu 0 %d %d %u 0 %llu %llu %llu "
	    "18446744073709551615 1 1 0 0 0 0 %llu 0 0 0 0 0 %d 0 0 0 0 0 0 0 0 0 0 0 0 0 %d\n", p->pid, p->name, state_letter(p),
	    p->ppid, p->pgid, p->sid, ticks, (unsigned long long)p->group->children_cpu_ns / 10000000, 20 + p->nice, p->nice,
	    threads_of(k, p), born, (unsigned long long)size_of(p, false),
	    (unsigned long long)size_of(p, true) / GUEST_PAGE, (unsigned long long)(p->mask & 0x7fffffff), p->exit_signal,
	    p->ended ? p->exit_status : 0);
}

/* Which signals it ignores, or handles. */
static uint64_t actions_set(const struct process *p, bool handled)
{
	uint64_t set = 0;

	for (int i = 1; i <= SIGNALS && p->actions != NULL; i++)
		if (handled ? p->actions->of[i].handler > 1 : p->actions->of[i].handler == 1)
			set |= 1ull << (i - 1);
	return set;
}

static int status_text(struct kernel *k, const struct process *p, char *buf, size_t size)
{
	static const struct { char letter; const char *word; } words[] = {
		{ 'R', "running" }, { 'S', "sleeping" }, { 'Z', "zombie" }, { 'T', "stopped" },
	};
	unsigned long long virt = size_of(p, false) / 1024, own = size_of(p, true) / 1024;
	unsigned long long all = p->who.uid == 0 ? 0x1ffffffffff : 0;
	const char *word = "";
	int len;

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (words[i].letter == state_letter(p))
			word = words[i].word;
	len = snprintf(buf, size, "Name:\t%s\nUmask:\t%04o\nState:\t%c (%s)\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\n"
	    "TracerPid:\t0\nUid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nFDSize:\t64\nGroups:\t", p->name,
	    p->place != NULL ? p->place->umask : 022, state_letter(p), word, p->tgid, p->pid, p->ppid, p->ruid, p->who.uid,
	    p->suid, p->who.uid, p->rgid, p->who.gid, p->who.gid, p->who.gid);
	for (unsigned i = 0; i < p->who.groups_count; i++)
		len += snprintf(buf + len, size - (size_t)len, "%u ", p->who.groups[i]);
	len += snprintf(buf + len, size - (size_t)len, "\nNStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\nVmPeak:\t%8llu kB\n"
	    "VmSize:\t%8llu kB\nVmLck:\t       0 kB\nVmRSS:\t%8llu kB\nVmData:\t%8llu kB\nThreads:\t%u\nSigQ:\t0/15000\n"
	    "SigPnd:\t%016llx\nShdPnd:\t%016llx\nSigBlk:\t%016llx\nSigIgn:\t%016llx\nSigCgt:\t%016llx\n"
	    "CapInh:\t0000000000000000\nCapPrm:\t%016llx\nCapEff:\t%016llx\nCapBnd:\t000001ffffffffff\n"
	    "CapAmb:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t0\nCpus_allowed_list:\t0-%u\n", p->tgid, p->pid, p->pgid, p->sid,
	    virt, virt, own, own, threads_of(k, p), (unsigned long long)p->pending.set,
	    (unsigned long long)p->group->pending.set, (unsigned long long)p->mask, (unsigned long long)actions_set(p, false),
	    (unsigned long long)actions_set(p, true), all, all, k->world->profile.processors - 1);
	return len;
}

static int limits_text(const struct process *p, char *buf, size_t size)
{
	static const struct { const char *name, *unit; int number; } rows[] = {
		{ "Max cpu time", "seconds", 0 }, { "Max file size", "bytes", 1 }, { "Max data size", "bytes", 2 },
		{ "Max stack size", "bytes", 3 }, { "Max core file size", "bytes", 4 }, { "Max resident set", "bytes", 5 },
		{ "Max processes", "processes", 6 }, { "Max open files", "files", 7 }, { "Max locked memory", "bytes", 8 },
		{ "Max address space", "bytes", 9 }, { "Max file locks", "locks", 10 }, { "Max pending signals", "signals", 11 },
		{ "Max msgqueue size", "bytes", 12 }, { "Max nice priority", "", 13 }, { "Max realtime priority", "", 14 },
		{ "Max realtime timeout", "us", 15 },
	};
	int len = snprintf(buf, size, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char text[2][24];

		for (int j = 0; j < 2; j++)
			snprintf(text[j], sizeof(text[j]), p->limits[rows[i].number][j] == UINT64_MAX ? "unlimited" : "%llu",
			    (unsigned long long)p->limits[rows[i].number][j]);
		len += snprintf(buf + len, size - (size_t)len, "%-25s %-20s %-20s %-10s\n", rows[i].name, text[0], text[1],
		    rows[i].unit);
	}
	return len;
}

/* -ENOENT: no such file, or none that is text. */
static int process_text(struct kernel *k, const struct process *p, const char *name, char *buf, size_t size)
{
	unsigned long long pages = size_of(p, false) / GUEST_PAGE, own = size_of(p, true) / GUEST_PAGE;

	if (strcmp(name, "comm") == 0)
		return snprintf(buf, size, "%s\n", p->name);
	if (strcmp(name, "stat") == 0)
		return stat_text(k, p, buf, size);
	if (strcmp(name, "status") == 0)
		return status_text(k, p, buf, size);
	if (strcmp(name, "limits") == 0)
		return limits_text(p, buf, size);
	if (strcmp(name, "statm") == 0)
		return snprintf(buf, size, "%llu %llu %llu 1 0 %llu 0\n", pages, own, own / 2, own);
	if (strcmp(name, "oom_score") == 0)
		return snprintf(buf, size, "666\n");
	if (strcmp(name, "oom_score_adj") == 0 || strcmp(name, "oom_adj") == 0)
		return snprintf(buf, size, "0\n");
	if (strcmp(name, "loginuid") == 0 || strcmp(name, "sessionid") == 0)
		return snprintf(buf, size, "4294967295");
	if (strcmp(name, "wchan") == 0)
		return snprintf(buf, size, "0");
	if (strcmp(name, "io") == 0)
		return snprintf(buf, size, "rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\n"
		    "cancelled_write_bytes: 0\n");
	if (strcmp(name, "cgroup") == 0 && k->world->profile.cgroup[0] != 0)
		return snprintf(buf, size, "%s\n", k->world->profile.cgroup);
	if (strcmp(name, "uid_map") == 0 || strcmp(name, "gid_map") == 0)
		return snprintf(buf, size, "         0          0 4294967295\n");
	return -ENOENT;
}

struct node *proc_process(struct kernel *k, const struct process *p, const char *name)
{
	char buf[PATH_BYTES];
	struct node *n;
	int len;

	if (strcmp(name, "exe") == 0)
		return p->program != NULL && p->space != NULL ? proc_text(k, NODE_LINK, bytes_text(p->program)) : NULL;
	if (strcmp(name, "mounts") == 0 || strcmp(name, "mountinfo") == 0) {
		snprintf(buf, sizeof(buf), "/proc/%s", name);
		return proc_text(k, NODE_LINK, bytes_text(buf));
	}
	if (strcmp(name, "cwd") == 0)
		return p->place != NULL && node_path(p->place->cwd, buf, sizeof(buf)) == 0 ?
		    proc_text(k, NODE_LINK, bytes_text(buf)) : NULL;
	if (strcmp(name, "root") == 0)
		return proc_text(k, NODE_LINK, bytes_text("/"));
	if (strcmp(name, "cmdline") == 0)
		n = proc_text(k, NODE_FILE, p->space != NULL ? p->argv : (struct bytes){ 0 });
	else if (strcmp(name, "environ") == 0)
		n = proc_text(k, NODE_FILE, p->space != NULL ? p->environment : (struct bytes){ 0 });
	else if (strcmp(name, "maps") == 0)
		n = maps(k, p);
	else
		n = (len = process_text(k, p, name, buf, sizeof(buf))) >= 0 ?
		    proc_text(k, NODE_FILE, bytes_of(buf, (size_t)len)) : NULL;
	if (n == NULL)
		return NULL;
	if (strcmp(name, "environ") == 0 || strcmp(name, "io") == 0)
		n->mode = 0400;
	n->uid = p->undumpable ? 0 : p->who.uid;
	n->gid = p->undumpable ? 0 : p->who.gid;
	n->dynamic = proc_code(PROC_FILE, p->pid);
	return n;
}

/* Of a process's security, as far as the server has any. What is written there changes nothing. */
struct node *proc_security(struct kernel *k, const char *name)
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
