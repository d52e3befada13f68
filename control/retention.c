/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Age by a clock that nobody can set forward while we run. */
#include "control/retention.h"

#include <time.h>

enum { AT_ONCE = 256 /* records that one commit takes away */ };
static const uint64_t second_ns = UINT64_C(1000000000), slack_ns = UINT64_C(3600000000000), day_ns = UINT64_C(86400000000000);

/* The wall clock, but not further than the time that went by since the start: who sets it must not have cases removed. */
static uint64_t wall_ns(struct retention *r, uint64_t now_ns)
{
	struct timespec t;
	uint64_t wall, most;

	clock_gettime(CLOCK_REALTIME, &t);
	wall = (uint64_t)t.tv_sec * second_ns;
	if (r->began_ns == 0) {
		r->began_ns = now_ns;
		r->began_wall_ns = wall;
	}
	most = r->began_wall_ns + (now_ns - r->began_ns) + slack_ns;
	return wall < most ? wall : most;
}

int retention_step(struct retention *r, struct store *s, uint64_t now_ns)
{
	uint64_t wall;

	if (r->days == 0 || now_ns - r->stepped_ns < second_ns)
		return 0;
	r->stepped_ns = now_ns;
	wall = wall_ns(r, now_ns);
	return wall > r->days * day_ns ? store_expire(s, wall - r->days * day_ns, AT_ONCE) : 0;
}
