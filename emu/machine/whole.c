/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The window whole. To map or unmap memory costs Unicorn tens of microseconds, and all that it knows of where pages and
 * translations are. So its engines of x86 are given the window once, and what stands at a page they are told when they look:
 * as in stores.c, the library's function is this one instead. Another version of it is given each mapping by itself.
 */
#include "emu/machine/processor.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

/* As the library has it: what is mapped there, of which it asks what may be done with it. */
typeof(void *(uc_engine *uc, uint64_t address)) memory_mapping;

/* Of the library, looked up when the first engine is opened. */
static typeof(memory_mapping) *mapping_of;

/* Addresses above the window, with the permissions that pages of each state have. */
#define SAMPLES 0x90000000ull
enum { FLUSH_ALL = 64 /* pages: to forget more by themselves costs more than to look up all again */ };

static const uint32_t permissions[PAGE_STATES] = {
	[PAGE_IMAGE] = UC_PROT_READ | UC_PROT_EXEC, [PAGE_MEMORY] = UC_PROT_READ | UC_PROT_WRITE, [PAGE_CODE] = UC_PROT_ALL,
};

bool machine_is_whole(const struct engine *e)
{
	return e->shown[PAGE_MEMORY] != NULL;
}

void *memory_mapping(uc_engine *uc, uint64_t address)
{
	const struct machine *m = machine_running();

	if (mapping_of == NULL)
		*(void **)&mapping_of = dlsym(RTLD_NEXT, "memory_mapping");
	if (m == NULL || m->uc != uc || address >= WINDOW_END || !machine_is_whole(m->now) ||
	    (m->now->help != NULL && address / GUEST_PAGE == HELP / GUEST_PAGE))
		return mapping_of(uc, address);
	return m->now->shown[m->states[address / GUEST_PAGE]];
}

static int map(struct engine *e, uint64_t start, uint64_t end, uint8_t *host)
{
	return uc_mem_map_ptr(e->uc, start, end - start, UC_PROT_ALL, host) == UC_ERR_OK ? 0 : -EIO;
}

int machine_whole_open(struct machine *m, struct engine *e)
{
	void *shown[PAGE_STATES] = { NULL };
	int r;

	if (!machine_stores_known() || (e != &m->engines[CPU_X86_64] && e != &m->engines[CPU_X86]))
		return 0;
	for (unsigned state = PAGE_IMAGE; state < PAGE_STATES; state++) {
		uint64_t at = SAMPLES + (uint64_t)state * GUEST_PAGE;

		if (uc_mem_map_ptr(e->uc, at, GUEST_PAGE, permissions[state], m->window) != UC_ERR_OK)
			return -EIO;
	}
	if ((r = map(e, 0, HELP, m->window)) < 0 || (e->help == NULL && (r = map(e, HELP, HELP + GUEST_PAGE, m->window + HELP)) < 0) ||
	    (r = map(e, HELP + GUEST_PAGE, WINDOW_END, m->window + HELP + GUEST_PAGE)) < 0)
		return r;
	for (unsigned state = PAGE_IMAGE; state < PAGE_STATES; state++)
		if ((shown[state] = memory_mapping(e->uc, SAMPLES + (uint64_t)state * GUEST_PAGE)) == NULL)
			return -EIO;
	memcpy(e->shown, shown, sizeof(shown));
	return 0;
}

static void forget(const struct machine *m, struct engine *e, const struct mapping *p)
{
	uint64_t pages[FLUSH_ALL];
	unsigned count = 0;

	if (e->core == NULL)
		return; /* it never ran */
	if (p->code || p->source != NULL) {
		uc_ctl_remove_cache(e->uc, p->start, p->end);
		machine_stores_forget(e);
		return;
	}
	for (uint64_t page = p->start / GUEST_PAGE; page < p->end / GUEST_PAGE; page++) {
		if ((m->marks[page] & MARK_TOUCHED) == 0)
			continue;
		if (count == FLUSH_ALL) {
			machine_stores_forget(e);
			return;
		}
		pages[count++] = page * GUEST_PAGE;
	}
	for (unsigned i = 0; i < count; i++)
		machine_stores_forget_page(e, pages[i]);
}

void machine_whole_forget(struct machine *m, const struct mapping *p)
{
	for (unsigned i = 0; i < CPU_COUNT; i++)
		if (machine_is_whole(&m->engines[i]))
			forget(m, &m->engines[i], p);
}
