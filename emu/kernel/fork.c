/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New processes and threads, their end, and waiting for it. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static unsigned live(const struct kernel *k)
{
	unsigned n = 0;

	for (const struct process *p = k->processes; p != NULL; p = p->next)
		n++;
	return n;
}

/* Shares or copies all but memory and registers. */
static int inherit(struct kernel *k, struct process *from, struct process *p, uint64_t flags)
{
	p->ppid = (flags & (CLONE_THREAD | CLONE_PARENT)) != 0 ? from->ppid : from->tgid;
	p->thread = (flags & CLONE_THREAD) != 0;
	if (p->thread)
		p->tgid = from->tgid;
	p->pgid = from->pgid;
	p->sid = from->sid;
	p->who = from->who;
	p->suid = from->suid;
	p->ruid = from->ruid;
	p->rgid = from->rgid;
	p->mask = from->mask;
	memcpy(p->name, from->name, sizeof(p->name));
	p->nice = from->nice;
	p->abi = from->abi;
	p->abi_now = from->abi_now;
	p->areas = from->areas;
	p->own_clock = from->own_clock;
	memcpy(p->limits, from->limits, sizeof(p->limits));
	p->program_node = from->program_node;
	p->argv = from->argv;
	p->environment = from->environment;
	if (from->program != NULL && (p->program = strdup(from->program)) == NULL)
		return -ENOMEM;
	if ((flags & CLONE_VM) == 0) {
		p->alt_stack = from->alt_stack;
		p->alt_size = from->alt_size;
		p->alt_flags = from->alt_flags;
	}
	if ((flags & CLONE_FILES) != 0) {
		p->files = from->files;
		p->files->refs++;
	} else if ((p->files = files_copy(k, from->files)) == NULL) {
		return -ENOMEM;
	}
	p->place = (flags & CLONE_FS) != 0 ? from->place : malloc(sizeof(*p->place));
	p->actions = (flags & CLONE_SIGHAND) != 0 ? from->actions : malloc(sizeof(*p->actions));
	if (p->place == NULL || p->actions == NULL)
		return -ENOMEM;
	if (p->place != from->place) {
		*p->place = *from->place;
		p->place->refs = 0;
	}
	if (p->actions != from->actions) {
		*p->actions = *from->actions;
		p->actions->refs = 0;
	}
	p->place->refs++;
	p->actions->refs++;
	return 0;
}

static int64_t clone_process(struct kernel *k, uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t child_tid,
    uint64_t tls)
{
	struct process *from = k->current, *p;
	uint64_t sp;
	int32_t tid;
	int r;

	if (++k->forks > k->limit.forks || live(k) >= k->limit.processes) {
		kernel_stop(k, STOPPED_PROCESSES);
		return -EAGAIN;
	}
	if ((p = process_new(k)) == NULL)
		return -ENOMEM;
	if ((r = inherit(k, from, p, flags)) < 0)
		goto fail;
	tid = (int32_t)abi_order(from, (uint32_t)p->pid);
	if ((flags & CLONE_PARENT_SETTID) != 0 && (r = guest_put(k, parent_tid, &tid, sizeof(tid))) < 0)
		goto fail;
	/* the child goes on from here: it takes the registers over, with its own result */
	sp = machine_role(k->machine, ROLE_SP);
	kernel_result(k, from, p->pid);
	machine_context_save(k->machine, from->context);
	if ((flags & CLONE_VM) != 0) {
		p->space = from->space;
		p->space->refs++;
		space_note_stack(p->space, sp);
	} else if ((r = space_fork(from->space, sp, &p->space)) < 0) {
		goto fail;
	}
	k->loaded = p;
	k->current = p;
	kernel_result(k, p, 0);
	if (stack != 0)
		machine_set_role(k->machine, ROLE_SP, stack);
	if ((flags & CLONE_SETTLS) != 0)
		machine_set_role(k->machine, ROLE_THREAD, tls);
	if ((flags & CLONE_CHILD_SETTID) != 0 && guest_put(k, child_tid, &tid, sizeof(tid)) < 0)
		tid = 0;
	if ((flags & CLONE_CHILD_CLEARTID) != 0)
		p->clear_tid = child_tid;
	from->restarted = true;
	if ((flags & CLONE_VFORK) != 0) {
		p->vfork_of_parent = true;
		from->wait.vfork = true;
		from->state = PROCESS_WAITING;
	}
	return p->pid;
fail:
	process_free(k, p);
	k->current = from;
	return r;
}

int64_t sys_fork(struct kernel *k, const uint64_t *a)
{
	return clone_process(k, SIGCHLD, 0, 0, 0, 0);
}

