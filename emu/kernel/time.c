/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time: a virtual clock that jumps when all processes sleep. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

#include <time.h>

#define NS 1000000000ull
#define UPTIME_NS (9ull * 86400 * NS)

uint64_t kernel_timespec_ns(const int64_t v[2])
{
	const int64_t far = INT64_MAX / (int64_t)NS - 1;
	int64_t s = v[0] < 0 ? 0 : v[0] > far ? far : v[0];
	int64_t ns = v[1] < 0 ? 0 : v[1] >= (int64_t)NS ? (int64_t)NS - 1 : v[1];

	return (uint64_t)s * NS + (uint64_t)ns;
}

uint64_t kernel_monotonic(const struct kernel *k)
{
	return UPTIME_NS + k->world->virtual_ns;
}

static uint64_t now(struct kernel *k, uint64_t clock)
{
	kernel_clock(k);
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI:
		if (k->current != NULL && k->current->own_clock > 0)
			k->current->own_clock--;
		else
			record_ask(k->world->record, QUESTION_CLOCK, "clock", true);
		return world_now(k->world);
	case CLOCK_PROCESS_CPUTIME_ID:
		return k->current->group->cpu_ns;
	case CLOCK_THREAD_CPUTIME_ID:
		return k->current->cpu_ns;
	default:
		return kernel_monotonic(k);
	}
}

int64_t sys_clock_gettime(struct kernel *k, const uint64_t *a)
{
	uint64_t ns = now(k, a[0]), v[2] = { ns / NS, ns % NS };

	return a[0] > CLOCK_TAI ? -EINVAL : guest_put(k, a[1], v, sizeof(v));
}

int64_t sys_clock_getres(struct kernel *k, const uint64_t *a)
{
	uint64_t v[2] = { 0, 1 };

	return a[0] > CLOCK_TAI ? -EINVAL : a[1] != 0 ? guest_put(k, a[1], v, sizeof(v)) : 0;
}

int64_t sys_gettimeofday(struct kernel *k, const uint64_t *a)
{
	uint64_t ns = now(k, CLOCK_REALTIME), v[2] = { ns / NS, ns % NS / 1000 }, zone = 0;

	if (a[0] != 0 && guest_put(k, a[0], v, sizeof(v)) < 0)
		return -EFAULT;
	return a[1] != 0 ? guest_put(k, a[1], &zone, sizeof(zone)) : 0;
}

int64_t sys_time(struct kernel *k, const uint64_t *a)
{
	uint64_t s = now(k, CLOCK_REALTIME) / NS;

	if (a[0] != 0 && guest_put(k, a[0], &s, sizeof(s)) < 0)
		return -EFAULT;
	return (int64_t)s;
}

/* One event for sleeps that nothing came between: the time in all. */
static void tell_sleep(struct kernel *k, uint64_t ns)
{
	struct run *run = &record_outcome(k->world->record)->run;
	struct event *event = NULL;

	if (run->events_count != 0 && run->events_left == 0)
		event = (struct event *)(uintptr_t)&run->events[run->events_count - 1];
	if (event == NULL || event->kind != EVENT_SLEEP)
		event = world_event(k->world, EVENT_SLEEP);
	if (event != NULL)
		event->value += ns;
}

static int64_t sleep_for(struct kernel *k, uint64_t ns, uint64_t left_at)
{
	bool first = !k->current->wait.timed;

	if (first)
		tell_sleep(k, ns);
	if (wait_until(k, ns))
		return 0;
	if (signal_waiting(k->current)) {
		uint64_t left = k->current->wait.deadline_ns - k->world->virtual_ns, v[2] = { left / NS, left % NS };

		if (left_at != 0 && guest_put(k, left_at, v, sizeof(v)) < 0)
			return -EFAULT;
		return -EINTR;
	}
	return CALL_WAITS;
}

int64_t sys_nanosleep(struct kernel *k, const uint64_t *a)
{
	int64_t v[2];

	if (guest_get(k, a[0], v, sizeof(v)) < 0)
		return -EFAULT;
	if (v[0] < 0 || v[1] < 0 || v[1] >= (int64_t)NS)
		return -EINVAL;
	return sleep_for(k, kernel_timespec_ns(v), a[1]);
}

int64_t sys_clock_nanosleep(struct kernel *k, const uint64_t *a)
{
	int64_t v[2];
	uint64_t ns, base;

	if (guest_get(k, a[2], v, sizeof(v)) < 0)
		return -EFAULT;
	if (v[0] < 0 || v[1] < 0 || v[1] >= (int64_t)NS)
		return -EINVAL;
	ns = kernel_timespec_ns(v);
	if ((a[1] & TIMER_ABSTIME) != 0) {
		base = a[0] == CLOCK_REALTIME ? world_now(k->world) : kernel_monotonic(k);
		ns = ns > base ? ns - base : 0;
	}
	return sleep_for(k, ns, (a[1] & TIMER_ABSTIME) != 0 ? 0 : a[3]);
}

int64_t sys_times(struct kernel *k, const uint64_t *a)
{
	const struct group *g = k->current->group;
	uint64_t v[4] = { 0 };

	kernel_clock(k);
	v[0] = g->cpu_ns / 10000000;
	v[2] = g->children_cpu_ns / 10000000;
	if (a[0] != 0 && guest_put(k, a[0], v, sizeof(v)) < 0)
		return -EFAULT;
	return (int64_t)(kernel_monotonic(k) / 10000000);
}

int64_t sys_sched_yield(struct kernel *k, const uint64_t *a)
{
	k->quantum_over = true;
	k->leave = true;
	return 0;
}
