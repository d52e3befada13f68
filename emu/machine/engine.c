/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engines: opened, hooked, chosen; and what each processor has in common with the others. */
#include "emu/machine/processor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

const struct processor *const processors[CPU_COUNT] = {
	[CPU_X86_64] = &processor_x86_64, [CPU_X86] = &processor_x86, [CPU_AARCH64] = &processor_aarch64,
	[CPU_ARM] = &processor_arm, [CPU_MIPS] = &processor_mips, [CPU_MIPSEL] = &processor_mipsel,
	[CPU_POWERPC] = &processor_powerpc,
};

void machine_stop(struct machine *m, enum machine_stop why)
{
	if (m->stopping)
		return;
	m->stopping = true;
	m->stop = why;
	m->stop_was = m->stop_at;
	m->stop_at = 0;
	uc_emu_stop(m->uc);
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct machine *m = arg;

	if (size == BLOCK_COUNTED)
		m->blocks--;
	if (m->stopping)
		return;
	if (m->blocks >= m->stop_at) {
		/* chained blocks leave the program counter behind: the address is the only truth */
		m->pc = address;
		machine_stop(m, MACHINE_QUANTUM);
		return;
	}
	m->blocks++;
	m->block = address;
	m->block_size = size;
	if (address < WINDOW_END && m->code_near[address / CODE_NEAR] && m->states[address / GUEST_PAGE] == PAGE_CODE) {
		uint64_t last = (address + (size != 0 ? size - 1 : 0)) / GUEST_PAGE;

		m->blocks += m->weights[address % WEIGHTS];
		for (uint64_t page = address / GUEST_PAGE; page <= last && page < WINDOW_END / GUEST_PAGE; page++) {
			if ((m->code_marks[page] & m->bit) != 0)
				continue;
			if (m->code_marks[page] != 0)
				;
			else if (m->code_pages_count < CODE_PAGES_MAX)
				m->code_pages[m->code_pages_count++] = (uint32_t)page;
			else
				m->code_pages_lost = true;
			m->code_marks[page] |= m->bit;
		}
	}
}

void *const machine_block_hook = (void *)on_block;

/* A block is translated. Those of images are shared by all runs: only the guest's own writing makes many. */
static void on_translation(uc_engine *uc, uc_tb *now, uc_tb *before, void *arg)
{
	struct machine *m = arg;
	uint16_t *known = &m->weights[now->pc % WEIGHTS];
	unsigned weight;

	if (now->pc >= WINDOW_END || now->size > WINDOW_END - now->pc || m->states[now->pc / GUEST_PAGE] != PAGE_CODE)
		return;
	m->translations += 1 + now->size / TRANSLATION_BYTES;
	if (m->translations > MACHINE_TRANSLATIONS_MAX)
		m->stop_at = m->stop_was = 0;
	if (m->cpu->arch != UC_ARCH_X86)
		return;
	m->untold |= code_is_system(bytes_of(machine_host(m, now->pc), now->size));
	weight = code_weight(bytes_of(machine_host(m, now->pc), now->size));
	if (weight > *known) {
		*known = (uint16_t)(weight < UINT16_MAX ? weight : UINT16_MAX);
		m->weighed = true;
	}
}

static void on_interrupt(uc_engine *uc, uint32_t number, void *arg)
{
	struct machine *m = arg;
	enum machine_stop why = MACHINE_PRIVILEGE;

	if (m->stopping)
		return;
	m->entry = number;
	switch (m->cpu->interrupt(m, number, &why)) {
	case INTERRUPT_DONE:
		return;
	case INTERRUPT_CALL:
		m->hooks.syscall(m->hooks.owner);
		return;
	case INTERRUPT_SOFTWARE:
		if (m->hooks.trap != NULL && m->hooks.trap(m->hooks.owner, number))
			return;
		break;
	case INTERRUPT_FAULT:
		break;
	}
	machine_stop(m, why);
}

static bool on_invalid_access(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value, void *arg)
{
	struct machine *m = arg;

	/* translations made of what a hook has mapped would not be found again to be dropped: the run begins again there */
	if (type == UC_MEM_FETCH_UNMAPPED && machine_share(m, address)) {
		m->sharing = true;
		uc_emu_stop(uc);
		return false;
	}
	if (type == UC_MEM_READ_UNMAPPED || type == UC_MEM_WRITE_UNMAPPED) {
		/* an access may reach into the next page, and that is the one that is missing */
		bool begins = machine_share(m, address), ends = size > 1 && machine_share(m, address + (uint64_t)size - 1);

		if (begins || ends)
			return true;
	}
	m->fault_address = address;
	machine_stop(m, MACHINE_ACCESS);
	return false;
}

