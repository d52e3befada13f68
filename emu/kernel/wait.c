/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for children: that they end, stop, or go on. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <signal.h>
#include <sys/wait.h>

/* What happened to a child. */
struct news {
	struct process *child;
	int code, status; /* CLD_*, and what belongs to it */
};

static bool waited_for(const struct process *me, const struct process *p, int pid)
{
	if (p->ppid != me->tgid || p->thread || p->reaped)
		return false;
	return pid == -1 || p->pid == pid || (pid == 0 && p->pgid == me->pgid) || (pid < -1 && p->pgid == -(int64_t)pid);
}

static bool has_news(const struct process *p, unsigned options, struct news *ret)
{
	int end = p->exit_status & 0x7f;

	if (p->ended && (options & WEXITED) != 0)
		*ret = (struct news){ (struct process *)(uintptr_t)p, end != 0 ? CLD_KILLED : CLD_EXITED,
			end != 0 ? end : p->exit_status >> 8 & 0xff };
	else if (!p->ended && p->group->stop_news && (options & WSTOPPED) != 0)
		*ret = (struct news){ (struct process *)(uintptr_t)p, CLD_STOPPED, p->group->stop_signal };
	else if (!p->ended && p->group->continue_news && (options & WCONTINUED) != 0)
		*ret = (struct news){ (struct process *)(uintptr_t)p, CLD_CONTINUED, SIGCONT };
	else
		return false;
	return true;
}

/* 1: *ret is it. 0: nothing yet, and the call should not wait. Else -errno or CALL_WAITS. */
static int64_t look(struct kernel *k, int pid, unsigned options, struct news *ret)
{
	struct process *me = k->current;
	bool any = false;

	for (struct process *p = k->processes; p != NULL; p = p->next) {
		if (!waited_for(me, p, pid))
			continue;
		any = true;
		if (has_news(p, options, ret))
			return 1;
	}
	if (!any)
		return -ECHILD;
	if ((options & WNOHANG) != 0)
		return 0;
	if (signal_waiting(me))
		return -EINTR;
	me->wait.child = options;
	me->wait.child_pid = pid;
	return CALL_WAITS;
}

bool wait_has_news(const struct kernel *k, const struct process *me)
{
	struct news n;

	for (const struct process *p = k->processes; p != NULL; p = p->next)
		if (waited_for(me, p, me->wait.child_pid) && has_news(p, me->wait.child, &n))
			return true;
	return false;
}

static void taken(const struct news *n, bool stays)
{
	if (stays)
		return;
	if (n->code == CLD_STOPPED)
		n->child->group->stop_news = false;
	else if (n->code == CLD_CONTINUED)
		n->child->group->continue_news = false;
	else
		n->child->reaped = true;
}

static int put_usage(struct kernel *k, const struct process *p, uint64_t at)
{
	uint64_t ns = p->group->cpu_ns + p->group->children_cpu_ns, usage[18] = { ns / 1000000000, ns % 1000000000 / 1000 };

	return at != 0 ? guest_put(k, at, usage, sizeof(usage)) : 0;
}

int64_t sys_wait4(struct kernel *k, const uint64_t *a)
{
	const unsigned known = WNOHANG | WUNTRACED | WCONTINUED | 0xe0000000u; /* __WNOTHREAD, __WALL, __WCLONE */
	struct news n;
	int32_t status;
	int64_t r;

	if (((uint32_t)a[2] & ~known) != 0)
		return -EINVAL;
	if ((int)a[0] == INT32_MIN)
		return -ESRCH;
	if ((r = look(k, (int)a[0], ((unsigned)a[2] & 0xf) | WEXITED, &n)) != 1)
		return r;
	status = n.code == CLD_STOPPED ? n.status << 8 | 0x7f : n.code == CLD_CONTINUED ? 0xffff : n.child->exit_status;
	if ((a[1] != 0 && guest_put(k, a[1], &status, sizeof(status)) < 0) || put_usage(k, n.child, a[3]) < 0)
		return -EFAULT;
	taken(&n, false);
	return n.child->pid;
}

int64_t sys_waitid(struct kernel *k, const uint64_t *a)
{
	enum { ANY = 0, ONE = 1, GROUP = 2, INFO_BYTES = 128 };
	struct signal_info info = { .number = SIGCHLD };
	uint8_t raw[INFO_BYTES] = { 0 };
	struct news n;
	int64_t r;
	int pid;

	if ((a[3] & (WEXITED | WSTOPPED | WCONTINUED)) == 0 || a[0] > GROUP)
		return -EINVAL;
	pid = a[0] == ANY ? -1 : a[0] == ONE ? (int)a[1] : a[1] == 0 ? 0 : (int)(0u - (uint32_t)a[1]);
	if (a[0] != ANY && (int)a[1] < (a[0] == ONE ? 1 : 0))
		return -EINVAL;
	r = look(k, pid, (unsigned)a[3], &n);
	if (r != 1 && r != 0)
		return r;
	if (r == 1) {
		info.code = n.code;
		info.status = n.status;
		info.pid = n.child->pid;
		info.uid = n.child->ruid;
		signal_info_encode(&info, raw);
	}
	if (a[2] != 0 && guest_put(k, a[2], raw, sizeof(raw)) < 0)
		return -EFAULT;
	if (r == 1 && put_usage(k, n.child, a[4]) < 0)
		return -EFAULT;
	if (r == 1)
		taken(&n, (a[3] & WNOWAIT) != 0);
	return 0;
}
