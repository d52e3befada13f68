/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers that machine_get() and struct registers use for the processors that are no x86 (see machine.h). */
#ifndef EMU_MACHINE_REGISTERS_H
#define EMU_MACHINE_REGISTERS_H

/* r0..r12, sp, lr, pc are 0..15; bit 0 of ARM_PC: Thumb */
enum { ARM_R0 = 0, ARM_R7 = 7, ARM_SP = 13, ARM_LR = 14, ARM_PC = 15, ARM_CPSR, ARM_THREAD, ARM_COUNT };
/* x0..x30 are 0..30 */
enum { A64_X0 = 0, A64_X8 = 8, A64_X30 = 30, A64_SP, A64_PC, A64_PSTATE, A64_THREAD, A64_COUNT };
/* $0..$31 are 0..31 */
enum { MIPS_V0 = 2, MIPS_V1 = 3, MIPS_A0 = 4, MIPS_A3 = 7, MIPS_T9 = 25, MIPS_GP = 28, MIPS_SP = 29, MIPS_RA = 31,
	MIPS_PC, MIPS_LO, MIPS_HI, MIPS_THREAD, MIPS_COUNT };
/* r0..r31 are 0..31 */
enum { PPC_R0 = 0, PPC_SP = 1, PPC_R2 = 2, PPC_R3 = 3, PPC_PC = 32, PPC_LR, PPC_CTR, PPC_XER, PPC_CR, PPC_COUNT };

#endif
