/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who and where one is: users, groups, sessions, the system's name and sizes, limits. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <asm/prctl.h>
#include <linux/prctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

static int64_t asked(struct kernel *k, const char *what, int64_t answer)
{
	record_ask(k->world->record, QUESTION_IDENTITY, what, true);
	return answer;
}

int64_t sys_getpid(struct kernel *k, const uint64_t *a)
{
	return k->current->tgid;
}

int64_t sys_gettid(struct kernel *k, const uint64_t *a)
{
	return k->current->pid;
}

int64_t sys_getppid(struct kernel *k, const uint64_t *a)
{
	return k->current->ppid;
}

int64_t sys_getuid(struct kernel *k, const uint64_t *a)
{
	return asked(k, "user", k->current->ruid);
}

int64_t sys_geteuid(struct kernel *k, const uint64_t *a)
{
	return asked(k, "user", k->current->who.uid);
}

int64_t sys_getgid(struct kernel *k, const uint64_t *a)
{
	return asked(k, "group", k->current->rgid);
}

int64_t sys_getegid(struct kernel *k, const uint64_t *a)
{
	return asked(k, "group", k->current->who.gid);
}

int64_t sys_getgroups(struct kernel *k, const uint64_t *a)
{
	const struct identity *who = &k->current->who;
	int r;

	if (a[0] == 0)
		return who->groups_count;
	if (a[0] < who->groups_count)
		return -EINVAL;
	r = guest_put(k, a[1], who->groups, who->groups_count * sizeof(who->groups[0]));
	return r < 0 ? r : (int64_t)who->groups_count;
}

/* Root may become anyone, others only who they are. */
int64_t sys_setuid(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;

	if (p->who.uid != 0 && (uint32_t)a[0] != p->ruid && (uint32_t)a[0] != p->suid)
		return -EPERM;
	if (p->who.uid == 0)
		p->ruid = p->suid = (uint32_t)a[0];
	p->undumpable |= p->who.uid != (uint32_t)a[0];
	p->who.uid = (uint32_t)a[0];
	return 0;
}

int64_t sys_setgid(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;

	if (p->who.uid != 0 && (uint32_t)a[0] != p->who.gid && (uint32_t)a[0] != p->rgid)
		return -EPERM;
	if (p->who.uid == 0)
		p->rgid = (uint32_t)a[0];
	p->who.gid = (uint32_t)a[0];
	return 0;
}

int64_t sys_setresuid(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;

	for (int i = 0; i < 3; i++)
		if ((uint32_t)a[i] != UINT32_MAX && p->who.uid != 0 && (uint32_t)a[i] != p->ruid)
			return -EPERM;
	p->ruid = (uint32_t)a[0] != UINT32_MAX ? (uint32_t)a[0] : p->ruid;
	p->who.uid = (uint32_t)a[1] != UINT32_MAX ? (uint32_t)a[1] : p->who.uid;
	p->suid = (uint32_t)a[2] != UINT32_MAX ? (uint32_t)a[2] : p->suid;
	return 0;
}

int64_t sys_setresgid(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;

	for (int i = 0; i < 3; i++)
		if ((uint32_t)a[i] != UINT32_MAX && p->who.uid != 0 && (uint32_t)a[i] != p->who.gid &&
		    (uint32_t)a[i] != p->rgid)
			return -EPERM;
	p->rgid = (uint32_t)a[0] != UINT32_MAX ? (uint32_t)a[0] : p->rgid;
	p->who.gid = (uint32_t)a[1] != UINT32_MAX ? (uint32_t)a[1] : p->who.gid;
	return 0;
}

int64_t sys_getresuid(struct kernel *k, const uint64_t *a)
{
	const struct process *p = k->current;

	if (guest_put(k, a[0], &p->ruid, 4) < 0 || guest_put(k, a[1], &p->who.uid, 4) < 0)
		return -EFAULT;
	return guest_put(k, a[2], &p->suid, 4);
}

int64_t sys_getresgid(struct kernel *k, const uint64_t *a)
{
	const uint32_t gid = k->current->who.gid;

	if (guest_put(k, a[0], &k->current->rgid, 4) < 0 || guest_put(k, a[1], &gid, 4) < 0)
		return -EFAULT;
	return guest_put(k, a[2], &gid, 4);
}

int64_t sys_setgroups(struct kernel *k, const uint64_t *a)
{
	return k->current->who.uid == 0 ? 0 : -EPERM;
}

