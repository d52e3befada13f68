/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals: sent, kept until they can be taken, delivered. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <signal.h>
#include <string.h>

static uint64_t bit(int number)
{
	return 1ull << (number - 1);
}

static const uint64_t never_blocked = 1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1);
static const uint64_t stops =
    1ull << (SIGSTOP - 1) | 1ull << (SIGTSTP - 1) | 1ull << (SIGTTIN - 1) | 1ull << (SIGTTOU - 1);

static bool ignored(const struct process *p, int number)
{
	uint64_t handler = p->actions->of[number].handler;

	if (handler == 1)
		return number != SIGKILL && number != SIGSTOP;
	return handler == 0 && (number == SIGCHLD || number == SIGCONT || number == SIGURG || number == SIGWINCH);
}

void signal_info_encode(const struct signal_info *i, uint8_t ret[128])
{
	/* as it stands in memory: three numbers, a hole, and what the signal's kind has */
	struct { int32_t number, error, code, hole; union { struct { int32_t pid; uint32_t uid; uint64_t value; } sent;
		struct { int32_t pid; uint32_t uid; int32_t status; } child; struct { int32_t id, overrun; uint64_t value; } timer;
		uint64_t address; } of; } raw = { .number = i->number, .code = i->code };

	memset(ret, 0, 128);
	if (i->number == SIGCHLD && i->code > 0) {
		raw.of.child.pid = i->pid;
		raw.of.child.uid = i->uid;
		raw.of.child.status = i->status;
	} else if (i->code == SI_TIMER) {
		raw.of.timer.id = i->timer;
		raw.of.timer.value = i->value;
	} else if (i->code > 0 && i->code < SI_KERNEL) {
		raw.of.address = i->address;
	} else {
		raw.of.sent.pid = i->pid;
		raw.of.sent.uid = i->uid;
		raw.of.sent.value = i->value;
	}
	memcpy(ret, &raw, sizeof(raw));
}

static int keep(struct pending *to, const struct signal_info *i)
{
	if (i->number < 32) {
		if ((to->set & bit(i->number)) == 0)
			to->of[i->number] = *i;
	} else if (to->queued_count < QUEUED_MAX) {
		to->queued[to->queued_count++] = *i;
	} else {
		return -EAGAIN;
	}
	to->set |= bit(i->number);
	return 0;
}

static bool take_from(struct pending *from, uint64_t set, struct signal_info *ret)
{
	int number = (from->set & set) != 0 ? __builtin_ctzll(from->set & set) + 1 : 0;
	bool more = false;

	if (number == 0)
		return false;
	if (number < 32) {
		*ret = from->of[number];
		from->set &= ~bit(number);
		return true;
	}
	for (unsigned n = 0, found = 0; n < from->queued_count; n++) {
		if (from->queued[n].number != number || found++ != 0) {
			more |= from->queued[n].number == number;
			continue;
		}
		*ret = from->queued[n];
		from->queued_count--;
		memmove(&from->queued[n], &from->queued[n + 1], (from->queued_count - n) * sizeof(*ret));
		n--;
	}
	if (!more)
		from->set &= ~bit(number);
	return true;
}

bool signal_take(struct process *p, uint64_t set, struct signal_info *ret)
{
	return take_from(&p->pending, set, ret) || take_from(&p->group->pending, set, ret);
}

uint64_t signal_pending(const struct process *p)
{
	return p->pending.set | (p->group != NULL ? p->group->pending.set : 0);
}

static void forget(struct pending *from, uint64_t set)
{
	struct signal_info gone;

	while (take_from(from, set, &gone))
		;
}

static void tell_parent(struct kernel *k, const struct process *p, int code, int status)
{
	struct process *parent = process_find(k, p->ppid);

	if (parent != NULL && parent->actions != NULL && (parent->actions->of[SIGCHLD].flags & SA_NOCLDSTOP) == 0)
		(void)signal_post(k, parent, &(struct signal_info){ .number = SIGCHLD, .code = code, .pid = p->tgid, .uid = p->ruid,
			.status = status }, true);
}

