/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table: two buckets of eight for each key, tags beside the indices, one cache line a bucket. */
#include "dataplane/flow/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	WAYS = 8,
	WHEEL_SECONDS = 4096, /* horizon; a longer wait is looked at again when it comes round */
	CAPACITY_MAX = 1 << 24,
};

struct bucket {
	_Alignas(64) uint32_t flow[WAYS]; /* index + 1, 0: empty */
	uint16_t tag[WAYS];
};

struct flow_table {
	uint64_t seed;
	uint32_t mask;           /* buckets - 1 */
	unsigned capacity, count;
	struct bucket *buckets;
	struct flow *flows;
	uint32_t *vacant;        /* stack of free indices; its height is capacity - count */
	uint32_t any_at;         /* bucket where flow_table_any() looks next */
	uint64_t wheel_s;        /* the second whose slot is met next */
	bool wheel_turns;        /* wheel_s is set */
	uint32_t wheel[WHEEL_SECONDS];
};

/* A load of at most one half keeps two-choice buckets from filling before the pool does. */
static uint32_t buckets_for(unsigned capacity)
{
	uint32_t n = 2;

	while (n * WAYS < capacity * UINT64_C(2))
		n *= 2;
	return n;
}

int flow_table_new(unsigned capacity, uint64_t seed, struct flow_table **ret)
{
	struct flow_table *t;
	uint32_t n = buckets_for(capacity);

	if (capacity == 0 || capacity > CAPACITY_MAX)
		return -EINVAL;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return -ENOMEM;
	t->buckets = aligned_alloc(64, n * sizeof(struct bucket));
	t->flows = calloc(capacity, sizeof(struct flow));
	t->vacant = calloc(capacity, sizeof(uint32_t));
	if (t->buckets == NULL || t->flows == NULL || t->vacant == NULL) {
		flow_table_free(t);
		return -ENOMEM;
	}
	memset(t->buckets, 0, n * sizeof(struct bucket));
	for (unsigned i = 0; i < capacity; i++)
		t->vacant[i] = capacity - 1 - i;
	memset(t->wheel, 0xff, sizeof(t->wheel));
	t->seed = seed;
	t->mask = n - 1;
	t->capacity = capacity;
	*ret = t;
	return 0;
}

void flow_table_free(struct flow_table *t)
{
	if (t == NULL)
		return;
	free(t->buckets);
	free(t->flows);
	free(t->vacant);
	free(t);
}

uint64_t flow_table_hash(const struct flow_table *t, const struct flow_key *k)
{
	return flow_key_hash(k, t->seed);
}

static struct bucket *first_bucket(const struct flow_table *t, uint64_t hash)
{
	return &t->buckets[(uint32_t)hash & t->mask];
}

static struct bucket *second_bucket(const struct flow_table *t, uint64_t hash)
{
	return &t->buckets[(uint32_t)(hash >> 24) & t->mask];
}

static uint16_t tag_of(uint64_t hash)
{
	return (uint16_t)(hash >> 48);
}

void flow_table_prefetch_index(const struct flow_table *t, uint64_t hash)
{
	__builtin_prefetch(first_bucket(t, hash));
	__builtin_prefetch(second_bucket(t, hash));
}

static int way_of(const struct bucket *b, uint16_t tag, int from)
{
	for (int i = from; i < WAYS; i++)
		if (b->flow[i] != 0 && b->tag[i] == tag)
			return i;
	return -1;
}

static void prefetch_in(const struct flow_table *t, const struct bucket *b, uint16_t tag)
{
	int i = way_of(b, tag, 0);

	if (i >= 0) {
		const char *at = (const char *)&t->flows[b->flow[i] - 1];

		for (size_t line = 0; line < sizeof(struct flow); line += 64)
			__builtin_prefetch(at + line);
	}
}

void flow_table_prefetch_flow(const struct flow_table *t, uint64_t hash)
{
	prefetch_in(t, first_bucket(t, hash), tag_of(hash));
	prefetch_in(t, second_bucket(t, hash), tag_of(hash));
}

static struct flow *find_in(struct flow_table *t, const struct bucket *b, const struct flow_key *k, uint16_t tag)
{
	for (int i = way_of(b, tag, 0); i >= 0; i = way_of(b, tag, i + 1)) {
		struct flow *f = &t->flows[b->flow[i] - 1];

		if (flow_key_equal(&f->key, k))
			return f;
	}
	return NULL;
}

struct flow *flow_table_find(struct flow_table *t, const struct flow_key *k, uint64_t hash)
{
	struct flow *f = find_in(t, first_bucket(t, hash), k, tag_of(hash));

	return f != NULL ? f : find_in(t, second_bucket(t, hash), k, tag_of(hash));
}

static int vacant_way(const struct bucket *b, unsigned *used)
{
	int at = -1;

	*used = 0;
	for (int i = 0; i < WAYS; i++)
		if (b->flow[i] == 0)
			at = i;
		else
			++*used;
	return at;
}

