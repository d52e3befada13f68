/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first process made of machine code alone, as an exploited program would go on with it. */
#include "emu/kernel/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_STACK = 1 << 20, ABOVE = 4096 };

static int fill(struct kernel *k, struct process *p, const struct raw *raw)
{
	/* a page behind the code: decoders and code that builds itself write there */
	struct range code = {
		.start = RAW_CODE, .kind = RANGE_MEMORY, .protection = RANGE_READ | RANGE_WRITE | RANGE_EXECUTE, .name = "[code]",
		.end = RAW_CODE + ((raw->code.left + 2 * GUEST_PAGE) & ~(uint64_t)(GUEST_PAGE - 1)),
	};
	struct range stack = {
		.start = RAW_STACK_END - RAW_STACK, .end = RAW_STACK_END, .kind = RANGE_STACK,
		.protection = RANGE_READ | RANGE_WRITE | RANGE_EXECUTE, .name = "[stack]",
	};
	int r;

	p->space->brk_start = p->space->brk = WINDOW_HEAP;
	if ((r = space_add(p->space, &code)) < 0 || (r = space_add(p->space, &stack)) < 0)
		return r;
	return space_put(p->space, RAW_CODE, raw->code.at, raw->code.left);
}

/* What it ran before is not known: the profile's shell stands for it. */
static int describe(struct kernel *k, struct process *p)
{
	struct walk w;
	int r = tree_walk(k->world->tree, p->place->cwd, k->world->profile.shell, &p->who, true, &w);

	p->program_node = r == 0 ? w.node : NULL;
	snprintf(p->name, sizeof(p->name), "sh");
	return (p->program = strdup(k->world->profile.shell)) != NULL ? 0 : -ENOMEM;
}

int kernel_start_raw(struct kernel *k, const struct raw *raw)
{
	struct machine_context *fresh = NULL;
	struct process *p;
	int r;

	if (raw->code.left > RAW_CODE_MAX)
		return -E2BIG;
	if (raw->entry >= raw->code.left)
		return -EINVAL;
	if ((r = kernel_first_process(k)) < 0)
		return r;
	p = k->current = k->first;
	if ((r = machine_context_new_on(k->machine, raw->cpu, &fresh)) < 0)
		return r;
	machine_context_free(p->context);
	p->context = fresh;
	p->abi = abi_of(raw->cpu, raw->personality);
	if ((r = space_new(&k->memory, &p->space)) < 0 || (r = fill(k, p, raw)) < 0 || (r = describe(k, p)) < 0)
		return r;
	machine_context_load(k->machine, p->context);
	k->loaded = p;
	for (unsigned i = 0; raw->registers != NULL && i < machine_general(k->machine); i++)
		machine_set(k->machine, i, raw->registers->r[i]);
	machine_set_role(k->machine, ROLE_PC, RAW_CODE + raw->entry);
	machine_set_role(k->machine, ROLE_SP, RAW_STACK_END - ABOVE);
	return 0;
}
