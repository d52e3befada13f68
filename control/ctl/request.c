/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of the admin socket. */
#include "control/ctl/request.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT_DEFAULT = 100 };

static const char *const names[SHOW_COUNT] = {
	[SHOW_ALERTS] = "alerts", [SHOW_FLOWS] = "flows", [SHOW_PORTS] = "ports", [SHOW_LANES] = "lanes",
	[SHOW_QUEUE] = "queue", [SHOW_RULES] = "rules", [SHOW_IOCS] = "iocs", [SHOW_PROFILES] = "profiles",
	[SHOW_HEALTH] = "health",
};

const char *show_name(enum show s)
{
	return names[s];
}

int show_parse(const char *name, enum show *ret)
{
	for (enum show s = 0; s < SHOW_COUNT; s++) {
		if (strcmp(names[s], name) == 0) {
			*ret = s;
			return 0;
		}
	}
	return -EINVAL;
}

int request_decode(struct bytes line, struct request *ret)
{
	struct request q = { .limit = LIMIT_DEFAULT };
	const char *show = NULL;
	int follow = 0, limit = LIMIT_DEFAULT, r = -EINVAL;
	json_t *o;

	if (line.left > REQUEST_MAX)
		return -EINVAL;
	o = json_loadb((const char *)line.at, line.left, JSON_REJECT_DUPLICATES, NULL);
	if (json_unpack(o, "{s:s, s?:b, s?:i !}", "show", &show, "follow", &follow, "limit", &limit) < 0)
		goto out;
	if (limit < 1 || limit > REQUEST_LIMIT_MAX || show_parse(show, &q.show) < 0)
		goto out;
	q.follow = follow != 0;
	q.limit = (unsigned)limit;
	*ret = q;
	r = 0;
out:
	json_decref(o);
	return r;
}

void request_encode(const struct request *q, char *buf, size_t size)
{
	snprintf(buf, size, "{\"show\":\"%s\",\"follow\":%s,\"limit\":%u}\n", names[q->show], q->follow ? "true" : "false",
	         q->limit);
}
