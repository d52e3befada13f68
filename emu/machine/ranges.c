/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ranges of one space: added, cut, found, read and written. */
#include "emu/machine/inside.h"
#include "emu/machine/shared.h"
#include "emu/machine/space.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static unsigned first_after(const struct space *s, uint64_t at)
{
	unsigned low = 0, high = s->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (s->ranges[middle].end <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct range *space_find(const struct space *s, uint64_t at)
{
	unsigned i = first_after(s, at);

	return i < s->count && s->ranges[i].start <= at ? &s->ranges[i] : NULL;
}

uint64_t range_weight(const struct range *r)
{
	enum { USUAL_STACK = 256 << 10 };

	if (r->kind == RANGE_IMAGE || r->reserved)
		return 0;
	/* of its 8 MB a process uses a few pages, and no more is kept */
	return r->kind == RANGE_STACK ? USUAL_STACK : r->end - r->start;
}

static int insert(struct space *s, unsigned at, const struct range *r)
{
	if (s->count >= RANGES_MAX)
		return -ENOMEM;
	if (s->count == s->room) {
		unsigned room = s->room != 0 ? s->room * 2 : 16;
		struct range *more = realloc(s->ranges, room * sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		s->ranges = more;
		s->room = room;
	}
	memmove(&s->ranges[at + 1], &s->ranges[at], (s->count - at) * sizeof(*r));
	s->ranges[at] = *r;
	s->count++;
	return 0;
}

static void drop(struct space *s, unsigned at)
{
	range_forget(s->memory, &s->ranges[at]);
	s->count--;
	memmove(&s->ranges[at], &s->ranges[at + 1], (s->count - at) * sizeof(*s->ranges));
}

/* Cuts the range that holds `at` in two, so that one begins there. Copies are stale while resident: dropped. */
static int split(struct space *s, uint64_t at)
{
	struct range *r = space_find(s, at), second;
	int e;

	if (r == NULL || r->start == at)
		return 0;
	free(r->copy);
	r->copy = NULL;
	second = *r;
	second.start = at;
	second.offset += at - r->start;
	second.shared_offset += at - r->start;
	if (second.source != NULL)
		second.source += at - r->start;
	if ((e = insert(s, (unsigned)(r - s->ranges) + 1, &second)) < 0)
		return e;
	if (second.shared != NULL) {
		second.shared->refs++;
		s->memory->shares++;
	}
	r = space_find(s, at - 1);
	/* a stack weighs the same however long it is: two weigh more than one */
	s->memory->held -= range_weight(r);
	r->end = at;
	s->memory->held += range_weight(r) + range_weight(&second);
	return 0;
}

int space_remove(struct space *s, uint64_t start, uint64_t end)
{
	unsigned i;
	int e;

	if ((e = space_enter(s)) < 0 || (e = split(s, start)) < 0 || (e = split(s, end)) < 0)
		return e;
	i = first_after(s, start);
	while (i < s->count && s->ranges[i].start < end) {
		s->memory->held -= range_weight(&s->ranges[i]);
		drop(s, i);
	}
	return 0;
}

/* Joins the range at i to its neighbour below, so that a growing heap stays one range. */
static void join(struct space *s, unsigned i)
{
	struct range *a, *b = &s->ranges[i];

	if (i == 0)
		return;
	a = &s->ranges[i - 1];
	if (a->end != b->start || a->kind != RANGE_MEMORY || b->kind != RANGE_MEMORY ||
	    a->protection != b->protection || a->reserved != b->reserved || a->name != b->name || a->offset != 0 || b->offset != 0 ||
	    a->shared != NULL || b->shared != NULL)
		return;
	a->end = b->end;
	free(a->copy);
	a->copy = NULL;
	drop(s, i);
}

/* Gives a range its zeroed memory in the window. */
static int furnish(struct space *s, const struct range *r)
{
	struct memory *memory = s->memory;
	int e;

	if (memory->held + range_weight(r) > memory->held_max) {
		memory->full = true;
		return -ENOMEM;
	}
	if ((e = space_claim(s, r->start, r->end)) < 0 ||
	    (e = machine_map_memory(memory->machine, r->start, r->end, (r->protection & RANGE_EXECUTE) != 0)) < 0)
		return e;
	machine_zero(memory->machine, r->start, r->end);
	memory->copied += range_weight(r); /* pages that are new cost the host what copied ones do */
	return 0;
}

int space_add(struct space *s, const struct range *wanted)
{
	struct memory *memory = s->memory;
	struct range r = *wanted;
	int e;

	if (r.start < WINDOW_FIXED || r.end > WINDOW_END || r.start >= r.end || r.start % GUEST_PAGE != 0 ||
	    r.end % GUEST_PAGE != 0 || (r.start < WINDOW_STACK_START && r.end > WINDOW_STACK))
		return -ERANGE;
	if ((e = space_remove(s, r.start, r.end)) < 0)
		return e;
	r.resident = true;
	r.copy = NULL;
	r.low = r.start;
	if (r.kind == RANGE_IMAGE) {
		/* another process may have memory of its own where this file stands */
		if ((e = space_claim(s, r.start, r.end)) < 0 || (e = machine_map_image(memory->machine, r.start, r.end, r.source)) < 0)
			return e;
		return insert(s, first_after(s, r.start), &r);
	}
	r.reserved = r.protection == 0;
	if (r.kind == RANGE_STACK)
		r.low = r.end;
	if ((!r.reserved && (e = furnish(s, &r)) < 0) || (e = insert(s, first_after(s, r.start), &r)) < 0)
		return e;
	memory->held += range_weight(&r);
	if (r.shared != NULL) {
		r.shared->refs++;
		memory->shares++;
		if (!r.reserved)
			range_spread(memory, &r);
	}
	join(s, first_after(s, r.start));
	return 0;
}

static int protect_one(struct space *s, struct range *r, uint8_t protection)
{
	int e;

	if (r->reserved && protection != 0) {
		r->protection = protection;
		r->reserved = false;
		if ((e = furnish(s, r)) < 0) {
			r->reserved = true;
			r->protection = 0;
			return e;
		}
		s->memory->held += range_weight(r);
		if (r->shared != NULL)
			range_spread(s->memory, r);
	}
	else if (r->shared != NULL && (protection & RANGE_WRITE) == 0)
		range_gather(s->memory, r);
	r->protection = protection;
	if (r->kind == RANGE_IMAGE || (protection & RANGE_EXECUTE) == 0)
		return 0;
	return machine_map_memory(s->memory->machine, r->start, r->end, true);
}

int space_protect(struct space *s, uint64_t start, uint64_t end, uint8_t protection)
{
	int e;

	for (uint64_t at = start; at < end;) {
		const struct range *r = space_find(s, at);

		if (r == NULL)
			return -ENOMEM;
		at = r->end;
	}
	if ((e = space_enter(s)) < 0 || (e = split(s, start)) < 0 || (e = split(s, end)) < 0)
		return e;
	for (unsigned i = first_after(s, start); i < s->count && s->ranges[i].start < end; i++)
		if ((e = protect_one(s, &s->ranges[i], protection)) < 0)
			return e;
	return 0;
}

enum { HEAP_STEP = 16 << 20, MMAP_STEP = 64 << 20 };

uint64_t space_heap(unsigned place)
{
	return WINDOW_HEAP + place % SPACE_PLACES * (uint64_t)HEAP_STEP;
}

uint64_t space_top(uint64_t heap)
{
	return heap > WINDOW_HEAP ? WINDOW_CODE - (heap - WINDOW_HEAP) / HEAP_STEP * MMAP_STEP : WINDOW_CODE;
}

uint64_t space_hole(const struct space *s, uint64_t len)
{
	uint64_t top = space_top(s->brk_start);

	for (unsigned i = s->count; i-- > 0;) {
		const struct range *r = &s->ranges[i];

		if (r->start >= top)
			continue;
		if (r->end <= top && top - r->end >= len)
			break;
		if (r->end < WINDOW_MMAP)
			break;
		top = r->start;
	}
	return top >= WINDOW_MMAP + len ? top - len : 0;
}

uint64_t space_reach(const struct space *s, uint64_t at, uint64_t len, uint8_t protection)
{
	uint64_t reached = 0;

	if (at >= WINDOW_END || len > WINDOW_END - at)
		len = at >= WINDOW_END ? 0 : WINDOW_END - at;
	while (reached < len) {
		const struct range *r = space_find(s, at + reached);

		if (r == NULL || (r->protection & protection) != protection ||
		    (r->kind == RANGE_IMAGE && (protection & RANGE_WRITE) != 0))
			break;
		reached = r->end - at;
	}
	return reached < len ? reached : len;
}

uint8_t *space_at(const struct space *s, uint64_t at, uint64_t len, uint8_t protection)
{
	if (space_reach(s, at, len, protection) != len || at >= WINDOW_END)
		return NULL;
	if ((protection & RANGE_WRITE) != 0)
		machine_touch(s->memory->machine, at, at + len);
	else
		machine_fetch(s->memory->machine, at, at + len);
	return machine_host(s->memory->machine, at);
}

int space_get(const struct space *s, uint64_t at, void *to, uint64_t len)
{
	const uint8_t *from = space_at(s, at, len, RANGE_READ);

	if (from == NULL)
		return -EFAULT;
	memcpy(to, from, len);
	return 0;
}

int space_put(struct space *s, uint64_t at, const void *from, uint64_t len)
{
	uint8_t *to = space_at(s, at, len, RANGE_WRITE);

	if (to == NULL)
		return -EFAULT;
	memcpy(to, from, len);
	machine_wrote(s->memory->machine, at, at + len);
	return 0;
}

void space_wrote(struct space *s, uint64_t at, uint64_t len)
{
	machine_wrote(s->memory->machine, at, at + len);
}

int space_string(const struct space *s, uint64_t at, char *to, uint64_t size)
{
	uint64_t reach = space_reach(s, at, size, RANGE_READ);
	const char *from, *end;

	if (reach == 0)
		return -EFAULT;
	machine_fetch(s->memory->machine, at, at + reach);
	from = (const char *)machine_host(s->memory->machine, at);
	end = memchr(from, 0, reach);
	if (end == NULL)
		return reach == size ? -ENAMETOOLONG : -EFAULT;
	memcpy(to, from, (size_t)(end - from) + 1);
	return 0;
}
