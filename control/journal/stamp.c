/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as text, in UTC. */
#include "control/journal/stamp.h"

#include <stdio.h>
#include <time.h>

const char *stamp_utc(uint64_t ns, char buf[STAMP_TEXT])
{
	time_t seconds = (time_t)(ns / 1000000000);
	char day[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL || strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		snprintf(day, sizeof(day), "1970-01-01T00:00:00");
	snprintf(buf, STAMP_TEXT, "%s.%06uZ", day, (unsigned)(ns % 1000000000 / 1000));
	return buf;
}
