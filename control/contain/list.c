/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of blocks: an array of places, of which the barrier counts by place. */
#include "control/contain/list.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/random.h>

enum { SEEDS_MAX = 16, ENDED_MAX = 64 };
static const uint64_t write_every_ns = UINT64_C(10000000);

struct place {
	struct contained c;  /* id 0: free */
	bool saved, stored;  /* as it is now; in some form */
};

struct containment {
	struct barrier *barrier;
	unsigned max, count, used;       /* used: places that were ever taken */
	struct place *places;
	struct barrier_entry *entries;   /* room to write the barrier */
	uint64_t *gone;                  /* numbers that the store still has, at most max of them */
	unsigned gone_count;
	struct contained ended[ENDED_MAX];
	uint64_t last_id, full, written_ns, next_until_ns;
	bool changed, unsaved;
};

int containment_new(struct barrier *b, struct containment **ret)
{
	struct containment *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return -ENOMEM;
	l->barrier = b;
	l->max = barrier_max(b);
	l->next_until_ns = UINT64_MAX;
	l->places = calloc(l->max, sizeof(*l->places));
	l->entries = calloc(l->max, sizeof(*l->entries));
	l->gone = calloc(l->max, sizeof(*l->gone));
	l->changed = true; /* whatever stands in the barrier is a predecessor's */
	if (l->places == NULL || l->entries == NULL || l->gone == NULL) {
		containment_free(l);
		return -ENOMEM;
	}
	*ret = l;
	return 0;
}

void containment_free(struct containment *l)
{
	if (l == NULL)
		return;
	free(l->places);
	free(l->entries);
	free(l->gone);
	free(l);
}

static struct place *find_block(struct containment *l, const struct block *b)
{
	for (unsigned i = 0; i < l->used; i++)
		if (l->places[i].c.id != 0 && block_equal(&l->places[i].c.block, b))
			return &l->places[i];
	return NULL;
}

static struct place *find_free(struct containment *l)
{
	if (l->count == l->max)
		return NULL;
	for (unsigned i = 0; i < l->used; i++)
		if (l->places[i].c.id == 0)
			return &l->places[i];
	return &l->places[l->used++];
}

static void touched(struct containment *l, struct place *p)
{
	p->saved = false;
	l->unsaved = true;
	if (p->c.until_ns < l->next_until_ns)
		l->next_until_ns = p->c.until_ns;
}

/* False: a verdict adds nothing to what stands. */
static bool renew(struct contained *c, const struct contained *wish)
{
	bool person = wish->case_id[0] == '\0';

	if (!person && wish->until_ns <= c->until_ns)
		return false;
	c->until_ns = wish->until_ns;
	if (person) {
		memcpy(c->case_id, wish->case_id, sizeof(c->case_id));
		memcpy(c->who, wish->who, sizeof(c->who));
		memcpy(c->reason, wish->reason, sizeof(c->reason));
	}
	return true;
}

int containment_add(struct containment *l, const struct contained *wish, uint64_t now_ns, const struct contained **ret)
{
	struct place *p = find_block(l, &wish->block);

	if (p != NULL) {
		if (renew(&p->c, wish))
			touched(l, p);
		*ret = &p->c;
		return 0;
	}
	if ((p = find_free(l)) == NULL) {
		l->full++;
		return -ENOSPC;
	}
	*p = (struct place){ .c = *wish };
	p->c.id = ++l->last_id;
	p->c.since_ns = now_ns;
	barrier_count_from(l->barrier, (unsigned)(p - l->places));
	l->count++;
	l->changed = true;
	touched(l, p);
	*ret = &p->c;
	return 0;
}

const struct contained *containment_next(const struct containment *l, unsigned *place)
{
	while (*place < l->used) {
		const struct contained *c = &l->places[(*place)++].c;

		if (c->id != 0)
			return c;
	}
	return NULL;
}

/* A lent block lies in its place. */
static unsigned place_of(const struct containment *l, const struct contained *lent)
{
	return (unsigned)((const struct place *)(const void *)((const char *)lent - offsetof(struct place, c)) - l->places);
}

uint64_t containment_packets(const struct containment *l, const struct contained *lent)
{
	return barrier_count(l->barrier, place_of(l, lent));
}

