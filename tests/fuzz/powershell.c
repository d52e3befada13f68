/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PowerShell code: every text is parsed and run to an end, within its bounds. */
#include "emu/windows/powershell/powershell.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct world *world;
static struct host *host;

static void open_host(void)
{
	char why[256];

	if (world_open(SOURCE_ROOT "/emu/profiles/windows", why, sizeof(why), &world) < 0 ||
	    host_open(world, SOURCE_ROOT "/emu/profiles/windows", why, sizeof(why), &host) < 0) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t status;

	if (host == NULL)
		open_host();
	if (size > 8192)
		return 0;
	if (world_begin(world, size, NULL, 0) < 0 || host_begin(host) < 0)
		abort();
	/* the bounds of an ordinary run would make a slow fuzzer: a part of its work is used already */
	host->steps = HOST_STEPS_MAX - 60000;
	powershell_code(host, bytes_of(data, size), &status);
	if (host->depth != 0)
		abort();
	return 0;
}
