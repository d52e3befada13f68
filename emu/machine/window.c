/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's memory window: which pages the engine may touch, and what becomes of translations. */
#include "emu/machine/processor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Memory is given to the engine in steps of this: a mapping costs tens of microseconds. */
#define STEP (4ull << 20)

static bool in_steps(uint64_t at)
{
	return (at >= WINDOW_HEAP && at < WINDOW_IMAGES) || at >= WINDOW_MMAP;
}

int machine_window_open(struct machine *m)
{
	void *at = mmap(NULL, WINDOW_END, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		return -ENOMEM;
	m->window = at;
	m->states = calloc(WINDOW_END / GUEST_PAGE, 1);
	m->code_marks = calloc(WINDOW_END / GUEST_PAGE, 1);
	m->marks = calloc(WINDOW_END / GUEST_PAGE, 1);
	m->pending = calloc(WINDOW_END / GUEST_PAGE, sizeof(*m->pending));
	return m->states != NULL && m->code_marks != NULL && m->marks != NULL && m->pending != NULL ? 0 : -ENOMEM;
}

void machine_window_close(struct machine *m)
{
	if (m->window != NULL)
		munmap(m->window, WINDOW_END);
	free(m->states);
	free(m->code_marks);
	free(m->marks);
	free(m->pending);
}

uint8_t *machine_host(const struct machine *m, uint64_t guest)
{
	return m->window + guest;
}

static void mark(struct machine *m, uint64_t start, uint64_t end, enum page_state state)
{
	memset(m->states + start / GUEST_PAGE, state, (end - start) / GUEST_PAGE);
	for (uint64_t at = start; state == PAGE_CODE && at < end; at = (at / CODE_NEAR + 1) * CODE_NEAR)
		m->code_near[at / CODE_NEAR] = true;
}

/* Takes a mapping from the engines; its host memory stays as it is. */
void machine_take(struct machine *m, unsigned i)
{
	struct mapping *p = &m->mappings[i];

	for (unsigned e = 0; p->engines >> e != 0; e++) {
		if ((p->engines >> e & 1) == 0)
			continue;
		uc_ctl_remove_cache(m->engines[e].uc, p->start, p->end);
		uc_mem_unmap(m->engines[e].uc, p->start, p->end - p->start);
	}
	machine_whole_forget(m, p);
	if (p->code)
		memset(m->code_marks + p->start / GUEST_PAGE, 0, (p->end - p->start) / GUEST_PAGE);
	mark(m, p->start, p->end, PAGE_NONE);
	*p = m->mappings[--m->mappings_count];
}

/* Takes a mapping away with its host memory; what is left is a hole in the window that nothing else can take. */
void machine_unmap(struct machine *m, unsigned i)
{
	struct mapping p = m->mappings[i];

	machine_take(m, i);
	machine_touch_laid(m, p.start, p.end);
	mmap(m->window + p.start, p.end - p.start, PROT_NONE,
	    MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static int put(struct machine *m, const struct mapping *p)
{
	void *at = m->window + p->start;

	if (p->source == NULL)
		return mprotect(at, p->end - p->start, PROT_READ | PROT_WRITE) < 0 ? -ENOMEM : 0;
	machine_touch_laid(m, p->start, p->end);
	/* a length of 0 makes a second view of a shared mapping, without a descriptor */
	if (mremap((void *)(uintptr_t)p->source, 0, p->end - p->start, MREMAP_MAYMOVE | MREMAP_FIXED, at) == MAP_FAILED)
		return -ENOMEM;
	return 0;
}

/* Gives the engine in use a mapping. */
static int give(struct machine *m, struct mapping *p)
{
	uint32_t perms = p->source != NULL ? UC_PROT_READ | UC_PROT_EXEC : UC_PROT_READ | UC_PROT_WRITE;

	if (machine_is_whole(m->now))
		return 0;
	if (p->code)
		perms |= UC_PROT_EXEC;
	if (uc_mem_map_ptr(m->uc, p->start, p->end - p->start, perms, m->window + p->start) != UC_ERR_OK)
		return -ENOMEM;
	p->engines |= m->bit;
	return 0;
}

bool machine_share(struct machine *m, uint64_t address)
{
	if (address >= WINDOW_END || machine_is_whole(m->now) || m->states[address / GUEST_PAGE] == PAGE_NONE)
		return false;
	for (unsigned i = 0; i < m->mappings_count; i++) {
		struct mapping *p = &m->mappings[i];

		if (p->start <= address && address < p->end)
			return (p->engines & m->bit) == 0 && give(m, p) == 0;
	}
	return false;
}

static int map(struct machine *m, struct mapping p)
{
	p.engines = 0;
	if (m->mappings_count == MAPPINGS_MAX || put(m, &p) < 0 || give(m, &p) < 0)
		return -ENOMEM;
	m->mappings[m->mappings_count++] = p;
	m->mapped++;
	mark(m, p.start, p.end, p.source != NULL ? PAGE_IMAGE : p.code ? PAGE_CODE : PAGE_MEMORY);
	if (p.source == NULL)
		m->disturbed = true;
	return 0;
}

/* Does p show at its pages what is wanted there? Memory that may be executed serves as plain memory too. */
static bool serves(const struct mapping *p, const struct mapping *want)
{
	if (want->source == NULL || p->source == NULL)
		return want->source == p->source && (p->code || !want->code);
	return (uintptr_t)p->source - p->start == (uintptr_t)want->source - want->start;
}

/* Takes start..end out of mapping i of plain memory: the host memory stays, to be mapped otherwise. */
static int cut(struct machine *m, unsigned i, uint64_t start, uint64_t end)
{
	struct mapping p = m->mappings[i], below = p, above = p;
	int r = 0;

	below.end = start;
	above.start = end;
	machine_take(m, i);
	m->disturbed = true;
	if (p.start < start)
		r = map(m, below);
	if (r == 0 && end < p.end)
		r = map(m, above);
	return r;
}

/* Takes away what stands in the way of want; true in *all if all of it is there already. */
static int clear(struct machine *m, const struct mapping *want, bool *all)
{
	uint64_t there = 0;
	int r;

	for (unsigned i = 0; i < m->mappings_count;) {
		const struct mapping *p = &m->mappings[i];
		uint64_t start = p->start > want->start ? p->start : want->start;
		uint64_t end = p->end < want->end ? p->end : want->end;

		if (start >= end) {
			i++;
		} else if (serves(p, want)) {
			there += end - start;
			i++;
		} else if (p->source != NULL || want->source != NULL) {
			machine_unmap(m, i);
		} else if ((r = cut(m, i, start, end)) < 0) {
			return r;
		}
	}
	*all = there == want->end - want->start;
	return 0;
}

static bool is_memory(const struct machine *m, const struct mapping *want)
{
	const uint8_t *states = m->states + want->start / GUEST_PAGE;
	uint64_t count = (want->end - want->start) / GUEST_PAGE;

	/* this runs for every range of every process switch, and mostly all pages are alike */
	if (memcmp(states, states + 1, count - 1) == 0)
		count = 1;
	for (uint64_t i = 0; i < count; i++)
		if (states[i] != PAGE_CODE && (want->code || states[i] != PAGE_MEMORY))
			return false;
	return true;
}

int machine_map_missing(struct machine *m, struct mapping want)
{
	bool all = false;
	int r;

	if (want.start < WINDOW_FIXED || want.end > WINDOW_END || want.start >= want.end ||
	    want.start % GUEST_PAGE != 0 || want.end % GUEST_PAGE != 0)
		return -ERANGE;
	if (want.source == NULL && is_memory(m, &want))
		return 0;
	if ((r = clear(m, &want, &all)) < 0 || all)
		return r;
	for (uint64_t at = want.start; at < want.end;) {
		struct mapping part = want;
		uint64_t stop = at;

		while (stop < want.end && m->states[stop / GUEST_PAGE] == PAGE_NONE)
			stop += GUEST_PAGE;
		if (stop == at) {
			at += GUEST_PAGE;
			continue;
		}
		part.start = at;
		part.end = stop;
		if (want.source != NULL)
			part.source = want.source + (at - want.start);
		if ((r = map(m, part)) < 0)
			return r;
		at = stop;
	}
	return 0;
}

int machine_map_memory(struct machine *m, uint64_t start, uint64_t end, bool code)
{
	if (end > WINDOW_END || start > end)
		return -ERANGE;
	if (in_steps(start) && !code) {
		start = start / STEP * STEP;
		end = (end + STEP - 1) / STEP * STEP;
	}
	return machine_map_missing(m, (struct mapping){ .start = start, .end = end, .code = code });
}

int machine_map_image(struct machine *m, uint64_t start, uint64_t end, const uint8_t *source)
{
	return machine_map_missing(m, (struct mapping){ .start = start, .end = end, .source = source });
}

/* Drops what the engines made of this page. */
static void drop(struct machine *m, uint64_t page)
{
	for (unsigned e = 0; m->code_marks[page] >> e != 0; e++)
		if ((m->code_marks[page] >> e & 1) != 0)
			uc_ctl_remove_cache(m->engines[e].uc, page * GUEST_PAGE, (page + 1) * GUEST_PAGE);
}

static void drop_all(struct machine *m, uint64_t start, uint64_t end)
{
	uint64_t last = (end + GUEST_PAGE - 1) / GUEST_PAGE;

	if (m->code_pages_count == 0)
		return;
	for (uint64_t page = start / GUEST_PAGE; page < last; page++)
		if (m->code_marks[page] != 0)
			drop(m, page);
}

void machine_wrote(struct machine *m, uint64_t start, uint64_t end)
{
	machine_touch(m, start, end);
	drop_all(m, start, end);
}

/*
 * Did the run do what may have changed memory untold? Other processors' engines tell nothing, and a guest's own code that
 * makes itself a kernel can reach memory past what an engine looks up.
 */
static bool is_untold(const struct machine *m)
{
	for (unsigned i = 0; i < CPU_COUNT; i++)
		if (m->engines[i].used && (processors[i]->arch != UC_ARCH_X86 || m->engines[i].spoilt))
			return true;
	return m->untold || !machine_stores_told();
}

/* Of a run that wrote untold, all; to drop host pages is cheaper than to write many. */
static void zero_all(struct machine *m, uint64_t start, uint64_t end)
{
	enum { BY_KERNEL = 256 << 10 };

	machine_forgo(m, start, end);
	if (end - start < BY_KERNEL || madvise(m->window + start, end - start, MADV_DONTNEED) < 0)
		memset(m->window + start, 0, end - start);
	machine_touch_laid(m, start, end);
}

static void zero_marked(struct machine *m, uint64_t start, uint64_t end)
{
	for (uint64_t page = start / GUEST_PAGE; page < end / GUEST_PAGE; page++) {
		if (m->marks[page] == 0)
			continue;
		m->pending[page] = NULL;
		machine_touch(m, page * GUEST_PAGE, (page + 1) * GUEST_PAGE);
		memset(m->window + page * GUEST_PAGE, 0, GUEST_PAGE);
	}
}

void machine_zero(struct machine *m, uint64_t start, uint64_t end)
{
	if (is_untold(m))
		zero_all(m, start, end);
	else
		zero_marked(m, start, end);
	drop_all(m, start, end);
}

static void forget_code(struct machine *m)
{
	for (unsigned i = 0; i < m->code_pages_count; i++) {
		drop(m, m->code_pages[i]);
		m->code_marks[m->code_pages[i]] = 0;
	}
	if (m->code_pages_lost)
		for (uint64_t page = 0; page < WINDOW_END / GUEST_PAGE; page++)
			if (m->code_marks[page] != 0) {
				drop(m, page);
				m->code_marks[page] = 0;
			}
	if (m->weighed)
		memset(m->weights, 0, sizeof(m->weights));
	m->weighed = false;
	m->code_pages_count = 0;
	m->code_pages_lost = false;
}

/* The registers of a fresh process, and what a guest may have done to how memory is seen undone. */
static void refresh(struct engine *e, bool x86)
{
	uint64_t control[4];

	if (x86)
		x86_control(e->uc, control);
	uc_context_restore(e->uc, e->fresh);
	if (x86 && memcmp(control, e->control, sizeof(control)) != 0)
		uc_ctl_flush_tlb(e->uc);
	e->used = e->spoilt = false;
}

int machine_reset(struct machine *m)
{
	bool untold = is_untold(m);
	int r;

	for (unsigned i = 0; i < CPU_COUNT; i++)
		if (m->engines[i].used)
			refresh(&m->engines[i], processors[i]->arch == UC_ARCH_X86);
	if ((r = machine_select(m, CPU_X86_64)) < 0)
		return r;
	forget_code(m);
	m->blocks = m->translations = m->mapped = 0;
	m->fault_address = 0;
	m->untold = false;
	r = machine_stage_set(m);
	machine_clean(m, untold);
	return r;
}
