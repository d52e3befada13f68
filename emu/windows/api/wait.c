/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting in virtual time: sleeps, events, mutexes, and whatever has a handle. */
#include "emu/windows/api/api.h"

#include <string.h>

enum { WAIT_TIMEOUT_ = 258, FOREVER_MS = -1, NS_MS = 1000000, NS_TICK = 100, OBJECTS_MAX = 64 };

static uint64_t ns_of(uint64_t ms)
{
	return (int32_t)ms == FOREVER_MS ? WIN_FOREVER : (uint32_t)ms * (uint64_t)NS_MS;
}

static void tell_sleep(struct windows *w, uint64_t ns)
{
	struct event *e;

	if (!w->thread->waits && ns != 0 && (e = world_event(w->world, EVENT_SLEEP)) != NULL)
		e->value = ns;
}

static uint64_t do_sleep(struct windows *w, const uint64_t *a)
{
	uint64_t ns = ns_of(a[0]);

	tell_sleep(w, ns);
	(void)win_waits(w, ns);
	return 0;
}

/* NtDelayExecution(alertable, interval): negative is from now on. */
static uint64_t nt_delay(struct windows *w, const uint64_t *a)
{
	int64_t ticks = (int64_t)win_number(w, a[1], 8, NULL);
	uint64_t ns = ticks >= 0 ? 0 : ticks == INT64_MIN || -ticks > INT64_MAX / NS_TICK ? WIN_FOREVER : (uint64_t)-ticks * NS_TICK;

	tell_sleep(w, ns);
	(void)win_waits(w, ns);
	return 0;
}

/* Is it there? What is not a thing of waiting always is. */
static bool there(struct windows *w, uint64_t handle)
{
	struct win_object *o = win_object(w, handle, WIN_FREE);

	if (o == NULL)
		return (int32_t)handle != -1 && (int32_t)handle != -2;
	if (o->kind == WIN_EVENT || o->kind == WIN_THREAD || o->kind == WIN_TIMER)
		return o->signalled;
	return true;
}

static void taken(struct windows *w, uint64_t handle)
{
	struct win_object *o = win_object(w, handle, WIN_EVENT);

	if (o != NULL && !o->manual)
		o->signalled = false;
}

static uint64_t wait_one(struct windows *w, uint64_t handle, uint64_t ns)
{
	if (there(w, handle)) {
		win_wait_over(w);
		taken(w, handle);
		return 0;
	}
	return win_waits(w, ns) ? 0 : WAIT_TIMEOUT_;
}

static uint64_t wait_for_single(struct windows *w, const uint64_t *a)
{
	return wait_one(w, a[0], ns_of(a[1]));
}

static uint64_t nt_wait(struct windows *w, const uint64_t *a)
{
	int64_t ticks = a[2] != 0 ? (int64_t)win_number(w, a[2], 8, NULL) : INT64_MIN;

	return wait_one(w, a[0], ticks >= 0 || ticks < -(INT64_MAX / NS_TICK) ? WIN_FOREVER : (uint64_t)-ticks * NS_TICK);
}

/* WaitForMultipleObjects(count, handles, all, ms) */
static uint64_t wait_for_multiple(struct windows *w, const uint64_t *a)
{
	unsigned count = a[0] < OBJECTS_MAX ? (unsigned)a[0] : OBJECTS_MAX, ready = 0, first = 0;

	for (unsigned i = count; i-- > 0;)
		if (there(w, win_get_word(w, a[1] + i * w->word))) {
			ready++;
			first = i;
		}
	if (count != 0 && (ready == count || (ready != 0 && a[2] == 0))) {
		win_wait_over(w);
		taken(w, win_get_word(w, a[1] + first * w->word));
		return first;
	}
	return win_waits(w, ns_of(a[3])) ? 0 : WAIT_TIMEOUT_;
}

/* A named thing: made, or the one there is; what is told of it is its name. */
static uint64_t make(struct windows *w, enum win_object_kind kind, uint64_t name_at, bool signalled, bool manual)
{
	char name[WIN_TEXT_MAX];
	struct win_object *o;
	uint64_t handle;

	if ((o = win_object_new(w, kind, &handle)) == NULL)
		return 0;
	o->signalled = signalled;
	o->manual = manual;
	win_error(w, 0, 0);
	if (api_text_of(w, name_at, name) && kind == WIN_MUTEX)
		api_tell(w, EVENT_MUTEX, name);
	return handle;
}

