/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the probe share: its memory, and what one try has come to. */
#ifndef EMU_SHELLCODE_PROBE_INSIDE_H
#define EMU_SHELLCODE_PROBE_INSIDE_H

#include "emu/kernel/kernel.h"
#include "emu/shellcode/probe.h"
#include "emu/shellcode/processor.h"

/* The code stands where emu/kernel/attack.c puts it, so that what is tried is what runs. */
#define CODE_AREA RAW_CODE
#define STACK_AREA (RAW_STACK_END - STACK)

enum {
	LEAD = ATTACK_LEAD, TAIL = ATTACK_LEAD,
	AREA = LEAD + PROBE_CODE_MAX + TAIL,
	STACK = 32 << 10, STACK_ABOVE = ATTACK_ABOVE,
	PAGE = 4096,
};

/* Where the parts of a Windows process are found one through the other; a page each, there once it is asked for. */
#define WINDOWS_AREA 0x7ffd0000ull
enum { WINDOWS_PAGES = 4 };

struct probe {
	const struct processor *cpu;
	uc_engine *uc;
	uc_context *fresh;
	uint8_t *area, *stack, *windows;
	uint8_t *plain;            /* the area as it is before a try */
	struct bytes code;
	uint32_t shift;            /* of the code in its area, so that instructions are aligned */
	unsigned aborts, tries;
	/* of one try */
	struct calls calls;
	struct tried tried;
	const struct try *try;
	uint64_t pc;               /* of the instruction that runs, where the engine would not say */
	uint64_t resume;           /* go on there; 0: do not */
	bool stop, ran_stack;
	uint8_t known[AREA / 8];   /* where blocks begin that were translated */
};

/* probe_hooks.c: puts all hooks on a new engine. -EIO. */
must_check int probe_hooks_add(struct probe *);

static inline uint64_t probe_register(struct probe *p, int which)
{
	uint64_t v = 0;

	if (which != 0)
		uc_reg_read(p->uc, which, &v);
	return p->cpu->word == 4 ? v & 0xffffffff : v;
}

static inline void probe_register_set(struct probe *p, int which, uint64_t v)
{
	uc_reg_write(p->uc, which, &v);
}

#endif
