/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process as a whole: made once, begun anew for each run, run until it ends. */
#include "emu/windows/process/process.h"
#include "emu/world/network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_MAX = 1 << 20, CODE_TAIL = 4 << 10 /* room behind the code */, USUAL_CODE = 8 << 10, QUANTUM = 20000 };

/* What stops a hostile guest; each has its own answer in stopped_by. */
static const struct win_budget budgets = {
	.blocks = 10000000,               /* a few seconds of an emulated core at worst */
	.calls = 100000,
	.rounds = 100000,                 /* of the scheduler, and exceptions */
	.memory = 128ull << 20,
	.virtual_ns = 3600ull * 1000000000,
	.connects = 32,
	.programs = 32,                   /* started */
	.threads = 200,
};

static void on_syscall(void *owner)
{
	struct windows *w = owner;

	w->trapped = true;
	w->trap = WIN_TRAP_SYSTEM;
	machine_leave(w->machine);
}

static bool on_trap(void *owner, uint32_t number)
{
	struct windows *w = owner;

	if (number != WIN_TRAP_FUNCTION && number != WIN_TRAP_INNER && number != WIN_TRAP_SYSTEM)
		return false;
	w->trapped = true;
	w->trap = number;
	machine_leave(w->machine);
	return true;
}

/* What every run has, mapped once. */
static int settle(struct windows *w)
{
	static const uint64_t always[][2] = {
		{ WIN_PARAMETERS, WIN_PARAMETERS_END }, { WIN_STACK, WIN_STACK_END }, { WIN_HEAP, WIN_HEAP_END },
		{ WIN_LOADER, WIN_LOADER_END }, { WIN_LEAD, WIN_CODE + USUAL_CODE }, { WIN_BLOCKS, WIN_SHARED_END },
	};
	int r = 0;

	for (unsigned i = 0; i < COUNT_OF(always) && r == 0; i++)
		r = machine_map_memory(w->machine, always[i][0], always[i][1], true);
	return r < 0 ? r : machine_settle(w->machine);
}

/* Images that no process of this run has are there all the same, so that what a run finds hangs on no other. */
static int show_images(struct windows *w)
{
	int r = 0;

	for (unsigned i = 0; i < w->catalog->count && r == 0; i++) {
		const struct win_image *image = &w->catalog->images[i];

		r = machine_map_image(w->machine, image->base, image->base + image->places.size, image->bytes);
	}
	return r;
}

int win_new(struct world *world, const struct catalog *catalog, bool precise, struct windows **ret)
{
	const struct machine_hooks hooks = { .syscall = on_syscall, .trap = on_trap };
	struct machine_hooks owned = hooks;
	struct windows *w = calloc(1, sizeof(*w));
	int r;

	if (w == NULL)
		return -ENOMEM;
	owned.owner = w;
	w->world = world;
	w->catalog = catalog;
	w->wide = catalog->wide;
	w->word = w->wide ? 8 : 4;
	w->precise = precise;
	w->offsets = &win_offsets_of[w->wide];
	w->limit = budgets;
	if ((r = machine_new(&owned, &w->machine)) < 0 ||
	    (r = machine_select(w->machine, w->wide ? CPU_X86_64 : CPU_X86)) < 0 ||
	    (precise && (r = machine_precise(w->machine)) < 0) || (r = show_images(w)) < 0 || (r = settle(w)) < 0) {
		win_free(w);
		return r;
	}
	w->memory = (struct memory){ .machine = w->machine, .held_max = budgets.memory + (16 << 20) };
	*ret = w;
	return 0;
}

void win_end(struct windows *w)
{
	win_threads_clear(w);
	for (unsigned i = 0; i < WIN_OBJECTS_MAX; i++)
		if (w->objects[i].kind != WIN_FREE)
			win_object_free(w, &w->objects[i]);
	space_release(w->space);
	w->space = NULL;
}

void win_free(struct windows *w)
{
	if (w == NULL)
		return;
	win_end(w);
	machine_free(w->machine);
	free(w);
}

static int add(struct windows *w, uint64_t start, uint64_t end, uint32_t protection)
{
	int r = space_add(w->space, &(struct range){ .start = start, .end = end, .kind = RANGE_MEMORY, .name = "",
	    .protection = RANGE_READ | RANGE_WRITE | RANGE_EXECUTE });

	if (r == 0)
		w->regions[w->regions_count++] = (struct win_region){ start, end, protection, 0x20000 };
	return r;
}

static void begin_counts(struct windows *w)
{
	w->calls = w->rounds = 0;
	w->connects = w->programs = w->unknown_calls = w->allocated = w->nested = w->handlers_count = 0;
	w->regions_count = w->modules_count = 0;
	w->unhandled = w->tls_used = 0;
	w->heap_at = WIN_HEAP;
	w->over = w->jumps = w->inexact = false;
	w->why = STOPPED_EXIT;
	w->exit_code = 0;
	w->last_id = 0;
	w->process_id = (w->world->profile.pid + (uint32_t)(w->world->seed % 4) * 1236) & ~3u;
	w->memory.copied = 0;
	w->memory.full = false;
}

static int begin_memory(struct windows *w, struct bytes code)
{
	uint64_t code_end = WIN_CODE + (code.left + CODE_TAIL + GUEST_PAGE - 1) / GUEST_PAGE * GUEST_PAGE;
	int r;

	if ((r = machine_reset(w->machine)) < 0 || (r = machine_select(w->machine, w->wide ? CPU_X86_64 : CPU_X86)) < 0 ||
	    (r = show_images(w)) < 0 || (r = space_new(&w->memory, &w->space)) < 0)
		return r;
	if ((r = add(w, WIN_PARAMETERS, WIN_PARAMETERS_END, 4)) < 0 || (r = add(w, WIN_STACK, WIN_STACK_END, 4)) < 0 ||
	    (r = add(w, WIN_HEAP, WIN_HEAP_END, 4)) < 0 || (r = add(w, WIN_LOADER, WIN_LOADER_END, 4)) < 0 ||
	    (r = add(w, WIN_LEAD, code_end, 0x40)) < 0 || (r = add(w, WIN_BLOCKS, WIN_SHARED_END, 4)) < 0)
		return r;
	return win_write(w, WIN_CODE, code.at, code.left);
}

