/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who runs next, for how long, and when all is over: the heart of the emulated kernel. */
#include "emu/kernel/inside.h"
#include "emu/kernel/linked.h"
#include "emu/world/network.h"

#include <poll.h>
#include <signal.h>
#include <string.h>

enum { NS_PER_BLOCK = 4, NS_PER_CALL = 300 };
/* What takes the host as long as moving so many bytes: looking at a descriptor, showing the engine a piece of memory. */
enum { WATCH_BYTES = 32, MAPPING_BYTES = 64 << 10 };
/* As many blocks take the host as long as a call, or bytes moved. */
enum { BLOCKS_PER_CALL = 20, BYTES_PER_BLOCK = 512 };

void kernel_stop(struct kernel *k, enum stopped_by why)
{
	if (!k->over) {
		k->over = true;
		k->why = why;
	}
	k->leave = true;
}

void kernel_charge(struct kernel *k, uint64_t bytes)
{
	k->memory.copied += bytes;
	if (k->memory.copied > k->limit.copied)
		kernel_stop(k, STOPPED_COPIES);
}

void kernel_clock(struct kernel *k)
{
	uint64_t now = machine_blocks(k->machine), ns = (now - k->blocks_seen) * NS_PER_BLOCK;

	k->world->virtual_ns += ns;
	k->blocks_seen = now;
	if (k->current != NULL && k->current->group != NULL) {
		k->current->cpu_ns += ns;
		k->current->group->cpu_ns += ns;
	}
}

void wait_for_file(struct process *p, struct file *f, short events)
{
	if (p->wait.watches_count < FDS_MAX)
		p->wait.watches[p->wait.watches_count++] = (struct watch){ f, events };
}

bool wait_until(struct kernel *k, uint64_t after_ns)
{
	struct wait *w = &k->current->wait;

	kernel_clock(k);
	if (!w->timed) {
		w->timed = true;
		w->deadline_ns = k->world->virtual_ns + after_ns;
		if (w->deadline_ns < after_ns)
			w->deadline_ns = UINT64_MAX;
	}
	return k->world->virtual_ns >= w->deadline_ns;
}

/* Runs the handler of the call that process p is in and stores its result. */
static void perform(struct kernel *k, struct process *p)
{
	int64_t r;

	k->current = p;
	p->wait.watches_count = 0;
	p->wait.signal = p->wait.vfork = p->wait.lock = false;
	p->wait.child = p->wait.behind = 0;
	p->wait.signal_set = 0;
	r = p->abi_now != NULL ? abi_perform(k, p) : call_find(p->call[0])->run(k, p->call + 1);
	/* whoever was woken has seen it now */
	p->wait.woken = false;
	if (r == CALL_WAITS) {
		p->state = PROCESS_WAITING;
		k->leave = true;
		return;
	}
	p->in_call = false;
	/* ended, or a parent that waits for its vforked child */
	if (p->state != PROCESS_READY) {
		p->restarted = false;
		return;
	}
	p->broken_ns = r == -EINTR && p->wait.timed ? p->wait.deadline_ns : 0;
	memset(&p->wait, 0, offsetof(struct wait, watches));
	/* only a call that was broken can be repeated after a signal's handler */
	p->broken = r == -EINTR;
	if (!p->broken)
		p->call[0] = UINT64_MAX;
	/* exec and sigreturn set all registers themselves */
	if (p->restarted) {
		p->restarted = false;
		return;
	}
	kernel_result(k, p, r);
	if (r == -EINTR || signal_waiting(p))
		k->leave = true;
}

void kernel_result(struct kernel *k, struct process *p, int64_t r)
{
	if (p->abi_now != NULL)
		abi_result(k, p, r);
	else
		machine_set(k->machine, GPR_RAX, (uint64_t)r);
}

void kernel_call(struct kernel *k, const struct call *c)
{
	struct process *p = k->current;

	k->world->virtual_ns += NS_PER_CALL;
	if (++k->calls > k->limit.calls)
		kernel_stop(k, STOPPED_SYSCALLS);
	if (c == NULL) {
		k->unknown_calls++;
		kernel_result(k, p, -ENOSYS);
	} else if (c->outside) {
		p->in_call = true;
		k->outside = true;
		k->leave = true;
	} else {
		p->in_call = true;
		perform(k, p);
		kernel_charge(k, 0); /* a turn is many calls, and one can move much */
	}
	if (k->leave)
		machine_leave(k->machine);
}

void kernel_syscall(void *arg)
{
	struct kernel *k = arg;
	struct process *p = k->current;

	machine_call(k->machine, p->call);
	p->abi_now = NULL;
	if (p->linking_sp != 0 && k->running)
		linked_call(k, p);
	kernel_call(k, p->abi != NULL ? abi_enter(k, p) : call_find(p->call[0]));
}

