/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the process can ask of the system: time, version, names, environment, whether somebody watches. */
#include "emu/windows/api/api.h"
#include "emu/windows/host/variables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ASKED_NS = 1000000, UP_MS = 777600000, EPOCH_S = 11644473600 };

/* Asking takes time, so that who waits by asking gets on. */
static uint64_t now(struct windows *w)
{
	w->world->virtual_ns += ASKED_NS;
	(void)record_ask(w->world->record, QUESTION_CLOCK, "", true);
	return world_now(w->world);
}

static uint64_t get_tick_count(struct windows *w, const uint64_t *a)
{
	return (UP_MS + w->world->seed % 7 * 977 + now(w) % 1000000000000ull / 1000000) & UINT32_MAX;
}

static uint64_t file_time(struct windows *w)
{
	return now(w) / 100 + (uint64_t)EPOCH_S * 10000000;
}

static uint64_t get_file_time(struct windows *w, const uint64_t *a)
{
	win_put(w, a[0], file_time(w), 8);
	return 0;
}

static uint64_t performance_counter(struct windows *w, const uint64_t *a)
{
	return win_put(w, a[0], now(w) / 100, 8);
}

static uint64_t performance_frequency(struct windows *w, const uint64_t *a)
{
	return win_put(w, a[0], 10000000, 8);
}

/* SYSTEMTIME: eight 16-bit numbers. */
static uint64_t system_time(struct windows *w, const uint64_t *a)
{
	uint64_t ns = now(w);
	time_t seconds = (time_t)(ns / 1000000000);
	struct tm t = { 0 };

	if (gmtime_r(&seconds, &t) == NULL)
		return 0;
	const unsigned fields[] = { (unsigned)t.tm_year + 1900, (unsigned)t.tm_mon + 1, (unsigned)t.tm_wday, (unsigned)t.tm_mday,
		(unsigned)t.tm_hour, (unsigned)t.tm_min, (unsigned)t.tm_sec, (unsigned)(ns / 1000000 % 1000) };

	for (unsigned i = 0; i < COUNT_OF(fields); i++)
		win_put(w, a[0] + 2 * i, fields[i], 2);
	return 0;
}

static unsigned build(const struct windows *w)
{
	const char *dot = strrchr(w->world->profile.kernel_release, '.');

	return dot != NULL ? (unsigned)strtoul(dot + 1, NULL, 10) & 0xffff : 0;
}

static uint64_t get_version(struct windows *w, const uint64_t *a)
{
	unsigned v = w->catalog->version;

	return v / 10 | v % 10 << 8 | build(w) << 16;
}

/* OSVERSIONINFO(EX): size, major, minor, build, platform, service pack. */
static bool put_version(struct windows *w, uint64_t at)
{
	unsigned v = w->catalog->version;

	return win_put(w, at + 4, v / 10, 4) && win_put(w, at + 8, v % 10, 4) && win_put(w, at + 12, build(w), 4) &&
	    win_put(w, at + 16, 2, 4) && win_put(w, at + 20, 0, 2);
}

static uint64_t get_version_ex(struct windows *w, const uint64_t *a)
{
	return put_version(w, a[0]);
}

static uint64_t rtl_get_version(struct windows *w, const uint64_t *a)
{
	return put_version(w, a[0]) ? 0 : 0xc000000d;
}

/* SYSTEM_INFO: architecture, page size, lowest and highest address, mask, processors, type, grain, level. */
static uint64_t get_system_info(struct windows *w, const uint64_t *a)
{
	uint64_t at = a[0], word = w->word, count = w->world->profile.processors;

	win_put(w, at, w->wide ? 9 : 0, 4);
	win_put(w, at + 4, GUEST_PAGE, 4);
	win_put_word(w, at + 8, 0x10000);
	win_put_word(w, at + 8 + word, w->wide ? 0x7fffffeffff : 0x7ffeffff);
	win_put_word(w, at + 8 + 2 * word, (1ull << count) - 1);
	win_put(w, at + 8 + 3 * word, count, 4);
	win_put(w, at + 12 + 3 * word, w->wide ? 8664 : 586, 4);
	win_put(w, at + 16 + 3 * word, 0x10000, 4);
	win_put(w, at + 20 + 3 * word, 6, 4);
	return 0;
}

