/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bump allocation over the caller's memory. */
#include "emu/trace/arena.h"

#include <string.h>

void *arena_take(struct arena *a, size_t len)
{
	size_t want = (len + 15) & ~(size_t)15;
	void *p;

	if (want < len || want > a->size - a->used) {
		a->full = true;
		return NULL;
	}
	p = a->at + a->used;
	a->used += want;
	return memset(p, 0, want);
}

struct bytes arena_copy(struct arena *a, struct bytes from, size_t max)
{
	size_t len = from.left < max ? from.left : max;
	uint8_t *p;

	if (len == 0 || (p = arena_take(a, len)) == NULL)
		return bytes_of(NULL, 0);
	memcpy(p, from.at, len);
	return bytes_of(p, len);
}
