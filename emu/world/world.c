/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world as a whole: opened from a profile, begun anew for each run. */
#include "emu/world/world.h"
#include "emu/world/network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED_BYTES = 4096 /* of one file that names the host */ };

/* The files that name the host; profile_read() saw that they are there. */
static int find_named(struct world *w, char *why, size_t why_size)
{
	char text[NAMED_BYTES];
	struct walk at;
	int r;

	for (unsigned i = 0; i < w->profile.named_count; i++) {
		if ((r = tree_walk(w->tree, tree_root(w->tree), w->profile.named[i], &(struct identity){ 0 }, true, &at)) < 0)
			return r;
		w->named[i] = (struct named){ at.node, bytes_of(at.node->data, at.node->size) };
		if (!world_fill(w, 0, w->named[i].text, text, sizeof(text))) {
			snprintf(why, why_size, "%s: named: %s is longer than %d bytes", w->profile.name, w->profile.named[i],
			    NAMED_BYTES - 1);
			return -EFBIG;
		}
	}
	return 0;
}

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
	if ((r = profile_read(&w->profile, w->tree, path, why, why_size)) < 0 || (r = find_named(w, why, why_size)) < 0)
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

/* splitmix64: small, repeatable, and good enough for what guests do with it */
static uint64_t mix(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ull);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static void name_of(const struct world *w, uint64_t name, char to[PROFILE_NAME_BYTES])
{
	uint64_t state = name % WORLD_NAMES + 1;
	unsigned digits = w->profile.hostname_digits;

	if (digits == 0)
		memcpy(to, w->profile.hostname, PROFILE_NAME_BYTES);
	for (unsigned i = 0; i < digits; i++)
		to[i] = "0123456789abcdef"[mix(&state) >> 60];
	to[digits != 0 ? digits : PROFILE_NAME_BYTES - 1] = 0;
}

bool world_fill(const struct world *w, uint64_t name, struct bytes text, char *to, size_t size)
{
	const struct bytes place = bytes_text(PROFILE_NAME_PLACE);
	struct sink s = sink_over(to, size - 1);
	char host[PROFILE_NAME_BYTES];
	ptrdiff_t at;

	name_of(w, name, host);
	while ((at = bytes_find(text, place)) >= 0) {
		size_t taken = (size_t)at + place.left;

		sink_put(&s, text.at, (size_t)at);
		sink_put(&s, host, strlen(host));
		text = bytes_of(text.at + taken, text.left - taken);
	}
	sink_put(&s, text.at, text.left);
	to[s.used] = 0;
	return !s.overflow;
}

static int write_named(struct world *w)
{
	char text[NAMED_BYTES];
	int r = 0;

	for (unsigned i = 0; i < w->profile.named_count && r == 0; i++) {
		(void)world_fill(w, w->seed, w->named[i].text, text, sizeof(text)); /* find_named() saw that it fits */
		if ((r = node_truncate(w->tree, w->named[i].node, 0)) == 0)
			r = node_write(w->tree, w->named[i].node, 0, bytes_text(text));
		/* what it says is the server's: only from here on does the run change it */
		w->named[i].node->touched = false;
	}
	return r;
}

enum { STEP_S = 400 * 86400 + 5 * 3600 + 47 * 60 + 13 };

int world_begin(struct world *w, uint64_t seed, const struct twist *twists, unsigned twists_count)
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
	name_of(w, seed, w->hostname);
	return write_named(w);
}

uint64_t world_now(const struct world *w)
{
	return w->start_ns + w->virtual_ns;
}

uint64_t world_random(struct world *w)
{
	return mix(&w->chance);
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

void world_tell(struct world *w, struct bytes text)
{
	const char *const names[] = { w->hostname, w->profile.kernel_release, w->profile.kernel_version };

	record_fact(w->record, text);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (bytes_find(text, bytes_text(names[i])) >= 0)
			record_name(w->record, bytes_text(names[i]));
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
