/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals: sent, blocked, delivered on real frames. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <asm/signal.h>
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

static uint64_t bit(int number)
{
	return 1ull << (number - 1);
}

static bool ignored(const struct process *p, int number)
{
	uint64_t handler = p->actions->of[number].handler;

	if (handler == 1)
		return number != SIGKILL && number != SIGSTOP;
	return handler == 0 && (number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH);
}

void signal_send(struct kernel *k, struct process *p, int number)
{
	if (p->state == PROCESS_ZOMBIE || number == 0 || p->actions == NULL)
		return;
	if (ignored(p, number) && (p->mask & bit(number)) == 0)
		return;
	p->pending |= bit(number);
	if (p == k->current)
		k->leave = true;
}

bool signal_waiting(const struct process *p)
{
	return (p->pending & (~p->mask | bit(SIGKILL) | bit(SIGSTOP))) != 0;
}

static const uint8_t order[] = {
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15, GPR_RDI, GPR_RSI, GPR_RBP, GPR_RBX,
	GPR_RDX, GPR_RAX, GPR_RCX, GPR_RSP, GPR_RIP, GPR_RFLAGS,
};

/* Puts a frame on the stack and turns to the handler. false: no stack to put it on. */
static bool push_frame(struct kernel *k, struct process *p, int number, const struct action *act)
{
	struct float_registers floats;
	struct registers regs;
	struct frame f = { 0 };
	uint64_t sp, at;

	machine_get_all(k->machine, &regs);
	machine_get_floats(k->machine, &floats);
	sp = regs.r[GPR_RSP] - 128;
	space_note_stack(p->space, regs.r[GPR_RSP]);
	if ((act->flags & SA_ONSTACK) != 0 && p->alt_size != 0 &&
	    (regs.r[GPR_RSP] < p->alt_stack || regs.r[GPR_RSP] >= p->alt_stack + p->alt_size))
		sp = p->alt_stack + p->alt_size;
	/* the return address stands where a call would have left it; the float area wants 16 bytes */
	at = ((sp - sizeof(f)) & ~15ull) - 8;
	f.return_to = act->restorer;
	f.stack_at = p->alt_stack;
	f.stack_size = p->alt_size;
	f.stack_flags = p->alt_size == 0 ? 2 : 0;
	for (unsigned i = 0; i < sizeof(order); i++)
		memcpy((uint8_t *)&f + offsetof(struct frame, r8) + 8ull * i, &regs.r[order[i]], 8);
	f.cs = 0x33;
	f.ss = 0x2b;
	f.mask = p->restore_mask ? p->saved_mask : p->mask;
	f.float_at = at + offsetof(struct frame, floats);
	f.mxcsr = floats.mxcsr;
	memcpy(f.xmm, floats.xmm, sizeof(f.xmm));
	memcpy(f.info, &number, sizeof(number));
	if (space_put(p->space, at, &f, sizeof(f)) < 0)
		return false;
	regs.r[GPR_RSP] = at;
	regs.r[GPR_RIP] = act->handler;
	regs.r[GPR_RDI] = (uint64_t)number;
	regs.r[GPR_RSI] = at + offsetof(struct frame, info);
	regs.r[GPR_RDX] = at + offsetof(struct frame, flags);
	regs.r[GPR_RAX] = 0;
	regs.r[GPR_RFLAGS] &= ~0x500ull;
	machine_set_all(k->machine, &regs);
	return true;
}

/* Linux repeats a call that a handler with SA_RESTART broke, unless it is one that never is. */
static void restart(struct kernel *k, struct process *p, const struct action *act)
{
	static const uint16_t never[] = { 7, 23, 35, 34, 130, 230, 270, 271, 128 };

	uint64_t number = p->abi_now != NULL ? p->call_native : p->call[0];

	if (p->call[0] == UINT64_MAX || !p->broken)
		return;
	for (size_t i = 0; i < COUNT_OF(never); i++)
		if (number == never[i])
			return;
	if (act != NULL && (act->flags & SA_RESTART) == 0)
		return;
	if (p->abi_now != NULL) {
		abi_rewind(k, p);
		return;
	}
	machine_set(k->machine, GPR_RAX, p->call[0]);
	machine_set(k->machine, GPR_RIP, machine_get(k->machine, GPR_RIP) - 2);
}

