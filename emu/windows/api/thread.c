/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads, fibers and their storage; work that is queued; and threads of other processes, which are this one's. */
#include "emu/windows/api/api.h"

#include <string.h>

enum { SUSPENDED = 4, SELF_THREAD = -2, SELF_PROCESS = -1, TLS_SLOTS = 64, STILL_ACTIVE = 259 };

static struct win_thread *thread_of(struct windows *w, uint64_t handle)
{
	struct win_object *o;

	if ((int32_t)handle == SELF_THREAD)
		return w->thread;
	if ((o = win_object(w, handle, WIN_THREAD)) == NULL)
		return NULL;
	for (unsigned i = 0; i < WIN_THREADS_MAX; i++)
		if (w->threads[i].used && w->threads[i].id == o->id)
			return &w->threads[i];
	return NULL;
}

/* A handle of a new thread; 0: none. */
static uint64_t start(struct windows *w, uint64_t function, uint64_t argument, bool suspended, uint64_t id_at)
{
	uint64_t handle = 0;
	struct win_object *o = win_object_new(w, WIN_THREAD, &handle);
	struct win_thread *t;

	if (o == NULL)
		return 0;
	if ((t = win_thread_new(w, function, argument, suspended)) == NULL) {
		win_object_free(w, o);
		return win_error(w, WIN_ERROR_MEMORY, 0);
	}
	o->id = t->id;
	t->handle_id = handle;
	if (id_at != 0)
		win_put(w, id_at, t->id, 4);
	return handle;
}

static uint64_t create_thread(struct windows *w, const uint64_t *a)
{
	return start(w, a[2], a[3], (a[4] & SUSPENDED) != 0, a[5]);
}

static uint64_t create_remote_thread(struct windows *w, const uint64_t *a)
{
	return create_thread(w, a + 1);
}

static uint64_t begin_thread(struct windows *w, const uint64_t *a)
{
	return start(w, a[0], a[2], false, 0);
}

/* NtCreateThreadEx(handle, access, attributes, process, start, argument, flags, …) */
static uint64_t nt_create_thread_ex(struct windows *w, const uint64_t *a)
{
	uint64_t handle = start(w, a[4], a[5], (a[6] & 1) != 0, 0);

	return handle != 0 && win_put_word(w, a[0], handle) ? 0 : 0xc0000017;
}

/* RtlCreateUserThread(process, descriptor, suspended, zero bits, reserve, commit, start, argument, handle, id) */
static uint64_t rtl_create_user_thread(struct windows *w, const uint64_t *a)
{
	uint64_t handle = start(w, a[6], a[7], (a[2] & 1) != 0, 0);

	if (handle == 0)
		return 0xc0000017;
	if (a[8] != 0)
		win_put_word(w, a[8], handle);
	return 0;
}

static uint64_t resume_thread(struct windows *w, const uint64_t *a)
{
	struct win_thread *t = thread_of(w, a[0]);
	struct win_object *o = win_object(w, a[0], WIN_THREAD);
	unsigned had;

	/* the first thread of a program that was started suspended: it runs what was set, if anything was */
	if (t == NULL && o != NULL && o->at != 0) {
		(void)win_thread_new(w, o->at, o->size, false);
		o->at = 0;
		return 1;
	}
	if (t == NULL)
		return WIN_FAILED;
	had = t->suspended;
	t->suspended -= had != 0;
	return had;
}

static uint64_t suspend_thread(struct windows *w, const uint64_t *a)
{
	struct win_thread *t = thread_of(w, a[0]);

	return t != NULL ? t->suspended++ : WIN_FAILED;
}

static uint64_t nt_resume(struct windows *w, const uint64_t *a)
{
	return resume_thread(w, a) != WIN_FAILED ? 0 : 0xc0000008;
}

static uint64_t queue_apc(struct windows *w, const uint64_t *a)
{
	struct win_thread *t = thread_of(w, a[1]);
	struct win_object *o = win_object(w, a[1], WIN_THREAD);

	if (t == NULL && o != NULL) { /* another program's thread: it goes there when it is resumed */
		o->at = a[0];
		o->size = a[2];
		return 1;
	}
	/* to another thread of ours: it is never in what lets it in, so a thread is made that does it */
	return t != NULL && win_thread_new(w, a[0], a[2], t == w->thread ? false : t->suspended != 0) != NULL;
}

