/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signal frames of the other processors: where each has its registers on the stack, written and read by one table. What a
 * frame does not hold here, floating-point registers above all, is kept beside it by its address until the handler
 * returns. Sources: arch/ARCH/kernel/signal*.c and asm/sigcontext.h, ucontext.h of each.
 */
#include "emu/kernel/abi/abi.h"
#include "emu/machine/registers.h"

#include <asm/signal.h>
#include <string.h>

enum { NOWHERE = 0xffff, FRAME_MAX = 4688, KEPT_MAX = 8 };

/* One form of a frame: offsets from its start. */
struct shape {
	uint16_t size, context, mask_low, mask_high;
	uint16_t info, ucontext; /* of the long form */
	uint16_t stack;          /* stack_t in it */
	int16_t sp;              /* from the frame to the handler's stack pointer */
	int16_t returned;        /* from the stack pointer at the return to the frame */
};
struct frame_form {
	struct shape plain, rt;
	unsigned len;               /* of a register in the frame */
	unsigned count;
	const uint16_t *registers;  /* offset of each in the context */
	uint16_t alignment, red_zone;
};

static const uint16_t x86_registers[GPR_COUNT] = {
	[GPR_RAX] = 44, [GPR_RBX] = 32, [GPR_RCX] = 40, [GPR_RDX] = 36, [GPR_RSI] = 20, [GPR_RDI] = 16, [GPR_RBP] = 24,
	[GPR_RSP] = 28, [GPR_R8] = NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE, [GPR_RIP] = 56,
	[GPR_RFLAGS] = 64, [GPR_FS_BASE] = NOWHERE, [GPR_GS_BASE] = NOWHERE,
};
static const uint16_t arm_registers[ARM_COUNT] = {
	12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, [ARM_THREAD] = NOWHERE,
};
static const uint16_t a64_registers[A64_COUNT] = {
	8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 128, 136, 144, 152, 160, 168, 176, 184, 192, 200, 208, 216,
	224, 232, 240, 248, [A64_SP] = 256, [A64_PC] = 264, [A64_PSTATE] = 272, [A64_THREAD] = NOWHERE,
};
static const uint16_t mips_registers[MIPS_COUNT] = {
	16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 128, 136, 144, 152, 160, 168, 176, 184, 192, 200, 208, 216,
	224, 232, 240, 248, 256, 264, [MIPS_PC] = 8, [MIPS_LO] = 560, [MIPS_HI] = 552, [MIPS_THREAD] = NOWHERE,
};
static const uint16_t powerpc_registers[PPC_COUNT] = {
	0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84, 88, 92, 96, 100, 104, 108, 112, 116,
	120, 124, [PPC_PC] = 128, [PPC_LR] = 144, [PPC_CTR] = 140, [PPC_XER] = 148, [PPC_CR] = 152,
};

static const struct frame_form forms[CPU_COUNT] = {
	[CPU_X86] = {
		.plain = { .size = 732, .context = 8, .mask_low = 88, .mask_high = 720, .returned = -8 },
		.rt = { .size = 268, .context = 164, .mask_low = 252, .mask_high = 256, .info = 16, .ucontext = 144,
			.stack = 152, .returned = -4 },
		.len = 4, .count = GPR_COUNT, .registers = x86_registers, .alignment = 16,
	},
	[CPU_AARCH64] = {
		.rt = { .size = 4688, .context = 304, .mask_low = 168, .mask_high = 172, .info = 0, .ucontext = 128, .stack = 144 },
		.len = 8, .count = A64_COUNT, .registers = a64_registers, .alignment = 16,
	},
	[CPU_ARM] = {
		.plain = { .size = 760, .context = 20, .mask_low = 104, .mask_high = 108 },
		.rt = { .size = 888, .context = 148, .mask_low = 232, .mask_high = 236, .info = 0, .ucontext = 128, .stack = 136 },
		.len = 4, .count = ARM_COUNT, .registers = arm_registers, .alignment = 8,
	},
	[CPU_MIPS] = {
		.plain = { .size = 632, .context = 24, .mask_low = 616, .mask_high = 620 },
		.rt = { .size = 784, .context = 176, .mask_low = 768, .mask_high = 772, .info = 24, .ucontext = 152, .stack = 160 },
		.len = 8, .count = MIPS_COUNT, .registers = mips_registers, .alignment = 16,
	},
	[CPU_POWERPC] = {
		.plain = { .size = 1280, .context = 32, .mask_low = 24, .mask_high = 12, .sp = -64, .returned = 64 },
		.rt = { .size = 1568, .context = 320, .mask_low = 180, .mask_high = 184, .info = 0, .ucontext = 128, .stack = 136,
			.sp = -80, .returned = 80 },
		.len = 4, .count = PPC_COUNT, .registers = powerpc_registers, .alignment = 16,
	},
};

