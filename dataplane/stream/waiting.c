/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A skip list over blocks, whose heights the pool has drawn. */
#include "dataplane/stream/waiting.h"

/* Per level the link to the first block that begins at or beyond offset. */
static void find_links(struct waiting *w, uint64_t offset, struct block **ret[BLOCK_LEVELS])
{
	struct block **links = w->first;

	for (unsigned level = BLOCK_LEVELS; level-- > 0;) {
		for (; links[level] != NULL && links[level]->offset < offset; links = links[level]->next)
			w->steps++;
		ret[level] = &links[level];
	}
}

struct block *waiting_before(struct waiting *w, uint64_t offset)
{
	struct block *before = NULL, **links = w->first;

	for (unsigned level = BLOCK_LEVELS; level-- > 0;) {
		for (; links[level] != NULL && links[level]->offset <= offset; links = before->next) {
			before = links[level];
			w->steps++;
		}
	}
	return before;
}

struct block *waiting_after(struct waiting *w, const struct block *b)
{
	w->steps++;
	return b == NULL ? w->first[0] : b->next[0];
}

void waiting_add(struct waiting *w, struct block *b)
{
	struct block **links[BLOCK_LEVELS];

	find_links(w, b->offset, links);
	for (unsigned level = 0; level < b->height; level++) {
		b->next[level] = *links[level];
		*links[level] = b;
	}
	w->count++;
}

struct block *waiting_take_first(struct waiting *w)
{
	struct block *b = w->first[0];

	if (b == NULL)
		return NULL;
	for (unsigned level = 0; level < b->height; level++)
		w->first[level] = b->next[level];
	w->count--;
	return b;
}

struct block *waiting_take_last(struct waiting *w)
{
	struct block **links[BLOCK_LEVELS], *last = waiting_before(w, UINT64_MAX);

	if (last == NULL)
		return NULL;
	find_links(w, last->offset, links);
	for (unsigned level = 0; level < last->height; level++)
		*links[level] = NULL;
	w->count--;
	return last;
}