int64_t sys_getpgid(struct kernel *k, const uint64_t *a)
{
	struct process *p = a[0] == 0 ? k->current : process_find(k, (int)a[0]);

	return p != NULL ? p->pgid : -ESRCH;
}

int64_t sys_getpgrp(struct kernel *k, const uint64_t *a)
{
	return k->current->pgid;
}

int64_t sys_setpgid(struct kernel *k, const uint64_t *a)
{
	struct process *p = a[0] == 0 ? k->current : process_find(k, (int)a[0]);

	if (p == NULL || (p != k->current && p->ppid != k->current->pid))
		return -ESRCH;
	p->pgid = a[1] != 0 ? (int)a[1] : p->pid;
	return 0;
}

int64_t sys_getsid(struct kernel *k, const uint64_t *a)
{
	struct process *p = a[0] == 0 ? k->current : process_find(k, (int)a[0]);

	return p != NULL ? p->sid : -ESRCH;
}

int64_t sys_setsid(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;

	if (p->pgid == p->pid)
		return -EPERM;
	p->sid = p->pgid = p->pid;
	return p->sid;
}

int64_t sys_uname(struct kernel *k, const uint64_t *a)
{
	const struct profile *f = &k->world->profile;
	struct utsname u = { .sysname = "Linux", .machine = "x86_64" };
	char facts[sizeof(u)];
	int len;

	snprintf(u.nodename, sizeof(u.nodename), "%s", k->world->hostname);
	snprintf(u.release, sizeof(u.release), "%s", f->kernel_release);
	snprintf(u.version, sizeof(u.version), "%s", f->kernel_version);
	snprintf(u.domainname, sizeof(u.domainname), "%s", f->domain);
	record_ask(k->world->record, QUESTION_IDENTITY, "system", true);
	len = snprintf(facts, sizeof(facts), "%s\n%s\n%s\n%s\n", u.nodename, u.release, u.version, u.machine);
	world_tell(k->world, bytes_of(facts, (size_t)len));
	return guest_put(k, a[0], &u, sizeof(u));
}

int64_t sys_sysinfo(struct kernel *k, const uint64_t *a)
{
	uint64_t all = (uint64_t)k->world->profile.memory_mb << 20;
	struct sysinfo s = {
		.uptime = (long)(kernel_monotonic(k) / 1000000000), .loads = { 2000, 3000, 2500 }, .totalram = all,
		.freeram = all / 5 * 2, .sharedram = all / 64, .bufferram = all / 32, .procs = 112, .mem_unit = 1,
	};

	return guest_put(k, a[0], &s, sizeof(s));
}

int64_t sys_prlimit64(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	uint64_t old[2], new[2];

	if (a[1] >= COUNT_OF(p->limits))
		return -EINVAL;
	if (a[0] != 0 && (p = process_find(k, (int)a[0])) == NULL)
		return -ESRCH;
	if (p->who.uid != k->current->who.uid && k->current->who.uid != 0)
		return -EPERM;
	memcpy(old, p->limits[a[1]], sizeof(old));
	if (a[2] != 0) {
		if (guest_get(k, a[2], new, sizeof(new)) < 0)
			return -EFAULT;
		if (new[0] > new[1])
			return -EINVAL;
		if (p->who.uid != 0 && new[1] > old[1])
			return -EPERM;
		memcpy(p->limits[a[1]], new, sizeof(new));
	}
	return a[3] != 0 ? guest_put(k, a[3], old, sizeof(old)) : 0;
}

int64_t sys_getrlimit(struct kernel *k, const uint64_t *a)
{
	return sys_prlimit64(k, (const uint64_t[]){ 0, a[0], 0, a[1] });
}

int64_t sys_setrlimit(struct kernel *k, const uint64_t *a)
{
	return sys_prlimit64(k, (const uint64_t[]){ 0, a[0], a[1], 0 });
}

int64_t sys_getrusage(struct kernel *k, const uint64_t *a)
{
	uint64_t usage[18] = { 0, 1000, 0, 1000, 4000 };

	return guest_put(k, a[1], usage, sizeof(usage));
}

int64_t sys_getpriority(struct kernel *k, const uint64_t *a)
{
	const struct process *p = a[0] == PRIO_PROCESS && (int)a[1] != 0 ? process_find(k, (int)a[1]) : k->current;

	return p != NULL ? 20 - p->nice : -ESRCH;
}

