/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs: started, looked at, ended; and this process's own end. */
#include "emu/windows/api/api.h"
#include "emu/windows/host/variables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUSPENDED = 4, USES_HANDLES = 0x100, STILL_ACTIVE = 259, SELF = -1 };

static uint64_t win_exec(struct windows *w, const uint64_t *a)
{
	char line[WIN_TEXT_MAX];
	uint32_t code = 0;

	if (!api_text_of(w, a[0], line))
		return 2;
	return api_start(w, &(struct api_start){ .line = line, .folder = w->folder }, &code) ? 33 : 2;
}

/* STARTUPINFO: the three handles, where its flags say they are used. */
static void take_handles(struct windows *w, uint64_t at, struct api_start *to)
{
	uint64_t flags = win_number(w, at + (w->wide ? 0x3c : 0x2c), 4, NULL), first = at + (w->wide ? 0x50 : 0x38);

	if (at == 0 || (flags & USES_HANDLES) == 0)
		return;
	to->in = win_get_word(w, first);
	to->out = win_get_word(w, first + w->word);
	to->err = win_get_word(w, first + 2 * w->word);
}

/* PROCESS_INFORMATION: two handles, two ids. */
static bool put_information(struct windows *w, uint64_t at, uint32_t exit_code, bool suspended)
{
	uint64_t process = 0, thread = 0;
	struct win_object *o = win_object_new(w, WIN_PROCESS, &process), *t = win_object_new(w, WIN_THREAD, &thread);

	if (o == NULL || t == NULL)
		return false;
	o->signalled = t->signalled = !suspended;
	o->flags = exit_code;
	o->id = w->process_id + 0x400 + 4 * w->programs;
	return at == 0 || (win_put_word(w, at, process) && win_put_word(w, at + w->word, thread) &&
	    win_put(w, at + 2 * w->word, o->id, 4) && win_put(w, at + 2 * w->word + 4, o->id + 4, 4));
}

/* CreateProcess(application, line, attributes, attributes, inherit, flags, environment, folder, startup, information) */
static uint64_t create_process(struct windows *w, const uint64_t *a)
{
	char application[WIN_TEXT_MAX], line[WIN_TEXT_MAX], folder[FILE_PATH_MAX];
	struct api_start s = { .folder = w->folder };
	uint32_t code = 0;

	if (api_text_of(w, a[0], application))
		s.application = application;
	if (api_text_of(w, a[1], line))
		s.line = line;
	if (s.line == NULL && s.application == NULL)
		return win_error(w, WIN_ERROR_PARAMETER, 0);
	if (a[7] != 0 && api_path_of(w, a[7], folder))
		s.folder = folder;
	take_handles(w, a[8], &s);
	if (!api_start(w, &s, &code))
		return win_error(w, WIN_ERROR_FILE, 0);
	return put_information(w, a[9], code, (a[5] & SUSPENDED) != 0);
}

/* With a token, or what stands for one, before. */
static uint64_t create_process_as(struct windows *w, const uint64_t *a)
{
	return create_process(w, a + 1);
}

/* CreateProcessWithLogonW(user, domain, password, flags, application, line, flags, environment, folder, startup, information) */
static uint64_t create_process_logon(struct windows *w, const uint64_t *a)
{
	const uint64_t as[] = { a[4], a[5], 0, 0, 0, a[6], a[7], a[8], a[9], a[10] };

	return create_process(w, as);
}

/* CreateProcessWithTokenW(token, flags, application, line, flags, environment, folder, startup, information) */
static uint64_t create_process_token(struct windows *w, const uint64_t *a)
{
	const uint64_t as[] = { a[2], a[3], 0, 0, 0, a[4], a[5], a[6], a[7], a[8] };

	return create_process(w, as);
}

static bool execute(struct windows *w, uint64_t file_at, uint64_t arguments_at, uint64_t folder_at)
{
	char file[WIN_TEXT_MAX], arguments[WIN_TEXT_MAX], line[2 * WIN_TEXT_MAX + 4], folder[FILE_PATH_MAX];
	struct api_start s = { .folder = w->folder, .line = line };
	uint32_t code = 0;

	if (!api_text_of(w, file_at, file))
		return false;
	if (folder_at != 0 && api_path_of(w, folder_at, folder))
		s.folder = folder;
	snprintf(line, sizeof(line), strchr(file, ' ') != NULL && file[0] != '"' ? "\"%s\"" : "%s", file);
	if (api_text_of(w, arguments_at, arguments) && arguments[0] != 0)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " %s", arguments);
	return api_start(w, &s, &code);
}

/* ShellExecute(window, verb, file, arguments, folder, show) */
static uint64_t shell_execute(struct windows *w, const uint64_t *a)
{
	return execute(w, a[2], a[3], a[4]) ? 42 : 2;
}

/* SHELLEXECUTEINFO: size, mask, window, verb, file, arguments, folder, …, process. */
static uint64_t shell_execute_ex(struct windows *w, const uint64_t *a)
{
	uint64_t at = a[0] + (w->wide ? 0x18 : 0x10), word = w->word, handle = 0;
	struct win_object *o;

	if (!execute(w, win_get_word(w, at), win_get_word(w, at + word), win_get_word(w, at + 2 * word)))
		return win_error(w, WIN_ERROR_FILE, 0);
	if ((o = win_object_new(w, WIN_PROCESS, &handle)) != NULL)
		o->signalled = true;
	win_put_word(w, a[0] + (w->wide ? 0x68 : 0x38), handle);
	return 1;
}

static uint64_t exit_process(struct windows *w, const uint64_t *a)
{
	win_exit(w, (uint32_t)a[0]);
	return 0;
}

