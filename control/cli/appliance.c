/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling the appliance that another version is in force. */
#include "control/cli/appliance.h"

#include "control/cli/ask.h"

enum appliance appliance_take(const struct settings *running, char *why, size_t size)
{
	static const struct request health = { .show = SHOW_HEALTH, .limit = 1 };
	FILE *answer = NULL;

	if (ask(running->socket, &health, &answer) < 0)
		return APPLIANCE_NONE;
	fclose(answer);
	return APPLIANCE_TAKES_AT_START;
}