/* Makes p's registers and memory the machine's. */
static int load(struct kernel *k, struct process *p)
{
	if (k->loaded != p) {
		linked_stop(k);
		if (k->loaded != NULL) {
			machine_context_save(k->machine, k->loaded->context);
			if (k->loaded->space != NULL)
				space_note_stack(k->loaded->space, machine_role(k->machine, ROLE_SP));
		}
		machine_context_load(k->machine, p->context);
		k->loaded = p;
	}
	k->current = p;
	return space_enter(p->space);
}

bool kernel_is_behind(struct kernel *k, int pid)
{
	const struct process *p = process_find(k, pid);

	return p != NULL && p->behind && p->state == PROCESS_READY && !p->group->stopped;
}

static bool wakes(struct kernel *k, struct process *p)
{
	const struct wait *w = &p->wait;

	if ((signal_waiting(p) || (signal_pending(p) & w->signal_set) != 0) && !w->vfork)
		return true;
	if (w->timed && k->world->virtual_ns >= w->deadline_ns)
		return true;
	if (w->woken || (p->opening != NULL && pipe_has_other_end(p->opening)))
		return true;
	if (w->behind != 0 && !kernel_is_behind(k, w->behind))
		return true;
	if (w->lock && k->lock_changes != w->lock_changes)
		return true;
	if (w->child != 0 && wait_has_news(k, p))
		return true;
	if (w->vfork) {
		for (const struct process *q = k->processes; q != NULL; q = q->next)
			if (q->vfork_parent == p->pid)
				return false;
		return true;
	}
	k->asking = p;
	k->memory.copied += w->watches_count * WATCH_BYTES;
	for (unsigned i = 0; i < w->watches_count; i++) {
		struct file *f = w->watches[i].file;

		if ((f->kind->poll(k, f) & (w->watches[i].events | POLLHUP | POLLERR)) != 0)
			return true;
	}
	return false;
}

static bool stopped(const struct process *p)
{
	return p->group != NULL && p->group->stopped;
}

static void reap(struct kernel *k)
{
	for (struct process *p = k->processes, *next; p != NULL; p = next) {
		next = p->next;
		if (p->state == PROCESS_ZOMBIE && p->reaped && p != k->first)
			process_free(k, p);
	}
}

/*
 * The next process that can go on; NULL: none. The one that runs keeps its turn until its quantum is over, since each
 * switch may copy memory; then the next in age.
 */
static struct process *pick(struct kernel *k)
{
	struct process *from = k->current != NULL && k->current->next != NULL ? k->current->next : k->processes;
	struct process *p = from;

	if (p == NULL)
		return NULL;
	if (k->current != NULL && k->current->state == PROCESS_READY && !k->quantum_over && !stopped(k->current))
		return k->current;
	k->quantum_over = false;
	do {
		if (stopped(p))
			;
		else if (p->state == PROCESS_READY || (p->state == PROCESS_WAITING && wakes(k, p)))
			return p;
		p = p->next != NULL ? p->next : k->processes;
	} while (p != from);
	return NULL;
}

/* A process that waits for a peer's bytes too, is not asleep: the peer's silence ends before its patience does. */
static bool waits_for_peer(const struct process *p)
{
	for (unsigned i = 0; i < p->wait.watches_count; i++)
		if (file_is_outside(p->wait.watches[i].file))
			return true;
	return false;
}

bool schedule_may_skip(struct kernel *k, uint64_t blocks, unsigned calls)
{
	uint64_t copied = k->memory.copied, ends = k->world->virtual_ns + blocks * NS_PER_BLOCK + calls * NS_PER_CALL;
	bool alone = timers_next(k) == UINT64_MAX && clocks_next(k) == UINT64_MAX && !signal_waiting(k->current) &&
	    machine_blocks(k->machine) + blocks + 2 * QUANTUM < k->limit.blocks && k->calls + calls < k->limit.calls &&
	    k->rounds + blocks / QUANTUM + 1 < k->limit.rounds && ends < k->limit.virtual_ns;

	for (struct process *p = k->processes; p != NULL && alone; p = p->next)
		if (p != k->current && p->state != PROCESS_ZOMBIE)
			alone = p->state == PROCESS_WAITING && !stopped(p) && !waits_for_peer(p) && !wakes(k, p) &&
			    (!p->wait.timed || p->wait.deadline_ns > ends);
	k->memory.copied = copied;
	return alone;
}

void schedule_skip(struct kernel *k, uint64_t blocks)
{
	unsigned turns = machine_skip(k->machine, blocks, QUANTUM);

	/* at the end of each turn it is looked who else could go on */
	for (const struct process *p = k->processes; p != NULL; p = p->next)
		if (p->state == PROCESS_WAITING && !p->wait.vfork)
			k->memory.copied += (uint64_t)turns * p->wait.watches_count * WATCH_BYTES;
	k->rounds += turns;
}

