/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PowerShell: its command line, and code of LANGUAGE_POWERSHELL. */
#ifndef EMU_WINDOWS_POWERSHELL_POWERSHELL_H
#define EMU_WINDOWS_POWERSHELL_POWERSHELL_H

#include "emu/windows/host/host.h"

struct running;

/* powershell.exe with its options, as a program that a command line starts. */
int32_t powershell_main(struct running *);
/* Attack code, as `powershell -Command` would be given it. */
void powershell_code(struct host *, struct bytes code, uint32_t *exit_status);

#endif
