/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the machine must know of a processor: each has a file that fills one struct processor. */
#ifndef EMU_MACHINE_PROCESSOR_H
#define EMU_MACHINE_PROCESSOR_H

#include "emu/machine/inside.h"

/* What an interrupt of Unicorn's is. */
enum interrupt { INTERRUPT_CALL, INTERRUPT_SOFTWARE, INTERRUPT_FAULT, INTERRUPT_DONE /* the machine did what was meant */ };

struct processor {
	uc_arch arch;
	uc_mode mode;
	int model;               /* -1: Unicorn's own choice */
	bool wide, big_endian;
	unsigned count, general; /* registers; the first of them that are general */
	const int *numbers;      /* of Unicorn, by the machine's */
	uint8_t roles[ROLE_COUNT];
	uint8_t call[7];         /* number and arguments of a system call */
	const void *help;        /* 32 bytes: how its programs return from signals' handlers; NULL: they do it themselves */
	/* Hooks of its own, and what registers must hold before anything runs. May be NULL. */
	int (*prepare)(struct machine *, struct engine *);
	/* Why it came; *stop is what becomes of the run where it is a fault. */
	enum interrupt (*interrupt)(struct machine *, uint32_t number, enum machine_stop *stop);
	/* Where plain reading and writing of a register is not it; false: plain. May be NULL. */
	bool (*get)(struct machine *, unsigned which, uint64_t *ret);
	bool (*set)(struct machine *, unsigned which, uint64_t v);
	/* Where a run must begin for this program counter. NULL: there. */
	uint64_t (*begin)(struct machine *, uint64_t pc);
};

extern const struct processor processor_x86_64, processor_x86, processor_aarch64, processor_arm, processor_mips,
    processor_mipsel, processor_powerpc;

/* cpuid of both x86 */
int x86_cpuid(uc_engine *, void *);
/* Registers that could change how memory is seen, of both x86. */
void x86_control(uc_engine *, uint64_t ret[4]);
/* Page of an x86 engine with its descriptors. */
void x86_descriptors_save(const struct engine *, uint64_t ret[DESCRIPTORS]);
void x86_descriptors_load(struct engine *, const uint64_t from[DESCRIPTORS]);

#endif
