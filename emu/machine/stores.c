/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stores as fast as loads. Unicorn 2.0.1 takes each guest store through a helper that looks for translations to drop,
 * though memory that cannot be executed has none; later versions do not. Its functions call one another through the
 * dynamic linker, so this one stands before the library's: it lets the library fill the entry of its address cache and
 * then has it marked as needing no helper, where the page is plain memory. Another version is left to itself.
 * By the same way it is known which pages a run may have written: an engine writes no page before it looked it up.
 */
#include "emu/machine/inside.h"

#include <dlfcn.h>

enum {
	PAGE_WRITE = 2, PAGE_EXEC = 4,
	KNOWN = 0x020001ff, /* 2.0.1, whose insides this file, whole.c and count.c know */
};

/* As the library has them; attributes are a structure of one word. */
typeof(void (void *cpu, uint64_t virtual, uint64_t physical, uint32_t attributes, int protection, int index,
    uint64_t size)) tlb_set_page_with_attrs_x86_64;

/* Of the library, found once before any machine runs; NULL: not there, or not needed. */
static typeof(tlb_set_page_with_attrs_x86_64) *set_page;
static void (*set_dirty)(void *cpu, uint64_t virtual);
/* Whose pages the thread's engine runs in: the library's call does not say. */
static _Thread_local struct machine *running;
/* Of the library, too: forgets all that its address cache holds, or one page. */
static void (*flush)(void *cpu);
static void (*flush_page)(void *cpu, uint64_t virtual);
static bool told;

void machine_stores_open(void)
{
	*(void **)&set_page = dlsym(RTLD_NEXT, "tlb_set_page_with_attrs_x86_64");
	if (uc_version(NULL, NULL) == KNOWN)
		*(void **)&set_dirty = dlsym(RTLD_NEXT, "tlb_set_dirty_x86_64");
	if (set_dirty != NULL) {
		*(void **)&flush = dlsym(RTLD_NEXT, "tlb_flush_x86_64");
		*(void **)&flush_page = dlsym(RTLD_NEXT, "tlb_flush_page_x86_64");
	}
	machine_count_open();
}

void machine_stores_of(struct machine *m)
{
	running = m;
}

struct machine *machine_running(void)
{
	return running;
}

bool machine_stores_known(void)
{
	return flush != NULL && flush_page != NULL;
}

bool machine_stores_told(void)
{
	return told;
}

void machine_stores_forget(struct engine *e)
{
	if (flush != NULL && e->core != NULL)
		flush(e->core);
}

void machine_stores_forget_page(struct engine *e, uint64_t at)
{
	if (e->core != NULL)
		flush_page(e->core, at);
}

void tlb_set_page_with_attrs_x86_64(void *cpu, uint64_t virtual, uint64_t physical, uint32_t attributes, int protection,
    int index, uint64_t size)
{
	/* where nothing is, code may be looked for, which fails; anything else looks at the page again */
	if (running != NULL && machine_is_whole(running->now) && physical < WINDOW_END && running->states[physical / GUEST_PAGE] == PAGE_NONE)
		protection &= PAGE_EXEC;
	set_page(cpu, virtual, physical, attributes, protection, index, size);
	if (running == NULL || physical >= WINDOW_END)
		return;
	told = flush != NULL;
	machine_fetch(running, physical, physical + 1);
	running->now->core = cpu;
	if ((protection & PAGE_WRITE) == 0)
		return;
	if (running->states[physical / GUEST_PAGE] == PAGE_MEMORY || running->states[physical / GUEST_PAGE] == PAGE_CODE)
		machine_touch(running, physical, physical + 1);
	if (set_dirty != NULL && running->states[physical / GUEST_PAGE] == PAGE_MEMORY)
		set_dirty(cpu, virtual & ~(uint64_t)(GUEST_PAGE - 1));
}
