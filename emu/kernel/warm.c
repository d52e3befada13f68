/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The warm start. A program that gets its code as an argument does the same until it first looks at that argument. So
 * the argument's page is left out, the program runs until it faults there, and the number of the block it faulted in
 * is kept; a second run, the same to the last block, stops just before it. One that reads its code from its standard
 input simply waits for it. From that state each job goes on.
 */
#include "emu/kernel/inside.h"
#include "emu/machine/snapshot.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTS_MAX = 4 };

struct warm {
	struct machine_context *context;
	struct snapshot *memory;
	int pid, last_pid;
	uint64_t mask, clear_tid, robust, start_ns, virtual_ns;
	uint64_t alt_stack, alt_size;
	int alt_flags;
	enum given_kind given;
	uint64_t call[7];     /* that it waits in for what it is given */
	unsigned umask, own_clock;
	struct actions actions;
	struct node *program_node;
	char name[16];
	char *program;
	struct bytes argv, environment; /* owned; argv without its last word, the code */
	struct { int fd, flags; bool close_on_exec, one; uint64_t count; } counts[COUNTS_MAX]; /* eventfds that it has open */
	unsigned counts_count;
	int timers_end;
	struct timer timers[TIMERS_MAX];
};

enum { START_TIMES = 20 /* starting takes some programs longer than any attack code may */ };

/* Runs the one process, and its calls, for so many blocks. Where it stopped. */
static enum machine_stop advance(struct kernel *k, uint64_t blocks)
{
	while (k->first != NULL && k->first->state == PROCESS_READY && !k->over) {
		uint64_t done = machine_blocks(k->machine);
		enum machine_stop stop;

		if (done >= blocks)
			return MACHINE_QUANTUM;
		k->leave = false;
		stop = machine_run(k->machine, blocks - done);
		kernel_clock(k);
		/* a program that forks, execs or sleeps before it reads its code is not one to keep warm */
		if (stop == MACHINE_LEFT && !k->outside && k->first->state == PROCESS_READY)
			continue;
		return stop;
	}
	return MACHINE_BROKEN;
}

static int begin(struct kernel *k, uint64_t seed, const struct start *start)
{
	int r = kernel_begin(k, seed, NULL, 0);

	return r < 0 ? r : kernel_start(k, start);
}

static int copy_bytes(struct bytes b, struct bytes *ret)
{
	uint8_t *p = malloc(b.left + 1);

	if (p == NULL)
		return -ENOMEM;
	if (b.left != 0)
		memcpy(p, b.at, b.left);
	*ret = bytes_of(p, b.left);
	return 0;
}

/* Only the three streams, and counters that nobody has counted on yet, are made again at each resume. */
static int keep_files(const struct process *p, struct warm *w)
{
	for (int fd = 3; fd < FDS_MAX; fd++) {
		const struct file *f = p->files->at[fd].file;

		if (f == NULL)
			continue;
		if (f->kind != &file_count || w->counts_count == COUNTS_MAX)
			return -ENOENT;
		w->counts[w->counts_count].fd = fd;
		w->counts[w->counts_count].flags = f->flags;
		w->counts[w->counts_count].close_on_exec = p->files->at[fd].close_on_exec;
		w->counts[w->counts_count].one = f->event_count.one;
		w->counts[w->counts_count++].count = f->event_count.count;
	}
	return 0;
}

static int restore_files(struct kernel *k, const struct warm *w, struct process *p)
{
	for (unsigned i = 0; i < w->counts_count; i++) {
		struct file *f = file_new(&file_count, w->counts[i].flags);
		int r;

		if (f == NULL)
			return -ENOMEM;
		f->event_count.count = w->counts[i].count;
		f->event_count.one = w->counts[i].one;
		if ((r = fd_put(k, f, w->counts[i].fd, w->counts[i].close_on_exec)) < 0)
			return r;
	}
	return 0;
}

static int keep(struct kernel *k, struct warm *w)
{
	struct process *p = k->first;
	int r;

	if ((r = keep_files(p, w)) < 0)
		return r;
	w->timers_end = p->group->posix_end;
	memcpy(w->timers, p->group->posix, sizeof(w->timers));
	w->pid = p->pid;
	w->last_pid = k->last_pid;
	w->mask = p->mask;
	w->clear_tid = p->clear_tid;
	w->robust = p->robust;
	w->alt_stack = p->alt_stack;
	w->alt_size = p->alt_size;
	w->alt_flags = p->alt_flags;
	w->given = k->given.kind;
	memcpy(w->call, p->call, sizeof(w->call));
	w->start_ns = k->world->start_ns;
	w->virtual_ns = k->world->virtual_ns;
	w->own_clock = p->own_clock;
	w->umask = p->place->umask;
	w->actions = *p->actions;
	w->program_node = p->program_node;
	memcpy(w->name, p->name, sizeof(w->name));
	/* a last word that is the code is not known yet */
	if ((w->program = strdup(p->program)) == NULL || copy_bytes(p->environment, &w->environment) < 0 ||
	    copy_bytes(bytes_of(p->argv.at, p->argv.left - (w->given == GIVEN_NOTHING)), &w->argv) < 0)
		return -ENOMEM;
	if ((r = machine_context_new(k->machine, &w->context)) < 0)
		return r;
	machine_context_save(k->machine, w->context);
	space_note_stack(p->space, machine_get(k->machine, GPR_RSP));
	return snapshot_new(p->space, &w->memory);
}

