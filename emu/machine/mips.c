/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MIPS32, big and little endian. */
#include "emu/machine/processor.h"
#include "emu/machine/registers.h"

static const int numbers[MIPS_COUNT] = {
	UC_MIPS_REG_0, UC_MIPS_REG_1, UC_MIPS_REG_2, UC_MIPS_REG_3, UC_MIPS_REG_4, UC_MIPS_REG_5, UC_MIPS_REG_6,
	UC_MIPS_REG_7, UC_MIPS_REG_8, UC_MIPS_REG_9, UC_MIPS_REG_10, UC_MIPS_REG_11, UC_MIPS_REG_12, UC_MIPS_REG_13,
	UC_MIPS_REG_14, UC_MIPS_REG_15, UC_MIPS_REG_16, UC_MIPS_REG_17, UC_MIPS_REG_18, UC_MIPS_REG_19, UC_MIPS_REG_20,
	UC_MIPS_REG_21, UC_MIPS_REG_22, UC_MIPS_REG_23, UC_MIPS_REG_24, UC_MIPS_REG_25, UC_MIPS_REG_26, UC_MIPS_REG_27,
	UC_MIPS_REG_28, UC_MIPS_REG_29, UC_MIPS_REG_30, UC_MIPS_REG_31, UC_MIPS_REG_PC, UC_MIPS_REG_LO, UC_MIPS_REG_HI,
	UC_MIPS_REG_CP0_USERLOCAL,
};

static int prepare(struct machine *m, struct engine *e)
{
	uint64_t v = 0;

	/* coprocessor 1, the floating-point unit, is usable */
	uc_reg_read(e->uc, UC_MIPS_REG_CP0_STATUS, &v);
	v |= 0x20000000;
	uc_reg_write(e->uc, UC_MIPS_REG_CP0_STATUS, &v);
	return 0;
}

static enum interrupt interrupt(struct machine *m, uint32_t number, enum machine_stop *stop)
{
	enum { SYSCALL = 17, BREAK = 18, COPROCESSOR = 19, RESERVED = 20, OVERFLOW = 21, TRAP = 22, FLOAT = 23 };

	switch (number) {
	case SYSCALL:
		return INTERRUPT_CALL;
	case BREAK:
	case TRAP:
		*stop = MACHINE_TRAP;
		return INTERRUPT_FAULT;
	case COPROCESSOR:
	case RESERVED:
		*stop = MACHINE_INSTRUCTION;
		return INTERRUPT_FAULT;
	case OVERFLOW:
	case FLOAT:
		*stop = MACHINE_DIVIDE;
		return INTERRUPT_FAULT;
	default:
		*stop = MACHINE_ACCESS;
		return INTERRUPT_FAULT;
	}
}

#define MIPS(endian) \
	.arch = UC_ARCH_MIPS, .mode = UC_MODE_MIPS32 | (endian), .model = UC_CPU_MIPS32_24KF, \
	.count = MIPS_COUNT, .numbers = numbers, .roles = { MIPS_PC, MIPS_SP, MIPS_V0, MIPS_THREAD }, \
	.call = { MIPS_V0, MIPS_A0, MIPS_A0 + 1, MIPS_A0 + 2, MIPS_A3, MIPS_A3 + 1, MIPS_A3 + 2 }, \
	.prepare = prepare, .interrupt = interrupt

const struct processor processor_mips = { MIPS(UC_MODE_BIG_ENDIAN), .big_endian = true };
const struct processor processor_mipsel = { MIPS(UC_MODE_LITTLE_ENDIAN) };