void signal_end(struct kernel *k, struct process *p, int status)
{
	for (struct process *q = k->processes; q != NULL; q = q->next)
		if (q != p && q->tgid == p->tgid)
			process_exit(k, q, status);
	process_exit(k, p, status);
}

bool signal_deliver(struct kernel *k, struct process *p)
{
	while (signal_waiting(p)) {
		uint64_t can = p->pending & (~p->mask | bit(SIGKILL) | bit(SIGSTOP));
		int number = __builtin_ctzll(can) + 1;
		struct action act = p->actions->of[number];

		p->pending &= ~bit(number);
		if (ignored(p, number))
			continue;
		if (act.handler == 0 || number == SIGKILL) {
			/* a process that would stop has nobody to let it go on */
			if (number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU)
				continue;
			signal_end(k, p, number);
			return false;
		}
		restart(k, p, &act);
		p->call[0] = UINT64_MAX;
		if ((act.flags & SA_RESETHAND) != 0)
			p->actions->of[number].handler = 0;
		if (p->abi != NULL ? !abi_push_frame(k, p, number, &act) : !push_frame(k, p, number, &act)) {
			signal_end(k, p, SIGSEGV);
			return false;
		}
		p->restore_mask = false;
		p->mask |= act.mask;
		if ((act.flags & SA_NODEFER) == 0)
			p->mask |= bit(number);
	}
	if (p->restore_mask) {
		p->mask = p->saved_mask;
		p->restore_mask = false;
	}
	return true;
}

void signal_fault(struct kernel *k, struct process *p, int number)
{
	/* one that cannot be handled now ends the process, as Linux forces it */
	if ((p->mask & bit(number)) != 0 || p->actions->of[number].handler <= 1) {
		signal_end(k, p, number);
		return;
	}
	p->pending |= bit(number);
}

