/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traps answered: a system function is called, a thread or a handler came to its end, a direct system call. */
#include "emu/windows/process/process.h"

#include <string.h>

enum { CALL_NS = 1000, TRAP_BYTES = 2 };

/* Does inner code stand where the trap was? */
static bool inner(const struct windows *w, uint64_t pc, enum win_inner *ret)
{
	for (unsigned image = 1; image < 3; image++) {
		uint64_t base = catalog_inner(w->catalog, image, 0);

		if (pc < base || pc >= base + WIN_INNER_COUNT * WIN_INNER_SIZE)
			continue;
		*ret = (enum win_inner)((pc - base) / WIN_INNER_SIZE);
		return true;
	}
	return false;
}

static void answer_inner(struct windows *w, enum win_inner which)
{
	switch (which) {
	case WIN_INNER_RETURN:
		win_thread_end(w, win_get(w, GPR_RAX));
		break;
	case WIN_INNER_HANDLED:
		win_handled(w);
		break;
	case WIN_INNER_LAST_HANDLER:
		/* looks for the next one: there is none */
		win_set(w, GPR_RAX, 1);
		break;
	default:
		win_system_call(w);
		break;
	}
}

/* Of x86: the caller's frame pointer and address stand before them. */
static bool arguments(struct windows *w, unsigned count, uint64_t *to)
{
	static const enum machine_register registers[] = { GPR_R10, GPR_RDX, GPR_R8, GPR_R9 };
	uint64_t sp = win_get(w, GPR_RSP), at = sp + 8;
	uint8_t raw[WIN_ARGUMENTS_MAX * 8] = { 0 };
	uint64_t there = space_reach(w->space, at, (uint64_t)count * w->word, RANGE_READ);

	if (win_read(w, at, raw, there) < 0)
		return false;
	for (unsigned i = 0; i < count; i++) {
		to[i] = 0;
		memcpy(&to[i], raw + i * w->word, w->word);
		if (w->wide && i < COUNT_OF(registers))
			to[i] = win_get(w, registers[i]);
	}
	return true;
}

void win_call(struct windows *w, const struct win_function *f, const char *library)
{
	uint64_t args[WIN_ARGUMENTS_MAX] = { 0 }, v = f->value;
	/* what takes as many as it is given looks at all there are */
	unsigned count = f->cdecl ? WIN_ARGUMENTS_MAX : (unsigned)f->args;

	w->function = f;
	w->jumps = false;
	w->world->virtual_ns += CALL_NS;
	if (!arguments(w, count, args)) {
		win_raise(w, 0xc0000005, win_get(w, GPR_RSP));
		return;
	}
	if (f->run != NULL)
		v = f->run(w, args);
	else
		win_unknown(w, library, f->name);
	if (w->thread->again) {
		w->thread->again = false;
		win_set(w, GPR_RIP, win_get(w, GPR_RIP) - TRAP_BYTES);
	} else if (!w->jumps) {
		win_set(w, GPR_RAX, v);
	}
}

void win_answer(struct windows *w)
{
	uint64_t accumulator = win_get(w, GPR_RAX), pc = win_get(w, GPR_RIP);
	const struct win_function *f = NULL;
	enum win_inner which;

	if (w->calls++ >= w->limit.calls) {
		win_stop(w, STOPPED_SYSCALLS);
		return;
	}
	if (inner(w, pc - TRAP_BYTES, &which)) {
		answer_inner(w, which);
		return;
	}
	if (w->trap == WIN_TRAP_FUNCTION || w->wide)
		f = win_function_at(w, (uint32_t)accumulator);
	if (f != NULL)
		win_call(w, f, w->catalog->images[accumulator >> 16 & 0xff].library->name);
	else if (w->trap == WIN_TRAP_FUNCTION)
		win_raise(w, 0xc0000005, UINT64_MAX);
	else
		win_system_call(w);
}