int64_t sys_vfork(struct kernel *k, const uint64_t *a)
{
	return clone_process(k, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
}

int64_t sys_clone(struct kernel *k, const uint64_t *a)
{
	if ((a[0] & CLONE_THREAD) != 0 && (a[0] & CLONE_VM) == 0)
		return -EINVAL;
	return clone_process(k, a[0], a[1], a[2], a[3], a[4]);
}

int64_t sys_exit(struct kernel *k, const uint64_t *a)
{
	process_exit(k, k->current, ((int)a[0] & 0xff) << 8);
	return 0;
}

int64_t sys_exit_group(struct kernel *k, const uint64_t *a)
{
	struct process *me = k->current;

	for (struct process *p = k->processes; p != NULL; p = p->next)
		if (p != me && p->tgid == me->tgid)
			process_exit(k, p, ((int)a[0] & 0xff) << 8);
	process_exit(k, me, ((int)a[0] & 0xff) << 8);
	return 0;
}

static bool waited_for(const struct process *me, const struct process *p, int pid)
{
	if (p->ppid != me->tgid || p->thread || p->reaped)
		return false;
	return pid == -1 || p->pid == pid || (pid == 0 && p->pgid == me->pgid) || (pid < -1 && p->pgid == -pid);
}

int64_t sys_wait4(struct kernel *k, const uint64_t *a)
{
	struct process *me = k->current;
	bool any = false;
	int pid = (int)a[0];

	for (struct process *p = k->processes; p != NULL; p = p->next) {
		int32_t status = p->exit_status;
		uint64_t usage[18] = { 0 };

		if (!waited_for(me, p, pid))
			continue;
		any = true;
		if (p->state != PROCESS_ZOMBIE)
			continue;
		if ((a[1] != 0 && guest_put(k, a[1], &status, sizeof(status)) < 0) ||
		    (a[3] != 0 && guest_put(k, a[3], usage, sizeof(usage)) < 0))
			return -EFAULT;
		p->reaped = true;
		return p->pid;
	}
	if (!any)
		return -ECHILD;
	if ((a[2] & WNOHANG) != 0)
		return 0;
	if (signal_waiting(me))
		return -EINTR;
	me->wait.child = true;
	return CALL_WAITS;
}

int64_t sys_waitid(struct kernel *k, const uint64_t *a)
{
	enum { ANY = 0, ONE = 1, GROUP = 2, INFO_BYTES = 128 };
	int pid = a[0] == ANY ? -1 : a[0] == ONE ? (int)a[1] : -(int)a[1];
	struct process *me = k->current;
	int32_t info[INFO_BYTES / 4] = { 0 };
	bool any = false;

	for (struct process *p = k->processes; p != NULL; p = p->next) {
		if (!waited_for(me, p, pid))
			continue;
		any = true;
		if (p->state != PROCESS_ZOMBIE || (a[3] & WEXITED) == 0)
			continue;
		info[0] = SIGCHLD;
		info[2] = (p->exit_status & 0x7f) != 0 ? CLD_KILLED : CLD_EXITED;
		info[4] = p->pid;
		info[5] = (int32_t)p->who.uid;
		info[6] = (p->exit_status & 0x7f) != 0 ? p->exit_status & 0x7f : p->exit_status >> 8;
		if (a[2] != 0 && guest_put(k, a[2], info, sizeof(info)) < 0)
			return -EFAULT;
		p->reaped = (a[3] & WNOWAIT) == 0;
		return 0;
	}
	if (!any)
		return -ECHILD;
	if ((a[3] & WNOHANG) != 0)
		return a[2] != 0 ? guest_put(k, a[2], info, sizeof(info)) : 0;
	if (signal_waiting(me))
		return -EINTR;
	me->wait.child = true;
	return CALL_WAITS;
}

int64_t sys_set_tid_address(struct kernel *k, const uint64_t *a)
{
	k->current->clear_tid = a[0];
	return k->current->pid;
}

int64_t sys_set_robust_list(struct kernel *k, const uint64_t *a)
{
	k->current->robust = a[0];
	return 0;
}

int64_t sys_futex(struct kernel *k, const uint64_t *a)
{
	enum { WAIT = 0, WAKE = 1, REQUEUE = 3, CMP_REQUEUE = 4, WAKE_OP = 5, WAIT_BITSET = 9, WAKE_BITSET = 10 };
	struct process *me = k->current;
	unsigned operation = a[1] & 0x7f;
	int64_t woken = 0, times[2];
	uint32_t now;

	switch (operation) {
	case WAIT:
	case WAIT_BITSET:
		if (guest_get(k, a[0], &now, sizeof(now)) < 0)
			return -EFAULT;
		/* tried again after having been woken */
		if (me->wait.futex != 0) {
			me->wait.futex = 0;
			if (me->wait.timed && k->world->virtual_ns >= me->wait.deadline_ns)
				return -ETIMEDOUT;
			return signal_waiting(me) ? -EINTR : 0;
		}
		if (now != (uint32_t)a[2])
			return -EAGAIN;
		if (a[3] != 0) {
			uint64_t ns, base = 0;

			if (guest_get(k, a[3], times, sizeof(times)) < 0)
				return -EFAULT;
			ns = kernel_timespec_ns(times);
			/* the bitset form names a moment, not a length */
			if (operation == WAIT_BITSET)
				base = (a[1] & 256) != 0 ? world_now(k->world) : kernel_monotonic(k);
			wait_until(k, ns > base ? ns - base : 0);
		}
		me->wait.futex = a[0];
		me->wait.futex_space = me->space;
		return CALL_WAITS;
	case WAKE:
	case WAKE_BITSET:
	case WAKE_OP:
	case REQUEUE:
	case CMP_REQUEUE:
		for (struct process *p = k->processes; p != NULL && woken < (int64_t)(uint32_t)a[2]; p = p->next)
			if (p->state == PROCESS_WAITING && p->wait.futex == a[0] && p->wait.futex_space == me->space &&
			    !p->wait.woken) {
				p->wait.woken = true;
				woken++;
			}
		return woken;
	default:
		return -ENOSYS;
	}
}
