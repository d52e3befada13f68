/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared memory: bytes that ranges of several spaces, or a file, have in common. One space shows them at a time. */
#include "emu/machine/shared.h"

#include <stdlib.h>
#include <string.h>

struct shared *shared_new(uint64_t len, void *file)
{
	struct shared *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->bytes = calloc(1, len)) == NULL) {
		free(s);
		return NULL;
	}
	s->len = len;
	s->file = file;
	return s;
}

void shared_drop(struct shared *s)
{
	if (s->refs != 0 && --s->refs != 0)
		return;
	free(s->bytes);
	free(s);
}

void range_gather(struct memory *memory, const struct range *r)
{
	if ((r->protection & RANGE_WRITE) == 0)
		return;
	machine_fetch(memory->machine, r->start, r->end);
	memcpy(r->shared->bytes + r->shared_offset, machine_host(memory->machine, r->start), r->end - r->start);
	memory->copied += r->end - r->start;
	if (memory->changed != NULL)
		memory->changed(memory->owner, r->shared);
}

void range_spread(struct memory *memory, const struct range *r)
{
	machine_fetch(memory->machine, r->start, r->end);
	memcpy(machine_host(memory->machine, r->start), r->shared->bytes + r->shared_offset, r->end - r->start);
	machine_wrote(memory->machine, r->start, r->end);
	memory->copied += r->end - r->start;
}

void range_forget(struct memory *memory, struct range *r)
{
	free(r->copy);
	r->copy = NULL;
	if (r->shared == NULL)
		return;
	if (r->resident && !r->reserved)
		range_gather(memory, r);
	memory->shares--;
	shared_drop(r->shared);
	r->shared = NULL;
}

struct shared *shared_find(const struct memory *memory, const void *file)
{
	for (const struct space *s = memory->shares != 0 ? memory->spaces : NULL; s != NULL; s = s->next)
		for (unsigned i = 0; i < s->count; i++)
			if (s->ranges[i].shared != NULL && s->ranges[i].shared->file == file)
				return s->ranges[i].shared;
	return NULL;
}

static void each_shown(struct memory *memory, struct shared *shared, void (*act)(struct memory *, const struct range *))
{
	for (struct space *s = memory->spaces; s != NULL; s = s->next)
		for (unsigned i = 0; i < s->count; i++)
			if (s->ranges[i].shared == shared && s->ranges[i].resident && !s->ranges[i].reserved)
				act(memory, &s->ranges[i]);
}

void shared_gather(struct memory *memory, struct shared *s)
{
	each_shown(memory, s, range_gather);
}

void shared_spread(struct memory *memory, struct shared *s)
{
	each_shown(memory, s, range_spread);
}
