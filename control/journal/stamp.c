/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as text, in UTC. */
#include "control/journal/stamp.h"

#include <stdio.h>
#include <time.h>

static const char *stamp(uint64_t ns, const char *zone, char buf[STAMP_TEXT])
{
	time_t seconds = (time_t)(ns / 1000000000);
	char day[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL || strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
		snprintf(day, sizeof(day), "1970-01-01T00:00:00");
	snprintf(buf, STAMP_TEXT, "%s.%06u%s", day, (unsigned)(ns % 1000000000 / 1000), zone);
	return buf;
}

const char *stamp_eve(uint64_t ns, char buf[STAMP_TEXT])
{
	return stamp(ns, "+0000", buf);
}

const char *stamp_syslog(uint64_t ns, char buf[STAMP_TEXT])
{
	return stamp(ns, "Z", buf);
}
