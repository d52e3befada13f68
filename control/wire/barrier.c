/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two hash tables of which one is in force while the other is written; linear probing, bounded. */
#include "control/wire/barrier.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MAGIC = 0x6b626172, /* "kbar" */
	SPARE = 4,          /* slots for each block: a flow takes two, and half must stay empty */
	PROBES_MAX = 64,
	FILTER_BITS = 4,    /* for each slot: most of what passes is told by a bit that is near, not by slots that are far */
	RETRIES = 3,
	FLOW_FRAGMENT = 4,  /* a kind of key beside enum block_kind: fragments of a blocked flow show no ports */
};

/* What is looked up. Compared and hashed as bytes: no padding. */
struct key {
	uint8_t kind, bits, protocol, family;
	uint16_t aport, bport;
	uint8_t a[16], b[16];
};
_Static_assert(sizeof(struct key) == 40, "a key has no padding");

struct slot {
	struct key key;  /* kind 0: empty */
	uint32_t place, unused;
};

struct view {
	uint64_t seed;
	uint32_t count;             /* blocks */
	uint32_t pairs;             /* of them pairs and flows */
	uint64_t lengths[2][3];     /* IPv4, IPv6: which prefix lengths are there */
};

struct head {
	uint32_t magic, max, slots, unused;
	_Atomic uint32_t generation; /* generation & 1 is the table in force */
	struct view views[2];
};

struct barrier {
	struct head *head;
	_Atomic uint64_t *packets;
	struct slot *slots[2];
	uint64_t *filters[2];
	uint32_t max, mask;          /* our own copies */
	size_t size;
};

static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

static uint32_t slots_for(unsigned max)
{
	uint32_t n = 64;

	while (n < max * SPARE)
		n *= 2;
	return n;
}

static size_t head_size(void)
{
	return (sizeof(struct head) + 63) / 64 * 64;
}

static size_t size_for(unsigned max)
{
	return head_size() + max * sizeof(uint64_t) + 2 * slots_for(max) * sizeof(struct slot) + 2 * slots_for(max) * FILTER_BITS / 8;
}