/* NtQueueApcThread(thread, function, argument, …) */
static uint64_t nt_queue_apc(struct windows *w, const uint64_t *a)
{
	const uint64_t as[] = { a[1], a[0], a[2] };

	return queue_apc(w, as) != 0 ? 0 : 0xc0000008;
}

static uint64_t queue_work(struct windows *w, const uint64_t *a)
{
	return win_thread_new(w, a[0], a[1], false) != NULL;
}

/* CreateTimerQueueTimer(handle, queue, function, argument, …) */
static uint64_t queue_timer(struct windows *w, const uint64_t *a)
{
	win_put_word(w, a[0], 0x30);
	return win_thread_new(w, a[2], a[3], false) != NULL;
}

/* RtlRegisterWait, RegisterWaitForSingleObject(handle, object, function, argument, …): as if it were there */
static uint64_t register_wait(struct windows *w, const uint64_t *a)
{
	win_put_word(w, a[0], 0x30);
	return win_thread_new(w, a[2], a[3], false) != NULL;
}

static uint64_t exit_thread(struct windows *w, const uint64_t *a)
{
	win_thread_end(w, (uint32_t)a[0]);
	return 0;
}

static uint64_t terminate_thread(struct windows *w, const uint64_t *a)
{
	struct win_thread *t = thread_of(w, a[0]);

	if (t == NULL)
		return 0;
	if (t == w->thread)
		win_thread_end(w, (uint32_t)a[1]);
	t->ended = true;
	return 1;
}

static uint64_t current_thread(struct windows *w, const uint64_t *a)
{
	return (uint64_t)SELF_THREAD;
}

static uint64_t current_thread_id(struct windows *w, const uint64_t *a)
{
	return w->thread->id;
}

static uint64_t open_thread(struct windows *w, const uint64_t *a)
{
	uint64_t handle = 0;
	struct win_object *o = win_object_new(w, WIN_THREAD, &handle);

	if (o != NULL)
		o->id = (uint32_t)a[2];
	return handle;
}

static uint64_t get_thread_context(struct windows *w, const uint64_t *a)
{
	return win_context_put(w, a[1]);
}

static uint64_t set_thread_context(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_THREAD);
	struct win_thread *t = thread_of(w, a[0]);

	if (t != NULL && t == w->thread) {
		w->jumps = win_context_take(w, a[1]);
		return w->jumps;
	}
	if (o == NULL)
		return 0;
	/* of another thread: where it goes on */
	o->at = win_get_word(w, a[1] + (w->wide ? 0xf8 : 0xb8));
	if (t != NULL && t->suspended != 0 && o->at != 0) {
		t->ended = true;
		o->id = 0;
	}
	return 1;
}

static uint64_t nt_continue(struct windows *w, const uint64_t *a)
{
	w->jumps = win_context_take(w, a[0]);
	return 0;
}

static uint64_t tls_alloc(struct windows *w, const uint64_t *a)
{
	for (unsigned i = 0; i < TLS_SLOTS; i++)
		if ((w->tls_used >> i & 1) == 0) {
			w->tls_used |= 1ull << i;
			return i;
		}
	return WIN_FAILED;
}

static uint64_t tls_set(struct windows *w, const uint64_t *a)
{
	return a[0] < TLS_SLOTS && win_put_word(w, w->thread->teb + w->offsets->teb_slots + a[0] * w->word, a[1]);
}

static uint64_t tls_get(struct windows *w, const uint64_t *a)
{
	return a[0] < TLS_SLOTS ? win_get_word(w, w->thread->teb + w->offsets->teb_slots + a[0] * w->word) : 0;
}

static uint64_t to_fiber(struct windows *w, const uint64_t *a)
{
	return win_heap(w, 64);
}

/* CreateFiber(stack, function, argument), CreateFiberEx(commit, reserve, flags, function, argument) */
static uint64_t create_fiber(struct windows *w, const uint64_t *a)
{
	uint64_t at = win_heap(w, 64);
	bool ex = w->function->args == 5;

	if (at == 0)
		return 0;
	win_put_word(w, at, ex ? a[3] : a[1]);
	win_put_word(w, at + w->word, ex ? a[4] : a[2]);
	return at;
}

static uint64_t switch_to_fiber(struct windows *w, const uint64_t *a)
{
	uint64_t function = win_get_word(w, a[0]);

	if (function != 0)
		win_go(w, function, win_get_word(w, a[0] + w->word));
	return 0;
}

