/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the appliance to take another version. */
#include "control/cli/appliance.h"

#include "control/cli/ask.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

enum {
	LOOK_MS = 100,
	SEEN_MS = 4000,   /* konseki run looks every second */
	READ_MS = 30000,  /* then rules are compiled; tens of thousands take longer, and are told as under way */
};

struct reloads {
	json_int_t done, failed;
};

static int lane_add(void *arg, const char *line, size_t len)
{
	struct reloads *sum = arg;
	json_t *o = json_loadb(line, len, 0, NULL);

	sum->done += json_integer_value(json_object_get(o, "rules_reloads"));
	sum->failed += json_integer_value(json_object_get(o, "rules_reloads_failed"));
	json_decref(o);
	return 0;
}

/* What the lanes have counted. False: nobody answers. */
static bool reloads_ask(const struct settings *running, struct reloads *ret)
{
	static const struct request lanes = { .show = SHOW_LANES, .limit = 1 };
	FILE *answer;

	*ret = (struct reloads){ 0 };
	if (ask(running->socket, &lanes, &answer) < 0)
		return false;
	answer_each(answer, lane_add, ret);
	return true;
}

enum appliance appliance_take(const struct settings *running, const struct versions *versions, unsigned n, char *why, size_t size)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };
	struct reloads before, now;
	bool seen = false;

	if (!reloads_ask(running, &before))
		return APPLIANCE_NONE;
	for (unsigned ms = 0; ms < (seen ? READ_MS : SEEN_MS); ms += LOOK_MS) {
		seen = seen || versions_running(versions) == n;
		if (!reloads_ask(running, &now))
			return APPLIANCE_NONE;
		if (now.failed > before.failed) {
			snprintf(why, size, "it keeps its old rules; konseki run says why on stderr");
			return APPLIANCE_REFUSED;
		}
		if (seen && now.done > before.done)
			return APPLIANCE_TOOK;
		nanosleep(&pause, NULL);
	}
	return seen ? APPLIANCE_READS : APPLIANCE_TAKES_AT_START;
}
