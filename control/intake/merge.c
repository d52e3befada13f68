/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A binary heap of records behind the least promise of all lanes. */
#include "control/intake/merge.h"

#include "control/wire/ring.h"

#include <errno.h>
#include <stdlib.h>

struct merge {
	void (*drop)(struct merge_item *);
	struct merge_item *heap;
	size_t count, size;
	uint64_t latest_ns, late;
	unsigned lanes, ended_count;
	struct lane_promise {
		struct watermark mark;
		bool ended;
	} promises[RINGS_MAX];
};

int merge_compare(const struct merge_key *a, const struct merge_key *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->packet != b->packet)
		return a->packet < b->packet ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->flow_id != b->flow_id)
		return a->flow_id < b->flow_id ? -1 : 1;
	if (a->tx_id != b->tx_id)
		return a->tx_id < b->tx_id ? -1 : 1;
	return 0;
}

int merge_new(unsigned lanes, void (*drop)(struct merge_item *), struct merge **ret)
{
	struct merge *m;

	if (lanes == 0 || lanes > RINGS_MAX)
		return -EINVAL;
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return -ENOMEM;
	m->lanes = lanes;
	m->drop = drop;
	*ret = m;
	return 0;
}

static void drop_all(struct merge *m)
{
	for (size_t i = 0; i < m->count; i++)
		m->drop(&m->heap[i]);
	m->count = 0;
}

void merge_free(struct merge *m)
{
	if (m == NULL)
		return;
	drop_all(m);
	free(m->heap);
	free(m);
}

void merge_reset(struct merge *m)
{
	drop_all(m);
	m->latest_ns = 0;
	m->ended_count = 0;
	for (unsigned i = 0; i < m->lanes; i++)
		m->promises[i] = (struct lane_promise){ 0 };
}

static bool before(const struct watermark *a, const struct watermark *b)
{
	return a->time_ns < b->time_ns || (a->time_ns == b->time_ns && a->packet < b->packet);
}

struct watermark merge_low(const struct merge *m)
{
	struct watermark low = { UINT64_MAX, UINT64_MAX };

	for (unsigned i = 0; i < m->lanes; i++)
		if (!m->promises[i].ended && before(&m->promises[i].mark, &low))
			low = m->promises[i].mark;
	return low;
}

void merge_promise(struct merge *m, unsigned lane, struct watermark mark)
{
	if (before(&m->promises[lane].mark, &mark))
		m->promises[lane].mark = mark;
}

void merge_reached(struct merge *m, uint64_t time_ns)
{
	if (time_ns > m->latest_ns)
		m->latest_ns = time_ns;
}

void merge_end(struct merge *m, unsigned lane)
{
	m->ended_count += !m->promises[lane].ended;
	m->promises[lane].ended = true;
}

bool merge_ended(const struct merge *m)
{
	return m->ended_count == m->lanes;
}

uint64_t merge_latest_ns(const struct merge *m)
{
	return m->latest_ns;
}

static void swap(struct merge *m, size_t a, size_t b)
{
	struct merge_item t = m->heap[a];

	m->heap[a] = m->heap[b];
	m->heap[b] = t;
}

static bool less(const struct merge *m, size_t a, size_t b)
{
	return merge_compare(&m->heap[a].key, &m->heap[b].key) < 0;
}

int merge_add(struct merge *m, const struct merge_item *item)
{
	struct watermark low = merge_low(m), at = { item->key.time_ns, item->key.packet };
	size_t i;

	if (m->count == m->size) {
		size_t size = m->size == 0 ? 1024 : m->size * 2;
		struct merge_item *grown = reallocarray(m->heap, size, sizeof(*grown)), lost = *item;

		if (grown == NULL) {
			m->drop(&lost);
			return -ENOMEM;
		}
		m->heap = grown;
		m->size = size;
	}
	m->late += before(&at, &low);
	merge_reached(m, item->key.time_ns);
	i = m->count++;
	m->heap[i] = *item;
	for (; i > 0 && less(m, i, (i - 1) / 2); i = (i - 1) / 2)
		swap(m, i, (i - 1) / 2);
	return 0;
}

const struct merge_item *merge_peek(const struct merge *m)
{
	struct watermark low = merge_low(m), at;

	if (m->count == 0)
		return NULL;
	at = (struct watermark){ m->heap[0].key.time_ns, m->heap[0].key.packet };
	return before(&at, &low) ? &m->heap[0] : NULL;
}

void merge_take(struct merge *m, struct merge_item *ret)
{
	*ret = m->heap[0];
	m->heap[0] = m->heap[--m->count];
	for (size_t i = 0;;) {
		size_t child = 2 * i + 1;

		if (child >= m->count)
			break;
		if (child + 1 < m->count && less(m, child + 1, child))
			child++;
		if (!less(m, child, i))
			break;
		swap(m, i, child);
		i = child;
	}
}

size_t merge_count(const struct merge *m)
{
	return m->count;
}

uint64_t merge_late(const struct merge *m)
{
	return m->late;
}
