/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that tell of time, signals and counts: timerfd, signalfd, eventfd. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>

#define NS 1000000000ull

struct clock_file {
	struct clock_file *next; /* all of them */
	uint64_t clock, missed;  /* how often it went off since it was read */
	struct interval when;    /* virtual */
};

static void catch_up(struct kernel *k, struct clock_file *c)
{
	uint64_t now = k->world->virtual_ns, times;

	if (c->when.at_ns == 0 || c->when.at_ns > now)
		return;
	times = c->when.every_ns != 0 ? (now - c->when.at_ns) / c->when.every_ns + 1 : 1;
	c->missed += times;
	c->when.at_ns = c->when.every_ns != 0 ? c->when.at_ns + times * c->when.every_ns : 0;
}

static int64_t clock_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	if (len < 8)
		return -EINVAL;
	kernel_clock(k);
	catch_up(k, f->clock);
	if (f->clock->missed == 0)
		return -EAGAIN;
	memcpy(to, &f->clock->missed, 8);
	f->clock->missed = 0;
	return 8;
}

static short clock_poll(struct kernel *k, struct file *f)
{
	catch_up(k, f->clock);
	return f->clock->missed != 0 ? POLLIN : 0;
}

static void clock_close(struct kernel *k, struct file *f)
{
	for (struct clock_file **at = &k->clocks; *at != NULL; at = &(*at)->next)
		if (*at == f->clock) {
			*at = f->clock->next;
			break;
		}
	free(f->clock);
}

static uint64_t clock_arrived(const struct file *f)
{
	return f->clock->missed;
}

static const struct file_kind file_clock = { "anon_inode", clock_read, NULL, clock_poll, clock_close, clock_arrived };

uint64_t clocks_next(const struct kernel *k)
{
	uint64_t next = UINT64_MAX;

	/* one that went off and was not read wakes nobody again */
	for (const struct clock_file *c = k->clocks; c != NULL; c = c->next)
		if (c->when.at_ns > k->world->virtual_ns && c->missed == 0 && c->when.at_ns < next)
			next = c->when.at_ns;
	return next;
}

int64_t sys_timerfd_create(struct kernel *k, const uint64_t *a)
{
	struct file *f;

	if ((a[1] & ~(uint64_t)(TFD_CLOEXEC | TFD_NONBLOCK)) != 0 || a[0] > CLOCK_BOOTTIME_ALARM ||
	    a[0] == CLOCK_PROCESS_CPUTIME_ID || a[0] == CLOCK_THREAD_CPUTIME_ID)
		return -EINVAL;
	if ((f = file_new(&file_clock, O_RDWR | (int)(a[1] & TFD_NONBLOCK))) == NULL ||
	    (f->clock = calloc(1, sizeof(*f->clock))) == NULL) {
		free(f);
		return -ENOMEM;
	}
	f->clock->clock = a[0];
	f->clock->next = k->clocks;
	k->clocks = f->clock;
	return fd_put(k, f, 0, (a[1] & TFD_CLOEXEC) != 0);
}

static struct clock_file *clock_of(struct kernel *k, uint64_t fd, int *error)
{
	struct file *f = file_at(k, fd);

	*error = f == NULL ? -EBADF : -EINVAL;
	return f != NULL && f->kind == &file_clock ? f->clock : NULL;
}

int64_t sys_timerfd_gettime(struct kernel *k, const uint64_t *a)
{
	struct clock_file *c;
	uint64_t left, v[4];
	int r;

	if ((c = clock_of(k, a[0], &r)) == NULL)
		return r;
	kernel_clock(k);
	catch_up(k, c);
	left = c->when.at_ns != 0 ? c->when.at_ns - k->world->virtual_ns : 0;
	memcpy(v, (uint64_t[]){ c->when.every_ns / NS, c->when.every_ns % NS, left / NS, left % NS }, sizeof(v));
	return guest_put(k, a[1], v, sizeof(v));
}

int64_t sys_timerfd_settime(struct kernel *k, const uint64_t *a)
{
	struct clock_file *c;
	uint64_t after, base;
	int64_t v[4], r64;
	int r;

	if ((c = clock_of(k, a[0], &r)) == NULL)
		return r;
	if (guest_get(k, a[2], v, sizeof(v)) < 0)
		return -EFAULT;
	if (v[0] < 0 || v[2] < 0 || v[1] < 0 || v[3] < 0 || v[1] >= (int64_t)NS || v[3] >= (int64_t)NS)
		return -EINVAL;
	if (a[3] != 0 && (r64 = sys_timerfd_gettime(k, (const uint64_t[]){ a[0], a[3] })) < 0)
		return r64;
	kernel_clock(k);
	after = kernel_timespec_ns(v + 2);
	if ((a[1] & TFD_TIMER_ABSTIME) != 0 && after != 0) {
		base = c->clock == CLOCK_REALTIME ? world_now(k->world) : kernel_monotonic(k);
		after = after > base ? after - base : 1;
	}
	c->missed = 0;
	c->when.at_ns = after == 0 ? 0 : k->world->virtual_ns + after < after ? UINT64_MAX : k->world->virtual_ns + after;
	c->when.every_ns = kernel_timespec_ns(v);
	return 0;
}