int barrier_create(unsigned max)
{
	struct head h = { .magic = MAGIC, .max = max, .slots = slots_for(max) };
	int fd, r;

	if (max == 0 || max > BARRIER_MAX)
		return -EINVAL;
	if ((fd = memfd_create("barrier", MFD_CLOEXEC | MFD_ALLOW_SEALING)) < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size_for(max)) == 0 && pwrite(fd, &h, sizeof(h), 0) == (ssize_t)sizeof(h) && fcntl(fd, F_ADD_SEALS, seals) == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

int barrier_open(int fd, struct barrier **ret)
{
	struct barrier *b;
	struct head h;
	struct stat s;
	uint8_t *at;

	if ((fcntl(fd, F_GET_SEALS) & seals) != seals || fstat(fd, &s) < 0 || pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
	    h.magic != MAGIC || h.max == 0 || h.max > BARRIER_MAX || h.slots != slots_for(h.max) || s.st_size != (off_t)size_for(h.max))
		return -EINVAL;
	if ((b = calloc(1, sizeof(*b))) == NULL)
		return -ENOMEM;
	at = mmap(NULL, size_for(h.max), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (at == MAP_FAILED) {
		int r = -errno;

		free(b);
		return r;
	}
	b->head = (struct head *)(void *)at;
	b->packets = (_Atomic uint64_t *)(void *)(at + head_size());
	b->slots[0] = (struct slot *)(void *)(at + head_size() + h.max * sizeof(uint64_t));
	b->slots[1] = b->slots[0] + h.slots;
	b->filters[0] = (uint64_t *)(void *)(b->slots[1] + h.slots);
	b->filters[1] = b->filters[0] + h.slots * FILTER_BITS / 64;
	b->max = h.max;
	b->mask = h.slots - 1;
	b->size = size_for(h.max);
	*ret = b;
	return 0;
}

void barrier_close(struct barrier *b)
{
	if (b == NULL)
		return;
	munmap(b->head, b->size);
	free(b);
}

unsigned barrier_max(const struct barrier *b)
{
	return b->max;
}

/* Who is blocked may choose his addresses, so the seed is secret. */
static uint64_t key_hash(const struct key *k, uint64_t seed)
{
	uint64_t words[5], h = seed;

	memcpy(words, k, sizeof(words));
	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		h = (h ^ words[i]) * (UINT64_C(0x9e3779b97f4a7c15) ^ seed << 1);
		h ^= h >> 32;
	}
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 29;
}

static uint64_t *filter_word(uint64_t *filter, uint32_t mask, uint64_t hash)
{
	return &filter[(hash >> 40 & ((mask + 1) * FILTER_BITS / 64 - 1))];
}

static uint64_t filter_bit(uint64_t hash)
{
	return UINT64_C(1) << (hash >> 34 & 63);
}

static struct key key_of(uint8_t kind, const struct address *a, const struct address *b)
{
	struct key k = { .kind = kind, .family = a->family };

	memcpy(k.a, a->raw, sizeof(k.a));
	if (b != NULL)
		memcpy(k.b, b->raw, sizeof(k.b));
	return k;
}

static struct key key_of_network(const struct address *a, unsigned bits)
{
	struct address net = bits == (a->family == 4 ? 32 : 128) ? *a : address_masked(a, bits);
	struct key k = key_of(BLOCK_ADDRESS, &net, NULL);

	k.bits = (uint8_t)bits;
	return k;
}

static struct key key_of_flow(const struct block *b)
{
	struct key k = key_of(BLOCK_FLOW, &b->a, &b->b);

	k.protocol = b->protocol;
	k.aport = b->aport;
	k.bport = b->bport;
	return k;
}

static struct key key_of_fragment(const struct block *b)
{
	struct key k = key_of_flow(b);

	k.kind = FLOW_FRAGMENT;
	k.aport = k.bport = 0;
	return k;
}

struct table {
	struct slot *slots;
	uint64_t *filter;
	uint32_t mask;
	struct view view;
};

/* The first block of equal keys keeps its place: two flows between the same hosts share their fragments. */
static int key_put(const struct table *t, const struct key *k, uint32_t place)
{
	uint64_t hash = key_hash(k, t->view.seed);

	*filter_word(t->filter, t->mask, hash) |= filter_bit(hash);
	for (unsigned i = 0; i < PROBES_MAX; i++) {
		struct slot *s = &t->slots[((uint32_t)hash + i) & t->mask];

		if (s->key.kind != 0 && memcmp(&s->key, k, sizeof(*k)) == 0)
			return 0;
		if (s->key.kind != 0)
			continue;
		s->key = *k;
		s->place = place;
		return 0;
	}
	return -ENOSPC;
}

static int entry_put(struct table *t, const struct barrier_entry *e)
{
	const struct block *b = &e->block;
	struct view *v = &t->view;
	struct key k, fragment;
	int r;

	if (b->kind == BLOCK_ADDRESS) {
		k = key_of_network(&b->a, b->bits);
		v->lengths[b->a.family == 6][b->bits / 64] |= UINT64_C(1) << b->bits % 64;
		return key_put(t, &k, e->place);
	}
	v->pairs++;
	if (b->kind == BLOCK_PAIR) {
		k = key_of(BLOCK_PAIR, &b->a, &b->b);
		return key_put(t, &k, e->place);
	}
	k = key_of_flow(b);
	fragment = key_of_fragment(b);
	if ((r = key_put(t, &k, e->place)) < 0)
		return r;
	return key_put(t, &fragment, e->place);
}

int barrier_write(struct barrier *b, const struct barrier_entry *entries, unsigned count, uint64_t seed)
{
	uint32_t generation = atomic_load_explicit(&b->head->generation, memory_order_relaxed), other = (generation + 1) & 1;
	struct table t = { .slots = b->slots[other], .filter = b->filters[other], .mask = b->mask, .view = { .seed = seed, .count = count } };
	int r = 0;

	if (count > b->max)
		return -EINVAL;
	memset(t.slots, 0, (b->mask + 1) * sizeof(struct slot));
	memset(t.filter, 0, (b->mask + 1) * FILTER_BITS / 8);
	for (unsigned i = 0; i < count && r == 0; i++)
		r = entry_put(&t, &entries[i]);
	if (r < 0)
		return r;
	b->head->views[other] = t.view;
	atomic_store_explicit(&b->head->generation, generation + 1, memory_order_release);
	return 0;
}

uint64_t barrier_count(const struct barrier *b, unsigned place)
{
	return place < b->max ? atomic_load_explicit(&b->packets[place], memory_order_relaxed) : 0;
}

void barrier_count_from(struct barrier *b, unsigned place)
{
	if (place < b->max)
		atomic_store_explicit(&b->packets[place], 0, memory_order_relaxed);
}

bool barrier_stands(const struct barrier *b)
{
	return b->head->views[atomic_load_explicit(&b->head->generation, memory_order_acquire) & 1].count > 0;
}

static bool key_find(const struct table *t, const struct key *k, uint32_t *place)
{
	uint64_t hash = key_hash(k, t->view.seed);

	if ((*filter_word(t->filter, t->mask, hash) & filter_bit(hash)) == 0)
		return false;
	for (unsigned i = 0; i < PROBES_MAX; i++) {
		const struct slot *s = &t->slots[((uint32_t)hash + i) & t->mask];

		if (s->key.kind == 0)
			return false;
		if (memcmp(&s->key, k, sizeof(*k)) == 0) {
			*place = s->place;
			return true;
		}
	}
	return false;
}

static bool network_find(const struct table *t, const struct address *a, uint32_t *place)
{
	unsigned most = a->family == 4 ? 32 : 128;

	for (unsigned word = 0; word <= most / 64; word++)
		for (uint64_t left = t->view.lengths[a->family == 6][word]; left != 0; left &= left - 1) {
			unsigned bits = word * 64 + (unsigned)__builtin_ctzll(left);
			struct key k;

			if (bits > most)
				break;
			k = key_of_network(a, bits);
			if (key_find(t, &k, place))
				return true;
		}
	return false;
}

static bool tuple_find(const struct table *t, const struct tuple *p, bool ports, uint32_t *place)
{
	struct block flow = { .kind = BLOCK_PAIR, .a = p->src, .b = p->dst, .aport = p->sport, .bport = p->dport };
	struct key k;

	if (network_find(t, &p->src, place) || network_find(t, &p->dst, place))
		return true;
	if (t->view.pairs == 0 || block_normal(&flow, &flow) < 0)
		return false;
	k = key_of(BLOCK_PAIR, &flow.a, &flow.b);
	if (key_find(t, &k, place))
		return true;
	flow = (struct block){ .kind = BLOCK_FLOW, .protocol = p->protocol, .a = p->src, .b = p->dst, .aport = p->sport, .bport = p->dport };
	if (block_normal(&flow, &flow) < 0)
		return false;
	k = ports ? key_of_flow(&flow) : key_of_fragment(&flow);
	return key_find(t, &k, place);
}

bool barrier_stops(struct barrier *b, const struct tuple *p, bool ports)
{
	uint32_t place = 0;

	if (p->src.family != 4 && p->src.family != 6)
		return false;
	/* while this table is in force nobody writes to it; a look that a change fell into is worth nothing */
	for (unsigned i = 0; i < RETRIES; i++) {
		uint32_t generation = atomic_load_explicit(&b->head->generation, memory_order_acquire);
		struct table t = { .slots = b->slots[generation & 1], .filter = b->filters[generation & 1], .mask = b->mask,
		                   .view = b->head->views[generation & 1] };
		bool found = t.view.count > 0 && tuple_find(&t, p, ports, &place);

		atomic_thread_fence(memory_order_acquire);
		if (atomic_load_explicit(&b->head->generation, memory_order_relaxed) != generation)
			continue;
		if (found && place < b->max)
			atomic_fetch_add_explicit(&b->packets[place], 1, memory_order_relaxed);
		return found;
	}
	return false;
}
