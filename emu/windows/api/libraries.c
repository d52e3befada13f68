/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which library has which functions, and which of them every process has. */
#include "emu/windows/api/api.h"

/*
 * Kept in the order in which a process's loader finds them. The last one stands for any library that is asked for and is
 * not here: it is there, and has nothing.
 */
const struct win_library api_libraries[] = {
	{ "svchost.exe", { NULL }, 0, true },
	{ "ntdll.dll", { &api_loader, &api_memory_nt, &api_file_nt, &api_thread_nt, &api_wait_nt, &api_exception_nt, &api_program_nt,
	    &api_fact_nt, &api_plain_nt }, 0, true },
	{ "kernel32.dll", { &api_library, &api_memory, &api_file, &api_folder, &api_program, &api_thread, &api_wait, &api_exception,
	    &api_callback, &api_fact, &api_text, &api_pipe, &api_plain_kernel }, 0, true },
	{ "kernelbase.dll", { &api_library, &api_memory }, 61, true },
	{ "ws2_32.dll", { &api_socket, &api_resolve }, 0, true },
	{ "msvcrt.dll", { &api_crt, &api_thread_crt }, 0, true },
	{ "advapi32.dll", { &api_registry, &api_service, &api_program_as, &api_user_name }, 0, true },
	{ "user32.dll", { &api_callback_user, &api_print_user, &api_plain_user }, 0, true },
	{ "gdi32.dll", { &api_callback_other }, 0, false },
	{ "shell32.dll", { &api_program_shell }, 0, false },
	{ "shlwapi.dll", { &api_shlwapi }, 0, false },
	{ "wininet.dll", { &api_internet }, 0, false },
	{ "winhttp.dll", { &api_winhttp }, 0, false },
	{ "urlmon.dll", { &api_urlmon }, 0, false },
	{ "wsock32.dll", { &api_socket, &api_resolve }, 0, false },
	{ "dnsapi.dll", { &api_dns }, 0, false },
	{ "ole32.dll", { &api_plain_ole }, 0, false },
	{ "crypt32.dll", { &api_crypt32 }, 0, false },
	{ "dbghelp.dll", { &api_dbghelp }, 0, false },
	{ "psapi.dll", { &api_psapi }, 0, false },
	{ "netapi32.dll", { &api_plain_net }, 0, false },
	{ "iphlpapi.dll", { &api_plain_interfaces }, 0, false },
	{ "mpr.dll", { &api_plain_mpr }, 0, false },
	{ "other.dll", { NULL }, 0, false },
};
const unsigned api_libraries_count = COUNT_OF(api_libraries);
