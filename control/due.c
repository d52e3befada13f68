/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A binary heap of cases; each knows its place in it. */
#include "control/due.h"

#include <stdlib.h>

static bool due_before(const struct open_case *a, const struct open_case *b)
{
	return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : open_case_order(a, b) < 0;
}

static void heap_place(struct due *d, size_t i, struct open_case *c)
{
	d->at[i] = c;
	c->heap_index = i;
}

static void heap_up(struct due *d, size_t i)
{
	struct open_case *c = d->at[i];

	for (; i > 0 && due_before(c, d->at[(i - 1) / 2]); i = (i - 1) / 2)
		heap_place(d, i, d->at[(i - 1) / 2]);
	heap_place(d, i, c);
}

static void heap_down(struct due *d, size_t i)
{
	struct open_case *c = d->at[i];

	for (size_t child; (child = 2 * i + 1) < d->count; i = child) {
		if (child + 1 < d->count && due_before(d->at[child + 1], d->at[child]))
			child++;
		if (!due_before(d->at[child], c))
			break;
		heap_place(d, i, d->at[child]);
	}
	heap_place(d, i, c);
}

void due_remove(struct due *d, struct open_case *c)
{
	size_t i = c->heap_index;

	if (!c->in_heap)
		return;
	c->in_heap = false;
	d->count--;
	if (i == d->count)
		return;
	heap_place(d, i, d->at[d->count]);
	heap_up(d, i);
	heap_down(d, d->at[i]->heap_index);
}

void due_add(struct due *d, struct open_case *c, uint64_t due_ns)
{
	due_remove(d, c);
	if (d->count == d->size) {
		size_t size = d->size == 0 ? 256 : 2 * d->size;
		struct open_case **grown = reallocarray(d->at, size, sizeof(*grown));

		if (grown == NULL)
			return;
		d->at = grown;
		d->size = size;
	}
	c->due_ns = due_ns;
	c->in_heap = true;
	heap_place(d, d->count++, c);
	heap_up(d, c->heap_index);
}

struct open_case *due_first(const struct due *d)
{
	return d->count > 0 ? d->at[0] : NULL;
}

void due_fini(struct due *d)
{
	free(d->at);
	*d = (struct due){ 0 };
}
