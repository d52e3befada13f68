/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chunks hold bytes from their front and packet marks from their back, so that a dropped chunk takes its marks along. */
#include "dataplane/case/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_ROOM = CHUNK_SIZE - 16,
	HEAD_MARKS_MAX = CASE_SEGMENTS_MAX * 3 / 4, /* the rest is the tail's */
};

struct chunk_mark {
	uint64_t packet, time_ns;
	uint32_t at; /* in the chunk */
};

struct chunk {
	struct chunk *next;
	uint16_t used, marks;
	_Alignas(8) uint8_t room[CHUNK_ROOM];
};

struct chunks {
	struct chunk *memory, *first;
	size_t left;
};

static void chunk_give(struct chunks *p, struct chunk *c)
{
	c->next = p->first;
	p->first = c;
	p->left++;
}

static struct chunk *chunk_take(struct chunks *p)
{
	struct chunk *c = p->first;

	if (c == NULL)
		return NULL;
	p->first = c->next;
	p->left--;
	c->next = NULL;
	c->used = c->marks = 0;
	return c;
}

int chunks_new(size_t size, struct chunks **ret)
{
	struct chunks *p = calloc(1, sizeof(*p));
	size_t count = size / sizeof(struct chunk);

	if (p == NULL || (p->memory = calloc(count > 0 ? count : 1, sizeof(struct chunk))) == NULL) {
		chunks_free(p);
		return -ENOMEM;
	}
	for (size_t i = count; i > 0; i--)
		chunk_give(p, &p->memory[i - 1]);
	*ret = p;
	return 0;
}

void chunks_free(struct chunks *p)
{
	if (p != NULL)
		free(p->memory);
	free(p);
}

size_t chunks_left(const struct chunks *p)
{
	return p->left;
}

static struct chunk_mark *mark_of(const struct chunk *c, unsigned i)
{
	const uint8_t *at = c->room + CHUNK_ROOM - (i + 1) * sizeof(struct chunk_mark);

	return (struct chunk_mark *)(uintptr_t)at;
}

static size_t chunk_space(const struct chunk *c)
{
	size_t taken = c->used + c->marks * sizeof(struct chunk_mark);

	return taken < CHUNK_ROOM ? CHUNK_ROOM - taken : 0;
}

/* Puts as much as fits behind the last chunk, or into a new one. 0: no memory. */
static size_t append(struct chunk **first, struct chunk **last, struct chunks *pool, bool marked, struct bytes bytes,
		     uint64_t packet, uint64_t time_ns)
{
	struct chunk *c = *last;
	bool mark = c == NULL || c->marks == 0 || (marked && mark_of(c, c->marks - 1u)->packet != packet);
	size_t space;

	if (c == NULL || chunk_space(c) <= (mark ? sizeof(struct chunk_mark) : 0)) {
		if ((c = chunk_take(pool)) == NULL)
			return 0;
		*(*last == NULL ? first : &(*last)->next) = c;
		*last = c;
		mark = true;
	}
	if (mark) {
		*mark_of(c, c->marks) = (struct chunk_mark){ .packet = packet, .time_ns = time_ns, .at = c->used };
		c->marks++;
	}
	space = chunk_space(c);
	if (bytes.left > space)
		bytes.left = space;
	memcpy(c->room + c->used, bytes.at, bytes.left);
	c->used = (uint16_t)(c->used + bytes.left);
	return bytes.left;
}

static void drop_all(struct chunk **first, struct chunk **last, struct chunks *pool)
{
	while (*first != NULL) {
		struct chunk *c = *first;

		*first = c->next;
		chunk_give(pool, c);
	}
	*last = NULL;
}

static void drop_tail(struct kept *k, struct chunks *pool)
{
	drop_all(&k->tail, &k->tail_last, pool);
	k->tail_len = 0;
}

static size_t add_to_head(struct kept *k, struct chunks *pool, uint32_t max, struct bytes *bytes, uint64_t packet,
			  uint64_t time_ns)
{
	while (bytes->left > 0 && k->head_len < max && !k->head_closed) {
		struct bytes piece = bytes_of(bytes->at, bytes->left < max - k->head_len ? bytes->left :
										       max - k->head_len);
		bool marked = k->head_marks < HEAD_MARKS_MAX;
		size_t n = append(&k->head, &k->head_last, pool, marked, piece, packet, time_ns);

		if (n == 0) {
			k->head_closed = true;
			return bytes->left;
		}
		k->head_len += (uint32_t)n;
		bytes->at += n;
		bytes->left -= n;
	}
	k->head_marks++;
	return 0;
}