/* All wait. Lets time jump, or peers hang up; false where nothing can ever happen again. */
static bool idle(struct kernel *k)
{
	uint64_t next = timers_next(k), patient = UINT64_MAX;

	if (clocks_next(k) < next)
		next = clocks_next(k);

	for (struct process *p = k->processes; p != NULL; p = p->next) {
		if (p->state != PROCESS_WAITING || !p->wait.timed || stopped(p))
			continue;
		if (waits_for_peer(p))
			patient = p->wait.deadline_ns < patient ? p->wait.deadline_ns : patient;
		else if (p->wait.deadline_ns < next)
			next = p->wait.deadline_ns;
	}
	if (next == UINT64_MAX && (socket_call(k) || network_quiet(k->world->network)))
		return true;
	if (next == UINT64_MAX)
		next = patient;
	if (next == UINT64_MAX)
		return false;
	if (next > k->limit.virtual_ns) {
		kernel_stop(k, STOPPED_TIME);
		return true;
	}
	if (next > k->world->virtual_ns)
		k->world->virtual_ns = next;
	timers_ring(k);
	return true;
}

static int fault_signal(enum machine_stop stop)
{
	switch (stop) {
	case MACHINE_INSTRUCTION:
		return SIGILL;
	case MACHINE_DIVIDE:
		return SIGFPE;
	case MACHINE_TRAP:
		return SIGTRAP;
	default:
		return SIGSEGV;
	}
}

static void budgets(struct kernel *k)
{
	if (machine_blocks(k->machine) >= k->limit.blocks || machine_translations(k->machine) > MACHINE_TRANSLATIONS_MAX)
		kernel_stop(k, STOPPED_BLOCKS);
	if (++k->rounds > k->limit.rounds)
		kernel_stop(k, STOPPED_ROUNDS);
	if (k->memory.copied + machine_mappings(k->machine) * MAPPING_BYTES > k->limit.copied)
		kernel_stop(k, STOPPED_COPIES);
	if (k->memory.full)
		kernel_stop(k, STOPPED_MEMORY);
	if (tree_full(k->world->tree))
		kernel_stop(k, STOPPED_FILES);
	if (k->world->virtual_ns > k->limit.virtual_ns)
		kernel_stop(k, STOPPED_TIME);
}

/* One turn of p. -EIO: the machine failed. */
static int turn(struct kernel *k, struct process *p)
{
	enum machine_stop stop;
	uint64_t left;
	int r;

	if ((r = load(k, p)) < 0)
		return r == -ENOMEM ? (kernel_stop(k, STOPPED_MEMORY), 0) : r;
	if (p->state == PROCESS_WAITING) {
		p->state = PROCESS_READY;
		if (p->in_call)
			perform(k, p);
		else
			memset(&p->wait, 0, offsetof(struct wait, watches));
		if (p->state != PROCESS_READY)
			return 0;
	}
	k->leave = false;
	p->behind = false;
	if (signal_waiting(p) && !signal_deliver(k, p))
		return 0;
	p->broken = false;
	left = k->limit.blocks - machine_blocks(k->machine);
	stop = machine_run(k->machine, left < QUANTUM ? left : QUANTUM);
	kernel_clock(k);
	if (machine_spoilt(k->machine)) {
		/* as a real processor: at once, and no handler is asked; who else runs sees memory as it was made now */
		for (p = k->processes; p != NULL; p = p->next)
			process_exit(k, p, SIGSEGV);
		return 0;
	}
	switch (stop) {
	case MACHINE_LEFT:
		if (k->outside) {
			k->outside = false;
			perform(k, p);
		}
		break;
	case MACHINE_QUANTUM:
		k->quantum_over = true;
		break;
	case MACHINE_ABORTED:
		kernel_stop(k, STOPPED_DIED);
		break;
	case MACHINE_BROKEN:
		return -EIO;
	default:
		signal_fault(k, p, fault_signal(stop));
	}
	return 0;
}

static bool anyone(const struct kernel *k)
{
	for (const struct process *p = k->processes; p != NULL; p = p->next)
		if (p->state != PROCESS_ZOMBIE)
			return true;
	return false;
}

int kernel_run(struct kernel *k)
{
	struct run *run = &record_outcome(k->world->record)->run;
	int r = 0;

	k->over = false;
	k->running = true;
	while (r >= 0 && !k->over && anyone(k)) {
		struct process *p;

		reap(k);
		timers_ring(k);
		budgets(k);
		if (k->over)
			break;
		p = pick(k);
		if (p == NULL && !idle(k))
			kernel_stop(k, STOPPED_TIME); /* all wait for what never comes */
		if (p != NULL)
			r = turn(k, p);
	}
	k->running = false;
	linked_stop(k);
	/* one that ended because something was used up did not end as it would have */
	budgets(k);
	run->stopped_by = k->over ? k->why : STOPPED_EXIT;
	run->blocks = machine_blocks(k->machine) + k->calls * BLOCKS_PER_CALL + k->memory.copied / BYTES_PER_BLOCK;
	run->exit_status = -1;
	if (k->first != NULL && k->first->ended) {
		int status = k->first->exit_status;

		run->exit_status = (status & 0x7f) != 0 ? 128 + (status & 0x7f) : status >> 8 & 0xff;
		if (!k->over && (status & 0x7f) != 0)
			run->stopped_by = STOPPED_SIGNAL;
	}
	return r;
}
