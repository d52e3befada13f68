/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers that send a signal: alarm, the interval timers, and those of timer_create. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define NS 1000000000ull

static const int signals[3] = { [ITIMER_REAL] = SIGALRM, [ITIMER_VIRTUAL] = SIGVTALRM, [ITIMER_PROF] = SIGPROF };

/* What the timer's clock says. The system's own clocks run alike, whatever they count from. */
static uint64_t reading(const struct kernel *k, const struct group *g, bool processor)
{
	return processor ? g->cpu_ns : k->world->virtual_ns;
}

static bool counts_processor(uint64_t clock)
{
	return clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

/* How often it went off until now; it is set for the next time. */
static uint64_t go_off(struct interval *t, uint64_t now)
{
	uint64_t times;

	if (t->at_ns == 0 || t->at_ns > now)
		return 0;
	times = t->every_ns != 0 ? (now - t->at_ns) / t->every_ns + 1 : 1;
	t->at_ns = t->every_ns != 0 ? t->at_ns + times * t->every_ns : 0;
	return times;
}

static void ring_posix(struct kernel *k, struct process *p, int id, struct timer *t)
{
	struct signal_info info = { .number = t->number, .code = SI_TIMER, .timer = id, .value = t->value };
	uint64_t times = go_off(&t->when, reading(k, p->group, counts_processor(t->clock)));
	struct process *to = t->thread ? process_find(k, t->to) : p;

	if (times == 0)
		return;
	t->overrun = times - 1 < INT32_MAX ? (int)(times - 1) : INT32_MAX;
	if (to != NULL)
		(void)signal_post(k, to, &info, !t->thread);
}

void timers_ring(struct kernel *k)
{
	for (struct process *p = k->processes; p != NULL; p = p->next) {
		if (p->thread || p->ended || p->group == NULL)
			continue;
		for (int i = 0; i < 3; i++)
			if (go_off(&p->group->timers[i], reading(k, p->group, i != ITIMER_REAL)) != 0)
				(void)signal_post(k, p, &(struct signal_info){ .number = signals[i], .code = SI_KERNEL }, true);
		for (int i = 0; i < p->group->posix_end; i++)
			if (p->group->posix[i].used && p->group->posix[i].number != 0)
				ring_posix(k, p, i, &p->group->posix[i]);
	}
}

uint64_t timers_next(const struct kernel *k)
{
	uint64_t next = UINT64_MAX;

	for (const struct process *p = k->processes; p != NULL; p = p->next) {
		const struct group *g = p->group;

		/* who sleeps or is stopped uses no processor */
		if (p->thread || p->ended || g == NULL)
			continue;
		if (g->timers[ITIMER_REAL].at_ns != 0 && g->timers[ITIMER_REAL].at_ns < next)
			next = g->timers[ITIMER_REAL].at_ns;
		for (int i = 0; i < g->posix_end; i++)
			if (g->posix[i].used && g->posix[i].number != 0 && g->posix[i].when.at_ns != 0 && !counts_processor(g->posix[i].clock) &&
			    g->posix[i].when.at_ns < next)
				next = g->posix[i].when.at_ns;
	}
	return next;
}

void timers_clear(struct group *g)
{
	memset(g->posix, 0, sizeof(g->posix));
	g->posix_end = 0;
}

static uint64_t left_of(const struct kernel *k, const struct group *g, const struct interval *t, bool processor)
{
	uint64_t now = reading(k, g, processor);

	return t->at_ns == 0 ? 0 : t->at_ns > now ? t->at_ns - now : 1;
}

static void set(struct kernel *k, const struct group *g, struct interval *t, bool processor, uint64_t after, uint64_t every)
{
	uint64_t at = reading(k, g, processor) + after;

	t->at_ns = after == 0 ? 0 : at < after ? UINT64_MAX : at;
	t->every_ns = every;
}

int64_t sys_alarm(struct kernel *k, const uint64_t *a)
{
	struct group *g = k->current->group;
	struct interval *t = &g->timers[ITIMER_REAL];
	uint64_t left;

	kernel_clock(k);
	left = left_of(k, g, t, false);
	set(k, g, t, false, (uint32_t)a[0] * NS, 0);
	return (int64_t)(left == 0 ? 0 : left < NS ? 1 : (left + NS / 2) / NS);
}

static int put_interval(struct kernel *k, uint64_t at, uint64_t every, uint64_t left, uint64_t unit)
{
	uint64_t v[4] = { every / NS, every % NS / unit, left / NS, left % NS / unit };

	return guest_put(k, at, v, sizeof(v));
}

int64_t sys_getitimer(struct kernel *k, const uint64_t *a)
{
	struct group *g = k->current->group;
	uint32_t which = (uint32_t)a[0]; /* as the kernel reads it */

	if (which > ITIMER_PROF)
		return -EINVAL;
	kernel_clock(k);
	return put_interval(k, a[1], g->timers[which].every_ns, left_of(k, g, &g->timers[which], which != ITIMER_REAL), 1000);
}

int64_t sys_setitimer(struct kernel *k, const uint64_t *a)
{
	struct group *g = k->current->group;
	uint32_t which = (uint32_t)a[0];
	int64_t v[4] = { 0 };
	int r;

	if (which > ITIMER_PROF)
		return -EINVAL;
	if (a[1] != 0 && guest_get(k, a[1], v, sizeof(v)) < 0)
		return -EFAULT;
	if (v[0] < 0 || v[2] < 0 || v[1] < 0 || v[3] < 0 || v[1] >= 1000000 || v[3] >= 1000000)
		return -EINVAL;
	if (a[2] != 0 && (r = (int)sys_getitimer(k, (const uint64_t[]){ which, a[2] })) < 0)
		return r;
	v[1] *= 1000;
	v[3] *= 1000;
	kernel_clock(k);
	set(k, g, &g->timers[which], which != ITIMER_REAL, kernel_timespec_ns(v + 2), kernel_timespec_ns(v));
	return 0;
}

/* What a program says of the signal it wants, as it stands in memory. */
struct wanted {
	uint64_t value;
	int32_t number, notify, thread;
};

int64_t sys_timer_create(struct kernel *k, const uint64_t *a)
{
	struct group *g = k->current->group;
	struct wanted w = { .number = SIGALRM, .notify = SIGEV_SIGNAL };
	int32_t id;

	if (a[0] > CLOCK_TAI && a[0] != CLOCK_BOOTTIME_ALARM)
		return -EINVAL;
	for (id = 0; id < TIMERS_MAX && g->posix[id].used; id++)
		;
	if (id == TIMERS_MAX)
		return -EAGAIN;
	w.value = (uint64_t)id;
	if (a[1] != 0 && guest_get(k, a[1], &w, sizeof(w)) < 0)
		return -EFAULT;
	if ((w.notify & ~SIGEV_THREAD_ID) > SIGEV_THREAD || (w.notify != SIGEV_NONE && (w.number < 1 || w.number > SIGNALS)))
		return -EINVAL;
	if (guest_put(k, a[2], &id, sizeof(id)) < 0)
		return -EFAULT;
	g->posix[id] = (struct timer){ .used = true, .clock = a[0], .number = w.notify == SIGEV_NONE ? 0 : w.number,
		.value = w.value, .thread = w.notify == SIGEV_THREAD_ID, .to = w.thread };
	if (id >= g->posix_end)
		g->posix_end = id + 1;
	return 0;
}

static struct timer *timer_of(struct kernel *k, uint64_t id)
{
	struct group *g = k->current->group;

	return (uint32_t)id < TIMERS_MAX && g->posix[(uint32_t)id].used ? &g->posix[(uint32_t)id] : NULL;
}

int64_t sys_timer_gettime(struct kernel *k, const uint64_t *a)
{
	struct timer *t = timer_of(k, a[0]);

	if (t == NULL)
		return -EINVAL;
	kernel_clock(k);
	if (t->number == 0) /* nobody is told: what was missed is passed over when it is looked at */
		go_off(&t->when, reading(k, k->current->group, counts_processor(t->clock)));
	return put_interval(k, a[1], t->when.every_ns, left_of(k, k->current->group, &t->when, counts_processor(t->clock)), 1);
}

int64_t sys_timer_settime(struct kernel *k, const uint64_t *a)
{
	struct timer *t = timer_of(k, a[0]);
	uint64_t after, base;
	int64_t v[4], r;

	if (t == NULL)
		return -EINVAL;
	if (guest_get(k, a[2], v, sizeof(v)) < 0)
		return -EFAULT;
	if (v[0] < 0 || v[2] < 0 || v[1] < 0 || v[3] < 0 || v[1] >= (int64_t)NS || v[3] >= (int64_t)NS)
		return -EINVAL;
	if (a[3] != 0 && (r = sys_timer_gettime(k, (const uint64_t[]){ a[0], a[3] })) < 0)
		return r;
	kernel_clock(k);
	after = kernel_timespec_ns(v + 2);
	if ((a[1] & TIMER_ABSTIME) != 0 && after != 0) {
		base = counts_processor(t->clock) ? k->current->group->cpu_ns :
		    t->clock == CLOCK_REALTIME ? world_now(k->world) : kernel_monotonic(k);
		after = after > base ? after - base : 1;
	}
	t->overrun = 0;
	set(k, k->current->group, &t->when, counts_processor(t->clock), after, kernel_timespec_ns(v));
	return 0;
}

int64_t sys_timer_getoverrun(struct kernel *k, const uint64_t *a)
{
	struct timer *t = timer_of(k, a[0]);

	return t != NULL ? t->overrun : -EINVAL;
}

int64_t sys_timer_delete(struct kernel *k, const uint64_t *a)
{
	struct timer *t = timer_of(k, a[0]);

	if (t == NULL)
		return -EINVAL;
	*t = (struct timer){ 0 };
	return 0;
}
