/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handlers of exceptions, set and taken away. */
#include "emu/windows/api/api.h"

#include <string.h>

static uint64_t set_filter(struct windows *w, const uint64_t *a)
{
	uint64_t old = w->unhandled;

	w->unhandled = a[0];
	return old;
}

/* AddVectoredExceptionHandler(first, handler) */
static uint64_t add_handler(struct windows *w, const uint64_t *a)
{
	if (w->handlers_count == WIN_HANDLERS_MAX)
		return 0;
	if (a[0] != 0)
		memmove(&w->handlers[1], &w->handlers[0], w->handlers_count * sizeof(w->handlers[0]));
	w->handlers[a[0] != 0 ? 0 : w->handlers_count] = a[1];
	w->handlers_count++;
	return a[1];
}

static uint64_t remove_handler(struct windows *w, const uint64_t *a)
{
	for (unsigned i = 0; i < w->handlers_count; i++)
		if (w->handlers[i] == a[0]) {
			memmove(&w->handlers[i], &w->handlers[i + 1], (w->handlers_count - i - 1) * sizeof(w->handlers[0]));
			w->handlers_count--;
			return 1;
		}
	return 0;
}

static uint64_t raise_exception(struct windows *w, const uint64_t *a)
{
	win_raise(w, (uint32_t)a[0], 0);
	return 0;
}

static uint64_t capture_context(struct windows *w, const uint64_t *a)
{
	(void)win_context_put(w, a[0]);
	return 0;
}

static const struct win_function rows[] = {
	{ "SetUnhandledExceptionFilter", 1, .run = set_filter }, { "UnhandledExceptionFilter", .args = 1 },
	{ "AddVectoredExceptionHandler", 2, .forward = "NTDLL.RtlAddVectoredExceptionHandler" },
	{ "RemoveVectoredExceptionHandler", 1, .forward = "NTDLL.RtlRemoveVectoredExceptionHandler" },
	{ "RaiseException", 4, .run = raise_exception },
};
const struct win_table api_exception = { rows, COUNT_OF(rows) };

static const struct win_function rows_nt[] = {
	{ "RtlAddVectoredExceptionHandler", 2, .run = add_handler },
	{ "RtlRemoveVectoredExceptionHandler", 1, .run = remove_handler },
	{ "RtlCaptureContext", 1, .run = capture_context }, { "RtlUnwind", .args = 4 },
	{ "NtRaiseHardError", .args = 6 }, { "KiUserExceptionDispatcher", .args = 2 },
};
const struct win_table api_exception_nt = { rows_nt, COUNT_OF(rows_nt) };
