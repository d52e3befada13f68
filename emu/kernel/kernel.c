/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel as a whole: made for a world, begun anew for each run, warmed up once. */
#include "emu/kernel/inside.h"
#include "emu/kernel/linked.h"
#include "emu/world/network.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* What stops a hostile guest; each has its own answer in stopped_by. */
static const struct budget budgets = {
	.blocks = 16000000,               /* a second or two of an emulated core at worst; a digest of a 2 MB file takes 13 million */
	.starts = 30000000,
	.calls = 100000,
	.rounds = 100000,
	.copied = 1ull << 30,             /* bytes that process switches move */
	.memory = 128ull << 20,           /* of all processes at once */
	.files = 8ull << 20,              /* bytes of contents written */
	.virtual_ns = 3600ull * 1000000000,
	.processes = 32,
	.forks = 200,
	.connects = 32,
	.refused = 64,                    /* descriptors beyond FDS_MAX that are asked for */
};

int kernel_room(struct kernel *k, unsigned kind)
{
	const struct machine_hooks hooks = { .syscall = kernel_syscall, .trap = abi_trap, .owner = k };
	int r;

	if (kind >= KERNEL_KINDS)
		return -ERANGE;
	if (k->machines[kind] != NULL)
		return 0;
	r = machine_new(&hooks, &k->machines[kind]);
	return r < 0 ? r : machine_prepare(k->machines[kind]);
}

void kernel_choose(struct kernel *k, unsigned kind)
{
	processes_clear(k); /* what is left of them is the other machine's */
	k->machine = k->machines[kind < KERNEL_KINDS && k->machines[kind] != NULL ? kind : 0];
	k->memory.machine = k->machine;
}

int kernel_new(struct world *w, struct kernel **ret)
{
	struct kernel *k = calloc(1, sizeof(*k));
	int r = -ENOMEM;

	if (k == NULL)
		return -ENOMEM;
	k->world = w;
	k->limit = budgets;
	if ((r = kernel_room(k, 0)) < 0 || (r = proc_furnish(w->tree)) < 0) {
		kernel_free(k);
		return r;
	}
	kernel_choose(k, 0);
	k->memory.held_max = budgets.memory;
	k->memory.changed = mapping_changed;
	k->memory.owner = k;
	tree_dynamic(w->tree, &(struct tree_dynamic){ proc_find, k });
	if ((r = mounts_read(k)) < 0) {
		kernel_free(k);
		return r;
	}
	tree_settle(w->tree);
	tree_limit(w->tree, budgets.files);
	*ret = k;
	return 0;
}

void kernel_free(struct kernel *k)
{
	if (k == NULL)
		return;
	processes_clear(k);
	linked_free(k);
	for (unsigned i = 0; i < KERNEL_KINDS; i++)
		machine_free(k->machines[i]);
	free(k->bounce);
	free(k);
}

int kernel_begin(struct kernel *k, uint64_t seed, const struct twist *twists, unsigned twists_count)
{
	enum { PID_STEPS = 4, PID_STEP = 1237 };
	int r;

	processes_clear(k);
	if ((r = world_begin(k->world, seed, twists, twists_count)) < 0 || (r = machine_reset(k->machine)) < 0)
		return r;
	k->memory.copied = 0;
	k->memory.full = false;
	k->calls = k->rounds = k->unknown_calls = k->blocks_seen = 0;
	k->forks = k->connects = k->pipes = k->refused = 0;
	k->own = NULL;
	k->own_asked = 0;
	k->own_told = false;
	k->attack = k->over = k->leave = k->outside = k->quantum_over = false;
	k->why = STOPPED_EXIT;
	k->limit = budgets;
	k->given = (struct given){ 0 };
	k->last_pid = (int)(k->world->profile.pid + seed % PID_STEPS * PID_STEP);
	return 0;
}

bool kernel_spoilt(const struct kernel *k)
{
	for (unsigned i = 0; i < KERNEL_KINDS; i++)
		if (k->machines[i] != NULL && machine_spoilt(k->machines[i]))
			return true;
	return false;
}

void kernel_end(struct kernel *k)
{
	processes_clear(k);
	tree_restore(k->world->tree);
}

