/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions on their way through the guest's handlers: vectored ones, then (x86) the chain of frames that FS:[0] leads
 * to, then the filter of last resort. Structures as winnt.h states them.
 */
#include "emu/windows/process/process.h"

#include <string.h>

enum {
	CONTEXT32 = 0x2cc, CONTEXT64 = 0x4d0, RECORD = 0x98, ROOM = 0x20,
	CONTINUE = -1,        /* what vectored handlers and filters give */
	CONTINUE_FRAME = 0,   /* what frames' handlers give */
	FRAMES_MAX = 64,
	LAST_RESORT = 0x1000, /* in the dispatch: beyond the vectored ones and the frames */
};
static const uint32_t ACCESS = 0xc0000005;

/* Offset of each register in the guest's CONTEXT, in the order of enum machine_register; 0: not in it. */
static const uint16_t at32[GPR_COUNT] = {
	[GPR_RAX] = 0xb0, [GPR_RBX] = 0xa4, [GPR_RCX] = 0xac, [GPR_RDX] = 0xa8, [GPR_RSI] = 0xa0, [GPR_RDI] = 0x9c,
	[GPR_RBP] = 0xb4, [GPR_RSP] = 0xc4, [GPR_RIP] = 0xb8, [GPR_RFLAGS] = 0xc0,
};
static const uint16_t at64[GPR_COUNT] = {
	[GPR_RAX] = 0x78, [GPR_RCX] = 0x80, [GPR_RDX] = 0x88, [GPR_RBX] = 0x90, [GPR_RSP] = 0x98, [GPR_RBP] = 0xa0,
	[GPR_RSI] = 0xa8, [GPR_RDI] = 0xb0, [GPR_R8] = 0xb8, [GPR_R9] = 0xc0, [GPR_R10] = 0xc8, [GPR_R11] = 0xd0,
	[GPR_R12] = 0xd8, [GPR_R13] = 0xe0, [GPR_R14] = 0xe8, [GPR_R15] = 0xf0, [GPR_RIP] = 0xf8, [GPR_RFLAGS] = 0x44,
};

static unsigned width_of(const struct windows *w, unsigned which)
{
	return which == GPR_RFLAGS ? 4 : w->word;
}

bool win_context_put(struct windows *w, uint64_t at)
{
	const uint16_t *offsets = w->wide ? at64 : at32;
	bool good = win_put(w, at + (w->wide ? 0x30 : 0), w->wide ? 0x10000b : 0x1000f, 4);

	for (unsigned i = 0; i < GPR_COUNT && good; i++)
		if (offsets[i] != 0)
			good = win_put(w, at + offsets[i], win_get(w, i), width_of(w, i));
	if (!w->wide)
		good = good && win_put(w, at + 0xbc, WIN_SELECTOR_CODE, 4) && win_put(w, at + 0xc8, WIN_SELECTOR_DATA, 4) &&
		    win_put(w, at + 0x98, WIN_SELECTOR_DATA, 4) && win_put(w, at + 0x94, WIN_SELECTOR_DATA, 4) &&
		    win_put(w, at + 0x90, WIN_SELECTOR_TEB, 4);
	return good;
}

bool win_context_take(struct windows *w, uint64_t at)
{
	enum { ARITHMETIC = 0xcd5, TRAP_FLAG = 0x100 };
	const uint16_t *offsets = w->wide ? at64 : at32;
	bool good = true;

	for (unsigned i = 0; i < GPR_COUNT && good; i++) {
		uint64_t v;

		if (offsets[i] == 0)
			continue;
		v = win_number(w, at + offsets[i], width_of(w, i), &good);
		if (i == GPR_RFLAGS)
			v = (v & ARITHMETIC) | 2;
		if (good)
			win_set(w, i, v);
	}
	return good;
}

static void give_up(struct windows *w)
{
	win_stop(w, STOPPED_SIGNAL);
}

/* A handler is called, to come back to inner code. */
static void call(struct windows *w, uint64_t handler, unsigned count, const uint64_t *args)
{
	uint64_t sp = (w->dispatch[w->nested - 1].record - ROOM) & ~15ull;

	if (w->wide) {
		sp -= ROOM;
		win_set(w, GPR_RCX, args[0]);
	} else {
		sp -= 4 * count;
		for (unsigned i = 0; i < count; i++)
			if (!win_put_word(w, sp + 4 * i, args[i]))
				give_up(w);
	}
	sp -= w->word;
	if (!win_put_word(w, sp, catalog_inner(w->catalog, 1, WIN_INNER_HANDLED)))
		give_up(w);
	win_set(w, GPR_RSP, sp);
	win_set(w, GPR_RIP, handler);
}

