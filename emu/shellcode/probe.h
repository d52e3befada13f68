/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bare processor that tries bytes as code: no kernel, no files, a payload and a stack in its memory, and for each
 * system call a likely answer. It tells whether what ran makes sense, in some ten microseconds, and changes nothing.
 */
#ifndef EMU_SHELLCODE_PROBE_H
#define EMU_SHELLCODE_PROBE_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

enum { PROBE_CODE_MAX = 64 << 10 };

struct probe; /* one processor with one payload */

/* How one try went. */
struct tried {
	unsigned made, sane, odd, acts; /* system calls: see struct calls */
	unsigned windows;         /* steps of the way from the thread's block to the list of loaded modules: 0..4 */
	unsigned words;           /* of the command lines that it would have run */
	bool asked;               /* it waited for bytes of the network: what would come then is not here */
	bool ended;               /* by itself: it left, became another program, or returned to its caller */
	bool decoded;             /* bytes that it had written ran */
	uint64_t blocks;
	unsigned translated;      /* bytes of those that had not run before: what a try costs, most of all */
};

/* language: of Linux; Windows on the same processor is seen too. -ENOSYS, -ENOMEM, -EIO. */
must_check int probe_open(enum language, struct probe **ret);
void probe_close(struct probe *);
/* The payload of the tries that follow; borrowed. At most PROBE_CODE_MAX. */
void probe_load(struct probe *, struct bytes code);
/* How a try begins. */
struct try {
	uint32_t entry;           /* offset in the payload */
	bool thumb;               /* of ARM */
	unsigned registers;       /* enum raw_registers */
	bool bsd;                 /* system calls are taken as a BSD kernel would */
	uint64_t blocks;          /* at most */
};
/* -EIO: the engine is lost, and so is this probe. */
must_check int probe_try(struct probe *, const struct try *, struct tried *ret);
/* How many bytes the last try changed, of the payload, around it, and of its stack: what decodes, changes many. */
unsigned probe_changed(const struct probe *);
/* Tries that the translator could not stand, since the probe was opened. */
unsigned probe_aborts(const struct probe *);

#endif
