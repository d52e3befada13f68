/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ARM and Thumb, little endian, ARMv7 with VFP and NEON. */
#include "emu/machine/processor.h"
#include "emu/machine/registers.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static const int numbers[ARM_COUNT] = {
	UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3, UC_ARM_REG_R4, UC_ARM_REG_R5, UC_ARM_REG_R6,
	UC_ARM_REG_R7, UC_ARM_REG_R8, UC_ARM_REG_R9, UC_ARM_REG_R10, UC_ARM_REG_R11, UC_ARM_REG_R12, UC_ARM_REG_SP,
	UC_ARM_REG_LR, UC_ARM_REG_PC, UC_ARM_REG_CPSR, UC_ARM_REG_C13_C0_3,
};

enum { CPSR_USER = 0x10, CPSR_THUMB = 0x20 };

/*
 * The page that Linux shows all ARM processes at the top: what stands where is its interface
 * (Documentation/arch/arm/kernel_user_helpers.rst); the code is ours.
 */
#define HELPERS 0xffff0000u

static int helpers(struct engine *e)
{
	static const struct { uint16_t at, count; uint32_t code[6]; } parts[] = {
		/* cmpxchg: r0 old, r1 new, r2 where; r0 0 and carry set if it was done. One processor, and no turn ends within. */
		{ 0xfc0, 6, { 0xe5923000, 0xe0533000, 0x05821000, 0xe2730000, 0xe12fff1e, 0 } },
		/* memory barrier: bx lr */
		{ 0xfa0, 1, { 0xe12fff1e } },
		/* get_tls: mrc p15, 0, r0, c13, c0, 3; bx lr */
		{ 0xfe0, 2, { 0xee1d0f70, 0xe12fff1e } },
		/* how many helpers there are */
		{ 0xffc, 1, { 3 } },
	};

	e->page = mmap(NULL, GUEST_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (e->page == MAP_FAILED) {
		e->page = NULL;
		return -ENOMEM;
	}
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		memcpy(e->page + parts[i].at, parts[i].code, parts[i].count * 4u);
	return uc_mem_map_ptr(e->uc, HELPERS, GUEST_PAGE, UC_PROT_READ | UC_PROT_EXEC, e->page) == UC_ERR_OK ? 0 : -EIO;
}

static int prepare(struct machine *m, struct engine *e)
{
	uint64_t v = 0;

	/* coprocessors 10 and 11, VFP and NEON, on; and user mode */
	uc_reg_read(e->uc, UC_ARM_REG_C1_C0_2, &v);
	v |= 0xf << 20;
	uc_reg_write(e->uc, UC_ARM_REG_C1_C0_2, &v);
	v = 0x40000000;
	uc_reg_write(e->uc, UC_ARM_REG_FPEXC, &v);
	v = CPSR_USER;
	uc_reg_write(e->uc, UC_ARM_REG_CPSR, &v);
	return helpers(e);
}

static enum interrupt interrupt(struct machine *m, uint32_t number, enum machine_stop *stop)
{
	enum { UNDEFINED = 1, SVC = 2, PREFETCH = 3, DATA = 4, BREAKPOINT = 7 };

	if (number == SVC)
		return INTERRUPT_CALL;
	*stop = number == UNDEFINED ? MACHINE_INSTRUCTION : number == BREAKPOINT ? MACHINE_TRAP :
	    number == PREFETCH || number == DATA ? MACHINE_ACCESS : MACHINE_PRIVILEGE;
	return INTERRUPT_FAULT;
}

/* The engine looks at bit 0 of where it begins. */
static uint64_t begin(struct machine *m, uint64_t pc)
{
	uint64_t cpsr = 0;

	uc_reg_read(m->uc, UC_ARM_REG_CPSR, &cpsr);
	return pc | ((cpsr & CPSR_THUMB) != 0);
}

static bool get(struct machine *m, unsigned which, uint64_t *ret)
{
	uint64_t pc = 0;

	if (which != ARM_PC)
		return false;
	uc_reg_read(m->uc, UC_ARM_REG_PC, &pc);
	*ret = begin(m, pc);
	return true;
}

/* mov r7, #119; svc 0 — and at 16: mov r7, #173; svc 0 */
static const uint32_t help[8] = { 0xe3a07077, 0xef000000, [4] = 0xe3a070ad, 0xef000000 };

const struct processor processor_arm = {
	.arch = UC_ARCH_ARM, .mode = UC_MODE_ARM, .model = UC_CPU_ARM_CORTEX_A15,
	.count = ARM_COUNT, .general = 15, .numbers = numbers,
	.roles = { ARM_PC, ARM_SP, ARM_R0, ARM_THREAD },
	.call = { ARM_R7, ARM_R0, ARM_R0 + 1, ARM_R0 + 2, ARM_R0 + 3, ARM_R0 + 4, ARM_R0 + 5 },
	.help = help, .prepare = prepare, .interrupt = interrupt, .get = get, .begin = begin,
};
