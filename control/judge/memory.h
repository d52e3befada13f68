/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What control remembers of the sites: history records in the order of packet time, asked by address, side, kind and
 * time. Bounded in bytes: the oldest are forgotten and counted. One thread.
 */
#ifndef CONTROL_JUDGE_MEMORY_H
#define CONTROL_JUDGE_MEMORY_H

#include "control/judge/site.h"
#include "control/wire/history.h"

struct memory;

/* Which end of the record's tuple the asked address stands at. */
enum memory_side {
	MEMORY_FROM, /* tuple.src: what the address did itself */
	MEMORY_TO,   /* tuple.dst: what others did to it */
};

struct memory_query {
	struct address address;
	enum memory_side side;
	uint32_t kinds;            /* 1 << enum history_kind, or-ed */
	uint64_t from_ns, to_ns;   /* both inclusive */
};

/* Where a walk over the answers stands; valid until the memory changes. */
struct memory_cursor {
	const struct memory *memory;
	struct memory_query query;
	const void *line;          /* private */
	size_t next;               /* private */
};

/*
 * max_bytes bounds what is kept, with its indices. Whoever asks for an address gets what all addresses of its site did;
 * sites: borrowed; NULL: each is one. *ret is the caller's. -ENOMEM.
 */
must_check int memory_new(size_t max_bytes, const struct sites *, struct memory **ret);
void memory_free(struct memory *);
/*
 * Copies one record, and finds out whether it is ordinary. Records that come late are put where their time and packet belong. What no longer fits pushes
 * out the oldest. Returns 0 or -ENOMEM (the record is then forgotten and counted).
 */
must_check int memory_add(struct memory *, const struct history *);
/* Forgets everything (the next capture is a world of its own); the counters stay. */
void memory_forget(struct memory *);
/* Records forgotten for want of room since memory_new(). */
uint64_t memory_lost(const struct memory *);
/*
 * Nothing up to this time is known for sure any more (0: nothing was lost since the last memory_forget()). A look-up
 * that reaches before it proves no absence.
 */
uint64_t memory_lost_until_ns(const struct memory *);

/* Begins a walk: memory_next() lends the records, ascending in time, NULL at the end. */
void memory_seek(const struct memory *, const struct memory_query *, struct memory_cursor *ret);
const struct history *memory_next(struct memory_cursor *);

#endif