/* Signals that stop and that which lets go on undo each other, whether or not they are handled. */
static void stop_or_go(struct kernel *k, struct process *p, int number)
{
	bool go = number == SIGCONT || number == SIGKILL;
	uint64_t undone = number == SIGCONT ? stops : (bit(number) & stops) != 0 ? bit(SIGCONT) : 0;

	if (undone != 0)
		forget(&p->group->pending, undone);
	for (struct process *q = k->processes; q != NULL && undone != 0; q = q->next)
		if (q->tgid == p->tgid)
			forget(&q->pending, undone);
	if (!go || !p->group->stopped)
		return;
	p->group->stopped = p->group->stop_news = false;
	p->group->continue_news = number == SIGCONT;
	if (number == SIGCONT)
		tell_parent(k, p, CLD_CONTINUED, SIGCONT);
}

/* Does any thread that it is for wait for it, or block it? Then it is kept though it would be ignored. */
static bool wanted(const struct kernel *k, const struct process *p, int number, bool whole)
{
	for (const struct process *q = k->processes; q != NULL; q = q->next)
		if ((q == p || (whole && q->tgid == p->tgid)) && (q->mask & bit(number)) != 0)
			return true;
	return false;
}

int signal_post(struct kernel *k, struct process *p, const struct signal_info *i, bool whole)
{
	if (i->number <= 0 || i->number > SIGNALS || p->actions == NULL || p->ended || (!whole && p->state == PROCESS_ZOMBIE))
		return 0;
	stop_or_go(k, p, i->number);
	if (ignored(p, i->number) && !wanted(k, p, i->number, whole))
		return 0;
	k->leave = true;
	return keep(whole ? &p->group->pending : &p->pending, i);
}

void signal_send(struct kernel *k, struct process *p, int number)
{
	(void)signal_post(k, p, &(struct signal_info){ .number = number, .code = SI_KERNEL }, false);
}

bool signal_waiting(const struct process *p)
{
	return (signal_pending(p) & (~p->mask | never_blocked)) != 0;
}

/*
 * A call that a signal broke is made again after a handler with SA_RESTART, unless it is one that never is; where no
 * handler ran, always, with the moment it would have ended at.
 */
static void restart(struct kernel *k, struct process *p, const struct action *act)
{
	static int64_t (*const never[])(struct kernel *, const uint64_t *) = {
		sys_poll, sys_ppoll, sys_select, sys_pselect6, sys_pause, sys_nanosleep, sys_clock_nanosleep, sys_rt_sigsuspend,
		sys_rt_sigtimedwait, sys_epoll_wait, sys_epoll_pwait, sys_epoll_pwait2,
	};
	uint64_t number = p->abi_now != NULL ? p->call_native : p->call[0];
	const struct call *c = p->call[0] != UINT64_MAX ? call_find(number) : NULL;

	if (p->call[0] == UINT64_MAX || !p->broken)
		return;
	for (size_t i = 0; i < COUNT_OF(never) && act != NULL && c != NULL; i++)
		if (c->run == never[i])
			return;
	if (act != NULL && (act->flags & SA_RESTART) == 0)
		return;
	if (act == NULL && p->broken_ns != 0) {
		p->wait.timed = true;
		p->wait.deadline_ns = p->broken_ns;
	}
	if (p->abi_now != NULL) {
		abi_rewind(k, p);
		return;
	}
	machine_set(k->machine, GPR_RAX, p->call[0]);
	machine_set(k->machine, GPR_RIP, machine_get(k->machine, GPR_RIP) - 2);
}

/* Nobody could let a group go on whose members' parents are all outside its session, or in the group itself. */
static bool orphaned(struct kernel *k, const struct process *p)
{
	for (const struct process *q = k->processes; q != NULL; q = q->next) {
		const struct process *parent = process_find(k, q->ppid);

		if (q->pgid == p->pgid && !q->ended && parent != NULL && parent->pgid != p->pgid && parent->sid == p->sid)
			return false;
	}
	return true;
}

static void stop_group(struct kernel *k, struct process *p, int number)
{
	if (number != SIGSTOP && orphaned(k, p))
		return;
	p->group->stopped = p->group->stop_news = true;
	p->group->stop_signal = number;
	p->group->continue_news = false;
	k->leave = true;
	tell_parent(k, p, CLD_STOPPED, number);
}

