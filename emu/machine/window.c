/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's memory window: which pages the engine may touch, and what becomes of translations. */
#include "emu/machine/inside.h"

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
	return m->states != NULL && m->code_marks != NULL ? 0 : -ENOMEM;
}

void machine_window_close(struct machine *m)
{
	if (m->window != NULL)
		munmap(m->window, WINDOW_END);
	free(m->states);
	free(m->code_marks);
}

uint8_t *machine_host(const struct machine *m, uint64_t guest)
{
	return m->window + guest;
}

static void mark(struct machine *m, uint64_t start, uint64_t end, enum page_state state)
{
	memset(m->states + start / GUEST_PAGE, state, (end - start) / GUEST_PAGE);
}

static void unmap(struct machine *m, unsigned i)
{
	struct mapping *p = &m->mappings[i];

	uc_ctl_remove_cache(m->uc, p->start, p->end);
	uc_mem_unmap(m->uc, p->start, p->end - p->start);
	mark(m, p->start, p->end, PAGE_NONE);
	/* gives the host memory back and leaves a hole in the window that nothing else can take */
	mmap(m->window + p->start, p->end - p->start, PROT_NONE,
	    MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (i < m->mappings_settled) {
		*p = m->mappings[--m->mappings_settled];
		p = &m->mappings[m->mappings_settled];
	}
	*p = m->mappings[--m->mappings_count];
}

static int put(struct machine *m, uint64_t start, uint64_t end, const uint8_t *source)
{
	void *at = m->window + start;

	if (source == NULL)
		return mprotect(at, end - start, PROT_READ | PROT_WRITE) < 0 ? -ENOMEM : 0;
	/* a length of 0 makes a second view of a shared mapping, without a descriptor */
	if (mremap((void *)(uintptr_t)source, 0, end - start, MREMAP_MAYMOVE | MREMAP_FIXED, at) == MAP_FAILED)
		return -ENOMEM;
	return 0;
}

static int map(struct machine *m, uint64_t start, uint64_t end, const uint8_t *source)
{
	uint32_t perms = source != NULL ? UC_PROT_READ | UC_PROT_EXEC : UC_PROT_ALL;

	if (m->mappings_count == MAPPINGS_MAX || put(m, start, end, source) < 0)
		return -ENOMEM;
	if (uc_mem_map_ptr(m->uc, start, end - start, perms, m->window + start) != UC_ERR_OK)
		return -ENOMEM;
	m->mappings[m->mappings_count++] = (struct mapping){ start, end, source };
	mark(m, start, end, source != NULL ? PAGE_IMAGE : PAGE_MEMORY);
	return 0;
}

/* Does p show at its pages what source would show at start? */
static bool same_view(const struct mapping *p, uint64_t start, const uint8_t *source)
{
	if (source == NULL || p->source == NULL)
		return source == p->source;
	return (uintptr_t)p->source - p->start == (uintptr_t)source - start;
}

/* Takes away what stands in start..end and shows something else; true if all of it is there already. */
static bool clear(struct machine *m, uint64_t start, uint64_t end, const uint8_t *source)
{
	uint64_t there = 0;

	for (unsigned i = 0; i < m->mappings_count;) {
		const struct mapping *p = &m->mappings[i];

		if (p->start >= end || start >= p->end) {
			i++;
		} else if (!same_view(p, start, source)) {
			unmap(m, i);
		} else {
			there += (p->end < end ? p->end : end) - (p->start > start ? p->start : start);
			i++;
		}
	}
	return there == end - start;
}

static bool all_memory(const struct machine *m, uint64_t start, uint64_t end)
{
	for (uint64_t page = start / GUEST_PAGE; page < end / GUEST_PAGE; page++)
		if (m->states[page] != PAGE_MEMORY)
			return false;
	return true;
}

static int map_missing(struct machine *m, uint64_t start, uint64_t end, const uint8_t *source)
{
	int r;

	if (start < WINDOW_FIXED || end > WINDOW_END || start >= end || start % GUEST_PAGE != 0 ||
	    end % GUEST_PAGE != 0)
		return -ERANGE;
	if ((source == NULL && all_memory(m, start, end)) || clear(m, start, end, source))
		return 0;
	for (uint64_t at = start; at < end;) {
		uint64_t stop = at;

		while (stop < end && m->states[stop / GUEST_PAGE] == PAGE_NONE)
			stop += GUEST_PAGE;
		if (stop == at) {
			at += GUEST_PAGE;
			continue;
		}
		if ((r = map(m, at, stop, source != NULL ? source + (at - start) : NULL)) < 0)
			return r;
		at = stop;
	}
	return 0;
}

int machine_map_memory(struct machine *m, uint64_t start, uint64_t end)
{
	uint64_t bottom = WINDOW_STACK_END - (8ull << 20);

	if (end > WINDOW_END || start > end)
		return -ERANGE;
	if (in_steps(start)) {
		start = start / STEP * STEP;
		end = (end + STEP - 1) / STEP * STEP;
		/* what is below the stack stays unmapped, so that endless recursion faults */
		if (end > WINDOW_STACK && start < bottom)
			start = bottom;
	}
	return map_missing(m, start, end, NULL);
}

int machine_map_image(struct machine *m, uint64_t start, uint64_t end, const uint8_t *source)
{
	return map_missing(m, start, end, source);
}

void machine_wrote(struct machine *m, uint64_t start, uint64_t end)
{
	uint64_t last = (end + GUEST_PAGE - 1) / GUEST_PAGE;

	if (m->code_pages_count == 0)
		return;
	for (uint64_t page = start / GUEST_PAGE; page < last; page++)
		if (m->code_marks[page] != 0)
			uc_ctl_remove_cache(m->uc, page * GUEST_PAGE, (page + 1) * GUEST_PAGE);
}

static void forget_code(struct machine *m)
{
	for (unsigned i = 0; i < m->code_pages_count; i++) {
		uint64_t at = (uint64_t)m->code_pages[i] * GUEST_PAGE;

		uc_ctl_remove_cache(m->uc, at, at + GUEST_PAGE);
		m->code_marks[m->code_pages[i]] = 0;
	}
	if (m->code_pages_lost)
		for (uint64_t page = 0; page < WINDOW_END / GUEST_PAGE; page++)
			if (m->code_marks[page] != 0) {
				uc_ctl_remove_cache(m->uc, page * GUEST_PAGE, (page + 1) * GUEST_PAGE);
				m->code_marks[page] = 0;
			}
	m->code_pages_count = 0;
	m->code_pages_lost = false;
}

void machine_reset(struct machine *m)
{
	uint64_t control[4];

	machine_control(m, control);
	uc_context_restore(m->uc, m->fresh);
	if (memcmp(control, m->control, sizeof(control)) != 0)
		uc_ctl_flush_tlb(m->uc);
	forget_code(m);
	for (unsigned i = m->mappings_settled; i < m->mappings_count;) {
		struct mapping p = m->mappings[i];

		if (p.source == NULL) {
			unmap(m, i);
			continue;
		}
		/* images may stay: they hold nothing of a run */
		m->mappings[i] = m->mappings[m->mappings_settled];
		m->mappings[m->mappings_settled++] = p;
		i++;
	}
	for (unsigned i = 0; i < m->mappings_count; i++)
		if (m->mappings[i].source == NULL)
			madvise(m->window + m->mappings[i].start, m->mappings[i].end - m->mappings[i].start,
			    MADV_DONTNEED);
	m->blocks = 0;
	m->fault_address = 0;
}

void machine_settle(struct machine *m)
{
	m->mappings_settled = m->mappings_count;
}
