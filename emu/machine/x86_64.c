/* SPDX-License-Identifier: GPL-2.0-or-later */
/* x86-64, and what x86 shares with it. */
#include "emu/machine/processor.h"

#include <errno.h>

static const int numbers[GPR_COUNT] = {
	UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RSI, UC_X86_REG_RDI,
	UC_X86_REG_RBP, UC_X86_REG_RSP, UC_X86_REG_R8, UC_X86_REG_R9, UC_X86_REG_R10, UC_X86_REG_R11,
	UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15, UC_X86_REG_RIP, UC_X86_REG_RFLAGS,
	UC_X86_REG_FS_BASE, UC_X86_REG_GS_BASE,
};

/*
 * A plain x86-64 with SSE4.2: glibc insists on some of these bits, and what is absent (AVX, XSAVE, PCLMUL, fast
 * string instructions, random numbers) would be slow, missing in Unicorn or not repeatable. AMD's way of telling cache sizes
 * is the shorter one.
 */
int x86_cpuid(uc_engine *uc, void *arg)
{
	static const struct { uint32_t leaf, a, b, c, d; } leaves[] = {
		{ 0, 1, 0x68747541, 0x444d4163, 0x69746e65 },
		{ 1, 0x00100f42, 0x00000800, 0x00982201, 0x078bfbff },
		{ 0x80000000, 0x80000008, 0x68747541, 0x444d4163, 0x69746e65 },
		{ 0x80000001, 0x00100f42, 0, 0x00000001, 0x28100800 },
		{ 0x80000002, 0x20444d41, 0x6574704f, 0x286e6f72, 0x20296d74 },
		{ 0x80000003, 0x636f7250, 0x6f737365, 0x00000072, 0 },
		{ 0x80000005, 0xff20ff20, 0xff20ff20, 0x20080140, 0x20080140 },
		{ 0x80000006, 0x20800000, 0x42004200, 0x02008140, 0x00808140 },
		{ 0x80000008, 0x00003028, 0, 0, 0 },
	};
	int regs[4] = { UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX, UC_X86_REG_RDX };
	uint64_t v[4] = { 0 }, leaf = 0;
	void *const at[4] = { &v[0], &v[1], &v[2], &v[3] };
	const struct machine *m = arg;

	if (!m->cpu->wide) {
		regs[0] = UC_X86_REG_EAX;
		regs[1] = UC_X86_REG_EBX;
		regs[2] = UC_X86_REG_ECX;
		regs[3] = UC_X86_REG_EDX;
	}
	uc_reg_read(uc, regs[0], &leaf);
	for (size_t i = 0; i < COUNT_OF(leaves); i++) {
		if (leaves[i].leaf == (uint32_t)leaf) {
			v[0] = leaves[i].a;
			v[1] = leaves[i].b;
			v[2] = leaves[i].c;
			v[3] = leaves[i].d;
		}
	}
	uc_reg_write_batch(uc, regs, at, 4);
	return 1;
}

void x86_control(uc_engine *uc, uint64_t ret[4])
{
	uc_x86_msr efer = { .rid = 0xc0000080 };

	ret[0] = ret[1] = ret[2] = 0;
	uc_reg_read(uc, UC_X86_REG_CR0, &ret[0]);
	uc_reg_read(uc, UC_X86_REG_CR3, &ret[1]);
	uc_reg_read(uc, UC_X86_REG_CR4, &ret[2]);
	uc_reg_read(uc, UC_X86_REG_MSR, &efer);
	ret[3] = efer.value;
}

static void on_syscall(uc_engine *uc, void *arg)
{
	struct machine *m = arg;

	if (!m->stopping)
		m->hooks.syscall(m->hooks.owner);
}

static int prepare(struct machine *m, struct engine *e)
{
	uint64_t cr4 = 0;
	uc_hook h;

	if (uc_hook_add(e->uc, &h, UC_HOOK_INSN, (void *)on_syscall, m, 1, 0, UC_X86_INS_SYSCALL) != UC_ERR_OK ||
	    uc_hook_add(e->uc, &h, UC_HOOK_INSN, (void *)x86_cpuid, m, 1, 0, UC_X86_INS_CPUID) != UC_ERR_OK)
		return -EIO;
	/* OSFXSR and OSXMMEXCPT: without them SSE breaks */
	uc_reg_read(e->uc, UC_X86_REG_CR4, &cr4);
	cr4 |= 0x600;
	uc_reg_write(e->uc, UC_X86_REG_CR4, &cr4);
	x86_control(e->uc, e->control);
	return 0;
}

static enum interrupt interrupt(struct machine *m, uint32_t number, enum machine_stop *stop)
{
	enum { EXCEPTIONS = 32 };

	switch (number) {
	case 0:
		*stop = MACHINE_DIVIDE;
		return INTERRUPT_FAULT;
	case 1:
	case 3:
		*stop = MACHINE_TRAP;
		return INTERRUPT_FAULT;
	case 6:
		*stop = MACHINE_INSTRUCTION;
		return INTERRUPT_FAULT;
	default:
		return number < EXCEPTIONS ? INTERRUPT_FAULT : INTERRUPT_SOFTWARE;
	}
}

const struct processor processor_x86_64 = {
	.arch = UC_ARCH_X86, .mode = UC_MODE_64, .model = UC_CPU_X86_WESTMERE, .wide = true,
	.count = GPR_COUNT, .general = 16, .numbers = numbers,
	.roles = { GPR_RIP, GPR_RSP, GPR_RAX, GPR_FS_BASE },
	.call = { GPR_RAX, GPR_RDI, GPR_RSI, GPR_RDX, GPR_R10, GPR_R8, GPR_R9 },
	.prepare = prepare, .interrupt = interrupt,
};