static void take_out(struct containment *l, struct place *p)
{
	if (p->stored && l->gone_count < l->max)
		l->gone[l->gone_count++] = p->c.id;
	*p = (struct place){ .c.id = 0 };
	l->count--;
	l->changed = l->unsaved = true;
}

void containment_remove(struct containment *l, const struct contained *lent)
{
	take_out(l, &l->places[place_of(l, lent)]);
}

/* The old ones stay in force should the new ones not fit, which a secret seed does not let anybody bring about. */
void containment_heed(struct containment *l)
{
	unsigned n = 0;
	uint64_t seed;
	int r = -ENOSPC;

	for (unsigned i = 0; i < l->used; i++)
		if (l->places[i].c.id != 0)
			l->entries[n++] = (struct barrier_entry){ l->places[i].c.block, i };
	for (unsigned i = 0; i < SEEDS_MAX && r == -ENOSPC; i++)
		if (getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed))
			r = barrier_write(l->barrier, l->entries, n, seed);
	l->changed = r < 0;
}

void containment_step(struct containment *l, uint64_t mono_ns, uint64_t now_ns, const struct contained **ret, unsigned *ret_count)
{
	unsigned ended = 0;

	if (now_ns >= l->next_until_ns) {
		l->next_until_ns = UINT64_MAX;
		for (unsigned i = 0; i < l->used; i++) {
			struct place *p = &l->places[i];

			if (p->c.id != 0 && p->c.until_ns <= now_ns && ended < ENDED_MAX) {
				l->ended[ended++] = p->c;
				take_out(l, p);
			} else if (p->c.id != 0 && p->c.until_ns < l->next_until_ns) {
				l->next_until_ns = p->c.until_ns;
			}
		}
	}
	if (l->changed && (l->written_ns == 0 || mono_ns - l->written_ns >= write_every_ns)) {
		containment_heed(l);
		l->written_ns = mono_ns;
	}
	*ret = l->ended;
	*ret_count = ended;
}

int containment_load(struct containment *l, struct store *s, uint64_t now_ns, unsigned *ret_bad)
{
	uint64_t id = 0;
	struct bytes b;
	unsigned bad = 0;
	int r;

	while ((r = store_find_block(s, id, &id, &b)) == 0) {
		struct contained c;
		struct place *p;

		if (id > l->last_id)
			l->last_id = id;
		if (contained_decode(b, &c) < 0 || c.id != id) {
			bad++;
			continue;
		}
		if (c.until_ns <= now_ns || (p = find_free(l)) == NULL) {
			if (l->gone_count < l->max)
				l->gone[l->gone_count++] = id;
			l->unsaved = true;
			l->full += c.until_ns > now_ns;
			continue;
		}
		*p = (struct place){ .c = c };
		barrier_count_from(l->barrier, (unsigned)(p - l->places));
		l->count++;
		touched(l, p);
		p->saved = p->stored = true;
	}
	l->changed = true;
	*ret_bad = bad;
	return r == -ENOENT ? 0 : r;
}

bool containment_unsaved(const struct containment *l)
{
	return l->unsaved;
}

static int put(struct containment *l, struct store *s)
{
	uint8_t room[CONTAINED_ENCODED_MAX];
	int r = 0;

	for (unsigned i = 0; i < l->gone_count && r == 0; i++)
		r = store_drop_block(s, l->gone[i]);
	for (unsigned i = 0; i < l->used && r == 0; i++) {
		const struct place *p = &l->places[i];
		struct sink sink = sink_over(room, sizeof(room));
		struct bytes encoded;

		if (p->c.id == 0 || p->saved)
			continue;
		contained_encode(&sink, &p->c);
		if ((r = sink_done(&sink, &encoded)) == 0)
			r = store_put_block(s, p->c.id, encoded);
	}
	return r == 0 ? store_commit(s) : r;
}

int containment_save(struct containment *l, struct store *s)
{
	int r = put(l, s);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < l->used; i++)
		l->places[i].saved = l->places[i].stored = l->places[i].c.id != 0;
	l->gone_count = 0;
	l->unsaved = false;
	return 0;
}

void containment_count(const struct containment *l, struct containment_counts *ret)
{
	*ret = (struct containment_counts){ .blocks = l->count, .max = l->max, .full = l->full };
}
