/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames of x86-64 that a signal's handler runs on: put on the stack, taken from it. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* As the kernel lays it out (struct rt_sigframe of x86-64), with the part of the FXSAVE area that we keep. */
struct frame {
	uint64_t return_to;
	uint64_t flags, link;
	uint64_t stack_at;
	int32_t stack_flags, pad;
	uint64_t stack_size;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t err, trap, old_mask, cr2, float_at, reserved[8];
	uint64_t mask;
	uint8_t info[128];
	uint8_t floats[24];
	uint32_t mxcsr, mxcsr_mask;
	uint8_t x87[128];
	uint8_t xmm[16][16];
	uint8_t rest[96];
};

static const uint8_t order[] = {
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15, GPR_RDI, GPR_RSI, GPR_RBP, GPR_RBX,
	GPR_RDX, GPR_RAX, GPR_RCX, GPR_RSP, GPR_RIP, GPR_RFLAGS,
};

/* The processor's number for what a faulting signal stands for. */
static uint64_t trap_of(int number)
{
	return number == SIGSEGV ? 14 : number == SIGFPE ? 0 : number == SIGILL ? 6 : number == SIGTRAP ? 3 : 0;
}

bool frame_push(struct kernel *k, struct process *p, const struct signal_info *info, const struct action *act)
{
	struct float_registers floats;
	struct registers regs;
	struct frame f = { 0 };
	uint64_t sp, at;
	bool on_alt;

	machine_get_all(k->machine, &regs);
	machine_get_floats(k->machine, &floats);
	on_alt = p->alt_size != 0 && regs.r[GPR_RSP] > p->alt_stack && regs.r[GPR_RSP] - p->alt_stack <= p->alt_size;
	sp = regs.r[GPR_RSP] - 128;
	space_note_stack(p->space, regs.r[GPR_RSP]);
	if ((act->flags & SA_ONSTACK) != 0 && p->alt_size != 0 && !on_alt)
		sp = p->alt_stack + p->alt_size;
	/* the return address stands where a call would have left it; the float area wants 16 bytes */
	at = ((sp - sizeof(f)) & ~15ull) - 8;
	f.return_to = act->restorer;
	f.stack_at = p->alt_stack;
	f.stack_size = p->alt_size;
	f.stack_flags = p->alt_size == 0 ? 2 : on_alt;
	for (unsigned i = 0; i < sizeof(order); i++)
		memcpy((uint8_t *)&f + offsetof(struct frame, r8) + 8ull * i, &regs.r[order[i]], 8);
	f.flags = 6; /* UC_SIGCONTEXT_SS, UC_STRICT_RESTORE_SS */
	f.cs = 0x33;
	f.ss = 0x2b;
	f.mask = p->restore_mask ? p->saved_mask : p->mask;
	f.float_at = at + offsetof(struct frame, floats);
	f.mxcsr = floats.mxcsr;
	memcpy(f.xmm, floats.xmm, sizeof(f.xmm));
	f.cr2 = info->address;
	f.trap = trap_of(info->number);
	f.old_mask = f.mask;
	signal_info_encode(info, f.info);
	if (space_put(p->space, at, &f, sizeof(f)) < 0)
		return false;
	regs.r[GPR_RSP] = at;
	regs.r[GPR_RIP] = act->handler;
	regs.r[GPR_RDI] = (uint64_t)info->number;
	regs.r[GPR_RSI] = at + offsetof(struct frame, info);
	regs.r[GPR_RDX] = at + offsetof(struct frame, flags);
	regs.r[GPR_RAX] = 0;
	regs.r[GPR_RFLAGS] &= ~0x500ull;
	machine_set_all(k->machine, &regs);
	return true;
}

int64_t sys_rt_sigreturn(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	uint64_t at = machine_get(k->machine, GPR_RSP) - 8;
	struct float_registers floats = { 0 };
	struct registers regs;
	struct frame f;

	if (space_get(p->space, at, &f, sizeof(f)) < 0) {
		process_end_group(k, p, SIGSEGV);
		return 0;
	}
	machine_get_all(k->machine, &regs);
	for (unsigned i = 0; i < sizeof(order); i++)
		memcpy(&regs.r[order[i]], (uint8_t *)&f + offsetof(struct frame, r8) + 8ull * i, 8);
	regs.r[GPR_RFLAGS] = (regs.r[GPR_RFLAGS] & 0xcd5) | 0x202;
	machine_set_all(k->machine, &regs);
	memcpy(floats.xmm, f.xmm, sizeof(floats.xmm));
	floats.mxcsr = f.mxcsr;
	machine_set_floats(k->machine, &floats);
	p->mask = f.mask & ~(1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1));
	if ((f.stack_flags & 2) == 0) {
		p->alt_stack = f.stack_at;
		p->alt_size = f.stack_size;
	}
	p->restarted = true;
	k->leave = true;
	return 0;
}