/* EXCEPTION_POINTERS stand behind the record. */
static uint64_t pointers(struct windows *w, const struct win_dispatch *d)
{
	(void)win_put_word(w, d->record + RECORD, d->record);
	(void)win_put_word(w, d->record + RECORD + w->word, d->context);
	return d->record + RECORD;
}

/* The next one who might handle it. */
static void next(struct windows *w)
{
	struct win_dispatch *d = &w->dispatch[w->nested - 1];
	uint64_t handler, args[4] = { 0 };

	if (d->vector < w->handlers_count) {
		args[0] = pointers(w, d);
		call(w, w->handlers[d->vector++], 1, args);
		return;
	}
	/* a frame that is no memory, or is the last: the chain is at its end */
	if (!w->wide && d->vector < LAST_RESORT && d->vector < w->handlers_count + FRAMES_MAX && d->frame != UINT32_MAX) {
		bool good;

		handler = win_number(w, d->frame + 4, 4, &good);
		if (good) {
			args[0] = d->record;
			args[1] = d->frame;
			args[2] = d->context;
			args[3] = d->record + RECORD;
			d->vector++;
			d->frame = win_get_word(w, d->frame);
			call(w, handler, 4, args);
			return;
		}
	}
	if (w->unhandled != 0 && d->vector < LAST_RESORT) {
		d->vector = LAST_RESORT;
		args[0] = pointers(w, d);
		call(w, w->unhandled, 1, args);
		return;
	}
	give_up(w);
}

/* Would anybody but the system look at it? */
static bool watched(struct windows *w)
{
	uint64_t frame = w->wide ? UINT32_MAX : win_get_word(w, w->thread->teb);
	/* its handler may have been written over, where it stands */
	bool own = frame != UINT32_MAX && win_get_word(w, frame + 4) != win_last_handler(w);

	return w->handlers_count != 0 || w->unhandled != 0 || own;
}

void win_raise(struct windows *w, uint32_t code, uint64_t address)
{
	uint64_t sp = win_get(w, GPR_RSP), context = w->wide ? CONTEXT64 : CONTEXT32;
	struct win_dispatch d = { 0 };
	uint64_t pc = win_get(w, GPR_RIP);
	bool good;

	w->jumps = true;
	if (!w->precise && code == ACCESS && watched(w)) {
		w->inexact = true;
		give_up(w);
		return;
	}
	/* those whose handler went on elsewhere never come back: the oldest makes room */
	if (w->nested == WIN_NESTED_MAX)
		memmove(&w->dispatch[0], &w->dispatch[1], --w->nested * sizeof(d));
	d.context = (sp - context - ROOM) & ~15ull;
	d.record = (d.context - RECORD - ROOM) & ~15ull;
	d.frame = w->wide ? 0 : win_get_word(w, w->thread->teb);
	good = win_context_put(w, d.context) && win_put(w, d.record, code, 4) && win_put(w, d.record + 4, 0, 4) &&
	    win_put_word(w, d.record + 8, 0) && win_put_word(w, d.record + 8 + w->word, pc) &&
	    win_put(w, d.record + 8 + 2 * w->word, code == ACCESS ? 2 : 0, 4) &&
	    win_put_word(w, d.record + (w->wide ? 0x20 : 0x14), address == pc ? 8 : 0) &&
	    win_put_word(w, d.record + (w->wide ? 0x28 : 0x18), address);
	w->dispatch[w->nested++] = d;
	if (good)
		next(w);
	else
		give_up(w);
}

void win_handled(struct windows *w)
{
	int32_t answer = (int32_t)win_get(w, GPR_RAX);
	struct win_dispatch *d;

	w->jumps = true;
	if (w->nested == 0) {
		give_up(w);
		return;
	}
	d = &w->dispatch[w->nested - 1];
	if (answer == CONTINUE || (answer == CONTINUE_FRAME && !w->wide && d->vector > w->handlers_count &&
	    d->vector < LAST_RESORT)) {
		w->nested--;
		if (!win_context_take(w, d->context))
			give_up(w);
		return;
	}
	if (d->vector == LAST_RESORT) {
		/* a filter that says "handle it": the process ends */
		win_exit(w, (uint32_t)win_number(w, d->record, 4, NULL));
		return;
	}
	next(w);
}
