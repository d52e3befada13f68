/* SPDX-License-Identifier: GPL-2.0-or-later */
/* poll and select: waiting for many descriptors. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <poll.h>
#include <signal.h>
#include <string.h>

/* Blocked signals of the call itself hold only while it waits. */
int poll_set_mask(struct kernel *k, uint64_t at)
{
	struct process *p = k->current;
	uint64_t set;

	if (at == 0 || p->restore_mask)
		return 0;
	if (guest_get(k, at, &set, sizeof(set)) < 0)
		return -EFAULT;
	p->saved_mask = p->mask;
	p->restore_mask = true;
	p->mask = set & ~(1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1));
	return 0;
}

void poll_unset_mask(struct kernel *k)
{
	struct process *p = k->current;

	if (p->restore_mask && !signal_waiting(p)) {
		p->mask = p->saved_mask;
		p->restore_mask = false;
	}
}

/* What every form does when nothing is ready. timeout_ns UINT64_MAX: none. */
int64_t poll_nothing(struct kernel *k, uint64_t timeout_ns)
{
	if (timeout_ns == 0)
		return 0;
	if (timeout_ns != UINT64_MAX && wait_until(k, timeout_ns))
		return 0;
	if (signal_waiting(k->current))
		return -EINTR;
	k->current->wait.signal = true;
	return CALL_WAITS;
}

static int64_t poll_all(struct kernel *k, uint64_t at, uint64_t count, uint64_t timeout_ns)
{
	struct pollfd fds[FDS_MAX];
	int64_t ready = 0, r;

	if (count > FDS_MAX)
		return -EINVAL;
	if (count != 0 && guest_get(k, at, fds, count * sizeof(fds[0])) < 0)
		return -EFAULT;
	for (uint64_t i = 0; i < count; i++) {
		struct file *f;

		fds[i].revents = 0;
		if (fds[i].fd < 0)
			continue;
		if ((f = file_at(k, (uint64_t)fds[i].fd)) == NULL) {
			fds[i].revents = POLLNVAL;
		} else {
			short all = f->kind->poll(k, f);

			/* the same by other names */
			all |= (short)(((all & POLLIN) != 0 ? POLLRDNORM : 0) | ((all & POLLOUT) != 0 ? POLLWRNORM : 0));
			fds[i].revents = (short)(all & (fds[i].events | POLLHUP | POLLERR));
			wait_for_file(k->current, f, fds[i].events);
		}
		ready += fds[i].revents != 0;
	}
	r = ready != 0 ? ready : poll_nothing(k, timeout_ns);
	if (r >= 0 && count != 0 && guest_put(k, at, fds, count * sizeof(fds[0])) < 0)
		return -EFAULT;
	return r;
}

int64_t sys_poll(struct kernel *k, const uint64_t *a)
{
	int ms = (int)a[2];

	return poll_all(k, a[0], (uint32_t)a[1], ms < 0 ? UINT64_MAX : (uint64_t)ms * 1000000);
}

int64_t sys_ppoll(struct kernel *k, const uint64_t *a)
{
	uint64_t ns = UINT64_MAX;
	int64_t v[2], r;

	if (a[2] != 0) {
		if (guest_get(k, a[2], v, sizeof(v)) < 0)
			return -EFAULT;
		ns = kernel_timespec_ns(v);
	}
	if ((r = poll_set_mask(k, a[3])) < 0)
		return r;
	r = poll_all(k, a[0], (uint32_t)a[1], ns);
	if (r != CALL_WAITS)
		poll_unset_mask(k);
	return r;
}

static int64_t select_all(struct kernel *k, uint64_t count, const uint64_t *sets, uint64_t timeout_ns)
{
	static const short events[3] = { POLLIN, POLLOUT, POLLPRI };
	static const short shows[3] = { POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI };
	uint64_t in[3][FDS_MAX / 64] = { { 0 } }, out[3][FDS_MAX / 64] = { { 0 } };
	uint64_t len;
	int64_t ready = 0, r;

	if (count > FDS_MAX)
		count = FDS_MAX;
	len = (count + 63) / 64 * 8;
	for (int s = 0; s < 3; s++)
		if (sets[s] != 0 && len != 0 && guest_get(k, sets[s], in[s], len) < 0)
			return -EFAULT;
	for (uint64_t fd = 0; fd < count; fd++)
		for (int s = 0; s < 3; s++) {
			struct file *f;

			if ((in[s][fd / 64] >> fd % 64 & 1) == 0)
				continue;
			if ((f = file_at(k, fd)) == NULL)
				return -EBADF;
			wait_for_file(k->current, f, events[s]);
			if ((f->kind->poll(k, f) & shows[s]) == 0)
				continue;
			out[s][fd / 64] |= 1ull << fd % 64;
			ready++;
		}
	r = ready != 0 ? ready : poll_nothing(k, timeout_ns);
	if (r < 0)
		return r;
	for (int s = 0; s < 3; s++)
		if (sets[s] != 0 && len != 0 && guest_put(k, sets[s], out[s], len) < 0)
			return -EFAULT;
	return r;
}

/* The caller's timeout becomes what is left of it. */
static void put_left(struct kernel *k, uint64_t at, uint64_t timeout_ns, uint64_t unit_ns)
{
	const struct wait *w = &k->current->wait;
	uint64_t left = !w->timed ? timeout_ns : w->deadline_ns > k->world->virtual_ns ? w->deadline_ns - k->world->virtual_ns : 0;
	uint64_t v[2] = { left / 1000000000, left % 1000000000 / unit_ns };

	if (at != 0 && guest_put(k, at, v, sizeof(v)) < 0)
		return; /* Linux says nothing either */
}

int64_t sys_select(struct kernel *k, const uint64_t *a)
{
	uint64_t ns = UINT64_MAX;
	int64_t v[2], r;

	if (a[4] != 0) {
		if (guest_get(k, a[4], v, sizeof(v)) < 0)
			return -EFAULT;
		if (v[0] < 0 || v[1] < 0)
			return -EINVAL;
		v[0] += v[1] / 1000000;
		v[1] = v[1] % 1000000 * 1000;
		ns = kernel_timespec_ns(v);
	}
	r = select_all(k, (uint32_t)a[0], a + 1, ns);
	if (r != CALL_WAITS)
		put_left(k, a[4], ns, 1000);
	return r;
}

int64_t sys_pselect6(struct kernel *k, const uint64_t *a)
{
	uint64_t ns = UINT64_MAX, mask[2] = { 0 };
	int64_t v[2], r;

	if (a[4] != 0) {
		if (guest_get(k, a[4], v, sizeof(v)) < 0)
			return -EFAULT;
		ns = kernel_timespec_ns(v);
	}
	if (a[5] != 0 && guest_get(k, a[5], mask, sizeof(mask)) < 0)
		return -EFAULT;
	if ((r = poll_set_mask(k, mask[0])) < 0)
		return r;
	r = select_all(k, (uint32_t)a[0], a + 1, ns);
	if (r != CALL_WAITS) {
		poll_unset_mask(k);
		put_left(k, a[4], ns, 1);
	}
	return r;
}
