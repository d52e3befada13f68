/* SPDX-License-Identifier: GPL-2.0-or-later */
/* x86 (32-bit): segments need descriptors, which stand in a page of the engine's own above all that a process may have. */
#include "emu/machine/processor.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* As Linux and Windows number them for 32-bit processes on x86-64. */
enum {
	KERNEL_CODE = 1, KERNEL_DATA = 2, USER_CODE = 4, USER_DATA = 5, THREAD_FS = 10, THREAD_GS = 12, THREAD_LAST = 14,
	RING = 3,
};
#define TABLE 0xfffe0000u

static const int numbers[GPR_COUNT] = {
	UC_X86_REG_EAX, UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_ESI, UC_X86_REG_EDI,
	UC_X86_REG_EBP, UC_X86_REG_ESP, UC_X86_REG_INVALID, UC_X86_REG_INVALID, UC_X86_REG_INVALID, UC_X86_REG_INVALID,
	UC_X86_REG_INVALID, UC_X86_REG_INVALID, UC_X86_REG_INVALID, UC_X86_REG_INVALID, UC_X86_REG_EIP,
	UC_X86_REG_EFLAGS, UC_X86_REG_FS_BASE, UC_X86_REG_GS_BASE,
};

/* All memory from base on; marked as seen, since the table is not writable for the processor. Intel SDM 3A 3.4.5. */
static void describe(struct engine *e, unsigned index, uint32_t base, bool code, unsigned ring)
{
	uint64_t access = 0x91 | ring << 5 | (code ? 0x0a : 0x02);
	uint64_t d = 0xffff | (uint64_t)(base & 0xffffff) << 16 | access << 40 | 0xfull << 48 | 0xcull << 52 |
	    (uint64_t)(base >> 24) << 56;

	memcpy(e->page + index * 8ull, &d, sizeof(d));
}

static uint32_t base_of(const struct engine *e, unsigned index)
{
	const uint8_t *d = e->page + index * 8ull;

	return (uint32_t)(d[2] | d[3] << 8 | d[4] << 16) | (uint32_t)d[7] << 24;
}

void x86_descriptors_save(const struct engine *e, uint64_t ret[DESCRIPTORS])
{
	memcpy(ret, e->page, DESCRIPTORS * sizeof(*ret));
}

void x86_descriptors_load(struct engine *e, const uint64_t from[DESCRIPTORS])
{
	memcpy(e->page, from, DESCRIPTORS * sizeof(*from));
}

static void select_segment(uc_engine *uc, int which, unsigned index)
{
	uint64_t v = index * 8ull | RING;

	uc_reg_write(uc, which, &v);
}

/* To ring 3, as a kernel goes there: Unicorn loads a stack segment only of the ring it is in. */
static int drop(struct engine *e)
{
	enum { AT = 0x200, FRAME = 0x300 };
	/* iret; int 0x80, which nobody takes yet. A fault would be remembered, and make the guest's first a double one */
	static const uint8_t code[] = { 0xcf, 0xcd, 0x80 };
	const uint32_t frame[] = { TABLE + AT + 1, USER_CODE * 8 | RING, 2, 0, USER_DATA * 8 | RING };
	uint64_t v = TABLE + FRAME, cs = KERNEL_CODE * 8, ss = KERNEL_DATA * 8;

	memcpy(e->page + AT, code, sizeof(code));
	memcpy(e->page + FRAME, frame, sizeof(frame));
	if (uc_reg_write(e->uc, UC_X86_REG_CS, &cs) != UC_ERR_OK || uc_reg_write(e->uc, UC_X86_REG_SS, &ss) != UC_ERR_OK ||
	    uc_reg_write(e->uc, UC_X86_REG_ESP, &v) != UC_ERR_OK)
		return -EIO;
	uc_emu_start(e->uc, TABLE + AT, UINT64_MAX, 0, 0);
	cs = 0;
	uc_reg_read(e->uc, UC_X86_REG_CS, &cs);
	memset(e->page + AT, 0, GUEST_PAGE - AT);
	uc_ctl_remove_cache(e->uc, TABLE, TABLE + GUEST_PAGE);
	return cs == (USER_CODE * 8 | RING) ? 0 : -EIO;
}

static void on_sysenter(uc_engine *uc, void *arg)
{
	struct machine *m = arg;

	if (m->stopping)
		return;
	m->entry = 0;
	m->hooks.syscall(m->hooks.owner);
}

