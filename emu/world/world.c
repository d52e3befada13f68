/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world as a whole: opened from a profile, begun anew for each run. */
#include "emu/world/world.h"
#include "emu/world/network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int world_open(const char *path, char *why, size_t why_size, struct world **ret)
{
	struct world *w = calloc(1, sizeof(*w));
	int r = -ENOMEM;

	if (w == NULL)
		return -ENOMEM;
	if ((r = tree_new(&w->tree)) < 0 || (r = record_new(&w->record)) < 0 || (r = network_new(w, &w->network)) < 0) {
		snprintf(why, why_size, "%s: no memory", path);
		goto out;
	}
	if ((r = profile_read(&w->profile, w->tree, path, why, why_size)) < 0)
		goto out;
	*ret = w;
	w = NULL;
out:
	world_close(w);
	return r;
}

void world_close(struct world *w)
{
	if (w == NULL)
		return;
	network_free(w->network);
	record_free(w->record);
	tree_free(w->tree);
	profile_fini(&w->profile);
	free(w);
}

enum { STEP_S = 400 * 86400 + 5 * 3600 + 47 * 60 + 13 };

void world_begin(struct world *w, uint64_t seed, const struct twist *twists, unsigned twists_count)
{
	tree_restore(w->tree);
	record_begin(w->record, twists, twists_count);
	network_reset(w->network);
	w->seed = seed;
	w->twists = twists_count != 0;
	w->chance = seed;
	w->virtual_ns = 0;
	/*
	 * Another seed is another year, month, day of the week and time of the day, so that all of a date shows as what
	 * differs: whole weeks are no part of the step, nor of its small multiples.
	 */
	w->start_ns = w->profile.clock_ns + seed % WORLD_VARIETY * STEP_S * 1000000000ull + world_random(w) % 1000000000ull;
}

uint64_t world_now(const struct world *w)
{
	return w->start_ns + w->virtual_ns;
}

/* splitmix64: small, repeatable, and good enough for what guests do with it */
uint64_t world_random(struct world *w)
{
	uint64_t z = (w->chance += 0x9e3779b97f4a7c15ull);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

void world_random_bytes(struct world *w, void *to, size_t len)
{
	uint8_t *at = to;

	while (len != 0) {
		uint64_t v = world_random(w);
		size_t n = len < sizeof(v) ? len : sizeof(v);

		memcpy(at, &v, n);
		at += n;
		len -= n;
	}
}

struct event *world_event(struct world *w, enum event_kind kind)
{
	return record_event(w->record, kind, w->virtual_ns);
}

struct bytes world_keep_text(struct world *w, const char *text)
{
	return record_keep(w->record, bytes_text(text));
}
