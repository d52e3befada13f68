/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Guest memory: checked reads and writes, regions as VirtualAlloc gives them, the process heap. */
#include "emu/windows/process/process.h"

#include <errno.h>
#include <string.h>

enum {
	GRAIN = 0x10000,         /* regions begin at its multiples */
	HEAP_HEAD = 16,          /* before each block: its size */
	COMMITTED = 0x20000,     /* type: private */
	EXECUTE_READ_WRITE = 0x40,
};

int win_read(struct windows *w, uint64_t at, void *to, uint64_t len)
{
	return len == 0 ? 0 : space_get(w->space, at, to, len);
}

int win_write(struct windows *w, uint64_t at, const void *from, uint64_t len)
{
	return len == 0 ? 0 : space_put(w->space, at, from, len);
}

uint64_t win_number(struct windows *w, uint64_t at, unsigned len, bool *good)
{
	uint8_t raw[8] = { 0 };
	uint64_t v = 0;
	bool there = len <= sizeof(raw) && win_read(w, at, raw, len) == 0;

	for (unsigned i = 0; there && i < len; i++)
		v |= (uint64_t)raw[i] << 8 * i;
	if (good != NULL)
		*good = there;
	return v;
}

bool win_put(struct windows *w, uint64_t at, uint64_t v, unsigned len)
{
	uint8_t raw[8];

	for (unsigned i = 0; i < sizeof(raw); i++)
		raw[i] = (uint8_t)(v >> 8 * i);
	return len <= sizeof(raw) && win_write(w, at, raw, len) == 0;
}

bool win_put_word(struct windows *w, uint64_t at, uint64_t v)
{
	return win_put(w, at, v, w->word);
}

uint64_t win_get_word(struct windows *w, uint64_t at)
{
	return win_number(w, at, w->word, NULL);
}

struct win_region *win_region_find(struct windows *w, uint64_t at)
{
	for (unsigned i = 0; i < w->regions_count; i++)
		if (at >= w->regions[i].start && at < w->regions[i].end)
			return &w->regions[i];
	return NULL;
}

static bool taken(const struct windows *w, uint64_t start, uint64_t end)
{
	for (unsigned i = 0; i < w->regions_count; i++)
		if (start < w->regions[i].end && end > w->regions[i].start)
			return true;
	return false;
}

/* The lowest place for len bytes; 0: none. Regions are few, and mostly one behind the other. */
static uint64_t find_place(const struct windows *w, uint64_t len)
{
	uint64_t at = WIN_REGIONS;

	for (unsigned tries = 0; tries <= w->regions_count && at + len <= WIN_REGIONS_END; tries++) {
		uint64_t next = at;

		for (unsigned i = 0; i < w->regions_count; i++)
			if (at < w->regions[i].end && at + len > w->regions[i].start)
				next = (w->regions[i].end + GRAIN - 1) / GRAIN * GRAIN;
		if (next == at)
			return at;
		at = next;
	}
	return 0;
}

/* All memory may be executed: what runs as attack code has got round that, or it was never on. */
static int add(struct windows *w, uint64_t start, uint64_t end)
{
	return space_add(w->space, &(struct range){ .start = start, .end = end, .kind = RANGE_MEMORY, .name = "",
	    .protection = RANGE_READ | RANGE_WRITE | RANGE_EXECUTE });
}

uint64_t win_allocate(struct windows *w, uint64_t at, uint64_t len, uint32_t protection)
{
	struct win_region *r = at != 0 ? win_region_find(w, at) : NULL;

	if (len == 0 || len > w->limit.memory || w->regions_count == WIN_REGIONS_MAX)
		return 0;
	if (r != NULL) /* committing what was reserved: it is there already */
		return len <= r->end - at ? at & ~(uint64_t)(GUEST_PAGE - 1) : 0;
	len = (len + GUEST_PAGE - 1) / GUEST_PAGE * GUEST_PAGE;
	at = at != 0 ? at / GRAIN * GRAIN : find_place(w, len);
	if (at < WINDOW_FIXED || at >= WIN_LIBRARIES || len > WIN_LIBRARIES - at || taken(w, at, at + len))
		return 0;
	if (add(w, at, at + len) < 0) {
		if (w->memory.full)
			win_stop(w, STOPPED_MEMORY);
		return 0;
	}
	w->regions[w->regions_count++] = (struct win_region){ at, at + len, protection, COMMITTED };
	return at;
}

bool win_release(struct windows *w, uint64_t at)
{
	struct win_region *r = win_region_find(w, at);

	if (r == NULL || r->start != at || r->type != COMMITTED || space_remove(w->space, r->start, r->end) < 0)
		return false;
	*r = w->regions[--w->regions_count];
	return true;
}

/* What is written into an image becomes this process's own. */
static bool make_own(struct windows *w, const struct win_region *r)
{
	const struct range *range = space_find(w->space, r->start);
	const uint8_t *source;

	if (range == NULL || range->kind != RANGE_IMAGE)
		return true;
	source = range->source;
	return add(w, r->start, r->end) == 0 && win_write(w, r->start, source, r->end - r->start) == 0;
}

bool win_protect(struct windows *w, uint64_t at, uint64_t len, uint32_t protection, uint32_t *old)
{
	struct win_region *r = win_region_find(w, at);
	bool writes = (protection & 0xcc) != 0;

	if (r == NULL || len == 0 || len > r->end - at || (writes && !make_own(w, r)))
		return false;
	*old = r->protection;
	/* one protection a region is enough for what asks */
	if (writes)
		r->protection = protection;
	return true;
}

uint64_t win_heap(struct windows *w, uint64_t len)
{
	uint64_t whole, at = w->heap_at;

	if (len > w->limit.memory)
		return 0;
	whole = (len + HEAP_HEAD + 15) & ~15ull;
	if (whole > WIN_HEAP_END - at) {
		if ((at = win_allocate(w, 0, whole, EXECUTE_READ_WRITE)) == 0)
			return 0;
	} else {
		w->heap_at += whole;
	}
	return win_put(w, at, len, 8) ? at + HEAP_HEAD : 0;
}

uint64_t win_heap_size(struct windows *w, uint64_t at)
{
	return at > HEAP_HEAD ? win_number(w, at - HEAP_HEAD, 8, NULL) : 0;
}