static const struct frame_form *form_of(enum machine_cpu cpu)
{
	return &forms[cpu == CPU_MIPSEL ? CPU_MIPS : cpu];
}

void abi_frames_drop(struct process *p)
{
	for (unsigned i = 0; i < p->kept_count; i++)
		machine_context_free(p->kept[i].context);
	p->kept_count = 0;
}

/* The newest few: who leaves a handler by a jump never comes back for them. */
static int keep(struct kernel *k, struct process *p, uint64_t at)
{
	struct machine_context *c = NULL;
	int r = machine_context_new(k->machine, &c);

	if (r < 0)
		return r;
	if (p->kept_count == KEPT_MAX) {
		machine_context_free(p->kept[0].context);
		memmove(&p->kept[0], &p->kept[1], (KEPT_MAX - 1) * sizeof(p->kept[0]));
		p->kept_count--;
	}
	machine_context_save(k->machine, c);
	p->kept[p->kept_count].at = at;
	p->kept[p->kept_count++].context = c;
	return 0;
}

static void take_back(struct kernel *k, struct process *p, uint64_t at)
{
	for (unsigned i = p->kept_count; i-- > 0;) {
		if (p->kept[i].at != at)
			continue;
		machine_context_load(k->machine, p->kept[i].context);
		for (unsigned n = i; n < p->kept_count; n++)
			machine_context_free(p->kept[n].context);
		p->kept_count = i;
		return;
	}
}

/* What the handler gets, besides what all have: by the processor's calling convention. */
static void turn_to(struct kernel *k, const struct action *act, uint64_t frame, const struct shape *s, bool rt, uint64_t number,
    uint64_t back)
{
	uint64_t info = rt ? frame + s->info : 0, context = rt ? frame + s->ucontext : frame + s->context;
	enum machine_cpu cpu = machine_cpu(k->machine);

	machine_set_role(k->machine, ROLE_SP, frame + (uint64_t)(int64_t)s->sp);
	machine_set_role(k->machine, ROLE_PC, act->handler);
	switch (cpu) {
	case CPU_X86:
		machine_set(k->machine, GPR_RAX, number);
		machine_set(k->machine, GPR_RDX, info);
		machine_set(k->machine, GPR_RCX, rt ? context : 0);
		machine_set(k->machine, GPR_RFLAGS, machine_get(k->machine, GPR_RFLAGS) & ~0x500ull);
		break;
	case CPU_AARCH64:
	case CPU_ARM:
		machine_set(k->machine, 0, number);
		machine_set(k->machine, 1, info);
		machine_set(k->machine, 2, context);
		machine_set(k->machine, cpu == CPU_ARM ? ARM_LR : A64_X30, back);
		break;
	case CPU_MIPS:
	case CPU_MIPSEL:
		machine_set(k->machine, MIPS_A0, number);
		machine_set(k->machine, MIPS_A0 + 1, info);
		machine_set(k->machine, MIPS_A0 + 2, context);
		machine_set(k->machine, MIPS_T9, act->handler);
		machine_set(k->machine, MIPS_RA, back);
		break;
	case CPU_POWERPC:
		machine_set(k->machine, PPC_R3, number);
		machine_set(k->machine, PPC_R3 + 1, rt ? info : frame);
		machine_set(k->machine, PPC_R3 + 2, context);
		machine_set(k->machine, PPC_LR, back);
		break;
	default:
		break;
	}
}

/* The words that are no registers: addresses of parts, the way back, the signal. */
static void fill_in(const struct abi *abi, enum machine_cpu cpu, const struct shape *s, bool rt, uint64_t at, uint64_t number,
    uint64_t back, uint8_t *f)
{
	if (cpu == CPU_X86) {
		abi_store(abi, f, 4, back);
		abi_store(abi, f + 4, 4, number);
		if (rt) {
			abi_store(abi, f + 8, 4, at + s->info);
			abi_store(abi, f + 12, 4, at + s->ucontext);
		}
	}
	if (cpu == CPU_POWERPC) {
		abi_store(abi, f + (rt ? s->ucontext + 48 : 28), 4, at + s->context);
		if (!rt)
			abi_store(abi, f + 16, 4, number);
	}
}

