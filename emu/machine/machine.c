/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: hooks, budgets of blocks, and why a run stopped. */
#include "emu/machine/inside.h"

#include <errno.h>
#include <stdlib.h>

static void stop(struct machine *m, enum machine_stop why)
{
	if (m->stopping)
		return;
	m->stopping = true;
	m->stop = why;
	uc_emu_stop(m->uc);
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct machine *m = arg;

	if (m->stopping)
		return;
	if (m->blocks >= m->stop_at) {
		/* chained blocks leave RIP behind: the address is the only truth */
		m->pc = address;
		stop(m, MACHINE_QUANTUM);
		return;
	}
	m->blocks++;
	if (address < WINDOW_END && m->states[address / GUEST_PAGE] == PAGE_CODE) {
		uint64_t last = (address + (size != 0 ? size - 1 : 0)) / GUEST_PAGE;

		for (uint64_t page = address / GUEST_PAGE; page <= last && page < WINDOW_END / GUEST_PAGE; page++) {
			if (m->code_marks[page] != 0)
				continue;
			m->code_marks[page] = 1;
			if (m->code_pages_count < CODE_PAGES_MAX)
				m->code_pages[m->code_pages_count++] = (uint32_t)page;
			else
				m->code_pages_lost = true;
		}
	}
}

static void on_syscall(uc_engine *uc, void *arg)
{
	struct machine *m = arg;

	if (!m->stopping)
		m->hooks.syscall(m->hooks.owner);
}

static void on_interrupt(uc_engine *uc, uint32_t number, void *arg)
{
	switch (number) {
	case 0:
		stop(arg, MACHINE_DIVIDE);
		break;
	case 1:
	case 3:
		stop(arg, MACHINE_TRAP);
		break;
	case 6:
		stop(arg, MACHINE_INSTRUCTION);
		break;
	default:
		stop(arg, MACHINE_PRIVILEGE);
	}
}

static bool on_invalid_access(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value, void *arg)
{
	struct machine *m = arg;

	m->fault_address = address;
	stop(m, MACHINE_ACCESS);
	return false;
}

static bool on_invalid_instruction(uc_engine *uc, void *arg)
{
	stop(arg, MACHINE_INSTRUCTION);
	return false;
}

/*
 * A plain x86-64 with SSE4.2: glibc insists on some of these bits, and what is absent (AVX, XSAVE, PCLMUL, fast
 * string instructions, random numbers) would be slow, missing in Unicorn or not repeatable. AMD's way of telling cache sizes
 * is the shorter one.
 */
static int on_cpuid(uc_engine *uc, void *arg)
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
	uint64_t v[4] = { 0 }, leaf;
	void *const at[4] = { &v[0], &v[1], &v[2], &v[3] };

	uc_reg_read(uc, UC_X86_REG_RAX, &leaf);
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

static int hooks_add(struct machine *m)
{
	uc_hook h;

	/* begin > end: everywhere */
	if (uc_hook_add(m->uc, &h, UC_HOOK_BLOCK, (void *)on_block, m, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(m->uc, &h, UC_HOOK_INSN, (void *)on_syscall, m, 1, 0, UC_X86_INS_SYSCALL) != UC_ERR_OK ||
	    uc_hook_add(m->uc, &h, UC_HOOK_INSN, (void *)on_cpuid, m, 1, 0, UC_X86_INS_CPUID) != UC_ERR_OK ||
	    uc_hook_add(m->uc, &h, UC_HOOK_INTR, (void *)on_interrupt, m, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(m->uc, &h, UC_HOOK_INSN_INVALID, (void *)on_invalid_instruction, m, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(m->uc, &h, UC_HOOK_MEM_INVALID, (void *)on_invalid_access, m, 1, 0) != UC_ERR_OK)
		return -EIO;
	return 0;
}

int machine_new(const struct machine_hooks *hooks, struct machine **ret)
{
	struct machine *m = calloc(1, sizeof(*m));
	uint64_t cr4;
	int r = -ENOMEM;

	if (m == NULL)
		goto out;
	machine_stores_open();
	m->hooks = *hooks;
	if ((r = machine_window_open(m)) < 0)
		goto out;
	r = -EIO;
	if (uc_open(UC_ARCH_X86, UC_MODE_64, &m->uc) != UC_ERR_OK ||
	    uc_ctl_set_cpu_model(m->uc, UC_CPU_X86_WESTMERE) != UC_ERR_OK)
		goto out;
	if ((r = hooks_add(m)) < 0)
		goto out;
	/* OSFXSR and OSXMMEXCPT: without them SSE breaks */
	uc_reg_read(m->uc, UC_X86_REG_CR4, &cr4);
	cr4 |= 0x600;
	uc_reg_write(m->uc, UC_X86_REG_CR4, &cr4);
	machine_control(m, m->control);
	r = -ENOMEM;
	if (uc_context_alloc(m->uc, &m->fresh) != UC_ERR_OK)
		goto out;
	uc_context_save(m->uc, m->fresh);
	*ret = m;
	m = NULL;
	r = 0;
out:
	machine_free(m);
	return r;
}

void machine_free(struct machine *m)
{
	if (m == NULL)
		return;
	if (m->fresh != NULL)
		uc_context_free(m->fresh);
	if (m->uc != NULL)
		uc_close(m->uc);
	machine_window_close(m);
	free(m);
}

enum machine_stop machine_run(struct machine *m, uint64_t blocks)
{
	uint64_t begin;
	uc_err e;

	machine_stores_of(m);
	m->stopping = false;
	m->stop = MACHINE_PRIVILEGE; /* what hlt, or an unlooked-for end, counts as */
	m->stop_at = m->blocks + blocks;
	uc_reg_read(m->uc, UC_X86_REG_RIP, &begin);
	e = uc_emu_start(m->uc, begin, UINT64_MAX, 0, 0);
	if (m->stopping && m->stop == MACHINE_QUANTUM)
		uc_reg_write(m->uc, UC_X86_REG_RIP, &m->pc);
	if (m->stopping)
		return m->stop;
	switch (e) {
	case UC_ERR_OK:
		return MACHINE_PRIVILEGE;
	case UC_ERR_INSN_INVALID:
		return MACHINE_INSTRUCTION;
	case UC_ERR_READ_UNMAPPED:
	case UC_ERR_WRITE_UNMAPPED:
	case UC_ERR_FETCH_UNMAPPED:
	case UC_ERR_READ_PROT:
	case UC_ERR_WRITE_PROT:
	case UC_ERR_FETCH_PROT:
	case UC_ERR_READ_UNALIGNED:
	case UC_ERR_WRITE_UNALIGNED:
	case UC_ERR_FETCH_UNALIGNED:
	case UC_ERR_EXCEPTION:
		return MACHINE_ACCESS;
	default:
		return MACHINE_BROKEN;
	}
}

void machine_leave(struct machine *m)
{
	stop(m, MACHINE_LEFT);
}

uint64_t machine_blocks(const struct machine *m)
{
	return m->blocks;
}

uint64_t machine_fault_address(const struct machine *m)
{
	return m->fault_address;
}