static uint64_t terminate_process(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_PROCESS);

	if (o == NULL && ((int32_t)a[0] == SELF || a[0] == 0))
		win_exit(w, (uint32_t)a[1]);
	return 1;
}

static uint64_t get_exit_code(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_PROCESS);

	return win_put(w, a[1], o == NULL || !o->signalled ? STILL_ACTIVE : o->flags, 4);
}

static uint64_t open_process(struct windows *w, const uint64_t *a)
{
	uint64_t handle = 0;
	struct win_object *o = win_object_new(w, WIN_PROCESS, &handle);

	if (o != NULL)
		o->id = (uint32_t)a[2];
	return handle;
}

static uint64_t current_process(struct windows *w, const uint64_t *a)
{
	return (uint64_t)SELF;
}

static uint64_t current_process_id(struct windows *w, const uint64_t *a)
{
	return w->process_id;
}

static uint64_t get_command_line(struct windows *w, const uint64_t *a)
{
	char line[128];
	uint64_t at = win_heap(w, 256);

	snprintf(line, sizeof(line), "C:\\Windows\\%s", w->modules[0].name);
	return at != 0 && win_put_text(w, at, w->function->wide, line, 120) != 0 ? at : 0;
}

/* STARTUPINFO of this process: its size, and nothing said. */
static uint64_t get_startup_info(struct windows *w, const uint64_t *a)
{
	uint8_t zero[0x68] = { 0 };
	unsigned size = w->wide ? 0x68 : 0x44;

	zero[0] = (uint8_t)size;
	(void)!win_write(w, a[0], zero, size);
	return 0;
}

static uint64_t process_id_of(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_PROCESS);

	return o != NULL ? o->id : w->process_id;
}

static const struct win_function rows[] = {
	{ "WinExec", 2, .run = win_exec }, { "CreateProcessA", 10, .run = create_process },
	{ "CreateProcessW", 10, .run = create_process, .wide = true },
	{ "CreateProcessInternalA", 12, .run = create_process_as },
	{ "CreateProcessInternalW", 12, .run = create_process_as, .wide = true },
	{ "ExitProcess", 1, .run = exit_process }, { "TerminateProcess", 2, .run = terminate_process },
	{ "GetExitCodeProcess", 2, .run = get_exit_code }, { "OpenProcess", 3, .run = open_process },
	{ "GetCurrentProcess", 0, .run = current_process }, { "GetCurrentProcessId", 0, .run = current_process_id },
	{ "GetProcessId", 1, .run = process_id_of }, { "GetCommandLineA", 0, .run = get_command_line },
	{ "GetCommandLineW", 0, .run = get_command_line, .wide = true },
	{ "GetStartupInfoA", 1, .run = get_startup_info }, { "GetStartupInfoW", 1, .run = get_startup_info },
	{ "LoadModule", 2, .run = win_exec }, { "FatalExit", 1, .run = exit_process },
	{ "FatalAppExitA", 2, .run = exit_process }, { "GetPriorityClass", 1, .value = 0x20 },
	{ "SetPriorityClass", 2, .value = 1 }, { "InitializeProcThreadAttributeList", 4, .value = 1, .since = 60 },
	{ "UpdateProcThreadAttribute", 7, .value = 1, .since = 60 },
	{ "DeleteProcThreadAttributeList", 1, .since = 60 }, { "CreateJobObjectA", .args = 2 },
	{ "AssignProcessToJobObject", 2, .value = 1 },
};
const struct win_table api_program = { rows, COUNT_OF(rows) };

static const struct win_function rows_shell[] = {
	{ "ShellExecuteA", 6, .run = shell_execute }, { "ShellExecuteW", 6, .run = shell_execute, .wide = true },
	{ "ShellExecuteExA", 1, .run = shell_execute_ex },
	{ "ShellExecuteExW", 1, .run = shell_execute_ex, .wide = true }, { "SHGetSpecialFolderPathA", .args = 4 },
	{ "SHGetFolderPathA", .args = 5 }, { "SHGetFolderPathW", .args = 5 }, { "IsUserAnAdmin", 0, .value = 1 },
	{ "SHFileOperationA", .args = 1 }, { "SHGetPathFromIDListA", .args = 2 }, { "CommandLineToArgvW", .args = 2 },
	{ "SHCreateDirectoryExA", .args = 3 }, { "FindExecutableA", .args = 3 },
};
const struct win_table api_program_shell = { rows_shell, COUNT_OF(rows_shell) };

static const struct win_function rows_nt[] = {
	{ "NtTerminateProcess", 2, .run = terminate_process, .number = 0x2d },
	{ "ZwTerminateProcess", 2, .run = terminate_process },
	{ "RtlExitUserProcess", 1, .run = exit_process, .since = 60 }, { "NtOpenProcess", 4, .number = 0x27 },
	{ "ZwOpenProcess", .args = 4 }, { "NtCreateUserProcess", 11, .since = 60 }, { "NtSuspendProcess", .args = 1 },
	{ "NtResumeProcess", .args = 1 },
};
const struct win_table api_program_nt = { rows_nt, COUNT_OF(rows_nt) };

static const struct win_function rows_as[] = {
	{ "CreateProcessAsUserA", 11, .run = create_process_as },
	{ "CreateProcessAsUserW", 11, .run = create_process_as, .wide = true },
	{ "CreateProcessWithLogonW", 11, .run = create_process_logon, .wide = true },
	{ "CreateProcessWithTokenW", 9, .run = create_process_token, .wide = true },
};
const struct win_table api_program_as = { rows_as, COUNT_OF(rows_as) };