bool abi_frame_push(struct kernel *k, struct process *p, const struct signal_info *info, const struct action *act)
{
	enum { HAS_RESTORER = 0x04000000 };
	enum machine_cpu cpu = machine_cpu(k->machine);
	const struct frame_form *form = form_of(cpu);
	bool rt = (act->flags & SA_SIGINFO) != 0 || form->plain.size == 0;
	const struct shape *s = rt ? &form->rt : &form->plain;
	uint64_t number = abi_value_out(p->abi->signals, (uint64_t)info->number), mask = p->restore_mask ? p->saved_mask : p->mask;
	uint64_t sp = machine_role(k->machine, ROLE_SP), at, back = machine_return_address(k->machine, rt);
	uint8_t f[FRAME_MAX] = { 0 }, set[16], native[128] = { 0 };
	struct registers regs;

	p->restore_mask = false;
	if ((act->flags & HAS_RESTORER) != 0 && act->restorer != 0 && !p->abi->mips)
		back = act->restorer;
	space_note_stack(p->space, sp);
	if ((act->flags & SA_ONSTACK) != 0 && p->alt_size != 0 && (sp < p->alt_stack || sp >= p->alt_stack + p->alt_size))
		sp = p->alt_stack + p->alt_size;
	at = (sp - s->size) & ~(uint64_t)(form->alignment - 1);
	if (cpu == CPU_X86) /* as a call leaves it */
		at -= 4;
	machine_get_all(k->machine, &regs);
	if (cpu == CPU_ARM)
		regs.r[ARM_PC] &= ~1ull;
	for (unsigned i = 0; i < form->count; i++)
		if (form->registers[i] != NOWHERE)
			abi_store(p->abi, f + s->context + form->registers[i], form->len, regs.r[i]);
	sigset_out(p->abi, mask, set);
	memcpy(f + s->mask_low, set, 4);
	memcpy(f + s->mask_high, set + 4, 4);
	fill_in(p->abi, cpu, s, rt, at, number, back, f);
	signal_info_encode(info, native);
	if (rt)
		abi_info(p->abi, native, f + s->info);
	if (space_put(p->space, at, f, s->size) < 0 || keep(k, p, at) < 0)
		return false;
	/* a chain of frames goes through its lowest word */
	if (cpu == CPU_POWERPC && abi_put_u32(k, p->abi, at + (uint64_t)(int64_t)s->sp, (uint32_t)regs.r[PPC_SP]) < 0)
		return false;
	turn_to(k, act, at, s, rt, number, back);
	return true;
}

/* Everything that a guest may set: not what says in which mode the processor is. */
static uint64_t allowed(enum machine_cpu cpu, unsigned which, uint64_t v, uint64_t now)
{
	if (cpu == CPU_X86 && which == GPR_RFLAGS)
		return (v & 0xcd5) | 0x202;
	if (cpu == CPU_ARM && which == ARM_CPSR)
		return (v & 0xf80f0020) | (now & ~0xf80f0020ull);
	if (cpu == CPU_AARCH64 && which == A64_PSTATE)
		return (v & 0xf0000000) | (now & ~0xf0000000ull);
	return v;
}

static int64_t pull_frame(struct kernel *k, bool rt)
{
	struct process *p = k->current;
	enum machine_cpu cpu = machine_cpu(k->machine);
	const struct frame_form *form = form_of(cpu);
	const struct shape *s = rt || form->plain.size == 0 ? &form->rt : &form->plain;
	uint64_t at = machine_role(k->machine, ROLE_SP) + (uint64_t)(int64_t)s->returned;
	uint8_t f[FRAME_MAX], set[16] = { 0 };
	struct registers regs;

	p->restarted = true;
	k->leave = true;
	if (p->abi == NULL || form->registers == NULL || space_get(p->space, at, f, s->size) < 0) {
		process_end_group(k, p, SIGSEGV);
		return 0;
	}
	take_back(k, p, at);
	machine_get_all(k->machine, &regs);
	for (unsigned i = 0; i < form->count; i++)
		if (form->registers[i] != NOWHERE)
			regs.r[i] = allowed(cpu, i, abi_load(p->abi, f + s->context + form->registers[i], form->len), regs.r[i]);
	if (cpu == CPU_ARM && (regs.r[ARM_CPSR] & 0x20) != 0)
		regs.r[ARM_PC] |= 1;
	machine_set_all(k->machine, &regs);
	memcpy(set, f + s->mask_low, 4);
	memcpy(set + 4, f + s->mask_high, 4);
	p->mask = sigset_in(p->abi, set) & ~(1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1));
	return 0;
}

int64_t own_sigreturn(struct kernel *k, const uint64_t *a)
{
	return pull_frame(k, false);
}

int64_t own_rt_sigreturn(struct kernel *k, const uint64_t *a)
{
	return pull_frame(k, true);
}
