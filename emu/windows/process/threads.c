/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads: their blocks and stacks, who runs, who waits, what calls guest code. */
#include "emu/windows/process/process.h"

#include <string.h>

enum { STACK_BYTES = 256 << 10, ID_STEP = 4, RED_ZONE = 0x20 };

/* NT 5 has it in kernel32, later versions in ntdll. */
uint64_t win_last_handler(const struct windows *w)
{
	return catalog_inner(w->catalog, w->catalog->version < 60 ? 2 : 1, WIN_INNER_LAST_HANDLER);
}

/* The thread block: what code reads through FS and GS, and the last handler of exceptions. */
static bool put_block(struct windows *w, const struct win_thread *t, uint64_t stack, uint64_t stack_end)
{
	const struct win_offsets *o = w->offsets;
	uint64_t handler = win_last_handler(w);
	bool good = win_put_word(w, t->teb + o->teb_stack, stack_end) && win_put_word(w, t->teb + o->teb_limit, stack) &&
	    win_put_word(w, t->teb + o->teb_self, t->teb) && win_put_word(w, t->teb + o->teb_process_id, w->process_id) &&
	    win_put_word(w, t->teb + o->teb_thread_id, t->id) && win_put_word(w, t->teb + o->teb_peb, WIN_PEB) &&
	    win_put_word(w, t->teb + o->teb_tls, t->teb + o->teb_slots);

	if (!w->wide) {
		uint64_t frame = stack_end - 0x10;

		good = good && win_put_word(w, t->teb, frame) && win_put_word(w, frame, UINT32_MAX) &&
		    win_put_word(w, frame + 4, handler) &&
		    /* 32-bit programs on 64-bit systems have the way into the system here */
		    (w->catalog->version < 100 ||
		     win_put_word(w, t->teb + o->teb_wow, catalog_inner(w->catalog, 1, WIN_INNER_SYSTEM)));
	}
	/* a caller of the thread's first function is in kernel32; code looks for it near the stack's end */
	return good && win_put_word(w, stack_end - 0x1c, catalog_inner(w->catalog, 2, WIN_INNER_RETURN));
}

static void set_registers(struct windows *w, struct win_thread *t, uint64_t start, uint64_t argument, uint64_t stack_end)
{
	uint64_t sp = stack_end - 0x100, back = catalog_inner(w->catalog, 2, WIN_INNER_RETURN);

	if (w->wide) {
		sp -= 0x28;
		win_set(w, GPR_RCX, argument);
		win_set(w, GPR_GS_BASE, t->teb);
	} else {
		sp -= 8;
		(void)win_put_word(w, sp + 4, argument);
		win_set(w, GPR_FS_BASE, t->teb);
	}
	(void)win_put_word(w, sp, back);
	win_set(w, GPR_RSP, sp);
	win_set(w, GPR_RBP, sp + 0x40);
	win_set(w, GPR_RIP, start);
}

static struct win_thread *slot(struct windows *w)
{
	for (unsigned i = 0; i < WIN_THREADS_MAX; i++)
		if (!w->threads[i].used)
			return &w->threads[i];
	/* who has ended, and whom no handle names, makes room */
	for (unsigned i = 0; i < WIN_THREADS_MAX; i++)
		if (w->threads[i].ended && &w->threads[i] != w->thread)
			return &w->threads[i];
	return NULL;
}

struct win_thread *win_thread_new(struct windows *w, uint64_t start, uint64_t argument, bool suspended)
{
	struct win_thread *t = slot(w), *current = w->thread;
	struct machine_context *context;
	uint64_t stack = WIN_STACK, stack_end = WIN_STACK_END;

	if (t == NULL || w->last_id / ID_STEP >= w->limit.threads) {
		win_stop(w, STOPPED_PROCESSES);
		return NULL;
	}
	if (current != NULL) {
		if ((stack = win_allocate(w, 0, STACK_BYTES, 4)) == 0)
			return NULL;
		stack_end = stack + STACK_BYTES;
	}
	context = t->context;
	if (context == NULL && machine_context_new(w->machine, &context) < 0)
		return NULL;
	*t = (struct win_thread){ .used = true, .context = context, .start = start, .suspended = suspended,
		.teb = WIN_PEB - (uint64_t)(t - w->threads + 1) * WIN_TEB_SIZE };
	w->last_id += ID_STEP;
	t->id = w->process_id + w->last_id;
	if (!put_block(w, t, stack, stack_end))
		return NULL;
	if (current != NULL)
		machine_context_save(w->machine, current->context);
	machine_context_load(w->machine, w->threads[0].context);
	set_registers(w, t, start, argument, stack_end);
	machine_context_save(w->machine, t->context);
	if (current != NULL)
		machine_context_load(w->machine, current->context);
	else
		w->thread = t;
	return t;
}

