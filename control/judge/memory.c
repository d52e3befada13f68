/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory: one line of records for all, oldest first, and one such line for each address. Both are ordered by
 * (time, packet, arrival), so that what falls out of the one stands first in the others.
 */
#include "control/judge/memory.h"

#include "control/judge/digest.h"
#include "control/judge/ordinary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLOTS_MIN = 1024,      /* of the address table, a power of two */
	LINE_MIN = 8,
	RECORD_OVERHEAD = 256, /* bytes: its places in three lines, its addresses, and what malloc adds */
};

struct stored {
	struct history history;
	uint64_t arrival;
	size_t size;
	uint8_t bytes[];       /* what history's runs point to */
};

/* Records at[first .. first+count), ascending. */
struct line {
	struct stored **at;
	size_t first, count, room;
};

struct slot {
	bool used;
	struct address address;
	struct line line;
};

struct memory {
	const struct sites *sites;
	size_t max_bytes, bytes;
	uint64_t arrivals, lost, lost_until_ns;
	struct line all;
	struct slot *slots;
	size_t slots_count, slots_used;
};

static bool stands_before(const struct stored *a, const struct stored *b)
{
	if (a->history.time_ns != b->history.time_ns)
		return a->history.time_ns < b->history.time_ns;
	if (a->history.packet != b->history.packet)
		return a->history.packet < b->history.packet;
	return a->arrival < b->arrival;
}

/* Makes room for one more at the end: moves to the front of its array, or into a larger one. */
static int line_reserve(struct line *l)
{
	struct stored **at = NULL;
	size_t room = 0;

	if (l->first + l->count < l->room)
		return 0;
	if (l->first > l->room / 2) {
		memmove(l->at, l->at + l->first, l->count * sizeof(*l->at));
		l->first = 0;
		return 0;
	}
	room = l->room == 0 ? LINE_MIN : l->room * 2;
	at = malloc(room * sizeof(*at));
	if (at == NULL)
		return -ENOMEM;
	if (l->count > 0)
		memcpy(at, l->at + l->first, l->count * sizeof(*at));
	free(l->at);
	*l = (struct line){ .at = at, .count = l->count, .room = room };
	return 0;
}

/* Room was reserved. Late records wander back to where they belong. */
static void line_put(struct line *l, struct stored *s)
{
	size_t i = l->first + l->count++;

	for (; i > l->first && stands_before(s, l->at[i - 1]); i--)
		l->at[i] = l->at[i - 1];
	l->at[i] = s;
}

static void line_drop_first(struct line *l)
{
	l->first++;
	l->count--;
	if (l->count == 0)
		l->first = 0;
}

static size_t slot_home(const struct memory *m, const struct address *a)
{
	uint64_t h = digest_bytes(DIGEST_START ^ a->family, bytes_of(a->raw, sizeof(a->raw)));

	return (h ^ h >> 29) & (m->slots_count - 1);
}

/* The address's slot, or the empty one where it would go. */
static struct slot *slot_of(const struct memory *m, const struct address *a)
{
	size_t i = slot_home(m, a);

	while (m->slots[i].used && !address_equal(&m->slots[i].address, a))
		i = (i + 1) & (m->slots_count - 1);
	return &m->slots[i];
}

static int slots_grow(struct memory *m)
{
	struct memory bigger = *m;

	bigger.slots_count = m->slots_count * 2;
	bigger.slots = calloc(bigger.slots_count, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < m->slots_count; i++) {
		if (m->slots[i].used)
			*slot_of(&bigger, &m->slots[i].address) = m->slots[i];
	}
	free(m->slots);
	*m = bigger;
	return 0;
}

/* Takes an emptied slot away and closes the gap, so that probing still finds what stood behind it. */
static void slot_remove(struct memory *m, struct slot *gone)
{
	size_t hole = (size_t)(gone - m->slots), mask = m->slots_count - 1;

	free(gone->line.at);
	for (size_t i = (hole + 1) & mask; m->slots[i].used; i = (i + 1) & mask) {
		size_t home = slot_home(m, &m->slots[i].address);

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole] = (struct slot){ 0 };
	m->slots_used--;
}

static int address_reserve(struct memory *m, const struct address *a)
{
	struct slot *s = NULL;
	int r = 0;

	if (m->slots_used * 4 >= m->slots_count * 3 && (r = slots_grow(m)) < 0)
		return r;
	s = slot_of(m, a);
	if (!s->used) {
		*s = (struct slot){ .used = true, .address = *a };
		m->slots_used++;
	}
	return line_reserve(&s->line);
}

static void address_drop_first(struct memory *m, const struct address *a)
{
	struct slot *s = slot_of(m, a);

	if (!s->used)
		return;
	if (s->line.count > 0)
		line_drop_first(&s->line);
	if (s->line.count == 0)
		slot_remove(m, s);
}

/* The sites that a record tells of, each once. */
static unsigned sites_in(const struct memory *m, const struct tuple *t, struct address ret[2 * SITES_OF_MAX])
{
	struct address to[SITES_OF_MAX];
	unsigned n = sites_of(m->sites, &t->src, ret), more = sites_of(m->sites, &t->dst, to);

	for (unsigned i = 0; i < more; i++) {
		unsigned k = 0;

		while (k < n && !address_equal(&ret[k], &to[i]))
			k++;
		if (k == n)
			ret[n++] = to[i];
	}
	return n;
}

