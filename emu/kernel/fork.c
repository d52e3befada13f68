/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New processes and threads, and their end. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <linux/sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

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
	p->undumpable = from->undumpable;
	p->ruid = from->ruid;
	p->rgid = from->rgid;
	p->mask = from->mask;
	/* a number that no signal has tells nobody */
	p->exit_signal = p->thread ? 0 : (flags & CLONE_PARENT) != 0 ? from->exit_signal : (int)(flags & CSIGNAL);
	if (p->exit_signal > SIGNALS)
		p->exit_signal = 0;
	if ((p->group = p->thread ? from->group : group_new()) == NULL)
		return -ENOMEM;
	p->group->refs += p->thread;
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

	/* an attack's code that forks in a loop is told as a user's limit would; what it has made still runs */
	if (k->attack && k->forks < k->limit.forks && live(k) >= k->limit.processes / 2) {
		k->forks++;
		return -EAGAIN;
	}
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
	from->behind = true;
	/* in turns, as on several processors: a child that only forks again would keep its parent from all it does */
	if (k->attack)
		k->quantum_over = true;
	if ((flags & CLONE_VFORK) != 0) {
		p->vfork_parent = from->pid;
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
	if (((a[0] & CLONE_THREAD) != 0 && (a[0] & CLONE_SIGHAND) == 0) ||
	    ((a[0] & CLONE_SIGHAND) != 0 && (a[0] & CLONE_VM) == 0))
		return -EINVAL;
	/* namespaces of its own are for root */
	if ((a[0] & (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP)) != 0)
		return -EPERM;
	return clone_process(k, a[0], a[1], a[2], a[3], a[4]);
}

int64_t sys_exit(struct kernel *k, const uint64_t *a)
{
	process_exit(k, k->current, ((int)a[0] & 0xff) << 8);
	return 0;
}

int64_t sys_exit_group(struct kernel *k, const uint64_t *a)
{
	process_end_group(k, k->current, ((int)a[0] & 0xff) << 8);
	return 0;
}

int64_t sys_set_tid_address(struct kernel *k, const uint64_t *a)
{
	k->current->clear_tid = a[0];
	return k->current->pid;
}
