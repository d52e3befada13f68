/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers of the running process, and the contexts of those that wait. */
#include "emu/machine/inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const int numbers[GPR_COUNT] = {
	UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RSI, UC_X86_REG_RDI,
	UC_X86_REG_RBP, UC_X86_REG_RSP, UC_X86_REG_R8, UC_X86_REG_R9, UC_X86_REG_R10, UC_X86_REG_R11,
	UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15, UC_X86_REG_RIP, UC_X86_REG_RFLAGS,
	UC_X86_REG_FS_BASE, UC_X86_REG_GS_BASE,
};

struct machine_context {
	uc_context *uc;
};

uint64_t machine_get(struct machine *m, enum machine_register which)
{
	uint64_t v = 0;

	uc_reg_read(m->uc, numbers[which], &v);
	return v;
}

void machine_set(struct machine *m, enum machine_register which, uint64_t v)
{
	uc_reg_write(m->uc, numbers[which], &v);
}

void machine_call(struct machine *m, uint64_t ret[7])
{
	int regs[7] = { UC_X86_REG_RAX, UC_X86_REG_RDI, UC_X86_REG_RSI, UC_X86_REG_RDX,
		UC_X86_REG_R10, UC_X86_REG_R8, UC_X86_REG_R9 };
	void *at[7];

	for (unsigned i = 0; i < 7; i++)
		at[i] = &ret[i];
	uc_reg_read_batch(m->uc, regs, at, 7);
}

void machine_get_all(struct machine *m, struct registers *ret)
{
	for (unsigned i = 0; i < GPR_COUNT; i++)
		ret->r[i] = machine_get(m, i);
}

void machine_set_all(struct machine *m, const struct registers *v)
{
	for (unsigned i = 0; i < GPR_COUNT; i++)
		machine_set(m, i, v->r[i]);
}

void machine_get_floats(struct machine *m, struct float_registers *ret)
{
	uint64_t mxcsr = 0;

	for (int i = 0; i < 16; i++)
		uc_reg_read(m->uc, UC_X86_REG_XMM0 + i, ret->xmm[i]);
	uc_reg_read(m->uc, UC_X86_REG_MXCSR, &mxcsr);
	ret->mxcsr = (uint32_t)mxcsr;
}

void machine_set_floats(struct machine *m, const struct float_registers *v)
{
	uint64_t mxcsr = v->mxcsr & 0xffff;

	for (int i = 0; i < 16; i++)
		uc_reg_write(m->uc, UC_X86_REG_XMM0 + i, v->xmm[i]);
	uc_reg_write(m->uc, UC_X86_REG_MXCSR, &mxcsr);
}

void machine_control(struct machine *m, uint64_t ret[4])
{
	uc_x86_msr efer = { .rid = 0xc0000080 };

	ret[0] = ret[1] = ret[2] = 0;
	uc_reg_read(m->uc, UC_X86_REG_CR0, &ret[0]);
	uc_reg_read(m->uc, UC_X86_REG_CR3, &ret[1]);
	uc_reg_read(m->uc, UC_X86_REG_CR4, &ret[2]);
	uc_reg_read(m->uc, UC_X86_REG_MSR, &efer);
	ret[3] = efer.value;
}

int machine_context_new(struct machine *m, struct machine_context **ret)
{
	struct machine_context *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -ENOMEM;
	if (uc_context_alloc(m->uc, &c->uc) != UC_ERR_OK) {
		free(c);
		return -ENOMEM;
	}
	memcpy(c->uc, m->fresh, uc_context_size(m->uc));
	*ret = c;
	return 0;
}

void machine_context_free(struct machine_context *c)
{
	if (c == NULL)
		return;
	uc_context_free(c->uc);
	free(c);
}

void machine_context_save(struct machine *m, struct machine_context *c)
{
	uc_context_save(m->uc, c->uc);
}

void machine_context_load(struct machine *m, const struct machine_context *c)
{
	uc_context_restore(m->uc, c->uc);
}

void machine_context_copy(struct machine *m, struct machine_context *to, const struct machine_context *from)
{
	memcpy(to->uc, from->uc, uc_context_size(m->uc));
}
