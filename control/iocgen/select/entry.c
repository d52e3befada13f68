/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The choice: what does not fit falls away, of alike ones one stays, families get their share, spread over sources and days. */
#include "control/iocgen/select/entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const reasons[REASON_COUNT] = {
	[TAKEN] = "taken", [TAKEN_ORDINARY] = "taken: ordinary software", [NO_LABEL] = "nobody says whether it is malware",
	[NO_FAMILY] = "of no family", [OTHER_PLATFORM] = "of another platform", [OUTSIDE_WINDOW] = "outside the window",
	[NOTHING_TO_MATCH] = "too few artefacts that the target can match", [SAME_AS] = "the same artefacts as another one",
	[LIKE] = "nearly the artefacts of another one", [RARE_FAMILY] = "of a family too rare in the window", [OVER_QUOTA] = "beyond the family's quota",
};

const char *reason_name(enum reason r)
{
	return reasons[r];
}

const char *platform_name(enum platform p)
{
	return p == PLATFORM_WINDOWS ? "windows" : p == PLATFORM_UNIX ? "linux" : "unknown";
}

void entries_fini(struct entries *e)
{
	names_fini(&e->names);
	free(e->at);
	*e = (struct entries){ 0 };
}

static enum reason fits(const struct entries *all, const struct entry *e, const struct wish *w)
{
	if (e->label == LABEL_UNKNOWN)
		return NO_LABEL;
	if (e->label == LABEL_MALWARE && names_get(&all->names, e->family).left == 0)
		return NO_FAMILY;
	if (w->platform != PLATFORM_UNKNOWN && e->platform != PLATFORM_UNKNOWN && e->platform != w->platform)
		return OTHER_PLATFORM;
	if ((w->from != DAY_NONE && e->day < w->from) || (w->to != DAY_NONE && (e->day > w->to || e->day == DAY_NONE)))
		return OUTSIDE_WINDOW;
	return e->matchable < w->least_matchable ? NOTHING_TO_MATCH : TAKEN;
}

/* A choice in the same order in every run, whatever order the logs came in: by name's digest, then name. */
struct order {
	uint64_t key;
	struct bytes name;
	uint32_t entry;
};

static int compare(const void *a, const void *b)
{
	const struct order *x = a, *y = b;
	size_t least = x->name.left < y->name.left ? x->name.left : y->name.left;
	int r;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	r = least > 0 ? memcmp(x->name.at, y->name.at, least) : 0;
	return r != 0 ? r : x->name.left < y->name.left ? -1 : x->name.left > y->name.left;
}

/* Of the family by its name: numbers hang on the order of the logs. */
static uint64_t family_key(const struct entries *all, const struct entry *e)
{
	return text_digest(names_get(&all->names, e->family), (uint64_t)e->label);
}

/* Bands of the entries that stand for others; a bucket keeps its first few, for a crowd there is alike anyway. */
enum { CROWD = 64 };

struct buckets {
	uint64_t *keys;
	uint32_t *entries; /* + 1; 0: free */
	size_t size;
};

static void find_like(struct entries *all, uint32_t mine, const struct buckets *b, double likeness)
{
	struct entry *e = &all->at[mine];
	double best = 0;
	uint32_t who = 0;

	for (unsigned band = 0; band < SKETCH_BANDS; band++) {
		uint64_t key = mix(sketch_band(&e->sketch, band), family_key(all, e));
		unsigned looked = 0;

		for (size_t i = key & (b->size - 1); b->entries[i] != 0 && looked < CROWD; i = (i + 1) & (b->size - 1)) {
			double like;

			if (b->keys[i] != key)
				continue;
			looked++;
			like = sketch_likeness(&e->sketch, &all->at[b->entries[i] - 1].sketch);
			if (like > best) {
				best = like;
				who = b->entries[i] - 1;
			}
		}
	}
	if (best >= 1 && e->sketch.sum == all->at[who].sketch.sum && e->sketch.members == all->at[who].sketch.members)
		e->reason = SAME_AS;
	else if (best >= likeness)
		e->reason = LIKE;
	else
		return;
	e->other = who;
	e->likeness = best;
}

static void put_bands(const struct entries *all, uint32_t mine, struct buckets *b)
{
	const struct entry *e = &all->at[mine];

	for (unsigned band = 0; band < SKETCH_BANDS; band++) {
		uint64_t key = mix(sketch_band(&e->sketch, band), family_key(all, e));
		size_t i = key & (b->size - 1), same = 0;

		for (; b->entries[i] != 0 && same < CROWD; i = (i + 1) & (b->size - 1))
			same += b->keys[i] == key;
		if (b->entries[i] != 0)
			continue;
		b->keys[i] = key;
		b->entries[i] = mine + 1;
	}
}

