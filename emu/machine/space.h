/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces: each process's list of ranges. Of all spaces, those parts that stand in the window are resident; the
 * others wait as copies. Reading and writing guest memory from the host goes through space_at(), which checks.
 */
#ifndef EMU_MACHINE_SPACE_H
#define EMU_MACHINE_SPACE_H

#include "emu/machine/machine.h"

enum range_kind {
	RANGE_IMAGE,  /* a file's bytes, read-only and shared: never copied */
	RANGE_MEMORY,
	RANGE_STACK,  /* only what is above the stack pointer is kept */
};
enum { RANGE_READ = 1, RANGE_WRITE = 2, RANGE_EXECUTE = 4 }; /* as PROT_* */

/* Memory that several spaces, or a space and a file, have in common: its bytes while no space shows them. */
struct shared {
	unsigned refs;  /* ranges that show it */
	uint64_t len;
	uint8_t *bytes; /* owned */
	void *file;     /* borrowed: whose contents these are; NULL: nobody's */
};

struct range {
	uint64_t start, end;
	enum range_kind kind;
	uint8_t protection;
	bool resident;
	bool reserved;         /* never accessible yet: addresses without memory */
	const char *name;      /* what /proc/self/maps calls it; borrowed, "" if anonymous */
	uint64_t offset;       /* in the file of that name */
	const uint8_t *source; /* of an image */
	uint64_t low;          /* of a stack: nothing below is kept */
	uint8_t *copy;         /* end - start bytes while not resident; of shared memory never there */
	struct shared *shared; /* NULL: the space's own */
	uint64_t shared_offset;
};

enum { RANGES_MAX = 1024 };

struct space {
	unsigned refs;
	unsigned count;
	struct range *ranges; /* sorted, apart */
	unsigned room;
	bool all_resident;
	uint64_t brk_start, brk;
	struct memory *memory;
	struct space *next;
};

/* All spaces of one machine. */
struct memory {
	struct machine *machine;
	struct space *spaces;
	struct snapshot *snapshots; /* see snapshot.h */
	uint64_t held, held_max; /* bytes of memory and stack ranges of all spaces */
	uint64_t copied;         /* bytes moved in and out since the run began */
	bool full;               /* held_max was hit */
	unsigned shares;         /* ranges that show shared memory */
	/* The bytes were brought up to date by what a space wrote. */
	void (*changed)(void *owner, struct shared *);
	void *owner;
};

/* len bytes of zeroes with no reference yet; space_add() of a range takes one. NULL: no memory. */
struct shared *shared_new(uint64_t len, void *file);
void shared_drop(struct shared *); /* one reference less */
struct shared *shared_find(const struct memory *, const void *file); /* NULL: no space shows this file */
/* Brings the bytes up to date by what spaces show, or what spaces show by the bytes. */
void shared_gather(struct memory *, struct shared *);
void shared_spread(struct memory *, struct shared *);

must_check int space_new(struct memory *, struct space **ret); /* empty, one reference */
void space_release(struct space *);
/*
 * A copy with one reference, from the resident space: the copy is resident afterwards, the parent is not. sp: the
 * stack pointer of the process that runs.
 */
must_check int space_fork(struct space *parent, uint64_t sp, struct space **ret);
/* Puts all ranges of it away as copies. */
must_check int space_save(struct space *);
/* Makes all of it resident; what stands in its way is saved. */
must_check int space_enter(struct space *);
/* Saves what other spaces have resident in start..end. */
must_check int space_claim(struct space *, uint64_t start, uint64_t end);
/* Tells where the stack pointer of the process that stops running was. */
void space_note_stack(struct space *, uint64_t sp);

/*
 * Adds a range of zeroes (memory, stack) or of a file's bytes (image); what was there is removed. The space must be
 * resident. -ENOMEM (memory->full tells whether by held_max), -ERANGE.
 */
must_check int space_add(struct space *, const struct range *);
must_check int space_remove(struct space *, uint64_t start, uint64_t end);
/* -ENOMEM where a part is not mapped. */
must_check int space_protect(struct space *, uint64_t start, uint64_t end, uint8_t protection);
/* Bytes of memory that a range takes of held_max. */
uint64_t range_weight(const struct range *);
struct range *space_find(const struct space *, uint64_t at);
/*
 * Programs have their heap and their mappings in one of a few places of their zones, so that those that run at the same
 * time seldom stand in each other's way: a space's heap begins where space_heap() says, and tells the place.
 */
enum { SPACE_PLACES = 4 };
uint64_t space_heap(unsigned place);
/* Below where the mappings of that place are given out. */
uint64_t space_top(uint64_t heap);
/* The highest hole of len bytes in the window's mmap zone, below the space's place in it; 0: none. */
uint64_t space_hole(const struct space *, uint64_t len);

/* Host memory behind len guest bytes, or NULL where not all are mapped with that protection. */
uint8_t *space_at(const struct space *, uint64_t at, uint64_t len, uint8_t protection);
/* How many of len bytes from at on are mapped so. */
uint64_t space_reach(const struct space *, uint64_t at, uint64_t len, uint8_t protection);
/* Copies between host and guest; -EFAULT. space_put() drops translations made from what it overwrites. */
must_check int space_get(const struct space *, uint64_t at, void *to, uint64_t len);
must_check int space_put(struct space *, uint64_t at, const void *from, uint64_t len);
/* A NUL-ended string into to[size]; -EFAULT, -ENAMETOOLONG. */
must_check int space_string(const struct space *, uint64_t at, char *to, uint64_t size);
/* Tells that the host wrote through a pointer of space_at(). */
void space_wrote(struct space *, uint64_t at, uint64_t len);

#endif