static bool on_invalid_instruction(uc_engine *uc, void *arg)
{
	machine_stop(arg, MACHINE_INSTRUCTION);
	return false;
}

/*
 * A page above the window with code of the kernel's for its users: what returns from a signal's handler, in its short
 * form and, RETURN_RT bytes on, in the long one.
 */
enum { RETURN_RT = 16 };

static int help(struct engine *e, const struct processor *p)
{
	if (p->help == NULL)
		return 0;
	e->help = mmap(NULL, GUEST_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (e->help == MAP_FAILED) {
		e->help = NULL;
		return -ENOMEM;
	}
	memcpy(e->help, p->help, 2 * RETURN_RT);
	return uc_mem_map_ptr(e->uc, HELP, GUEST_PAGE, UC_PROT_READ | UC_PROT_EXEC, e->help) == UC_ERR_OK ? 0 : -EIO;
}

uint64_t machine_return_address(const struct machine *m, bool rt)
{
	return m->cpu->help != NULL ? HELP + (rt ? RETURN_RT : 0) : 0;
}

static int hooks_add(struct machine *m, uc_engine *uc)
{
	uc_hook h;

	/* begin > end: everywhere */
	if (uc_hook_add(uc, &h, UC_HOOK_BLOCK, (void *)on_block, m, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(uc, &h, UC_HOOK_EDGE_GENERATED, (void *)on_translation, m, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(uc, &h, UC_HOOK_INTR, (void *)on_interrupt, m, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(uc, &h, UC_HOOK_INSN_INVALID, (void *)on_invalid_instruction, m, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(uc, &h, UC_HOOK_MEM_INVALID, (void *)on_invalid_access, m, 1, 0) != UC_ERR_OK)
		return -EIO;
	return 0;
}

int machine_engine(struct machine *m, enum machine_cpu cpu)
{
	const struct processor *p = processors[cpu];
	struct engine *e = &m->engines[cpu];
	int r;

	if (e->fresh != NULL)
		return 0;
	if (e->uc != NULL) /* it failed before */
		return -EIO;
	if (uc_open(p->arch, p->mode, &e->uc) != UC_ERR_OK) {
		e->uc = NULL;
		return -EIO;
	}
	if (p->model >= 0 && uc_ctl_set_cpu_model(e->uc, p->model) != UC_ERR_OK)
		return -EIO;
	/* before the hooks: it may run code to get where a process begins */
	if ((p->prepare != NULL && (r = p->prepare(m, e)) < 0) || (r = help(e, p)) < 0 || (r = machine_whole_open(m, e)) < 0 ||
	    (r = hooks_add(m, e->uc)) < 0)
		return r;
	if (uc_context_alloc(e->uc, &e->fresh) != UC_ERR_OK)
		return -ENOMEM;
	uc_context_save(e->uc, e->fresh);
	return 0;
}

void machine_engines_close(struct machine *m)
{
	for (unsigned i = 0; i < CPU_COUNT; i++) {
		struct engine *e = &m->engines[i];

		if (e->fresh != NULL)
			uc_context_free(e->fresh);
		if (e->uc != NULL)
			uc_close(e->uc);
		if (e->page != NULL)
			munmap(e->page, GUEST_PAGE);
		if (e->help != NULL)
			munmap(e->help, GUEST_PAGE);
	}
}

int machine_prepare(struct machine *m)
{
	int r = 0;

	for (unsigned cpu = 0; cpu < CPU_COUNT && r == 0; cpu++)
		r = machine_engine(m, (enum machine_cpu)cpu);
	return r;
}

int machine_select(struct machine *m, enum machine_cpu cpu)
{
	int r = machine_engine(m, cpu);

	if (r < 0)
		return r;
	m->now = &m->engines[cpu];
	m->now->used = true;
	m->uc = m->now->uc;
	m->cpu = processors[cpu];
	m->bit = (uint8_t)(1u << cpu);
	return 0;
}

static void on_access(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value, void *arg)
{
}

/* Where any hook of memory is, Unicorn keeps the program counter up to date before each access; this one never fits. */
int machine_precise(struct machine *m)
{
	uc_hook h;

	return uc_hook_add(m->uc, &h, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)on_access, m, UINT64_MAX, UINT64_MAX) ==
	    UC_ERR_OK ? 0 : -EIO;
}

enum machine_cpu machine_cpu(const struct machine *m)
{
	return (enum machine_cpu)(m->now - m->engines);
}

bool machine_is_wide(enum machine_cpu cpu)
{
	return processors[cpu]->wide;
}

bool machine_is_big_endian(enum machine_cpu cpu)
{
	return processors[cpu]->big_endian;
}
