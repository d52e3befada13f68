/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that send signals and that wait for them. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <signal.h>

int64_t sys_rt_sigtimedwait(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	struct signal_info info;
	uint8_t raw[128];
	int64_t times[2];
	uint64_t set;

	if (guest_get(k, a[0], &set, sizeof(set)) < 0)
		return -EFAULT;
	if (a[2] != 0 && (guest_get(k, a[2], times, sizeof(times)) < 0 || times[1] < 0 || times[1] >= 1000000000))
		return -EINVAL;
	set &= ~(1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1));
	if (signal_take(p, set, &info)) {
		signal_info_encode(&info, raw);
		return a[1] != 0 && guest_put(k, a[1], raw, sizeof(raw)) < 0 ? -EFAULT : info.number;
	}
	if (a[2] != 0 && wait_until(k, kernel_timespec_ns(times)))
		return -EAGAIN;
	if (signal_waiting(p))
		return -EINTR;
	p->wait.signal_set = set;
	return CALL_WAITS;
}

static bool may_signal(const struct process *from, const struct process *to, int number)
{
	if (from->who.uid == 0 || from->who.uid == to->suid || from->who.uid == to->ruid || from->ruid == to->ruid ||
	    from->ruid == to->suid)
		return true;
	return number == SIGCONT && from->sid == to->sid;
}

static struct signal_info from_user(const struct process *me, int number, int code)
{
	return (struct signal_info){ .number = number, .code = code, .pid = me->tgid, .uid = me->ruid };
}

/* To every process that is meant. */
static int64_t send_to(struct kernel *k, int pid, const struct signal_info *info)
{
	struct process *me = k->current;
	unsigned found = 0, sent = 0;

	/* a child that signals its parent at once finds it further than where it forked */
	for (struct process *p = k->processes; p != NULL; p = p->next)
		if (p != me && p->tgid != me->tgid && (pid > 0 ? p->tgid == pid : p->pgid == (pid == 0 ? me->pgid : -(int64_t)pid)) &&
		    kernel_is_behind(k, p->pid) && !signal_waiting(me)) {
			me->wait.behind = p->pid;
			k->quantum_over = true;
			return CALL_WAITS;
		}

	for (struct process *p = k->processes; p != NULL; p = p->next) {
		bool meant = pid > 0 ? p->tgid == pid : pid == 0 ? p->pgid == me->pgid : pid == -1 ? p->tgid != me->tgid :
			p->pgid == -(int64_t)pid;

		if (!meant || p->thread || p->reaped)
			continue;
		found++;
		if (!may_signal(me, p, info->number))
			continue;
		sent++;
		(void)signal_post(k, p, info, true);
		/* who sleeps is woken on another processor, before the sender has gone much further */
		if (p->state == PROCESS_WAITING && signal_waiting(p))
			k->quantum_over = k->leave = true;
	}
	if (sent != 0)
		return 0;
	/* what else runs on the server belongs to others */
	return found != 0 || pid == 1 ? -EPERM : -ESRCH;
}

/* That it means another. Who is none of this server's processes has no name, but a number. */
static void tell_kill(struct kernel *k, int pid, int number)
{
	const struct process *to = pid > 0 ? process_find(k, pid) : NULL;
	struct event *event;

	if (number == 0 || to == k->current || (event = world_event(k->world, EVENT_KILL)) == NULL)
		return;
	event->name = tell_text(k, "%d", number);
	event->path = to != NULL ? tell_text(k, "%s", to->name) : tell_text(k, "%d", pid);
}

int64_t sys_kill(struct kernel *k, const uint64_t *a)
{
	struct signal_info info = from_user(k->current, (int)a[1], SI_USER);

	if (info.number < 0 || info.number > SIGNALS)
		return -EINVAL;
	tell_kill(k, (int)a[0], info.number);
	return send_to(k, (int)a[0], &info);
}

static int64_t send_thread(struct kernel *k, int group, int thread, struct signal_info *info)
{
	struct process *p = NULL;

	if (info->number < 0 || info->number > SIGNALS || thread <= 0)
		return -EINVAL;
	p = process_find(k, thread);
	if (p == NULL || (group != 0 && p->tgid != group))
		return -ESRCH;
	if (!may_signal(k->current, p, info->number))
		return -EPERM;
	return signal_post(k, p, info, false);
}

int64_t sys_tgkill(struct kernel *k, const uint64_t *a)
{
	struct signal_info info = from_user(k->current, (int)a[2], SI_TKILL);

	return (int)a[0] > 0 ? send_thread(k, (int)a[0], (int)a[1], &info) : -EINVAL;
}

int64_t sys_tkill(struct kernel *k, const uint64_t *a)
{
	struct signal_info info = from_user(k->current, (int)a[1], SI_TKILL);

	return send_thread(k, 0, (int)a[0], &info);
}

/* The value that a program sends along; only to itself may it say that the kernel sent it. */
static int read_info(struct kernel *k, uint64_t at, int number, bool self, struct signal_info *ret)
{
	struct { int32_t number, error, code, hole, pid; uint32_t uid; uint64_t value; } raw;

	if (guest_get(k, at, &raw, sizeof(raw)) < 0)
		return -EFAULT;
	if ((raw.code >= 0 || raw.code == SI_TKILL) && !self)
		return -EPERM;
	*ret = (struct signal_info){ .number = number, .code = raw.code, .pid = raw.pid, .uid = raw.uid, .value = raw.value };
	return 0;
}

int64_t sys_rt_sigqueueinfo(struct kernel *k, const uint64_t *a)
{
	struct signal_info info;
	struct process *p;
	int r;

	if ((r = read_info(k, a[2], (int)a[1], (int)a[0] == k->current->tgid, &info)) < 0)
		return r;
	if (info.number < 0 || info.number > SIGNALS)
		return -EINVAL;
	if ((p = process_find(k, (int)a[0])) == NULL)
		return -ESRCH;
	return may_signal(k->current, p, info.number) ? signal_post(k, p, &info, true) : -EPERM;
}

int64_t sys_rt_tgsigqueueinfo(struct kernel *k, const uint64_t *a)
{
	struct signal_info info;
	int r;

	if ((r = read_info(k, a[3], (int)a[2], (int)a[0] == k->current->tgid, &info)) < 0)
		return r;
	return send_thread(k, (int)a[0], (int)a[1], &info);
}

int64_t sys_sigaltstack(struct kernel *k, const uint64_t *a)
{
	struct process *p = k->current;
	struct { uint64_t at; int32_t flags, pad; uint64_t size; } old = { p->alt_stack, 0, 0, p->alt_size }, set;

	uint64_t sp = machine_get(k->machine, GPR_RSP);
	bool on_it = p->alt_size != 0 && sp > p->alt_stack && sp - p->alt_stack <= p->alt_size;

	old.flags = p->alt_size == 0 ? 2 : on_it;
	if (a[0] != 0) {
		if (guest_get(k, a[0], &set, sizeof(set)) < 0)
			return -EFAULT;
		if (on_it)
			return -EPERM;
		if ((set.flags & 0x7fffffff & ~3) != 0)
			return -EINVAL;
		if ((set.flags & 2) == 0 && set.size < 2048)
			return -ENOMEM;
		p->alt_stack = set.at;
		p->alt_size = (set.flags & 2) != 0 ? 0 : set.size;
	}
	return a[1] != 0 ? guest_put(k, a[1], &old, sizeof(old)) : 0;
}
