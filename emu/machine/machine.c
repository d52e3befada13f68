/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine as a whole: made, run, and why a run stopped. */
#include "emu/machine/guard.h"
#include "emu/machine/processor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int machine_new(const struct machine_hooks *hooks, struct machine **ret)
{
	struct machine *m = calloc(1, sizeof(*m));
	int r = -ENOMEM;

	if (m == NULL)
		goto out;
	machine_stores_open();
	m->hooks = *hooks;
	if ((r = machine_window_open(m)) < 0 || (r = machine_select(m, CPU_X86_64)) < 0)
		goto out;
	*ret = m;
	m = NULL;
out:
	machine_free(m);
	return r;
}

void machine_free(struct machine *m)
{
	if (m == NULL)
		return;
	machine_engines_close(m);
	machine_window_close(m);
	free(m);
}

static enum machine_stop stop_of(uc_err e)
{
	switch (e) {
	case UC_ERR_OK:
		return MACHINE_PRIVILEGE; /* what hlt, or an unlooked-for end, counts as */
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

/* Only code of the guest's own does that; to look costs what ten system calls cost. */
static void look_at_control(struct machine *m)
{
	uint64_t control[4];

	if (m->code_pages_count == 0 || m->cpu->arch != UC_ARCH_X86 || m->now->spoilt)
		return;
	x86_control(m->uc, control);
	m->now->spoilt = memcmp(control, m->now->control, sizeof(control)) != 0;
}

bool machine_spoilt(const struct machine *m)
{
	for (unsigned i = 0; i < CPU_COUNT; i++)
		if (m->engines[i].spoilt)
			return true;
	return false;
}

enum machine_stop machine_run(struct machine *m, uint64_t blocks)
{
	int pc = m->cpu->numbers[m->cpu->roles[ROLE_PC]];
	uint64_t begin = 0;
	bool aborted;
	uc_err e;

	machine_stores_of(m);
	m->stop_at = m->blocks + blocks;
	do {
		m->stopping = m->jumping = m->sharing = false;
		uc_reg_read(m->uc, pc, &begin);
		if (m->cpu->begin != NULL)
			begin = m->cpu->begin(m, begin);
		/* of the block that a run begins with no hook tells that it is translated */
		m->untold |= begin < WINDOW_END && m->states[begin / GUEST_PAGE] == PAGE_CODE;
		e = guard_start(m->uc, begin, UINT64_MAX, &aborted);
		if (aborted)
			return MACHINE_ABORTED;
		if (m->jumping)
			uc_reg_write(m->uc, pc, &m->jump);
	} while ((m->jumping || m->sharing) && !m->stopping);
	if (m->stopping)
		m->stop_at = m->stop_was;
	machine_stores_of(NULL); /* other engines of this process have pages of their own */
	look_at_control(m);
	if (m->stopping && m->stop == MACHINE_QUANTUM) {
		if (m->cpu->begin != NULL)
			m->pc = m->cpu->begin(m, m->pc);
		uc_reg_write(m->uc, pc, &m->pc);
	}
	return m->stopping ? m->stop : stop_of(e);
}

void machine_leave(struct machine *m)
{
	machine_stop(m, MACHINE_LEFT);
}

void machine_jump(struct machine *m, uint64_t pc)
{
	m->jumping = true;
	m->jump = pc;
	uc_emu_stop(m->uc);
}

uint64_t machine_blocks(const struct machine *m)
{
	return m->blocks;
}

uint64_t machine_left(const struct machine *m)
{
	uint64_t end = m->stopping ? m->stop_was : m->stop_at;

	return end > m->blocks ? end - m->blocks : 0;
}

void machine_skip(struct machine *m, uint64_t blocks)
{
	m->blocks += blocks;
}

uint64_t machine_translations(const struct machine *m)
{
	return m->translations;
}

uint64_t machine_mappings(const struct machine *m)
{
	return m->mapped;
}

uint64_t machine_fault_address(const struct machine *m)
{
	return m->fault_address;
}