/* What has no handler. False: the process ended, or stopped. */
static bool by_default(struct kernel *k, struct process *p, int number)
{
	if ((bit(number) & stops) == 0) {
		process_end_group(k, p, number);
		return false;
	}
	stop_group(k, p, number);
	return !p->group->stopped;
}

bool signal_deliver(struct kernel *k, struct process *p)
{
	bool handled = false;

	while (signal_waiting(p)) {
		struct signal_info info;
		struct action act;

		if (!signal_take(p, ~p->mask | never_blocked, &info))
			break;
		act = p->actions->of[info.number];
		if (ignored(p, info.number))
			continue;
		if (act.handler == 0 || info.number == SIGKILL || info.number == SIGSTOP) {
			if (by_default(k, p, info.number))
				continue;
			if (p->state != PROCESS_ZOMBIE && !handled)
				restart(k, p, NULL);
			return false;
		}
		restart(k, p, &act);
		p->call[0] = UINT64_MAX;
		handled = true;
		if ((act.flags & SA_RESETHAND) != 0)
			p->actions->of[info.number].handler = 0;
		if (!(p->abi != NULL ? abi_frame_push : frame_push)(k, p, &info, &act)) {
			process_end_group(k, p, SIGSEGV);
			return false;
		}
		p->restore_mask = false;
		p->mask |= act.mask & ~never_blocked;
		if ((act.flags & SA_NODEFER) == 0)
			p->mask |= bit(info.number) & ~never_blocked;
	}
	if (p->restore_mask) {
		p->mask = p->saved_mask;
		p->restore_mask = false;
	}
	if (!handled)
		restart(k, p, NULL);
	return true;
}

void signal_fault(struct kernel *k, struct process *p, int number)
{
	struct signal_info info = { .number = number, .code = number == SIGFPE ? FPE_INTDIV : number == SIGILL ? ILL_ILLOPN :
		number == SIGTRAP ? SI_KERNEL : SEGV_MAPERR, .address = number == SIGSEGV ? machine_fault_address(k->machine) :
		machine_role(k->machine, ROLE_PC) };

	/* one that cannot be handled now ends the process, as Linux forces it */
	if ((p->mask & bit(number)) != 0 || p->actions->of[number].handler <= 1) {
		process_end_group(k, p, number);
		return;
	}
	if (number == SIGSEGV && p->space != NULL && space_find(p->space, info.address) != NULL)
		info.code = SEGV_ACCERR;
	(void)keep(&p->pending, &info);
}

int64_t sys_rt_sigaction(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	struct action old, act;

	if (a[0] < 1 || a[0] > SIGNALS || a[3] != 8)
		return -EINVAL;
	old = p->actions->of[a[0]];
	if (a[1] != 0) {
		if (a[0] == SIGKILL || a[0] == SIGSTOP)
			return -EINVAL;
		if (guest_get(k, a[1], &act, sizeof(act)) < 0)
			return -EFAULT;
		p->actions->of[a[0]] = act;
		if (ignored(p, (int)a[0]))
			forget(&p->pending, bit((int)a[0])), forget(&p->group->pending, bit((int)a[0]));
	}
	return a[2] != 0 ? guest_put(k, a[2], &old, sizeof(old)) : 0;
}

int64_t sys_rt_sigprocmask(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	uint64_t old = p->mask, set;

	if (a[3] != 8)
		return -EINVAL;
	if (a[1] != 0) {
		if (guest_get(k, a[1], &set, sizeof(set)) < 0)
			return -EFAULT;
		if (a[0] > 2)
			return -EINVAL;
		p->mask = a[0] == SIG_BLOCK ? old | set : a[0] == SIG_UNBLOCK ? old & ~set : set;
		p->mask &= ~never_blocked;
	}
	return a[2] != 0 ? guest_put(k, a[2], &old, sizeof(old)) : 0;
}

int64_t sys_rt_sigpending(struct kernel *k, const uint64_t *a)
{
	uint64_t set = signal_pending(k->current) & k->current->mask;

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
