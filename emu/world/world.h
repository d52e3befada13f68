/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world around the guest's processes: files, facts, clock, chance and the record of what is done in it. */
#ifndef EMU_WORLD_WORLD_H
#define EMU_WORLD_WORLD_H

#include "emu/world/profile.h"
#include "emu/world/record.h"
#include "emu/world/tree.h"

struct network;

/* How many days, distances and the like seeds lead to: what hangs on one of them differs between a job's seeds. */
enum { WORLD_VARIETY = 7 };
/* How many names seeds lead to, of a host that has one by chance. */
enum { WORLD_NAMES = 4 };

struct world {
	struct profile profile;
	struct tree *tree;
	struct record *record;
	struct network *network;
	struct named { struct node *node; struct bytes text; } named[PROFILE_NAMED_MAX]; /* files that hold the name's place */
	char hostname[PROFILE_NAME_BYTES];
	uint64_t chance;     /* state of the run's randomness */
	uint64_t seed;
	bool twists;         /* does the run answer any question otherwise? */
	uint64_t start_ns;   /* UTC when the run began */
	uint64_t virtual_ns; /* since then */
};

/* Reads the profile folder. -errno; why gets a line. */
must_check int world_open(const char *path, char *why, size_t why_size, struct world **ret);
void world_close(struct world *);
/* Before each run: the seed decides chance, the clock's offset, a name by chance and what personas say. -ENOMEM. */
must_check int world_begin(struct world *, uint64_t seed, const struct twist *, unsigned twists_count);
/*
 * Text into to[size], NUL-ended: PROFILE_NAME_PLACE becomes the host's name that seeds lead to by name (modulo
 * WORLD_NAMES). False: it does not fit, and is cut.
 */
bool world_fill(const struct world *, uint64_t name, struct bytes text, char *to, size_t size);
uint64_t world_now(const struct world *); /* UTC ns */
uint64_t world_random(struct world *);
void world_random_bytes(struct world *, void *to, size_t len);
/* The guest is told this: a fact of the server, and of its host's and its kernel's names those that it holds. */
void world_tell(struct world *, struct bytes text);
/* An event at this moment; see record_event(). */
struct event *world_event(struct world *, enum event_kind);
struct bytes world_keep_text(struct world *, const char *);

#endif
