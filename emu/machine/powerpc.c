/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PowerPC, 32 bits, big endian. */
#include "emu/machine/processor.h"
#include "emu/machine/registers.h"

static const int numbers[PPC_COUNT] = {
	UC_PPC_REG_0, UC_PPC_REG_1, UC_PPC_REG_2, UC_PPC_REG_3, UC_PPC_REG_4, UC_PPC_REG_5, UC_PPC_REG_6, UC_PPC_REG_7,
	UC_PPC_REG_8, UC_PPC_REG_9, UC_PPC_REG_10, UC_PPC_REG_11, UC_PPC_REG_12, UC_PPC_REG_13, UC_PPC_REG_14,
	UC_PPC_REG_15, UC_PPC_REG_16, UC_PPC_REG_17, UC_PPC_REG_18, UC_PPC_REG_19, UC_PPC_REG_20, UC_PPC_REG_21,
	UC_PPC_REG_22, UC_PPC_REG_23, UC_PPC_REG_24, UC_PPC_REG_25, UC_PPC_REG_26, UC_PPC_REG_27, UC_PPC_REG_28,
	UC_PPC_REG_29, UC_PPC_REG_30, UC_PPC_REG_31, UC_PPC_REG_PC, UC_PPC_REG_LR, UC_PPC_REG_CTR, UC_PPC_REG_XER,
	UC_PPC_REG_CR,
};

static int prepare(struct machine *m, struct engine *e)
{
	uint64_t v = 0;

	/* floating point is available */
	uc_reg_read(e->uc, UC_PPC_REG_MSR, &v);
	v |= 0x2000;
	uc_reg_write(e->uc, UC_PPC_REG_MSR, &v);
	return 0;
}

static enum interrupt interrupt(struct machine *m, uint32_t number, enum machine_stop *stop)
{
	/* kernels do not look at the level that sc may name; attacks fill it to have no zeroes */
	enum { PROGRAM = 6, SYSCALL = 8, SYSCALL_LEVEL = 96 };

	if (number == SYSCALL || number == SYSCALL_LEVEL)
		return INTERRUPT_CALL;
	*stop = number == PROGRAM ? MACHINE_INSTRUCTION : MACHINE_ACCESS;
	return INTERRUPT_FAULT;
}

/* li r0, 119; sc — and at 16: li r0, 172; sc */
static const uint8_t help[32] = { 0x38, 0, 0, 0x77, 0x44, 0, 0, 2, [16] = 0x38, 0, 0, 0xac, 0x44, 0, 0, 2 };

const struct processor processor_powerpc = {
	.arch = UC_ARCH_PPC, .mode = UC_MODE_PPC32 | UC_MODE_BIG_ENDIAN, .model = -1, .big_endian = true,
	.count = PPC_COUNT, .general = 32, .numbers = numbers,
	.roles = { PPC_PC, PPC_SP, PPC_R3, PPC_R2 },
	.call = { PPC_R0, PPC_R3, PPC_R3 + 1, PPC_R3 + 2, PPC_R3 + 3, PPC_R3 + 4, PPC_R3 + 5 },
	.help = help, .prepare = prepare, .interrupt = interrupt,
};