int64_t sys_setpriority(struct kernel *k, const uint64_t *a)
{
	struct process *p = a[0] == PRIO_PROCESS && (int)a[1] != 0 ? process_find(k, (int)a[1]) : k->current;
	int nice = (int)a[2] < -20 ? -20 : (int)a[2] > 19 ? 19 : (int)a[2];

	if (p == NULL)
		return -ESRCH;
	if (k->current->who.uid != 0 && (nice < p->nice || p->who.uid != k->current->who.uid))
		return -EACCES;
	p->nice = nice;
	return 0;
}

int64_t sys_sched_getaffinity(struct kernel *k, const uint64_t *a)
{
	uint64_t set = k->world->profile.processors >= 64 ? UINT64_MAX : (1ull << k->world->profile.processors) - 1;
	int r;

	if (a[1] < sizeof(set))
		return -EINVAL;
	r = guest_put(k, a[2], &set, sizeof(set));
	return r < 0 ? r : (int64_t)sizeof(set);
}

int64_t sys_getcpu(struct kernel *k, const uint64_t *a)
{
	uint32_t zero = 0;

	return (a[0] != 0 && guest_put(k, a[0], &zero, 4) < 0) || (a[1] != 0 && guest_put(k, a[1], &zero, 4) < 0) ?
	    -EFAULT : 0;
}

int64_t sys_arch_prctl(struct kernel *k, const uint64_t *a)
{
	uint64_t v;

	switch (a[0]) {
	case ARCH_SET_FS:
		machine_set(k->machine, GPR_FS_BASE, a[1]);
		return 0;
	case ARCH_SET_GS:
		machine_set(k->machine, GPR_GS_BASE, a[1]);
		return 0;
	case ARCH_GET_FS:
	case ARCH_GET_GS:
		v = machine_get(k->machine, a[0] == ARCH_GET_FS ? GPR_FS_BASE : GPR_GS_BASE);
		return guest_put(k, a[1], &v, sizeof(v));
	default:
		return -EINVAL;
	}
}

int64_t sys_prctl(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	struct event *event;
	char name[16] = { 0 };

	switch (a[0]) {
	case PR_SET_NAME:
		if (space_string(p->space, a[1], name, sizeof(name)) == -EFAULT)
			return -EFAULT;
		memcpy(p->name, name, sizeof(p->name) - 1);
		if ((event = world_event(k->world, EVENT_NAME)) != NULL)
			event->name = tell_text(k, "%s", p->name);
		return 0;
	case PR_GET_NAME:
		memcpy(name, p->name, sizeof(name));
		return guest_put(k, a[1], name, sizeof(name));
	case PR_SET_PDEATHSIG:
		if (a[1] > SIGNALS)
			return -EINVAL;
		p->death_signal = (int)a[1];
		return 0;
	case PR_GET_PDEATHSIG:
		return guest_put(k, a[1], &p->death_signal, sizeof(p->death_signal));
	case PR_SET_DUMPABLE:
	case PR_SET_NO_NEW_PRIVS:
	case PR_SET_KEEPCAPS:
		return 0;
	case PR_GET_DUMPABLE:
		return 1;
	case PR_CAPBSET_READ:
		return p->who.uid == 0;
	default:
		return -EINVAL;
	}
}

int64_t sys_capget(struct kernel *k, const uint64_t *a)
{
	uint32_t all = k->current->who.uid == 0 ? UINT32_MAX : 0, header[2] = { 0x20080522, 0 };
	uint32_t data[6] = { all, all, 0, all & 0x1ff, all & 0x1ff, 0 };

	if (guest_put(k, a[0], header, sizeof(header)) < 0)
		return -EFAULT;
	return a[1] != 0 ? guest_put(k, a[1], data, sizeof(data)) : 0;
}

/* Giving up is always allowed, taking never. */
int64_t sys_capset(struct kernel *k, const uint64_t *a)
{
	uint32_t data[6] = { 0 };

	if (a[1] == 0 || guest_get(k, a[1], data, sizeof(data)) < 0)
		return -EFAULT;
	for (size_t i = 0; i < COUNT_OF(data) && k->current->who.uid != 0; i++)
		if (data[i] != 0)
			return -EPERM;
	return 0;
}

int64_t sys_getrandom(struct kernel *k, const uint64_t *a)
{
	uint64_t len = a[1] < 256 ? a[1] : 256;
	uint8_t *to = guest_write(k, a[0], len);

	if (to == NULL && len != 0)
		return -EFAULT;
	record_ask(k->world->record, QUESTION_RANDOM, "getrandom", true);
	if (len != 0)
		world_random_bytes(k->world, to, len);
	return (int64_t)len;
}