struct flow *flow_table_add(struct flow_table *t, const struct flow_key *k, uint64_t hash)
{
	struct bucket *b = first_bucket(t, hash), *other = second_bucket(t, hash);
	unsigned used, other_used;
	int way = vacant_way(b, &used), other_way = vacant_way(other, &other_used);
	uint32_t index;

	if (t->count == t->capacity || (way < 0 && other_way < 0))
		return NULL;
	if (way < 0 || (other_way >= 0 && other_used < used)) {
		b = other;
		way = other_way;
	}
	index = t->vacant[t->capacity - 1 - t->count++];
	b->flow[way] = index + 1;
	b->tag[way] = tag_of(hash);
	t->flows[index] = (struct flow){ .key = *k, .wheel_slot = FLOW_NONE };
	return &t->flows[index];
}

struct flow *flow_table_oldest(struct flow_table *t, uint64_t hash, bool (*may)(const struct flow *))
{
	const struct bucket *both[2] = { first_bucket(t, hash), second_bucket(t, hash) };
	struct flow *oldest = NULL;

	for (unsigned i = 0; i < 2 * WAYS; i++) {
		uint32_t at = both[i / WAYS]->flow[i % WAYS];
		struct flow *f = at == 0 ? NULL : &t->flows[at - 1];

		if (f != NULL && may(f) && (oldest == NULL || f->seen_ns < oldest->seen_ns))
			oldest = f;
	}
	return oldest;
}

static bool clear_in(struct bucket *b, uint32_t entry)
{
	for (int i = 0; i < WAYS; i++) {
		if (b->flow[i] == entry) {
			b->flow[i] = 0;
			return true;
		}
	}
	return false;
}

static void unschedule(struct flow_table *t, struct flow *f)
{
	if (f->wheel_slot == FLOW_NONE)
		return;
	if (f->wheel_prev == FLOW_NONE)
		t->wheel[f->wheel_slot] = f->wheel_next;
	else
		t->flows[f->wheel_prev].wheel_next = f->wheel_next;
	if (f->wheel_next != FLOW_NONE)
		t->flows[f->wheel_next].wheel_prev = f->wheel_prev;
	f->wheel_slot = FLOW_NONE;
}

void flow_table_remove(struct flow_table *t, struct flow *f)
{
	uint64_t hash = flow_table_hash(t, &f->key);
	uint32_t index = (uint32_t)(f - t->flows);

	unschedule(t, f);
	if (!clear_in(first_bucket(t, hash), index + 1))
		clear_in(second_bucket(t, hash), index + 1);
	t->vacant[t->capacity - t->count--] = index;
	if (t->count == 0) { /* the next capture has a time of its own */
		t->wheel_turns = false;
		t->any_at = 0;
	}
}

void flow_table_schedule(struct flow_table *t, struct flow *f, uint64_t now_ns, uint64_t deadline_ns)
{
	uint64_t second = deadline_ns / 1000000000u + 1; /* met when that whole second has been reached */
	uint32_t index = (uint32_t)(f - t->flows);

	unschedule(t, f);
	if (!t->wheel_turns) {
		t->wheel_turns = true;
		t->wheel_s = now_ns / 1000000000u + 1;
	}
	if (second < t->wheel_s)
		second = t->wheel_s;
	if (second - t->wheel_s >= WHEEL_SECONDS)
		second = t->wheel_s + WHEEL_SECONDS - 1;
	f->wheel_slot = (uint32_t)(second % WHEEL_SECONDS);
	f->wheel_prev = FLOW_NONE;
	f->wheel_next = t->wheel[f->wheel_slot];
	if (f->wheel_next != FLOW_NONE)
		t->flows[f->wheel_next].wheel_prev = index;
	t->wheel[f->wheel_slot] = index;
}

struct flow *flow_table_due(struct flow_table *t, uint64_t now_s)
{
	if (!t->wheel_turns)
		return NULL;
	/* after one whole turn every slot has been met */
	if (now_s > t->wheel_s + WHEEL_SECONDS)
		t->wheel_s = now_s - WHEEL_SECONDS;
	for (; t->wheel_s <= now_s; t->wheel_s++) {
		uint32_t index = t->wheel[t->wheel_s % WHEEL_SECONDS];

		if (index != FLOW_NONE) {
			unschedule(t, &t->flows[index]);
			return &t->flows[index];
		}
	}
	return NULL;
}

struct flow *flow_table_any(struct flow_table *t)
{
	while (t->count > 0) {
		const struct bucket *b = &t->buckets[t->any_at];

		for (int way = 0; way < WAYS; way++)
			if (b->flow[way] != 0)
				return &t->flows[b->flow[way] - 1];
		t->any_at = (t->any_at + 1) & t->mask;
	}
	return NULL;
}

unsigned flow_table_count(const struct flow_table *t)
{
	return t->count;
}