int64_t sys_rt_sigreturn(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	uint64_t at = machine_get(k->machine, GPR_RSP) - 8;
	struct float_registers floats = { 0 };
	struct registers regs;
	struct frame f;

	if (space_get(p->space, at, &f, sizeof(f)) < 0) {
		signal_end(k, p, SIGSEGV);
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
	p->mask = f.mask & ~(bit(SIGKILL) | bit(SIGSTOP));
	p->restarted = true;
	k->leave = true;
	return 0;
}

int64_t sys_rt_sigaction(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	struct action old, act;

	if (a[0] < 1 || a[0] > SIGNALS)
		return -EINVAL;
	old = p->actions->of[a[0]];
	if (a[1] != 0) {
		if (a[0] == SIGKILL || a[0] == SIGSTOP)
			return -EINVAL;
		if (guest_get(k, a[1], &act, sizeof(act)) < 0)
			return -EFAULT;
		p->actions->of[a[0]] = act;
		if (ignored(p, (int)a[0]))
			p->pending &= ~bit((int)a[0]);
	}
	return a[2] != 0 ? guest_put(k, a[2], &old, sizeof(old)) : 0;
}

int64_t sys_rt_sigprocmask(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	uint64_t old = p->mask, set;

	if (a[1] != 0) {
		if (guest_get(k, a[1], &set, sizeof(set)) < 0)
			return -EFAULT;
		if (a[0] > 2)
			return -EINVAL;
		p->mask = a[0] == SIG_BLOCK ? old | set : a[0] == SIG_UNBLOCK ? old & ~set : set;
		p->mask &= ~(bit(SIGKILL) | bit(SIGSTOP));
	}
	return a[2] != 0 ? guest_put(k, a[2], &old, sizeof(old)) : 0;
}

int64_t sys_rt_sigpending(struct kernel *k, const uint64_t *a)
{
	uint64_t set = k->current->pending & k->current->mask;

	return guest_put(k, a[0], &set, sizeof(set));
}

int64_t sys_rt_sigsuspend(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	uint64_t set;

	if (!p->restore_mask) {
		if (guest_get(k, a[0], &set, sizeof(set)) < 0)
			return -EFAULT;
		p->saved_mask = p->mask;
		p->restore_mask = true;
		p->mask = set & ~(bit(SIGKILL) | bit(SIGSTOP));
	}
	if (signal_waiting(p))
		return -EINTR;
	p->wait.signal = true;
	return CALL_WAITS;
}

int64_t sys_pause(struct kernel *k, const uint64_t *a)
{
	if (signal_waiting(k->current))
		return -EINTR;
	k->current->wait.signal = true;
	return CALL_WAITS;
}

int64_t sys_rt_sigtimedwait(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	int64_t times[2];
	uint64_t set;
	int number;

	if (guest_get(k, a[0], &set, sizeof(set)) < 0)
		return -EFAULT;
	if ((p->pending & set) != 0) {
		number = __builtin_ctzll(p->pending & set) + 1;
		p->pending &= ~bit(number);
		return number;
	}
	if (a[2] != 0) {
		if (guest_get(k, a[2], times, sizeof(times)) < 0)
			return -EFAULT;
		if (wait_until(k, kernel_timespec_ns(times)))
			return -EAGAIN;
	}
	if (signal_waiting(p))
		return -EINTR;
	p->wait.signal = true;
	return CALL_WAITS;
}

static bool may_signal(const struct process *from, const struct process *to)
{
	return from->who.uid == 0 || from->who.uid == to->who.uid;
}

int64_t sys_kill(struct kernel *k, const uint64_t *a)
{
	struct process *me = k->current;
	int pid = (int)a[0], number = (int)a[1], found = 0;

	if (number < 0 || number > SIGNALS)
		return -EINVAL;
	for (struct process *p = k->processes; p != NULL; p = p->next) {
		bool meant = pid > 0 ? p->pid == pid : pid == 0 ? p->pgid == me->pgid : pid == -1 ? p != me : p->pgid == -pid;

		if (!meant || (pid <= 0 && p->thread) || !may_signal(me, p))
			continue;
		found++;
		signal_send(k, p, number);
	}
	if (found != 0)
		return 0;
	/* what else runs on the server belongs to others */
	return pid == 1 ? -EPERM : -ESRCH;
}

int64_t sys_tgkill(struct kernel *k, const uint64_t *a)
{
	struct process *p = process_find(k, (int)a[1]);

	if ((int)a[2] < 0 || (int)a[2] > SIGNALS)
		return -EINVAL;
	if (p == NULL || p->tgid != (int)a[0])
		return -ESRCH;
	signal_send(k, p, (int)a[2]);
	return 0;
}

int64_t sys_tkill(struct kernel *k, const uint64_t *a)
{
	struct process *p = process_find(k, (int)a[0]);

	if (p == NULL)
		return -ESRCH;
	signal_send(k, p, (int)a[1]);
	return 0;
}

int64_t sys_sigaltstack(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	struct { uint64_t at; int32_t flags, pad; uint64_t size; } old = { p->alt_stack, 0, 0, p->alt_size }, set;

	if (p->alt_size == 0)
		old.flags = 2;
	if (a[0] != 0) {
		if (guest_get(k, a[0], &set, sizeof(set)) < 0)
			return -EFAULT;
		p->alt_stack = set.at;
		p->alt_size = (set.flags & 2) != 0 ? 0 : set.size;
	}
	return a[1] != 0 ? guest_put(k, a[1], &old, sizeof(old)) : 0;
}