static size_t add_to_tail(struct kept *k, struct chunks *pool, uint32_t max, struct bytes bytes, uint64_t packet,
			  uint64_t time_ns)
{
	while (bytes.left > 0) {
		size_t n = append(&k->tail, &k->tail_last, pool, true, bytes, packet, time_ns);

		if (n == 0) {
			drop_tail(k, pool);
			return bytes.left;
		}
		k->tail_len += (uint32_t)n;
		bytes.at += n;
		bytes.left -= n;
		while (k->tail_len - k->tail->used >= max && k->tail->next != NULL) {
			struct chunk *c = k->tail;

			k->tail = c->next;
			k->tail_len -= c->used;
			chunk_give(pool, c);
		}
	}
	return 0;
}

size_t kept_add(struct kept *k, struct chunks *pool, const struct kept_limit *limit, struct bytes bytes,
		uint64_t packet, uint64_t time_ns)
{
	size_t lost;

	k->present = true;
	k->seen += bytes.left;
	lost = add_to_head(k, pool, limit->head, &bytes, packet, time_ns);
	if (bytes.left == 0 || lost > 0)
		return lost;
	k->head_closed = true;
	if (limit->tail == 0) {
		drop_tail(k, pool);
		return 0;
	}
	return add_to_tail(k, pool, limit->tail, bytes, packet, time_ns);
}

void kept_gap(struct kept *k, struct chunks *pool, uint64_t len, enum part_gap why)
{
	k->present = true;
	k->head_closed = true;
	k->seen += len;
	k->lost += len;
	k->gaps |= why;
	drop_tail(k, pool);
}

void kept_forget(struct kept *k, struct chunks *pool)
{
	drop_all(&k->head, &k->head_last, pool);
	k->head_len = 0;
	k->head_closed = true;
	drop_tail(k, pool);
}

void kept_fini(struct kept *k, struct chunks *pool)
{
	drop_all(&k->head, &k->head_last, pool);
	drop_all(&k->tail, &k->tail_last, pool);
	*k = (struct kept){ 0 };
}

/* Chunks as one piece, the first skip bytes left out. */
static struct bytes linear(const struct chunk *c, size_t skip, size_t len, struct sink *room)
{
	size_t from = room->used;

	if (len == 0)
		return (struct bytes){ 0 };
	while (skip >= c->used) {
		skip -= c->used;
		c = c->next;
	}
	if (len <= c->used - skip)
		return bytes_of(c->room + skip, len);
	if (room->overflow || len > room->size - room->used)
		return (struct bytes){ 0 };
	for (; c != NULL; c = c->next) {
		sink_put(room, c->room + skip, c->used - skip);
		skip = 0;
	}
	return bytes_of(room->at + from, room->used - from);
}

struct bytes kept_head(const struct kept *k, struct sink *room)
{
	return linear(k->head, 0, k->head_len, room);
}

bool kept_whole(const struct kept *k)
{
	return k->seen == k->head_len && (k->gaps & ~(uint32_t)PART_CONFLICT) == 0;
}

/* Adds the marks of a list of chunks whose first byte is at offset base; bytes before from are not shown. */
static void gather_marks(const struct chunk *c, uint64_t base, uint64_t from, struct segment_mark *marks,
			 uint32_t *count)
{
	for (; c != NULL; base += c->used, c = c->next) {
		for (unsigned i = 0; i < c->marks; i++) {
			const struct chunk_mark *m = mark_of(c, i);
			struct segment_mark s = { .offset = base + m->at, .packet = m->packet, .time_ns = m->time_ns };
			struct segment_mark *last = *count > 0 ? &marks[*count - 1] : NULL;

			if (s.offset < from)
				s.offset = from;
			if (last != NULL && last->packet == s.packet && last->offset >= from)
				continue;
			if (last != NULL && last->offset == s.offset)
				*last = s;
			else if (*count < CASE_SEGMENTS_MAX)
				marks[(*count)++] = s;
		}
	}
}

void kept_part(const struct kept *k, uint32_t tail_max, struct sink *room, struct segment_mark *marks,
	       struct case_part *ret)
{
	size_t tail = k->tail_len < tail_max ? k->tail_len : tail_max;

	*ret = (struct case_part){ .present = k->present, .gaps = k->gaps, .seen = k->seen, .marks = marks };
	ret->head = linear(k->head, 0, k->head_len, room);
	ret->tail = linear(k->tail, k->tail_len - tail, tail, room);
	gather_marks(k->head, 0, 0, marks, &ret->marks_count);
	gather_marks(k->tail, k->seen - k->tail_len, k->seen - tail, marks, &ret->marks_count);
	if (ret->head.left + ret->tail.left + k->lost < k->seen)
		ret->gaps |= PART_BOUND;
}