/* GetComputerName(to, room in and out) */
static uint64_t computer_name(struct windows *w, const uint64_t *a)
{
	uint64_t room = win_number(w, a[1], 4, NULL), n = api_give_text(w, a[0], room, w->world->hostname);

	return win_put(w, a[1], n, 4) && n < room;
}

static uint64_t user_name(struct windows *w, const uint64_t *a)
{
	const char *name = variable_find(w->host->variables, "USERNAME");
	uint64_t room = win_number(w, a[1], 4, NULL), n = api_give_text(w, a[0], room, name != NULL ? name : "SYSTEM");

	return win_put(w, a[1], n + 1, 4) && n < room;
}

static uint64_t get_variable(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];
	const char *v;

	if (!api_text_of(w, a[0], name) || (v = variable_ask(w->host, w->host->variables, name)) == NULL)
		return win_error(w, 203, 0); /* no such variable */
	return api_give_text(w, a[1], a[2], v);
}

static uint64_t set_variable(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX], value[WIN_TEXT_MAX];

	if (!api_text_of(w, a[0], name))
		return 0;
	variable_set(w->host->variables, name, api_text_of(w, a[1], value) ? value : NULL);
	return 1;
}

/* ExpandEnvironmentStrings(from, to, room): %NAME% becomes its value, what is not set stays. */
static uint64_t expand(struct windows *w, const uint64_t *a)
{
	char from[WIN_TEXT_MAX], to[WIN_TEXT_MAX], name[256];
	size_t used = 0;
	uint64_t n;

	if (!api_text_of(w, a[0], from))
		return 0;
	for (const char *c = from; *c != 0 && used + 1 < sizeof(to); c++) {
		const char *end = *c == '%' ? strchr(c + 1, '%') : NULL, *v = NULL;

		if (end != NULL && (size_t)(end - c) < sizeof(name)) {
			snprintf(name, sizeof(name), "%.*s", (int)(end - c - 1), c + 1);
			v = variable_find(w->host->variables, name);
		}
		if (v != NULL) {
			used += (size_t)snprintf(to + used, sizeof(to) - used, "%s", v);
			used = used < sizeof(to) - 1 ? used : sizeof(to) - 1;
			c = end;
		} else {
			to[used++] = *c;
		}
	}
	to[used] = 0;
	n = api_give_text(w, a[1], a[2], to);
	return n + (n == strlen(to));
}

static uint64_t environment(struct windows *w, const uint64_t *a)
{
	return w->environment;
}

static uint64_t put_false(struct windows *w, const uint64_t *a)
{
	return win_put(w, a[1], 0, 4);
}

static uint64_t is_wow64(struct windows *w, const uint64_t *a)
{
	return win_put(w, a[1], !w->wide && w->catalog->version >= 100, 4);
}

static uint64_t get_last_error(struct windows *w, const uint64_t *a)
{
	return win_number(w, w->thread->teb + w->offsets->teb_error, 4, NULL);
}

static uint64_t set_last_error(struct windows *w, const uint64_t *a)
{
	return win_error(w, (uint32_t)a[0], 0);
}

static uint64_t beep(struct windows *w, const uint64_t *a)
{
	return 1;
}

static uint64_t interlocked(struct windows *w, const uint64_t *a)
{
	uint64_t old = win_number(w, a[0], 4, NULL);
	bool down = strcmp(w->function->name, "InterlockedDecrement") == 0;
	uint64_t v = w->function->args == 2 ? a[1] : down ? old - 1 : old + 1;

	win_put(w, a[0], v, 4);
	return w->function->args == 2 ? old : v & UINT32_MAX;
}

