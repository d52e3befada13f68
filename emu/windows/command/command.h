/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines of Windows, run: what CreateProcess, WinExec, ShellExecute and system() hand over. cmd.exe is evaluated
 * here; PowerShell goes on in its own folder; other programs are those of programs.h.
 */
#ifndef EMU_WINDOWS_COMMAND_COMMAND_H
#define EMU_WINDOWS_COMMAND_COMMAND_H

#include "emu/windows/host/handle.h"
#include "emu/windows/host/host.h"
#include "emu/windows/host/variables.h"

/* A process to be. All is borrowed for the call. */
struct creation {
	const char *application;           /* lpApplicationName, or NULL: the first word of line */
	const char *line;                  /* lpCommandLine, UTF-8 */
	const char *cwd;                   /* whole path, or NULL: the profile's */
	const struct variables *variables; /* NULL: the first process's */
	struct standard standard;          /* see standard_of(); in: all that it will be given to read */
};

/*
 * Runs a process to its end, in the host's world (host_begin() was called): events, output through the handles, exit
 * status. Bounds and what is not modelled show in host->stopped, as for all evaluators; a program that is nowhere is an
 * open question and gives -ENOENT.
 */
must_check int command_create(struct host *, const struct creation *, uint32_t *exit_status);
/* As system(): `cmd /c line`. */
must_check int command_system(struct host *, const char *line, const struct standard *, uint32_t *exit_status);
/* Attack code of LANGUAGE_CMD: one line is given to `cmd /c`, several are a batch file. */
void command_code(struct host *, struct bytes code, uint32_t *exit_status);

#endif
