/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where programs and libraries stand in the guest's window: one place each, the same in every process and every run,
 * so that what was translated once serves all. Given out in the order of paths, so that two machines agree.
 */
#include "emu/world/furnish.h"

#include "emu/machine/machine.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

/* Bytes of address space that a shared object needs; 0 if it is none. */
static uint64_t span(const struct node *n)
{
	const Elf64_Ehdr *e = (const void *)n->data;
	uint64_t end = 0;

	if (n->size < sizeof(*e) || memcmp(e->e_ident, ELFMAG, SELFMAG) != 0 ||
	    e->e_ident[EI_CLASS] != ELFCLASS64 || e->e_machine != EM_X86_64 || e->e_type != ET_DYN ||
	    e->e_phentsize != sizeof(Elf64_Phdr) || e->e_phoff % 8 != 0 || e->e_phoff > n->size ||
	    e->e_phnum > (n->size - e->e_phoff) / sizeof(Elf64_Phdr))
		return 0;
	for (unsigned i = 0; i < e->e_phnum; i++) {
		const Elf64_Phdr *p = (const void *)(n->data + e->e_phoff + i * sizeof(*p));

		if (p->p_type == PT_LOAD && p->p_vaddr + p->p_memsz > end && p->p_vaddr < WINDOW_END &&
		    p->p_memsz < WINDOW_END)
			end = p->p_vaddr + p->p_memsz;
	}
	return end;
}

/* Depth first; the tree was furnished from real folders, which hold no cycles. */
static void give(struct node *dir, uint64_t *next)
{
	enum { GAP = 0x10000 };
	struct node *stack[64];
	unsigned at[64], depth = 0;

	stack[0] = dir;
	at[0] = 0;
	for (;;) {
		struct node *n;

		if (at[depth] == stack[depth]->count) {
			if (depth == 0)
				return;
			depth--;
			continue;
		}
		n = stack[depth]->entries[at[depth]++].node;
		if (n->kind == NODE_DIR && depth + 1 < COUNT_OF(stack)) {
			stack[++depth] = n;
			at[depth] = 0;
		} else if (n->kind == NODE_FILE && n->mapped && n->place == 0) {
			uint64_t len = (span(n) + 2 * GAP - 1) / GAP * GAP;

			/* one that finds no room is loaded like any other file: slower, not wrong */
			if (span(n) == 0 || len > WINDOW_MMAP - *next)
				continue;
			n->place = *next;
			*next += len;
		}
	}
}

void furnish_places(struct tree *t)
{
	uint64_t next = WINDOW_IMAGES;

	give(tree_root(t), &next);
}