static void forget_oldest(struct memory *m)
{
	struct stored *s = m->all.at[m->all.first];
	struct address at[2 * SITES_OF_MAX];
	unsigned n = sites_in(m, &s->history.tuple, at);

	line_drop_first(&m->all);
	for (unsigned i = 0; i < n; i++)
		address_drop_first(m, &at[i]);
	m->bytes -= s->size;
	m->lost++;
	m->lost_until_ns = s->history.time_ns;
	free(s);
}

static struct bytes keep(struct stored *s, size_t *used, struct bytes from)
{
	struct bytes to = bytes_of(s->bytes + *used, from.left);

	if (from.left > 0)
		memcpy(s->bytes + *used, from.at, from.left);
	*used += from.left;
	return to;
}

static struct stored *stored_new(const struct history *h)
{
	size_t used = 0, runs = h->name.left + h->host.left + h->method.left + h->content_type.left +
		h->content_encoding.left + h->sample.left;
	struct stored *s = malloc(sizeof(*s) + runs);

	if (s == NULL)
		return NULL;
	s->history = *h;
	s->history.name = keep(s, &used, h->name);
	s->history.host = keep(s, &used, h->host);
	s->history.method = keep(s, &used, h->method);
	s->history.content_type = keep(s, &used, h->content_type);
	s->history.content_encoding = keep(s, &used, h->content_encoding);
	s->history.sample = keep(s, &used, h->sample);
	s->size = sizeof(*s) + runs + RECORD_OVERHEAD;
	return s;
}

int memory_new(size_t max_bytes, const struct sites *sites, struct memory **ret)
{
	struct memory *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return -ENOMEM;
	m->max_bytes = max_bytes;
	m->sites = sites;
	m->slots_count = SLOTS_MIN;
	m->slots = calloc(m->slots_count, sizeof(*m->slots));
	if (m->slots == NULL) {
		free(m);
		return -ENOMEM;
	}
	*ret = m;
	return 0;
}

void memory_forget(struct memory *m)
{
	for (size_t i = 0; i < m->all.count; i++)
		free(m->all.at[m->all.first + i]);
	for (size_t i = 0; i < m->slots_count; i++) {
		free(m->slots[i].line.at);
		m->slots[i] = (struct slot){ 0 };
	}
	m->all.first = m->all.count = 0;
	m->slots_used = 0;
	m->bytes = 0;
	m->lost_until_ns = 0;
}

void memory_free(struct memory *m)
{
	if (m == NULL)
		return;
	memory_forget(m);
	free(m->all.at);
	free(m->slots);
	free(m);
}

int memory_add(struct memory *m, const struct history *h)
{
	struct stored *s = NULL;
	struct address at[2 * SITES_OF_MAX];
	unsigned n = sites_in(m, &h->tuple, at);
	int r = line_reserve(&m->all);

	for (unsigned i = 0; i < n && r == 0; i++)
		r = address_reserve(m, &at[i]);
	if (r < 0 || (s = stored_new(h)) == NULL) {
		m->lost++;
		m->lost_until_ns = h->time_ns;
		return -ENOMEM;
	}
	s->history.ordinary = h->kind == HISTORY_RESPONSE && history_is_ordinary(h);
	s->arrival = m->arrivals++;
	m->bytes += s->size;
	line_put(&m->all, s);
	for (unsigned i = 0; i < n; i++)
		line_put(&slot_of(m, &at[i])->line, s);
	while (m->bytes > m->max_bytes && m->all.count > 0)
		forget_oldest(m);
	return 0;
}

uint64_t memory_lost(const struct memory *m)
{
	return m->lost;
}

uint64_t memory_lost_until_ns(const struct memory *m)
{
	return m->lost_until_ns;
}

void memory_seek(const struct memory *m, const struct memory_query *q, struct memory_cursor *ret)
{
	struct address site = site_of(m->sites, &q->address);
	const struct slot *s = slot_of(m, &site);
	size_t low = 0, high = 0;

	*ret = (struct memory_cursor){ .memory = m, .query = *q };
	ret->query.address = site;
	if (!s->used)
		return;
	low = s->line.first;
	high = s->line.first + s->line.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->line.at[middle]->history.time_ns < q->from_ns)
			low = middle + 1;
		else
			high = middle;
	}
	ret->line = &s->line;
	ret->next = low;
}

/* Asked of every record of a walk: mostly it is the address itself. */
static inline bool is_same(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->raw, b->raw, sizeof(a->raw)) == 0;
}

const struct history *memory_next(struct memory_cursor *c)
{
	const struct line *l = c->line;

	while (l != NULL && c->next < l->first + l->count) {
		const struct history *h = &l->at[c->next++]->history;
		const struct address *end = c->query.side == MEMORY_FROM ? &h->tuple.src : &h->tuple.dst;

		if (h->time_ns > c->query.to_ns)
			return NULL;
		if ((c->query.kinds >> h->kind & 1) != 0 &&
		    (is_same(end, &c->query.address) || site_has(c->memory->sites, &c->query.address, end)))
			return h;
	}
	return NULL;
}