static void limits(struct process *p)
{
	for (unsigned i = 0; i < COUNT_OF(p->limits); i++)
		p->limits[i][0] = p->limits[i][1] = UINT64_MAX;
	p->limits[RLIMIT_STACK][0] = 8 << 20;
	p->limits[RLIMIT_NOFILE][0] = 1024;
	p->limits[RLIMIT_NOFILE][1] = 524288;
	p->limits[RLIMIT_CORE][0] = 0;
}

int kernel_first_process(struct kernel *k)
{
	const struct profile *f = &k->world->profile;
	struct process *p = process_new(k);
	struct file *in = NULL;
	struct walk w;
	int r;

	if (p == NULL)
		return -ENOMEM;
	k->first = p;
	p->ppid = 1;
	p->pgid = p->sid = p->pid;
	p->who = f->user;
	p->suid = p->ruid = f->user.uid;
	p->rgid = f->user.gid;
	limits(p);
	p->exit_signal = SIGCHLD;
	p->group = group_new();
	p->files = files_new();
	p->place = calloc(1, sizeof(*p->place));
	p->actions = calloc(1, sizeof(*p->actions));
	if (p->group == NULL || p->files == NULL || p->place == NULL || p->actions == NULL)
		return -ENOMEM;
	p->place->refs = p->actions->refs = 1;
	p->place->umask = 022;
	if ((r = tree_walk(k->world->tree, tree_root(k->world->tree), f->cwd, &p->who, true, &w)) < 0)
		return r;
	p->place->cwd = w.node != NULL && w.node->kind == NODE_DIR ? w.node : tree_root(k->world->tree);
	if ((r = tree_walk(k->world->tree, tree_root(k->world->tree), "/dev/null", &p->who, true, &w)) < 0)
		return r;
	if (w.node == NULL || (r = file_from_node(k, w.node, "/dev/null", 0, &in)) < 0)
		return w.node == NULL ? -ENOENT : r;
	p->files->at[0].file = in;
	p->files->at[1].file = capture_new(STREAM_OUT);
	p->files->at[2].file = capture_new(STREAM_ERR);
	return p->files->at[1].file != NULL && p->files->at[2].file != NULL ? 0 : -ENOMEM;
}

int kernel_start(struct kernel *k, const struct start *start)
{
	struct walk w;
	int r = kernel_first_process(k);

	if (r < 0)
		return r;
	k->current = k->first;
	if (start->cwd != NULL) {
		if ((r = tree_walk(k->world->tree, tree_root(k->world->tree), start->cwd, &k->first->who, true, &w)) < 0)
			return r;
		if (w.node != NULL && w.node->kind == NODE_DIR)
			k->first->place->cwd = w.node;
	}
	if (start->given != GIVEN_NOTHING && (r = given_open(k, k->first->files, start->given)) < 0)
		return r;
	if (start->bytes.at != NULL && (r = given_arrive(k, k->first->files, start->bytes)) < 0)
		return r;
	if ((r = tree_walk(k->world->tree, k->first->place->cwd, start->path, &k->first->who, true, &w)) < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	return exec_load(k, k->first, start, &w, start->path);
}

int kernel_settle(struct kernel *k)
{
	enum { CODE_BYTES = 1 << 20, USUAL_BYTES = 4 << 20, RAW_USUAL = 128 << 10, RAW_STACK = 1 << 20 };
	int r;

	for (unsigned i = 0; i < SPACE_PLACES; i++) {
		uint64_t heap = space_heap(i), top = space_top(heap);

		if ((r = machine_map_memory(k->machine, heap, heap + USUAL_BYTES, false)) < 0 ||
		    (r = machine_map_memory(k->machine, top - USUAL_BYTES, top, false)) < 0)
			return r;
	}
	if ((r = machine_map_memory(k->machine, WINDOW_CODE, WINDOW_CODE + CODE_BYTES, false)) < 0 ||
	    (r = machine_map_memory(k->machine, RAW_CODE, RAW_CODE + RAW_USUAL, true)) < 0 ||
	    (r = machine_map_memory(k->machine, RAW_STACK_END - RAW_STACK, RAW_STACK_END, true)) < 0)
		return r;
	return machine_settle(k->machine);
}
