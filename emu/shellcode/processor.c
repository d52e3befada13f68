/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processors that code is tried on. */
#include "emu/shellcode/processor.h"

#define ARM_R(n) UC_ARM_REG_R##n
#define A64_X(n) UC_ARM64_REG_X##n
#define MIPS_R(n) UC_MIPS_REG_##n
#define PPC_R(n) UC_PPC_REG_##n

static const struct processor processors[] = {
	{
		.language = LANGUAGE_X86, .arch = UC_ARCH_X86, .mode = UC_MODE_32, .word = 4, .align = 1,
		.pc = UC_X86_REG_EIP, .sp = UC_X86_REG_ESP, .general_count = 7,
		.general = { UC_X86_REG_EAX, UC_X86_REG_EDX, UC_X86_REG_ECX, UC_X86_REG_EBX, UC_X86_REG_ESI, UC_X86_REG_EDI,
			UC_X86_REG_EBP },
		.number = UC_X86_REG_EAX, .result = UC_X86_REG_EAX,
		.argument = { UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_ESI, UC_X86_REG_EDI, UC_X86_REG_EBP },
		.called = { 1, 1, 2, 2, 2, 2, 2 },
	},
	{
		.language = LANGUAGE_X86_64, .arch = UC_ARCH_X86, .mode = UC_MODE_64, .word = 8, .align = 1,
		.pc = UC_X86_REG_RIP, .sp = UC_X86_REG_RSP, .general_count = 15,
		.general = { UC_X86_REG_RAX, UC_X86_REG_RDX, UC_X86_REG_RCX, UC_X86_REG_RBX, UC_X86_REG_RSI, UC_X86_REG_RDI,
			UC_X86_REG_RBP, UC_X86_REG_R8, UC_X86_REG_R9, UC_X86_REG_R10, UC_X86_REG_R11, UC_X86_REG_R12,
			UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15 },
		.number = UC_X86_REG_RAX, .result = UC_X86_REG_RAX,
		.argument = { UC_X86_REG_RDI, UC_X86_REG_RSI, UC_X86_REG_RDX, UC_X86_REG_R10, UC_X86_REG_R8, UC_X86_REG_R9 },
		.called = { 0, 1, 2, 2, 2, 3, 2 },
	},
	{
		.language = LANGUAGE_ARM, .arch = UC_ARCH_ARM, .mode = UC_MODE_ARM, .word = 4, .align = 2,
		.pc = UC_ARM_REG_PC, .sp = UC_ARM_REG_SP, .back = UC_ARM_REG_LR, .general_count = 13,
		.general = { ARM_R(0), ARM_R(1), ARM_R(2), ARM_R(3), ARM_R(4), ARM_R(5), ARM_R(6), ARM_R(7), ARM_R(8), ARM_R(9),
			ARM_R(10), ARM_R(11), ARM_R(12) },
		.number = ARM_R(7), .result = ARM_R(0),
		.argument = { ARM_R(0), ARM_R(1), ARM_R(2), ARM_R(3), ARM_R(4), ARM_R(5) },
		.called = { 3, 2, 2, 1 },
	},
	{
		.language = LANGUAGE_AARCH64, .arch = UC_ARCH_ARM64, .mode = 0, .word = 8, .align = 4,
		.pc = UC_ARM64_REG_PC, .sp = UC_ARM64_REG_SP, .back = UC_ARM64_REG_X30, .general_count = 29,
		.general = { A64_X(0), A64_X(1), A64_X(2), A64_X(3), A64_X(4), A64_X(5), A64_X(6), A64_X(7), A64_X(8), A64_X(9),
			A64_X(10), A64_X(11), A64_X(12), A64_X(13), A64_X(14), A64_X(15), A64_X(16), A64_X(17), A64_X(18), A64_X(19),
			A64_X(20), A64_X(21), A64_X(22), A64_X(23), A64_X(24), A64_X(25), A64_X(26), A64_X(27), A64_X(28) },
		.number = A64_X(8), .result = A64_X(0),
		.argument = { A64_X(0), A64_X(1), A64_X(2), A64_X(3), A64_X(4), A64_X(5) },
		.called = { 1, 2, 2 },
	},
	{
		.language = LANGUAGE_MIPS, .arch = UC_ARCH_MIPS, .mode = UC_MODE_MIPS32 | UC_MODE_BIG_ENDIAN, .word = 4, .big = true,
		.align = 4, .pc = UC_MIPS_REG_PC, .sp = MIPS_R(29), .back = MIPS_R(31), .general_count = 27,
		.general = { MIPS_R(2), MIPS_R(25), MIPS_R(4), MIPS_R(5), MIPS_R(6), MIPS_R(7), MIPS_R(3), MIPS_R(8), MIPS_R(9),
			MIPS_R(10), MIPS_R(11), MIPS_R(12), MIPS_R(13), MIPS_R(14), MIPS_R(15), MIPS_R(16), MIPS_R(17), MIPS_R(18),
			MIPS_R(19), MIPS_R(20), MIPS_R(21), MIPS_R(22), MIPS_R(23), MIPS_R(24), MIPS_R(30), MIPS_R(1), MIPS_R(28) },
		.number = MIPS_R(2), .result = MIPS_R(2),
		.argument = { MIPS_R(4), MIPS_R(5), MIPS_R(6), MIPS_R(7), 0, 0 },
		.called = { 1, 1, 3, 2, 2 },
	},
	{
		.language = LANGUAGE_POWERPC, .arch = UC_ARCH_PPC, .mode = UC_MODE_PPC32 | UC_MODE_BIG_ENDIAN, .word = 4, .big = true,
		.align = 4, .pc = UC_PPC_REG_PC, .sp = PPC_R(1), .back = UC_PPC_REG_LR, .general_count = 30,
		.general = { PPC_R(0), PPC_R(3), PPC_R(4), PPC_R(5), PPC_R(6), PPC_R(7), PPC_R(8), PPC_R(9), PPC_R(10), PPC_R(11),
			PPC_R(12), PPC_R(13), PPC_R(14), PPC_R(15), PPC_R(16), PPC_R(17), PPC_R(18), PPC_R(19), PPC_R(20), PPC_R(21),
			PPC_R(22), PPC_R(23), PPC_R(24), PPC_R(25), PPC_R(26), PPC_R(27), PPC_R(28), PPC_R(29), PPC_R(30), PPC_R(31) },
		.number = PPC_R(0), .result = PPC_R(3),
		.argument = { PPC_R(3), PPC_R(4), PPC_R(5), PPC_R(6), PPC_R(7), PPC_R(8) },
		.called = { 0, 3, 2, 2 },
	},
};

/* The same processor, the other way round. */
static const struct processor *mipsel(void)
{
	static struct processor p;

	if (p.word == 0) {
		p = *processor_find(LANGUAGE_MIPS);
		p.language = LANGUAGE_MIPSEL;
		p.mode = UC_MODE_MIPS32;
		p.big = false;
	}
	return &p;
}

const struct processor *processor_find(enum language language)
{
	if (language == LANGUAGE_MIPSEL)
		return mipsel();
	for (unsigned i = 0; i < COUNT_OF(processors); i++)
		if (processors[i].language == language)
			return &processors[i];
	return NULL;
}