/* Where the registers lead: many decoders count on one of them, and on which is the exploit's affair. */
static void set_registers(struct windows *w, uint64_t v)
{
	static const enum machine_register all[] = { GPR_RAX, GPR_RBX, GPR_RCX, GPR_RDX, GPR_RSI, GPR_RDI, GPR_R8, GPR_R9,
		GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15 };

	for (unsigned i = 0; i < (w->wide ? COUNT_OF(all) : 6); i++)
		win_set(w, all[i], v);
}

int win_begin(struct windows *w, struct bytes code, uint64_t entry, enum win_registers registers)
{
	int r;

	if (code.left > CODE_MAX || entry >= code.left)
		return -EINVAL;
	win_end(w);
	begin_counts(w);
	if ((r = begin_memory(w, code)) < 0 || (r = win_modules_begin(w)) < 0 || (r = win_facts_begin(w)) < 0)
		return r;
	if (win_thread_new(w, WIN_CODE + entry, 0, false) == NULL)
		return -ENOMEM;
	machine_context_load(w->machine, w->thread->context);
	set_registers(w, registers == WIN_REGISTERS_ZERO ? 0 : WIN_CODE + entry);
	if (registers == WIN_REGISTERS_STACK)
		win_set(w, GPR_RSP, WIN_CODE + entry);
	return 0;
}

uint64_t win_get(struct windows *w, enum machine_register which)
{
	return machine_get(w->machine, which);
}

void win_set(struct windows *w, enum machine_register which, uint64_t v)
{
	machine_set(w->machine, which, w->wide ? v : (uint32_t)v);
}

/* What the processor complained of, as Windows calls it. */
static void raise_for(struct windows *w, enum machine_stop stop)
{
	static const uint32_t codes[] = {
		[MACHINE_ACCESS] = 0xc0000005, [MACHINE_INSTRUCTION] = 0xc000001d, [MACHINE_DIVIDE] = 0xc0000094,
		[MACHINE_TRAP] = 0x80000003, [MACHINE_PRIVILEGE] = 0xc0000096,
	};

	if (w->rounds++ >= w->limit.rounds)
		win_stop(w, STOPPED_ROUNDS);
	else
		win_raise(w, codes[stop], machine_fault_address(w->machine));
}

/* Until its time is up, it waits or ends. */
static int run_thread(struct windows *w, struct win_thread *t)
{
	uint64_t stop_at = machine_blocks(w->machine) + QUANTUM;

	win_threads_switch(w, t);
	do {
		enum machine_stop stop = machine_run(w->machine, QUANTUM);

		if (machine_blocks(w->machine) >= w->limit.blocks || machine_translations(w->machine) > MACHINE_TRANSLATIONS_MAX)
			win_stop(w, STOPPED_BLOCKS);
		else if (stop == MACHINE_BROKEN)
			return -EIO;
		else if (stop == MACHINE_LEFT && w->trapped)
			win_answer(w);
		else if (stop != MACHINE_LEFT && stop != MACHINE_QUANTUM)
			raise_for(w, stop);
		w->trapped = false;
	} while (!w->over && !t->waits && !t->ended && w->thread == t && machine_blocks(w->machine) < stop_at);
	return 0;
}

/* All wait: time goes on to what comes first; then silence on the network ends what waits for it. */
static void all_wait(struct windows *w)
{
	uint64_t next = WIN_FOREVER;
	bool any = false;

	for (unsigned i = 0; i < WIN_THREADS_MAX; i++) {
		const struct win_thread *t = &w->threads[i];

		if (!t->used || t->ended)
			continue;
		any = true;
		if (t->waits && t->suspended == 0 && t->until < next)
			next = t->until;
	}
	if (!any) {
		w->over = true;
		w->exit_code = (uint32_t)w->threads[0].exit_code;
	} else if (network_quiet(w->world->network)) {
		return;
	} else if (next == WIN_FOREVER || next > w->limit.virtual_ns) {
		win_stop(w, STOPPED_TIME);
	} else if (next > w->world->virtual_ns) {
		w->world->virtual_ns = next;
	}
}

static int run_all(struct windows *w)
{
	int r = 0;

	while (!w->over && r == 0) {
		bool moved = false;

		for (unsigned i = 0; i < WIN_THREADS_MAX && !w->over && r == 0; i++) {
			struct win_thread *t = &w->threads[i];

			if (!t->used || t->ended || t->suspended != 0)
				continue;
			r = run_thread(w, t);
			moved = moved || !t->waits;
		}
		if (w->rounds++ >= w->limit.rounds)
			win_stop(w, STOPPED_ROUNDS);
		if (!moved && !w->over)
			all_wait(w);
	}
	return r;
}

int win_run(struct windows *w)
{
	int r = run_all(w);
	struct run *run = &record_outcome(w->world->record)->run;

	if (w->memory.full && w->why == STOPPED_EXIT)
		w->why = STOPPED_MEMORY;
	run->stopped_by = w->why;
	run->exit_status = w->why == STOPPED_SIGNAL ? 128 + 11 : (int32_t)w->exit_code;
	run->blocks = machine_blocks(w->machine);
	run->ended_ns = w->world->virtual_ns;
	return r;
}