/* Runs to the last block before the program looks at its argument. */
static int reach_argument(struct kernel *k, uint64_t seed, const struct start *start)
{
	uint64_t blocks;
	int r;

	if ((r = begin(k, seed, start)) < 0)
		return r;
	if (advance(k, k->limit.blocks) != MACHINE_ACCESS || machine_fault_address(k->machine) < WINDOW_CODE ||
	    machine_fault_address(k->machine) >= WINDOW_STACK)
		return -ENOENT;
	blocks = machine_blocks(k->machine);
	if ((r = begin(k, seed, start)) < 0)
		return r;
	return advance(k, blocks - 1) == MACHINE_QUANTUM ? 0 : -ENOENT;
}

/* Runs until the program waits for what it is given. */
static int reach_input(struct kernel *k, uint64_t seed, const struct start *start)
{
	int r = begin(k, seed, start);

	if (r < 0)
		return r;
	(void)advance(k, k->limit.blocks * START_TIMES);
	return given_awaited(k, k->first) ? 0 : -ENOENT;
}

int kernel_warm(struct kernel *k, uint64_t seed, const struct start *start, struct warm **ret)
{
	struct warm *w = calloc(1, sizeof(*w));
	int r;

	if (w == NULL)
		return -ENOMEM;
	r = start->given != GIVEN_NOTHING ? reach_input(k, seed, start) : reach_argument(k, seed, start);
	if (r == 0 && k->processes->next != NULL)
		r = -ENOENT;
	if (r < 0 || (r = keep(k, w)) < 0)
		goto out;
	processes_clear(k);
	*ret = w;
	w = NULL;
out:
	warm_free(k, w);
	return r;
}

void warm_free(struct kernel *k, struct warm *w)
{
	if (w == NULL)
		return;
	snapshot_free(w->memory);
	machine_context_free(w->context);
	free(w->program);
	free((void *)(uintptr_t)w->argv.at);
	free((void *)(uintptr_t)w->environment.at);
	free(w);
}

void kernel_prepare(struct kernel *k, unsigned kind, const struct warm *w)
{
	kernel_choose(k, kind);
	if (w != NULL)
		snapshot_prepare(w->memory);
}

/* The command line with its code, as /proc shows it. */
static struct bytes command_line(struct kernel *k, const struct warm *w, struct bytes code)
{
	uint8_t *all;
	struct bytes kept;

	if (w->given != GIVEN_NOTHING || (all = malloc(w->argv.left + code.left + 1)) == NULL)
		return w->argv;
	memcpy(all, w->argv.at, w->argv.left);
	memcpy(all + w->argv.left, code.at, code.left);
	all[w->argv.left + code.left] = 0;
	kept = record_keep(k->world->record, bytes_of(all, w->argv.left + code.left + 1));
	free(all);
	return kept;
}

/* The process as it was, but for its memory and registers. */
static int restore(struct kernel *k, const struct warm *w, struct process *p)
{
	k->last_pid = w->last_pid;
	p->pid = p->tgid = p->pgid = p->sid = w->pid;
	p->mask = w->mask;
	p->clear_tid = w->clear_tid;
	p->robust = w->robust;
	p->alt_stack = w->alt_stack;
	p->alt_size = w->alt_size;
	p->alt_flags = w->alt_flags;
	p->place->umask = w->umask;
	*p->actions = w->actions;
	p->actions->refs = 1;
	p->program_node = w->program_node;
	memcpy(p->name, w->name, sizeof(p->name));
	p->environment = w->environment;
	/* a shell that has looked at the clock finds it where it was */
	k->world->start_ns = w->start_ns;
	k->world->virtual_ns = w->virtual_ns;
	p->own_clock = w->own_clock;
	p->group->posix_end = w->timers_end;
	memcpy(p->group->posix, w->timers, sizeof(w->timers));
	return (p->program = strdup(w->program)) != NULL ? 0 : -ENOMEM;
}

/* The code stands where the argument was left out. */
static int put_argument(struct process *p, struct bytes code)
{
	struct range range = {
		.start = WINDOW_CODE, .kind = RANGE_MEMORY, .protection = RANGE_READ | RANGE_WRITE, .name = "[stack]",
		.end = WINDOW_CODE + ((code.left + GUEST_PAGE) & ~(uint64_t)(GUEST_PAGE - 1)),
	};
	int r = space_add(p->space, &range);

	return r < 0 ? r : space_put(p->space, WINDOW_CODE, code.at, code.left);
}

/* It waits in its call, which finds now what it waits for. */
static int put_input(struct kernel *k, const struct warm *w, struct process *p, struct bytes bytes)
{
	int r;

	if ((r = given_open(k, p->files, w->given)) < 0 || (r = given_arrive(k, p->files, bytes)) < 0)
		return r;
	memcpy(p->call, w->call, sizeof(p->call));
	p->in_call = true;
	p->state = PROCESS_WAITING;
	wait_for_file(p, p->files->at[0].file, POLLIN);
	return 0;
}

int kernel_resume(struct kernel *k, const struct warm *w, struct bytes code)
{
	struct process *p;
	int r;

	if ((r = kernel_first_process(k)) < 0)
		return r;
	p = k->first;
	if ((r = restore(k, w, p)) < 0)
		return r;
	p->argv = command_line(k, w, code);
	if ((r = snapshot_instance(w->memory, &k->memory, &p->space)) < 0)
		return r;
	k->current = p;
	if ((r = restore_files(k, w, p)) < 0)
		return r;
	if ((r = w->given != GIVEN_NOTHING ? put_input(k, w, p, code) : put_argument(p, code)) < 0)
		return r;
	machine_context_copy(k->machine, p->context, w->context);
	machine_context_load(k->machine, p->context);
	k->loaded = k->current = p;
	return 0;
}
