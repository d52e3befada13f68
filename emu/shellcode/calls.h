/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether machine code's system calls make sense, one by one: does it give addresses that hold something, descriptors
 * that it was given, paths that look like ones? Nothing is done; what comes back is what a server would most likely say.
 */
#ifndef EMU_SHELLCODE_CALLS_H
#define EMU_SHELLCODE_CALLS_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

enum { CALL_ARGUMENTS = 6, CALL_DESCRIPTORS = 64 };

/* What a run of calls came to. */
struct calls {
	uint64_t open;       /* descriptors that it has, as bits */
	uint64_t sockets;    /* of these */
	unsigned made;       /* calls in all */
	unsigned sane, odd;  /* calls that made sense, and that did not */
	unsigned acts;       /* of the sane ones, those that change something outside the process */
	unsigned words;      /* of the command lines of programs that it would have run */
	unsigned forks;
	bool asked;          /* it waited for bytes of the network */
	bool ended;          /* it left, or became another program */
};

/* One system call as it stands in the registers. */
struct call_made {
	enum language language;
	bool bsd;            /* numbers as BSD kernels have them */
	bool n32;            /* MIPS: numbers of the N32 and N64 interfaces, less their base */
	uint64_t number;
	uint64_t argument[CALL_ARGUMENTS];
};

/* Guest memory as the caller knows it: NULL where not all of it is there. */
struct call_memory {
	const uint8_t *(*at)(const void *context, uint64_t address, uint64_t len);
	const void *context;
	uint64_t spare;      /* what mmap gives */
};

void calls_init(struct calls *);
/* Takes one call into account. Returns what it gives back: 0 or more, or -errno as Linux has it. */
int64_t calls_take(struct calls *, const struct call_made *, const struct call_memory *);

#endif
