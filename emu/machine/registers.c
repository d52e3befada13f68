/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers of the running process, and the contexts of those that wait. */
#include "emu/machine/processor.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct machine_context {
	enum machine_cpu cpu;
	uc_context *uc;
	uint64_t descriptors[DESCRIPTORS]; /* of x86 */
};

uint64_t machine_get(struct machine *m, unsigned which)
{
	uint64_t v = 0;

	assert(which < m->cpu->count);
	if (m->cpu->get != NULL && m->cpu->get(m, which, &v))
		return v;
	uc_reg_read(m->uc, m->cpu->numbers[which], &v);
	return v;
}

void machine_set(struct machine *m, unsigned which, uint64_t v)
{
	assert(which < m->cpu->count);
	if (m->cpu->set == NULL || !m->cpu->set(m, which, v))
		uc_reg_write(m->uc, m->cpu->numbers[which], &v);
}

uint64_t machine_role(struct machine *m, enum machine_role role)
{
	return machine_get(m, m->cpu->roles[role]);
}

void machine_set_role(struct machine *m, enum machine_role role, uint64_t v)
{
	machine_set(m, m->cpu->roles[role], v);
}

unsigned machine_role_register(const struct machine *m, enum machine_role role)
{
	return m->cpu->roles[role];
}

unsigned machine_general(const struct machine *m)
{
	return m->cpu->general;
}

void machine_call(struct machine *m, uint64_t ret[7])
{
	int regs[7];
	void *at[7];

	for (unsigned i = 0; i < 7; i++) {
		regs[i] = m->cpu->numbers[m->cpu->call[i]];
		at[i] = &ret[i];
		ret[i] = 0; /* a register may be shorter than what it is read into */
	}
	uc_reg_read_batch(m->uc, regs, at, 7);
}

void machine_get_all(struct machine *m, struct registers *ret)
{
	for (unsigned i = 0; i < m->cpu->count; i++)
		ret->r[i] = machine_get(m, i);
}

void machine_set_all(struct machine *m, const struct registers *v)
{
	for (unsigned i = 0; i < m->cpu->count; i++)
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

int machine_context_new_on(struct machine *m, enum machine_cpu cpu, struct machine_context **ret)
{
	struct machine_context *c;
	const struct engine *e = &m->engines[cpu];
	int r = machine_engine(m, cpu);

	if (r < 0)
		return r;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return -ENOMEM;
	c->cpu = cpu;
	if (uc_context_alloc(e->uc, &c->uc) != UC_ERR_OK) {
		free(c);
		return -ENOMEM;
	}
	memcpy(c->uc, e->fresh, uc_context_size(e->uc));
	if (cpu == CPU_X86)
		x86_descriptors_save(e, c->descriptors);
	*ret = c;
	return 0;
}

int machine_context_new(struct machine *m, struct machine_context **ret)
{
	return machine_context_new_on(m, machine_cpu(m), ret);
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
	assert(c->cpu == machine_cpu(m));
	uc_context_save(m->uc, c->uc);
	if (c->cpu == CPU_X86)
		x86_descriptors_save(m->now, c->descriptors);
}

void machine_context_load(struct machine *m, const struct machine_context *c)
{
	int r = machine_select(m, c->cpu);

	assert(r == 0); /* the context was made with it */
	(void)r;
	uc_context_restore(m->uc, c->uc);
	if (c->cpu == CPU_X86)
		x86_descriptors_load(m->now, c->descriptors);
}

void machine_context_copy(struct machine *m, struct machine_context *to, const struct machine_context *from)
{
	assert(to->cpu == from->cpu);
	memcpy(to->uc, from->uc, uc_context_size(m->engines[to->cpu].uc));
	memcpy(to->descriptors, from->descriptors, sizeof(to->descriptors));
}
