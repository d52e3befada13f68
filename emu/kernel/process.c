/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes: made, found, ended. */
#include "emu/kernel/inside.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

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
	if (k->loaded == p)
		k->loaded = NULL;
	if (k->current == p)
		k->current = NULL;
	file_release(k, p->opening);
	files_release(k, p->files);
	space_release(p->space);
	place_release(p->place);
	actions_release(p->actions);
	machine_context_free(p->context);
	abi_frames_drop(p);
	free(p->program);
	free(p);
}

struct process *process_find(struct kernel *k, int pid)
{
	for (struct process *p = k->processes; p != NULL; p = p->next)
		if (p->pid == pid)
			return p;
	return NULL;
}

void process_exit(struct kernel *k, struct process *p, int status)
{
	struct process *parent = process_find(k, p->ppid);
	uint32_t none = 0;

	if (p->state == PROCESS_ZOMBIE)
		return;
	if (p->clear_tid != 0 && p->space != NULL && p->space->refs > 1 && space_enter(p->space) == 0 &&
	    space_put(p->space, p->clear_tid, &none, sizeof(none)) == 0)
		for (struct process *q = k->processes; q != NULL; q = q->next)
			if (q->state == PROCESS_WAITING && q->wait.futex == p->clear_tid &&
			    q->wait.futex_space == p->space)
				q->wait.woken = true;
	p->state = PROCESS_ZOMBIE;
	p->exit_status = status;
	if (p == k->first)
		record_outcome(k->world->record)->run.ended_ns = k->world->virtual_ns;
	file_release(k, p->opening);
	p->opening = NULL;
	files_release(k, p->files);
	p->files = NULL;
	space_release(p->space);
	p->space = NULL;
	p->vfork_of_parent = false;
	if (k->loaded == p)
		k->loaded = NULL;
	for (struct process *q = k->processes; q != NULL; q = q->next)
		if (q->ppid == p->pid && !p->thread)
			q->ppid = 1;
	if (p->thread) {
		p->reaped = true;
	} else if (p->ppid == 1 || parent == NULL || parent->state == PROCESS_ZOMBIE) {
		p->reaped = p != k->first;
	} else {
		/* a parent that ignores the news never hears of it */
		if (parent->actions->of[SIGCHLD].handler == (uint64_t)(uintptr_t)SIG_IGN)
			p->reaped = true;
		signal_send(k, parent, SIGCHLD);
	}
	k->leave = true;
}

void processes_clear(struct kernel *k)
{
	while (k->processes != NULL)
		process_free(k, k->processes);
	k->current = k->loaded = k->first = NULL;
}