static int64_t count_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	uint64_t given = f->event_count.one ? 1 : f->event_count.count;

	if (len < 8)
		return -EINVAL;
	if (f->event_count.count == 0)
		return -EAGAIN;
	memcpy(to, &given, 8);
	f->event_count.count -= given;
	return 8;
}

static int64_t count_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	uint64_t more;

	if (len < 8)
		return -EINVAL;
	memcpy(&more, from, 8);
	if (more == UINT64_MAX)
		return -EINVAL;
	if (more > UINT64_MAX - 1 - f->event_count.count)
		return -EAGAIN;
	f->event_count.count += more;
	f->offset++;
	return 8;
}

static short count_poll(struct kernel *k, struct file *f)
{
	return (short)((f->event_count.count != 0 ? POLLIN : 0) | (f->event_count.count < UINT64_MAX - 1 ? POLLOUT : 0));
}

static uint64_t count_arrived(const struct file *f)
{
	return f->offset;
}

const struct file_kind file_count = { "anon_inode", count_read, count_write, count_poll, NULL, count_arrived };

int64_t sys_eventfd2(struct kernel *k, const uint64_t *a)
{
	struct file *f;

	if ((a[1] & ~(uint64_t)(EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE)) != 0)
		return -EINVAL;
	if ((f = file_new(&file_count, O_RDWR | (int)(a[1] & EFD_NONBLOCK))) == NULL)
		return -ENOMEM;
	f->event_count.count = (uint32_t)a[0];
	f->event_count.one = (a[1] & EFD_SEMAPHORE) != 0;
	return fd_put(k, f, 0, (a[1] & EFD_CLOEXEC) != 0);
}

int64_t sys_eventfd(struct kernel *k, const uint64_t *a)
{
	return sys_eventfd2(k, (const uint64_t[]){ a[0], 0 });
}

static int64_t signals_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	struct signal_info i;
	uint64_t done = 0;

	if (len < sizeof(struct signalfd_siginfo))
		return -EINVAL;
	while (len - done >= sizeof(struct signalfd_siginfo) && signal_take(k->current, f->signals, &i)) {
		struct signalfd_siginfo s = { .ssi_signo = (uint32_t)i.number, .ssi_code = i.code, .ssi_pid = (uint32_t)i.pid,
			.ssi_uid = i.uid, .ssi_status = i.status, .ssi_tid = (uint32_t)i.timer, .ssi_int = (int32_t)i.value,
			.ssi_ptr = i.value, .ssi_addr = i.address };

		memcpy(to + done, &s, sizeof(s));
		done += sizeof(s);
	}
	return done != 0 ? (int64_t)done : -EAGAIN;
}

static short signals_poll(struct kernel *k, struct file *f)
{
	const struct process *p = k->asking != NULL ? k->asking : k->current;

	return (signal_pending(p) & f->signals) != 0 ? POLLIN : 0;
}

static const struct file_kind file_signals = { .name = "anon_inode", .read = signals_read, .poll = signals_poll };

int64_t sys_signalfd4(struct kernel *k, const uint64_t *a)
{
	const uint64_t never = 1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1);
	struct file *f;
	uint64_t set;

	if (a[2] != 8 || (a[3] & ~(uint64_t)(SFD_CLOEXEC | SFD_NONBLOCK)) != 0)
		return -EINVAL;
	if (guest_get(k, a[1], &set, sizeof(set)) < 0)
		return -EFAULT;
	if ((int)a[0] != -1) {
		if ((f = file_at(k, a[0])) == NULL)
			return -EBADF;
		if (f->kind != &file_signals)
			return -EINVAL;
		f->signals = set & ~never;
		return (int64_t)(uint32_t)a[0];
	}
	if ((f = file_new(&file_signals, O_RDWR | (int)(a[3] & SFD_NONBLOCK))) == NULL)
		return -ENOMEM;
	f->signals = set & ~never;
	return fd_put(k, f, 0, (a[3] & SFD_CLOEXEC) != 0);
}

int64_t sys_signalfd(struct kernel *k, const uint64_t *a)
{
	return sys_signalfd4(k, (const uint64_t[]){ a[0], a[1], a[2], 0 });
}
