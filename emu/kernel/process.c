/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes: made, found, ended. */
#include "emu/kernel/inside.h"
#include "emu/kernel/linked.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct group *group_new(void)
{
	struct group *g = calloc(1, sizeof(*g));

	if (g != NULL)
		g->refs = 1;
	return g;
}

void group_release(struct group *g)
{
	if (g != NULL && --g->refs == 0)
		free(g);
}

void place_release(struct place *p)
{
	if (p != NULL && --p->refs == 0)
		free(p);
}

void actions_release(struct actions *a)
{
	if (a != NULL && --a->refs == 0)
		free(a);
}

struct process *process_new(struct kernel *k)
{
	struct process *p = calloc(1, sizeof(*p));
	struct process **end = &k->processes;

	if (p == NULL || machine_context_new(k->machine, &p->context) < 0) {
		free(p);
		return NULL;
	}
	p->pid = p->tgid = ++k->last_pid;
	/* in order of age, so that turns are taken the same way in every run */
	while (*end != NULL)
		end = &(*end)->next;
	*end = p;
	return p;
}

void process_free(struct kernel *k, struct process *p)
{
	for (struct process **at = &k->processes; *at != NULL; at = &(*at)->next)
		if (*at == p) {
			*at = p->next;
			break;
		}
	linked_leave(p);
	if (k->loaded == p)
		k->loaded = NULL;
	if (k->current == p)
		k->current = NULL;
	file_release(k, p->opening);
	files_release(k, p->files);
	space_release(p->space);
	place_release(p->place);
	actions_release(p->actions);
	group_release(p->group);
	machine_context_free(p->context);
	abi_frames_drop(p);
	free(p->program);
	free(p);
}

struct process *process_find(struct kernel *k, int pid)
{
	for (struct process *p = k->processes; p != NULL; p = p->next)
		if (p->pid == pid && !p->reaped)
			return p;
	return NULL;
}

static struct process *leader_of(struct kernel *k, const struct process *p)
{
	for (struct process *q = k->processes; q != NULL; q = q->next)
		if (q->tgid == p->tgid && !q->thread)
			return q;
	return NULL;
}

/* The last thread is gone: parents are told, children get another parent. */
static void announce(struct kernel *k, struct process *p)
{
	struct process *parent = process_find(k, p->ppid);
	const struct action *act;

	p->ended = true;
	if (p->group->ending)
		p->exit_status = p->group->end_status;
	if (p == k->first)
		record_outcome(k->world->record)->run.ended_ns = k->world->virtual_ns;
	for (struct process *q = k->processes; q != NULL; q = q->next)
		if (q->ppid == p->tgid && q != p) {
			q->ppid = 1;
			if (q->ended && q != k->first)
				q->reaped = true;
			if (q->death_signal != 0 && !q->thread)
				signal_post(k, q, &(struct signal_info){ .number = q->death_signal, .pid = p->pid, .uid = p->ruid }, true);
		}
	if (p->ppid == 1 || parent == NULL || parent->ended) {
		p->reaped = p != k->first;
		return;
	}
	parent->group->children_cpu_ns += p->group->cpu_ns + p->group->children_cpu_ns;
	act = &parent->actions->of[SIGCHLD];
	/* a parent that ignores the news never hears of it */
	if (p->exit_signal == SIGCHLD && (act->handler == (uint64_t)(uintptr_t)SIG_IGN || (act->flags & SA_NOCLDWAIT) != 0))
		p->reaped = true;
	signal_post(k, parent, &(struct signal_info){ .number = p->exit_signal, .pid = p->pid, .uid = p->ruid,
		.code = (p->exit_status & 0x7f) != 0 ? CLD_KILLED : CLD_EXITED,
		.status = (p->exit_status & 0x7f) != 0 ? p->exit_status & 0x7f : p->exit_status >> 8 & 0xff }, true);
}

/* Others may wait for this thread's end in its memory. */
static void leave_memory(struct kernel *k, struct process *p)
{
	const uint32_t none = 0;

	if (p->space == NULL || (p->robust == 0 && (p->clear_tid == 0 || p->space->refs == 1)) || space_enter(p->space) < 0)
		return;
	futex_leave_robust(k, p);
	if (p->clear_tid != 0 && p->space->refs > 1 && space_put(p->space, p->clear_tid, &none, sizeof(none)) == 0)
		futex_wake_all(k, p->space, p->clear_tid);
}

void process_exit(struct kernel *k, struct process *p, int status)
{
	struct process *leader;

	if (p->state == PROCESS_ZOMBIE)
		return;
	leave_memory(k, p);
	p->state = PROCESS_ZOMBIE;
	p->exit_status = status;
	file_release(k, p->opening);
	p->opening = NULL;
	if (k->locks != NULL && !p->thread)
		locks_drop(k, p->group, NULL);
	files_release(k, p->files);
	p->files = NULL;
	space_release(p->space);
	p->space = NULL;
	p->vfork_parent = 0;
	p->reaped = p->thread;
	if (k->loaded == p)
		k->loaded = NULL;
	k->leave = true;
	for (struct process *q = k->processes; q != NULL; q = q->next)
		if (q->tgid == p->tgid && q->state != PROCESS_ZOMBIE)
			return;
	if ((leader = leader_of(k, p)) != NULL)
		announce(k, leader);
}

void process_end_group(struct kernel *k, struct process *p, int status)
{
	if (!p->group->ending) {
		p->group->ending = true;
		p->group->end_status = status;
	}
	for (struct process *q = k->processes; q != NULL; q = q->next)
		if (q != p && q->tgid == p->tgid)
			process_exit(k, q, status);
	process_exit(k, p, status);
}

void processes_clear(struct kernel *k)
{
	while (k->processes != NULL)
		process_free(k, k->processes);
	if (k->connection != NULL)
		file_release(k, k->connection);
	k->connection = NULL;
	k->current = k->loaded = k->first = NULL;
}