static uint64_t create_event(struct windows *w, const uint64_t *a)
{
	return make(w, WIN_EVENT, a[3], a[2] != 0, a[1] != 0);
}

static uint64_t create_mutex(struct windows *w, const uint64_t *a)
{
	return make(w, WIN_MUTEX, a[2], true, false);
}

static uint64_t create_semaphore(struct windows *w, const uint64_t *a)
{
	return make(w, WIN_SEMAPHORE, a[3], true, false);
}

/* Whether somebody else has made it is the victim's to know: here nobody has. */
static uint64_t open_named(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];

	if (api_text_of(w, a[2], name))
		api_tell(w, EVENT_MUTEX, name);
	return win_error(w, WIN_ERROR_FILE, 0);
}

static uint64_t set_event(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_EVENT);

	if (o != NULL)
		o->signalled = true;
	return o != NULL;
}

static uint64_t reset_event(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_EVENT);

	if (o != NULL)
		o->signalled = false;
	return o != NULL;
}

static uint64_t create_timer(struct windows *w, const uint64_t *a)
{
	return make(w, WIN_TIMER, 0, false, a[1] != 0);
}

/* SetWaitableTimer(timer, due, …): it is due when somebody waits. */
static uint64_t set_timer(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_TIMER);
	int64_t ticks = (int64_t)win_number(w, a[1], 8, NULL);

	if (o == NULL)
		return 0;
	o->signalled = true;
	if (ticks < 0 && ticks > -(int64_t)(INT64_MAX / NS_TICK))
		tell_sleep(w, (uint64_t)-ticks * NS_TICK);
	return 1;
}

static const struct win_function rows[] = {
	{ "Sleep", 1, .run = do_sleep }, { "SleepEx", 2, .run = do_sleep },
	{ "WaitForSingleObject", 2, .run = wait_for_single }, { "WaitForSingleObjectEx", 3, .run = wait_for_single },
	{ "WaitForMultipleObjects", 4, .run = wait_for_multiple },
	{ "WaitForMultipleObjectsEx", 5, .run = wait_for_multiple }, { "CreateEventA", 4, .run = create_event },
	{ "CreateEventW", 4, .run = create_event, .wide = true }, { "SetEvent", 1, .run = set_event },
	{ "ResetEvent", 1, .run = reset_event }, { "PulseEvent", 1, .run = set_event }, { "OpenEventA", .args = 3 },
	{ "OpenEventW", .args = 3 }, { "CreateMutexA", 3, .run = create_mutex },
	{ "CreateMutexW", 3, .run = create_mutex, .wide = true }, { "OpenMutexA", 3, .run = open_named },
	{ "OpenMutexW", 3, .run = open_named, .wide = true }, { "ReleaseMutex", 1, .value = 1 },
	{ "CreateSemaphoreA", 4, .run = create_semaphore },
	{ "CreateSemaphoreW", 4, .run = create_semaphore, .wide = true }, { "ReleaseSemaphore", 3, .value = 1 },
	{ "CreateWaitableTimerA", 3, .run = create_timer }, { "CreateWaitableTimerW", 3, .run = create_timer },
	{ "SetWaitableTimer", 6, .run = set_timer }, { "SignalObjectAndWait", .args = 4 },
	{ "InitializeCriticalSection", .args = 1 }, { "DeleteCriticalSection", .args = 1 },
	{ "InitializeCriticalSectionAndSpinCount", 2, .value = 1 },
	{ "EnterCriticalSection", 1, .forward = "NTDLL.RtlEnterCriticalSection" },
	{ "LeaveCriticalSection", 1, .forward = "NTDLL.RtlLeaveCriticalSection" },
};
const struct win_table api_wait = { rows, COUNT_OF(rows) };

static const struct win_function rows_nt[] = {
	{ "NtDelayExecution", 2, .run = nt_delay, .number = 0x35 }, { "ZwDelayExecution", 2, .run = nt_delay },
	{ "NtWaitForSingleObject", 3, .run = nt_wait, .number = 5 }, { "ZwWaitForSingleObject", 3, .run = nt_wait },
	{ "RtlEnterCriticalSection", .args = 1 }, { "RtlLeaveCriticalSection", .args = 1 },
	{ "RtlInitializeCriticalSection", .args = 1 }, { "RtlDeleteCriticalSection", .args = 1 },
	{ "NtCreateEvent", .args = 5 }, { "NtSetEvent", .args = 2 }, { "NtCreateMutant", .args = 4 },
};
const struct win_table api_wait_nt = { rows_nt, COUNT_OF(rows_nt) };