static int drop_alike(struct entries *all, const struct order *order, double likeness)
{
	struct buckets b = { .size = 64 };
	int r = -ENOMEM;

	while (b.size < 2 * SKETCH_BANDS * all->count)
		b.size *= 2;
	b.keys = calloc(b.size, sizeof(*b.keys));
	b.entries = calloc(b.size, sizeof(*b.entries));
	if (b.keys != NULL && b.entries != NULL) {
		for (size_t i = 0; i < all->count; i++) {
			uint32_t mine = order[i].entry;

			if (all->at[mine].reason != TAKEN)
				continue;
			find_like(all, mine, &b, likeness);
			if (all->at[mine].reason == TAKEN)
				put_bands(all, mine, &b);
		}
		r = 0;
	}
	free(b.keys);
	free(b.entries);
	return r;
}

/* What a family has, and may have. */
struct share {
	uint32_t seen, kept;   /* in the window; no duplicates */
	uint32_t allotted;
	double rest;
};

/* The total by prevalence: whole parts first, then the largest rests, no family above what it has or its quota. */
static void allot(struct share *shares, size_t count, const struct wish *w)
{
	uint64_t seen = 0, given = 0;

	for (size_t i = 0; i < count; i++) {
		struct share *s = &shares[i];

		s->allotted = w->quota != 0 && s->kept > w->quota ? w->quota : s->kept;
		seen += s->allotted > 0 ? s->seen : 0;
	}
	if (w->total == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		double part = seen > 0 ? (double)w->total * shares[i].seen / (double)seen : 0;

		shares[i].rest = part;
		/* every family has one, as long as there are enough */
		if (part < 1)
			part = 1;
		if (shares[i].allotted > (uint32_t)part)
			shares[i].allotted = (uint32_t)part;
		shares[i].rest -= shares[i].allotted;
		given += shares[i].allotted;
	}
	while (given != w->total) {
		size_t best = count;

		for (size_t i = 0; i < count; i++) {
			uint32_t most = w->quota != 0 && shares[i].kept > w->quota ? w->quota : shares[i].kept;
			bool can = given < w->total ? shares[i].allotted < most : shares[i].allotted > 0;

			if (can && (best == count || (given < w->total ? shares[i].rest > shares[best].rest : shares[i].rest < shares[best].rest)))
				best = i;
		}
		if (best == count)
			break;
		shares[best].allotted += given < w->total ? 1 : -1;
		shares[best].rest -= given < w->total ? 1 : -1;
		given += given < w->total ? 1 : (uint64_t)-1;
	}
}

/*
 * Within the family the sources and days come in turn: the n-th sample of its source and day has rank n, and lower ranks are taken
 * first. One busy day of one sandbox is no picture of a family.
 */
static int take_shares(struct entries *all, struct order *order, struct share *shares)
{
	uint32_t *turns, *taken = calloc(all->names.count + 1, sizeof(*taken));
	size_t size = 64;

	while (size < 2 * all->count)
		size *= 2;
	turns = calloc(size, sizeof(*turns));
	if (turns == NULL || taken == NULL) {
		free(turns);
		free(taken);
		return -ENOMEM;
	}
	/* equal digests share a turn: at worst two groups are counted as one */
	for (size_t i = 0; i < all->count; i++) {
		const struct entry *e = &all->at[order[i].entry];

		order[i].key = 0;
		if (e->reason == TAKEN && e->label == LABEL_MALWARE)
			order[i].key = turns[mix(mix(family_key(all, e), text_digest(names_get(&all->names, e->source), 0)), (uint64_t)(int64_t)e->day) & (size - 1)]++;
	}
	qsort(order, all->count, sizeof(*order), compare);
	for (size_t i = 0; i < all->count; i++) {
		struct entry *e = &all->at[order[i].entry];

		if (e->reason != TAKEN || e->label != LABEL_MALWARE)
			continue;
		if (taken[e->family] == shares[e->family].allotted)
			e->reason = OVER_QUOTA;
		else
			taken[e->family]++;
	}
	free(turns);
	free(taken);
	return 0;
}

int entries_choose(struct entries *all, const struct wish *w)
{
	struct order *order = calloc(all->count + 1, sizeof(*order));
	struct share *shares = calloc(all->names.count + 1, sizeof(*shares));
	int r = order != NULL && shares != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < all->count; i++) {
		struct entry *e = &all->at[i];

		e->reason = fits(all, e, w);
		order[i] = (struct order){ .name = names_get(&all->names, e->name), .entry = (uint32_t)i };
		order[i].key = text_digest(order[i].name, 1);
		if (e->label == LABEL_MALWARE && e->reason == TAKEN)
			shares[e->family].seen++;
	}
	if (r == 0) {
		qsort(order, all->count, sizeof(*order), compare);
		r = drop_alike(all, order, w->likeness);
	}
	for (size_t i = 0; r == 0 && i < all->count; i++) {
		struct entry *e = &all->at[i];

		if (e->label == LABEL_MALWARE && e->reason == TAKEN && shares[e->family].seen < w->least_family)
			e->reason = RARE_FAMILY;
		if (e->label == LABEL_MALWARE && e->reason == TAKEN)
			shares[e->family].kept++;
		if (e->label == LABEL_BENIGN && e->reason == TAKEN)
			e->reason = TAKEN_ORDINARY;
	}
	if (r == 0) {
		allot(shares, all->names.count, w);
		r = take_shares(all, order, shares);
	}
	free(order);
	free(shares);
	return r;
}
