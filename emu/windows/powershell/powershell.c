/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PowerShell's command line. */
#include "emu/windows/powershell/powershell.h"
#include "emu/windows/command/programs.h"

int32_t powershell_main(struct running *r)
{
	host_unsupported(r->host, "powershell");
	return 1;
}

void powershell_code(struct host *h, struct bytes code, uint32_t *exit_status)
{
	host_unsupported(h, "powershell");
	*exit_status = 1;
}
