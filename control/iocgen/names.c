/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of texts: open addressing over one run of memory. */
#include "control/iocgen/names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct name_entry {
	uint64_t hash, at;
	uint32_t len;
};

uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)(a ^ UINT64_C(0x9e3779b97f4a7c15)) * (b ^ UINT64_C(0xd1b54a32d192ed03));

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t text_digest(struct bytes t, uint64_t seed)
{
	uint64_t h = mix(seed, t.left), word;

	for (; t.left >= 8; t.at += 8, t.left -= 8) {
		memcpy(&word, t.at, 8);
		h = mix(h ^ word, seed + UINT64_C(0x2545f4914f6cdd1d));
	}
	word = 0;
	if (t.left > 0)
		memcpy(&word, t.at, t.left);
	return mix(h ^ word, seed ^ UINT64_C(0x8ebc6af09c88c6e3));
}

static uint32_t slot_of(const struct names *n, struct bytes t, uint64_t hash)
{
	uint32_t at = (uint32_t)hash & (n->slots_count - 1);

	while (n->slots[at] != UINT32_MAX) {
		const struct name_entry *e = &n->entries[n->slots[at]];

		/* with nothing but empty names there is no text to point into */
		if (e->hash == hash && e->len == t.left && (t.left == 0 || memcmp(n->text + e->at, t.at, t.left) == 0))
			break;
		at = (at + 1) & (n->slots_count - 1);
	}
	return at;
}

static int grow_slots(struct names *n)
{
	uint32_t count = n->slots_count == 0 ? 1024 : n->slots_count * 2, *slots;

	if (count == 0 || (slots = malloc(count * sizeof(*slots))) == NULL)
		return -ENOMEM;
	memset(slots, 0xff, count * sizeof(*slots));
	for (uint32_t i = 0; i < n->count; i++) {
		uint32_t at = (uint32_t)n->entries[i].hash & (count - 1);

		while (slots[at] != UINT32_MAX)
			at = (at + 1) & (count - 1);
		slots[at] = i;
	}
	free(n->slots);
	n->slots = slots;
	n->slots_count = count;
	return 0;
}

static int reserve(struct names *n, size_t len)
{
	if (n->seed == 0 && (getrandom(&n->seed, sizeof(n->seed), 0) != sizeof(n->seed) || n->seed == 0))
		n->seed = 1;
	if (n->slots_count < 2 * (n->count + 1) && grow_slots(n) < 0)
		return -ENOMEM;
	if (n->count == n->room) {
		uint32_t room = n->room * 2 + 512;
		struct name_entry *entries = realloc(n->entries, room * sizeof(*entries));

		if (entries == NULL)
			return -ENOMEM;
		n->entries = entries;
		n->room = room;
	}
	if (n->text_max > 0 && n->text_used + len > n->text_max)
		return -ENOSPC;
	if (n->text_room - n->text_used < len) {
		size_t room = n->text_room + n->text_room / 2 + len + 4096;
		uint8_t *text = realloc(n->text, room);

		if (text == NULL)
			return -ENOMEM;
		n->text = text;
		n->text_room = room;
	}
	return 0;
}

int names_add(struct names *n, struct bytes t, uint32_t *ret)
{
	uint64_t hash;
	uint32_t slot;
	int r = 0;

	if (n->slots_count == 0 && (r = reserve(n, 0)) < 0)
		return r;
	hash = text_digest(t, n->seed);
	slot = slot_of(n, t, hash);
	if (n->slots[slot] == UINT32_MAX) {
		if (n->count >= INT32_MAX)
			return -ENOSPC;
		if ((r = reserve(n, t.left)) < 0)
			return r;
		slot = slot_of(n, t, hash); /* the slots may have grown */
		if (t.left > 0)
			memcpy(n->text + n->text_used, t.at, t.left);
		n->entries[n->count] = (struct name_entry){ .hash = hash, .at = n->text_used, .len = (uint32_t)t.left };
		n->text_used += t.left;
		n->slots[slot] = n->count++;
	}
	*ret = n->slots[slot];
	return 0;
}

int names_find(const struct names *n, struct bytes t, uint32_t *ret)
{
	uint32_t slot;

	if (n->count == 0)
		return -ENOENT;
	slot = slot_of(n, t, text_digest(t, n->seed));
	if (n->slots[slot] == UINT32_MAX)
		return -ENOENT;
	*ret = n->slots[slot];
	return 0;
}

struct bytes names_get(const struct names *n, uint32_t i)
{
	/* with nothing but empty names there is no text to point into */
	return n->entries[i].len == 0 ? (struct bytes){ 0 } : bytes_of(n->text + n->entries[i].at, n->entries[i].len);
}

void names_fini(struct names *n)
{
	free(n->text);
	free(n->entries);
	free(n->slots);
	*n = (struct names){ .text_max = n->text_max };
}
