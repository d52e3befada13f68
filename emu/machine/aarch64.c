/* SPDX-License-Identifier: GPL-2.0-or-later */
/* AArch64, little endian. */
#include "emu/machine/processor.h"
#include "emu/machine/registers.h"

static const int numbers[A64_COUNT] = {
	UC_ARM64_REG_X0, UC_ARM64_REG_X1, UC_ARM64_REG_X2, UC_ARM64_REG_X3, UC_ARM64_REG_X4, UC_ARM64_REG_X5,
	UC_ARM64_REG_X6, UC_ARM64_REG_X7, UC_ARM64_REG_X8, UC_ARM64_REG_X9, UC_ARM64_REG_X10, UC_ARM64_REG_X11,
	UC_ARM64_REG_X12, UC_ARM64_REG_X13, UC_ARM64_REG_X14, UC_ARM64_REG_X15, UC_ARM64_REG_X16, UC_ARM64_REG_X17,
	UC_ARM64_REG_X18, UC_ARM64_REG_X19, UC_ARM64_REG_X20, UC_ARM64_REG_X21, UC_ARM64_REG_X22, UC_ARM64_REG_X23,
	UC_ARM64_REG_X24, UC_ARM64_REG_X25, UC_ARM64_REG_X26, UC_ARM64_REG_X27, UC_ARM64_REG_X28, UC_ARM64_REG_X29,
	UC_ARM64_REG_X30, UC_ARM64_REG_SP, UC_ARM64_REG_PC, UC_ARM64_REG_PSTATE, UC_ARM64_REG_TPIDR_EL0,
};

static int prepare(struct machine *m, struct engine *e)
{
	uint64_t v = 0;

	/* floating point is not trapped */
	uc_reg_read(e->uc, UC_ARM64_REG_CPACR_EL1, &v);
	v |= 3 << 20;
	uc_reg_write(e->uc, UC_ARM64_REG_CPACR_EL1, &v);
	return 0;
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

/* mov x8, #139; svc 0 — twice: there is one form */
static const uint32_t help[8] = { 0xd2801168, 0xd4000001, [4] = 0xd2801168, 0xd4000001 };

const struct processor processor_aarch64 = {
	.arch = UC_ARCH_ARM64, .mode = UC_MODE_ARM, .model = -1, .wide = true,
	.count = A64_COUNT, .general = 31, .numbers = numbers,
	.roles = { A64_PC, A64_SP, A64_X0, A64_THREAD },
	.call = { A64_X8, A64_X0, A64_X0 + 1, A64_X0 + 2, A64_X0 + 3, A64_X0 + 4, A64_X0 + 5 },
	.help = help, .prepare = prepare, .interrupt = interrupt,
};
