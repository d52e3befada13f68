/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spaces as wholes: made, forked, moved in and out of the window. */
#include "emu/machine/space.h"
#include "emu/machine/shared.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int space_new(struct memory *memory, struct space **ret)
{
	struct space *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->refs = 1;
	s->memory = memory;
	s->all_resident = true;
	s->next = memory->spaces;
	memory->spaces = s;
	*ret = s;
	return 0;
}

void space_release(struct space *s)
{
	if (s == NULL || --s->refs != 0)
		return;
	for (struct space **p = &s->memory->spaces; *p != NULL; p = &(*p)->next)
		if (*p == s) {
			*p = s->next;
			break;
		}
	for (unsigned i = 0; i < s->count; i++) {
		s->memory->held -= range_weight(&s->ranges[i]);
		range_forget(s->memory, &s->ranges[i]);
	}
	free(s->ranges);
	free(s);
}

/* The part of a range that is worth keeping. */
static uint64_t kept_from(const struct range *r)
{
	return r->kind == RANGE_STACK && r->low > r->start ? r->low : r->start;
}

static int range_save(struct memory *memory, struct range *r)
{
	uint64_t from = kept_from(r), len = r->end - from;

	if (r->kind == RANGE_IMAGE || r->reserved) {
		r->resident = false;
		return 0;
	}
	if (r->shared != NULL) {
		range_gather(memory, r);
		r->resident = false;
		return 0;
	}
	if (r->copy == NULL && (r->copy = malloc(r->end - r->start)) == NULL)
		return -ENOMEM;
	machine_fetch(memory->machine, from, r->end);
	memcpy(r->copy + (from - r->start), machine_host(memory->machine, from), len);
	memory->copied += len;
	r->resident = false;
	return 0;
}

static int range_load(struct memory *memory, struct range *r)
{
	uint64_t from = kept_from(r), len = r->end - from;
	int e;

	if (r->kind == RANGE_IMAGE) {
		if ((e = machine_map_image(memory->machine, r->start, r->end, r->source)) < 0)
			return e;
	} else if (!r->reserved) {
		if ((e = machine_map_memory(memory->machine, r->start, r->end,
		    (r->protection & RANGE_EXECUTE) != 0)) < 0)
			return e;
		machine_fetch(memory->machine, from, r->end);
		memcpy(machine_host(memory->machine, from), r->shared != NULL ? r->shared->bytes + r->shared_offset :
		    r->copy + (from - r->start), len);
		machine_wrote(memory->machine, from, r->end);
		memory->copied += len;
	}
	r->resident = true;
	return 0;
}

int space_claim(struct space *for_whom, uint64_t start, uint64_t end)
{
	struct memory *memory = for_whom->memory;
	int e;

	for (struct space *s = memory->spaces; s != NULL; s = s->next) {
		if (s == for_whom)
			continue;
		for (unsigned i = 0; i < s->count && s->ranges[i].start < end; i++) {
			struct range *r = &s->ranges[i];

			if (r->kind == RANGE_IMAGE || r->reserved || !r->resident || r->end <= start)
				continue;
			s->all_resident = false;
			if ((e = range_save(memory, r)) < 0)
				return e;
		}
	}
	return 0;
}

/* What other spaces show of shared memory is put away: this one may change it. */
static void claim_shared(struct space *for_whom)
{
	for (struct space *s = for_whom->memory->spaces; s != NULL; s = s->next) {
		if (s == for_whom)
			continue;
		for (unsigned i = 0; i < s->count; i++) {
			struct range *r = &s->ranges[i];

			if (r->shared == NULL || !r->resident || r->reserved)
				continue;
			range_gather(s->memory, r);
			r->resident = s->all_resident = false;
		}
	}
}

int space_save(struct space *s)
{
	int e;

	for (unsigned i = 0; i < s->count; i++)
		if (s->ranges[i].resident && (e = range_save(s->memory, &s->ranges[i])) < 0)
			return e;
	s->all_resident = s->count == 0;
	return 0;
}

int space_enter(struct space *s)
{
	int e;

	if (s->memory->shares != 0)
		claim_shared(s);
	if (s->all_resident)
		return 0;
	for (unsigned i = 0; i < s->count; i++) {
		struct range *r = &s->ranges[i];

		if (r->resident)
			continue;
		if (!r->reserved && (e = space_claim(s, r->start, r->end)) < 0)
			return e;
		if ((e = range_load(s->memory, r)) < 0)
			return e;
	}
	s->all_resident = true;
	return 0;
}

/* A space with the same ranges, none resident, no copies; their bytes are counted. */
static int shape(const struct space *of, struct space **ret)
{
	struct space *s;
	int e = space_new(of->memory, &s);

	if (e < 0)
		return e;
	if ((s->ranges = malloc(of->count * sizeof(*s->ranges) + 1)) == NULL) {
		space_release(s);
		return -ENOMEM;
	}
	s->room = of->count;
	s->brk_start = of->brk_start;
	s->brk = of->brk;
	for (unsigned i = 0; i < of->count; i++) {
		struct range *r = &s->ranges[s->count++];

		*r = of->ranges[i];
		r->copy = NULL;
		r->resident = false;
		if (r->shared != NULL) {
			r->shared->refs++;
			s->memory->shares++;
		}
		s->memory->held += range_weight(r);
	}
	if (s->memory->held > s->memory->held_max) {
		s->memory->full = true;
		space_release(s);
		return -ENOMEM;
	}
	*ret = s;
	return 0;
}

int space_fork(struct space *parent, uint64_t sp, struct space **ret)
{
	struct space *s;
	int e;

	space_note_stack(parent, sp);
	if ((e = space_enter(parent)) < 0 || (e = shape(parent, &s)) < 0)
		return e;
	if ((e = space_save(parent)) < 0) {
		space_release(s);
		return e;
	}
	/* the window still shows what was saved: it is the child's now */
	for (unsigned i = 0; i < s->count; i++)
		s->ranges[i].resident = true;
	s->all_resident = true;
	*ret = s;
	return 0;
}

void space_note_stack(struct space *s, uint64_t sp)
{
	enum { RED_ZONE = 128 };
	struct range *r = space_find(s, sp);

	if (r != NULL && r->kind == RANGE_STACK)
		r->low = (sp - RED_ZONE < r->start ? r->start : sp - RED_ZONE) & ~15ull;
}
