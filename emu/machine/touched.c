/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of memory hold something, so that a run's beginning costs what the last run changed. A page counts as touched
 * from when an engine looks it up, or the host writes it, and then for good: the engine's address cache outlives runs. When
 * they have become many, or many more than a run needs, all memory is dropped and the caches forget.
 */
#include "emu/machine/processor.h"

#include <string.h>
#include <sys/mman.h>

enum {
	TOUCHED_ENOUGH = 4096, /* pages: to zero more costs more than to begin anew */
	TOUCHED_FEW = 512,     /* fewer are no reason to */
};

static void fetch(struct machine *m, uint64_t page)
{
	if (m->pending[page] == NULL)
		return;
	memcpy(m->window + page * GUEST_PAGE, m->pending[page], GUEST_PAGE);
	m->pending[page] = NULL;
}

void machine_fetch(struct machine *m, uint64_t start, uint64_t end)
{
	for (uint64_t page = start / GUEST_PAGE; page * GUEST_PAGE < end && page < WINDOW_END / GUEST_PAGE; page++)
		fetch(m, page);
}

void machine_forgo(struct machine *m, uint64_t start, uint64_t end)
{
	if (m->laid_count != 0)
		memset(m->pending + start / GUEST_PAGE, 0, (end - start) / GUEST_PAGE * sizeof(*m->pending));
}

static void touch(struct machine *m, uint64_t page)
{
	fetch(m, page);
	if ((m->marks[page] & MARK_TOUCHED) != 0)
		return;
	m->marks[page] |= MARK_TOUCHED;
	if (m->touched_count < TOUCHED_MAX)
		m->touched[m->touched_count++] = (uint32_t)page;
	else
		m->touched_lost = true;
}

void machine_touch(struct machine *m, uint64_t start, uint64_t end)
{
	for (uint64_t page = start / GUEST_PAGE; page * GUEST_PAGE < end && page < WINDOW_END / GUEST_PAGE; page++)
		touch(m, page);
}

void machine_touch_laid(struct machine *m, uint64_t start, uint64_t end)
{
	machine_forgo(m, start, end);
	for (uint64_t page = start / GUEST_PAGE; page < end / GUEST_PAGE; page++)
		if ((m->marks[page] & MARK_LAID) != 0)
			touch(m, page);
}

static bool is_memory(const struct machine *m, uint64_t page)
{
	return m->states[page] == PAGE_MEMORY || m->states[page] == PAGE_CODE;
}

static void mark(struct machine *m, const struct laid_page *pages, unsigned count, enum page_mark which, bool on)
{
	for (unsigned i = 0; i < count; i++) {
		uint8_t *marks = &m->marks[pages[i].at / GUEST_PAGE];

		*marks = (uint8_t)(on ? *marks | which : *marks & ~which);
	}
}

/* Nothing is laid: what was must be zero, or touched. */
static void take_up(struct machine *m)
{
	for (unsigned i = 0; i < m->laid_count; i++)
		m->pending[m->laid[i].at / GUEST_PAGE] = NULL;
	mark(m, m->laid, m->laid_count, MARK_LAID, false);
	m->laid = NULL;
	m->laid_count = 0;
}

static void drop_all(struct machine *m)
{
	for (unsigned i = 0; i < m->mappings_count; i++) {
		const struct mapping *p = &m->mappings[i];

		if (p->source == NULL)
			madvise(m->window + p->start, p->end - p->start, MADV_DONTNEED);
	}
	take_up(m);
}

/* No page is touched: nothing holds anything, and the engines look each up again. */
static void forget_touched(struct machine *m)
{
	for (unsigned i = 0; i < CPU_COUNT; i++)
		machine_stores_forget(&m->engines[i]);
	memset(m->marks, 0, WINDOW_END / GUEST_PAGE);
	m->touched_count = m->touched_usual = 0;
	m->touched_lost = m->touched_stale = false;
}

/* Is what was touched worth no more being kept? The first run after all was forgotten says how much one needs. */
static bool is_too_much(struct machine *m)
{
	if (m->touched_usual == 0)
		m->touched_usual = m->touched_count;
	return m->touched_lost || m->touched_stale || m->touched_count > TOUCHED_ENOUGH ||
	    m->touched_count > 2 * m->touched_usual + TOUCHED_FEW;
}

static void zero_page(struct machine *m, uint64_t page)
{
	if ((m->marks[page] & MARK_SPARED) != 0)
		return;
	if (m->pending[page] == NULL && is_memory(m, page))
		memset(m->window + page * GUEST_PAGE, 0, GUEST_PAGE);
	m->pending[page] = NULL;
}

void machine_clean(struct machine *m, bool all)
{
	bool too_much = is_too_much(m);

	if (all || m->promised != NULL || too_much) {
		drop_all(m);
		if (too_much)
			forget_touched(m);
	} else {
		mark(m, m->next, m->next_count, MARK_SPARED, true);
		for (unsigned i = 0; i < m->touched_count; i++)
			zero_page(m, m->touched[i]);
		for (unsigned i = 0; i < m->laid_count; i++)
			if ((m->marks[m->laid[i].at / GUEST_PAGE] & MARK_TOUCHED) == 0)
				zero_page(m, m->laid[i].at / GUEST_PAGE);
		mark(m, m->next, m->next_count, MARK_SPARED, false);
		if (m->next_count == 0)
			take_up(m);
	}
	m->promised = m->next;
	m->next = NULL;
	m->next_count = 0;
}

void machine_begin_with(struct machine *m, const struct laid_page *pages, unsigned count)
{
	m->next = pages;
	m->next_count = count;
}

/* before: what was laid there for the run before, and is there still; NULL: nothing. */
static void lay_page(struct machine *m, const struct laid_page *p, const uint8_t *before)
{
	uint64_t page = p->at / GUEST_PAGE;
	bool touched = (m->marks[page] & MARK_TOUCHED) != 0;

	if (!touched && before == p->bytes)
		return;
	if (!touched && (before == NULL || m->pending[page] != NULL) && machine_stores_told())
		m->pending[page] = p->bytes;
	else
		memcpy(m->window + p->at, p->bytes, GUEST_PAGE);
}

void machine_lay(struct machine *m, const struct laid_page *pages, unsigned count)
{
	if (m->promised != NULL && m->promised != pages)
		machine_clean(m, true);
	for (unsigned i = 0, old = 0; i < count; i++) {
		while (old < m->laid_count && m->laid[old].at < pages[i].at)
			old++;
		lay_page(m, &pages[i], old < m->laid_count && m->laid[old].at == pages[i].at ? m->laid[old].bytes : NULL);
	}
	mark(m, m->laid, m->laid_count, MARK_LAID, false);
	m->laid = pages;
	m->laid_count = count;
	mark(m, pages, count, MARK_LAID, true);
	m->promised = NULL;
}

void machine_unlay(struct machine *m, const struct laid_page *pages)
{
	if (m->next == pages)
		machine_begin_with(m, NULL, 0);
	if (m->laid != pages)
		return;
	for (unsigned i = 0; i < m->laid_count; i++) {
		uint64_t page = pages[i].at / GUEST_PAGE;

		if (m->pending[page] == NULL)
			touch(m, page);
		m->pending[page] = NULL;
	}
	take_up(m);
}