static const struct win_function rows[] = {
	{ "GetTickCount", 0, .run = get_tick_count }, { "GetTickCount64", 0, .run = get_tick_count, .since = 60 },
	{ "GetSystemTimeAsFileTime", 1, .run = get_file_time }, { "GetSystemTime", 1, .run = system_time },
	{ "GetLocalTime", 1, .run = system_time }, { "QueryPerformanceCounter", 1, .run = performance_counter },
	{ "QueryPerformanceFrequency", 1, .run = performance_frequency }, { "GetVersion", 0, .run = get_version },
	{ "GetVersionExA", 1, .run = get_version_ex }, { "GetVersionExW", 1, .run = get_version_ex },
	{ "GetSystemInfo", 1, .run = get_system_info }, { "GetNativeSystemInfo", 1, .run = get_system_info },
	{ "GetComputerNameA", 2, .run = computer_name }, { "GetComputerNameW", 2, .run = computer_name, .wide = true },
	{ "GetEnvironmentVariableA", 3, .run = get_variable },
	{ "GetEnvironmentVariableW", 3, .run = get_variable, .wide = true },
	{ "SetEnvironmentVariableA", 2, .run = set_variable },
	{ "SetEnvironmentVariableW", 2, .run = set_variable, .wide = true },
	{ "ExpandEnvironmentStringsA", 3, .run = expand },
	{ "ExpandEnvironmentStringsW", 3, .run = expand, .wide = true },
	{ "GetEnvironmentStringsW", 0, .run = environment }, { "GetEnvironmentStrings", 0, .run = environment },
	{ "FreeEnvironmentStringsW", 1, .value = 1 }, { "FreeEnvironmentStringsA", 1, .value = 1 },
	{ "IsDebuggerPresent", .args = 0 }, { "CheckRemoteDebuggerPresent", 2, .run = put_false },
	{ "IsWow64Process", 2, .run = is_wow64 }, { "GetLastError", 0, .run = get_last_error, .since = 60 },
	{ "GetLastError", 0, .forward = "NTDLL.RtlGetLastWin32Error", .until = 52 },
	{ "SetLastError", 1, .run = set_last_error }, { "SetErrorMode", .args = 1 },
	{ "OutputDebugStringA", 1, .run = beep }, { "OutputDebugStringW", 1, .run = beep }, { "Beep", 2, .run = beep },
	{ "InterlockedIncrement", 1, .run = interlocked }, { "InterlockedDecrement", 1, .run = interlocked },
	{ "InterlockedExchange", 2, .run = interlocked }, { "IsProcessorFeaturePresent", 1, .value = 1 },
	{ "GetACP", 0, .value = 1252 }, { "GetOEMCP", 0, .value = 437 },
	{ "GetSystemDefaultLangID", 0, .value = 0x409 }, { "GetUserDefaultLangID", 0, .value = 0x409 },
	{ "GetSystemDefaultLCID", 0, .value = 0x409 }, { "GetUserDefaultLCID", 0, .value = 0x409 },
	{ "GetSystemDefaultUILanguage", 0, .value = 0x409 }, { "GlobalMemoryStatus", .args = 1 },
	{ "GlobalMemoryStatusEx", 1, .value = 1 }, { "FormatMessageA", .args = 7 },
	{ "GetProductInfo", 5, .value = 1, .since = 60 },
};
const struct win_table api_fact = { rows, COUNT_OF(rows) };

static const struct win_function rows_nt[] = {
	{ "RtlGetLastWin32Error", 0, .run = get_last_error }, { "RtlSetLastWin32Error", 1, .run = set_last_error },
	{ "RtlGetVersion", 1, .run = rtl_get_version },
	{ "NtQuerySystemInformation", 4, .value = 0xc0000004, .number = 0x37 },
	{ "ZwQuerySystemInformation", 4, .value = 0xc0000004 },
	{ "NtQueryInformationProcess", 5, .value = 0xc0000003, .number = 0x1a },
	{ "ZwQueryInformationProcess", 5, .value = 0xc0000003 }, { "NtSetInformationProcess", 4, .number = 0x1d },
	{ "ZwSetInformationProcess", .args = 4 }, { "NtSetInformationThread", 4, .number = 0x0e },
	{ "NtQuerySystemTime", 1, .run = get_file_time }, { "RtlAdjustPrivilege", .args = 4 },
	{ "RtlGetNtVersionNumbers", .args = 3 }, { "DbgPrint", 1, .cdecl = true }, { "DbgBreakPoint", .args = 0 },
	{ "NtDisplayString", .args = 1 }, { "NtQueryPerformanceCounter", 2, .run = performance_counter },
};
const struct win_table api_fact_nt = { rows_nt, COUNT_OF(rows_nt) };

static const struct win_function rows_user[] = {
	{ "GetUserNameA", 2, .run = user_name }, { "GetUserNameW", 2, .run = user_name, .wide = true },
};
const struct win_table api_user_name = { rows_user, COUNT_OF(rows_user) };
