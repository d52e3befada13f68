/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of linked.h share: a stretch as it is kept, and what is a process's own in it. */
#ifndef EMU_KERNEL_LINKED_INSIDE_H
#define EMU_KERNEL_LINKED_INSIDE_H

#include "emu/kernel/linked.h"

enum {
	WORDS = GUEST_PAGE / sizeof(uint64_t),
	CALLS_MAX = 96,          /* of a stretch: about as many libraries */
	FRAMES = 5 * GUEST_PAGE, /* bytes of stack that a loader may use */
};

struct page {
	uint64_t at;
	uint8_t *before, *after; /* owned; before NULL: zeroes; after NULL: the same */
};

/* What differs from process to process and is only handed on. */
struct own {
	struct registers registers;
	uint64_t sp, canary, guard;
	uint64_t ticks;          /* the loader notes when it began, for its statistics */
	uint32_t argc, pid;
};

struct linked {
	struct linked *next;
	struct node *program;
	int pid;                 /* whose work it is */
	struct own own;
	struct registers before, after;
	struct float_registers floats_before, floats_after;
	uint64_t brk;
	unsigned ranges_count, pages_count, calls_count;
	struct range *ranges;
	struct page *pages;
	uint64_t blocks, ticks;  /* how many; and where those of the processor stand afterwards */
	uint64_t calls[CALLS_MAX][7], offsets[CALLS_MAX]; /* in blocks */
};

void linked_own_of(struct kernel *, const struct process *, struct own *ret);
bool linked_is_argument(const struct own *, uint64_t word); /* an address among arguments and environment */
const uint64_t *linked_before(const struct page *);         /* its WORDS before the stretch */
/* What p does from here on is kept, where there is room, until linked_keep_end(); calls of it are noted. */
void linked_keep_begin(struct kernel *, struct process *);
void linked_keep_end(struct kernel *, struct process *);
bool linked_keep_call(struct kernel *, const struct process *); /* false: no room for it */

#endif
