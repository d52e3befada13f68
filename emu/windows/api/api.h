/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of Windows' libraries, by subject: each file ends in tables of what it answers. Names, argument counts
 * and meanings are Windows' own (Microsoft's Win32 API reference; tests compare counts with MinGW's import libraries).
 */
#ifndef EMU_WINDOWS_API_API_H
#define EMU_WINDOWS_API_API_H

#include "emu/windows/host/files.h"
#include "emu/windows/host/host.h"
#include "emu/windows/process/process.h"

/* All libraries of the emulated system: [0] the attacked program, [1] ntdll, [2] kernel32, [3] kernelbase; the last one
 * stands for libraries that are not played. */
extern const struct win_library api_libraries[];
extern const unsigned api_libraries_count;

extern const struct win_table api_callback, api_callback_other, api_callback_user, api_crt, api_crypt32, api_dbghelp,
    api_dns, api_exception, api_exception_nt, api_fact, api_fact_nt, api_file, api_file_nt, api_folder, api_internet,
    api_library, api_loader, api_memory, api_memory_nt, api_pipe, api_plain_interfaces, api_plain_kernel,
    api_plain_mpr, api_plain_net, api_plain_nt, api_plain_ole, api_plain_user, api_print_user, api_program,
    api_program_as, api_program_nt, api_program_shell, api_psapi, api_registry, api_resolve, api_service, api_shlwapi,
    api_socket, api_text, api_thread, api_thread_crt, api_thread_nt, api_urlmon, api_user_name, api_wait, api_wait_nt,
    api_winhttp;

/* A text argument, as the function that is called takes it (A or W); false: it cannot be read. */
bool api_text_of(struct windows *, uint64_t at, char ret[WIN_TEXT_MAX]);
/* The same as a whole path. */
bool api_path_of(struct windows *, uint64_t at, char ret[FILE_PATH_MAX]);
/* A text is given back as functions with a room in characters do it: what was written without the NUL, or what is needed. */
uint64_t api_give_text(struct windows *, uint64_t at, uint64_t room, const char *text);
/* A plain event with one name in path. */
void api_tell(struct windows *, enum event_kind, const char *path);

/* ReadFile and WriteFile on a socket; recv and send. Bytes, or -errno; -EAGAIN: the call waits. */
int64_t api_socket_send(struct windows *, struct win_object *, uint64_t at, uint64_t len);
int64_t api_socket_receive(struct windows *, struct win_object *, uint64_t at, uint64_t len, bool peek);
/* A stream whose end was read often enough: the run is over, since nothing more comes. */
void api_stream_ended(struct windows *, struct win_object *);

/* A process is started: its event, and what its command line does. Handles are of standard input, output and errors. */
struct api_start {
	const char *application; /* or NULL */
	const char *line, *folder;
	uint64_t in, out, err;   /* 0: none */
};
bool api_start(struct windows *, const struct api_start *, uint32_t *exit_code);

/* printf's language over guest arguments that stand at `list`, a word each (8 bytes on x86-64). What it makes, cut to size. */
size_t api_format(struct windows *, const char *format, bool wide, uint64_t list, char *to, size_t size);

#endif