static const struct win_function rows[] = {
	{ "CreateThread", 6, .run = create_thread }, { "CreateRemoteThread", 7, .run = create_remote_thread },
	{ "CreateRemoteThreadEx", 8, .run = create_remote_thread, .since = 61 },
	{ "ResumeThread", 1, .run = resume_thread }, { "SuspendThread", 1, .run = suspend_thread },
	{ "QueueUserAPC", 3, .run = queue_apc }, { "QueueUserWorkItem", 3, .run = queue_work },
	{ "CreateTimerQueueTimer", 7, .run = queue_timer }, { "CreateTimerQueue", 0, .value = 0x34 },
	{ "DeleteTimerQueueTimer", 3, .value = 1 }, { "RegisterWaitForSingleObject", 6, .run = register_wait },
	{ "ExitThread", 1, .run = exit_thread, .until = 52 },
	{ "ExitThread", 1, .forward = "NTDLL.RtlExitUserThread", .since = 60 },
	{ "TerminateThread", 2, .run = terminate_thread }, { "GetCurrentThread", 0, .run = current_thread },
	{ "GetCurrentThreadId", 0, .run = current_thread_id }, { "OpenThread", 3, .run = open_thread },
	{ "GetThreadContext", 2, .run = get_thread_context }, { "SetThreadContext", 2, .run = set_thread_context },
	{ "GetExitCodeThread", 2, .value = 1 }, { "SetThreadPriority", 2, .value = 1 },
	{ "GetThreadPriority", .args = 1 }, { "TlsAlloc", 0, .run = tls_alloc }, { "TlsSetValue", 2, .run = tls_set },
	{ "TlsGetValue", 1, .run = tls_get }, { "TlsFree", 1, .value = 1 }, { "FlsAlloc", 1, .run = tls_alloc },
	{ "FlsSetValue", 2, .run = tls_set }, { "FlsGetValue", 1, .run = tls_get }, { "FlsFree", 1, .value = 1 },
	{ "ConvertThreadToFiber", 1, .run = to_fiber }, { "ConvertThreadToFiberEx", 2, .run = to_fiber },
	{ "CreateFiber", 3, .run = create_fiber }, { "CreateFiberEx", 5, .run = create_fiber },
	{ "SwitchToFiber", 1, .run = switch_to_fiber }, { "DeleteFiber", .args = 1 },
	{ "SetThreadAffinityMask", 2, .value = 1 }, { "SwitchToThread", .args = 0 },
};
const struct win_table api_thread = { rows, COUNT_OF(rows) };

static const struct win_function rows_nt[] = {
	{ "RtlExitUserThread", 1, .run = exit_thread, .since = 60 },
	{ "NtTerminateThread", 2, .run = exit_thread, .number = 0x54 },
	{ "NtCreateThreadEx", 11, .run = nt_create_thread_ex, .number = 0xbd, .since = 60 },
	{ "ZwCreateThreadEx", 11, .run = nt_create_thread_ex, .since = 60 },
	{ "RtlCreateUserThread", 10, .run = rtl_create_user_thread },
	{ "NtResumeThread", 2, .run = nt_resume, .number = 0x53 }, { "ZwResumeThread", 2, .run = nt_resume },
	{ "NtQueueApcThread", 5, .run = nt_queue_apc, .number = 0x46 }, { "ZwQueueApcThread", 5, .run = nt_queue_apc },
	{ "NtContinue", 2, .run = nt_continue, .number = 0x44 }, { "ZwContinue", 2, .run = nt_continue },
	{ "NtGetContextThread", .args = 2 }, { "NtSetContextThread", .args = 2 }, { "NtTestAlert", .args = 0 },
	{ "NtYieldExecution", .args = 0 }, { "NtSuspendThread", .args = 2 }, { "NtAlertResumeThread", .args = 2 },
	{ "NtOpenThread", .args = 4 },
};
const struct win_table api_thread_nt = { rows_nt, COUNT_OF(rows_nt) };

static const struct win_function rows_crt[] = {
	{ "_beginthreadex", 6, .run = create_thread, .cdecl = true },
	{ "_beginthread", 3, .run = begin_thread, .cdecl = true },
	{ "_endthreadex", 1, .run = exit_thread, .cdecl = true },
	{ "_endthread", 0, .run = exit_thread, .cdecl = true },
};
const struct win_table api_thread_crt = { rows_crt, COUNT_OF(rows_crt) };