void win_threads_switch(struct windows *w, struct win_thread *t)
{
	if (t == w->thread)
		return;
	if (!w->thread->ended)
		machine_context_save(w->machine, w->thread->context);
	machine_context_load(w->machine, t->context);
	w->thread = t;
}

void win_threads_clear(struct windows *w)
{
	w->thread = NULL;
	for (unsigned i = 0; i < WIN_THREADS_MAX; i++) {
		machine_context_free(w->threads[i].context);
		w->threads[i] = (struct win_thread){ 0 };
	}
}

bool win_waits(struct windows *w, uint64_t ns)
{
	struct win_thread *t = w->thread;

	if (!t->waits) {
		t->waits = true;
		t->until = ns == WIN_FOREVER || ns > WIN_FOREVER - w->world->virtual_ns ? WIN_FOREVER : w->world->virtual_ns + ns;
	}
	if (t->until <= w->world->virtual_ns) {
		t->waits = false;
		return false;
	}
	t->again = true;
	return true;
}

void win_wait_over(struct windows *w)
{
	w->thread->waits = false;
}

void win_thread_end(struct windows *w, uint64_t code)
{
	struct win_object *o = win_object(w, w->thread->handle_id, WIN_THREAD);

	if (o != NULL && o->id == w->thread->id)
		o->signalled = true;
	w->thread->ended = true;
	w->thread->exit_code = code;
	w->thread->waits = false;
	w->jumps = true;
	machine_leave(w->machine);
}

void win_exit(struct windows *w, uint32_t code)
{
	w->over = true;
	w->exit_code = code;
	w->jumps = true;
}

void win_stop(struct windows *w, enum stopped_by why)
{
	if (w->why == STOPPED_EXIT)
		w->why = why;
	w->over = true;
}

/* Puts a word on the guest's stack. */
static void push(struct windows *w, uint64_t v)
{
	uint64_t sp = win_get(w, GPR_RSP) - w->word;

	(void)win_put_word(w, sp, v);
	win_set(w, GPR_RSP, sp);
}

static void set_arguments(struct windows *w, unsigned count, const uint64_t *args)
{
	static const enum machine_register registers[] = { GPR_RCX, GPR_RDX, GPR_R8, GPR_R9 };

	for (unsigned i = count; i-- > 0;) {
		if (w->wide && i < COUNT_OF(registers))
			win_set(w, registers[i], args[i]);
		else
			push(w, args[i]);
	}
}

/* The gate goes on where the trap was: what the guest's function gives is what the system's gives. */
void win_call_back(struct windows *w, uint64_t function, unsigned count, const uint64_t *args)
{
	uint64_t back = win_get(w, GPR_RIP);

	if (w->wide) {
		/* room that a caller gives, on a stack that is even by 16 before the call; the inner code takes it away */
		push(w, back);
		win_set(w, GPR_RSP, win_get(w, GPR_RSP) - RED_ZONE);
		back = catalog_inner(w->catalog, 1, WIN_INNER_UNWIND);
	}
	set_arguments(w, count < 4 ? count : 4, args);
	push(w, back);
	win_set(w, GPR_RIP, function);
	w->jumps = true;
}

void win_go(struct windows *w, uint64_t function, uint64_t argument)
{
	uint64_t back = catalog_inner(w->catalog, 2, WIN_INNER_RETURN);

	if (w->wide) {
		win_set(w, GPR_RSP, (win_get(w, GPR_RSP) & ~15ull) - RED_ZONE);
		win_set(w, GPR_RCX, argument);
	} else {
		push(w, argument);
	}
	push(w, back);
	win_set(w, GPR_RIP, function);
	w->jumps = true;
}