static int prepare(struct machine *m, struct engine *e)
{
	uc_x86_mmr table = { .base = TABLE, .limit = DESCRIPTORS * 8 - 1 };
	uint64_t v = 0;
	uc_hook h;

	e->page = mmap(NULL, GUEST_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (e->page == MAP_FAILED) {
		e->page = NULL;
		return -ENOMEM;
	}
	describe(e, KERNEL_CODE, 0, true, 0);
	describe(e, KERNEL_DATA, 0, false, 0);
	describe(e, USER_CODE, 0, true, RING);
	describe(e, USER_DATA, 0, false, RING);
	for (unsigned i = THREAD_FS; i <= THREAD_LAST; i++)
		describe(e, i, 0, false, RING);
	if (uc_mem_map_ptr(e->uc, TABLE, GUEST_PAGE, UC_PROT_READ | UC_PROT_EXEC, e->page) != UC_ERR_OK ||
	    uc_reg_write(e->uc, UC_X86_REG_GDTR, &table) != UC_ERR_OK)
		return -EIO;
	if (drop(e) < 0)
		return -EIO;
	select_segment(e->uc, UC_X86_REG_DS, USER_DATA);
	select_segment(e->uc, UC_X86_REG_ES, USER_DATA);
	for (unsigned i = GPR_RAX; i <= GPR_RSP; i++)
		uc_reg_write(e->uc, numbers[i], &v);
	uc_reg_write(e->uc, UC_X86_REG_EIP, &v);
	uc_reg_read(e->uc, UC_X86_REG_CR4, &v);
	v |= 0x600; /* OSFXSR and OSXMMEXCPT: without them SSE breaks */
	uc_reg_write(e->uc, UC_X86_REG_CR4, &v);
	if (uc_hook_add(e->uc, &h, UC_HOOK_INSN, (void *)on_sysenter, m, 1, 0, UC_X86_INS_SYSENTER) != UC_ERR_OK ||
	    uc_hook_add(e->uc, &h, UC_HOOK_INSN, (void *)x86_cpuid, m, 1, 0, UC_X86_INS_CPUID) != UC_ERR_OK)
		return -EIO;
	x86_control(e->uc, e->control);
	return 0;
}

int machine_segment(struct machine *m, unsigned index, uint32_t base)
{
	static const int selectors[] = { UC_X86_REG_FS, UC_X86_REG_GS };
	struct engine *e = &m->engines[CPU_X86];

	if (index < THREAD_FS || index > THREAD_LAST || e->page == NULL)
		return -EINVAL;
	describe(e, index, base, false, RING);
	/* a selector that is loaded already means the new one at once */
	for (unsigned i = 0; i < COUNT_OF(selectors); i++) {
		uint64_t v = 0;

		uc_reg_read(e->uc, selectors[i], &v);
		if (v / 8 == index)
			select_segment(e->uc, selectors[i], index);
	}
	return 0;
}

/*
 * lcall 7, 0: the gate by which the first BSD kernels, and System V's, were called. The instruction becomes the one that
 * came after it, since Unicorn takes a second fault for one within the first.
 */
static bool through_gate(struct machine *m)
{
	enum { FAR_CALL = 0x9a, GATE = 7 };
	static const uint8_t call[] = { 0xcd, 0x80, 0x90, 0x90, 0x90, 0x90, 0x90 };
	uint64_t pc = 0;
	uint8_t *insn;

	uc_reg_read(m->uc, UC_X86_REG_EIP, &pc);
	if (pc + sizeof(call) > WINDOW_END || m->states[pc / GUEST_PAGE] != PAGE_CODE ||
	    m->states[(pc + sizeof(call) - 1) / GUEST_PAGE] != PAGE_CODE)
		return false;
	insn = m->window + pc;
	if (insn[0] != FAR_CALL || insn[5] != GATE)
		return false;
	memcpy(insn, call, sizeof(call));
	machine_wrote(m, pc, pc + sizeof(call));
	machine_jump(m, pc);
	return true;
}

static enum interrupt interrupt(struct machine *m, uint32_t number, enum machine_stop *stop)
{
	/* a second fault, since the first is what brought the processor to its ring */
	enum { DOUBLE = 8, PROTECTION = 13, LINUX = 0x80 };

	if ((number == PROTECTION || number == DOUBLE) && through_gate(m))
		return INTERRUPT_DONE;
	return number == LINUX ? INTERRUPT_CALL : processor_x86_64.interrupt(m, number, stop);
}

static bool get(struct machine *m, unsigned which, uint64_t *ret)
{
	uint64_t v = 0;

	if (which != GPR_FS_BASE && which != GPR_GS_BASE)
		return false;
	uc_reg_read(m->uc, which == GPR_FS_BASE ? UC_X86_REG_FS : UC_X86_REG_GS, &v);
	*ret = v / 8 != 0 && v / 8 < DESCRIPTORS ? base_of(m->now, (unsigned)(v / 8)) : 0;
	return true;
}

static bool set(struct machine *m, unsigned which, uint64_t v)
{
	unsigned index = which == GPR_FS_BASE ? THREAD_FS : THREAD_GS;

	if (which != GPR_FS_BASE && which != GPR_GS_BASE)
		return false;
	describe(m->now, index, (uint32_t)v, false, RING);
	select_segment(m->uc, which == GPR_FS_BASE ? UC_X86_REG_FS : UC_X86_REG_GS, index);
	return true;
}

/* pop eax; mov eax, 119; int 0x80 — and at 16: mov eax, 173; int 0x80 */
static const uint8_t help[32] = {
	0x58, 0xb8, 0x77, 0, 0, 0, 0xcd, 0x80, [16] = 0xb8, 0xad, 0, 0, 0, 0xcd, 0x80,
};

const struct processor processor_x86 = {
	.arch = UC_ARCH_X86, .mode = UC_MODE_32, .model = UC_CPU_X86_WESTMERE,
	.count = GPR_COUNT, .general = 8, .numbers = numbers,
	.roles = { GPR_RIP, GPR_RSP, GPR_RAX, GPR_GS_BASE },
	.call = { GPR_RAX, GPR_RBX, GPR_RCX, GPR_RDX, GPR_RSI, GPR_RDI, GPR_RBP },
	.help = help, .prepare = prepare, .interrupt = interrupt, .get = get, .set = set,
};
