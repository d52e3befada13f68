/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the command line may ask the appliance: one JSON object, one line. */
#ifndef CONTROL_CTL_REQUEST_H
#define CONTROL_CTL_REQUEST_H

#include "control/wire/bytes.h"

enum { REQUEST_MAX = 4096 /* bytes of a line */, REQUEST_LIMIT_MAX = 1000 /* records of one answer */ };

enum show {
	SHOW_ALERTS, SHOW_FLOWS, SHOW_PORTS, SHOW_LANES, SHOW_QUEUE, SHOW_RULES, SHOW_IOCS, SHOW_PROFILES, SHOW_HEALTH,
	SHOW_COUNT,
};
const char *show_name(enum show);
/* -EINVAL for a name that is none. */
must_check int show_parse(const char *name, enum show *ret);

struct request {
	enum show show;
	bool follow;      /* alerts: go on with each new one */
	unsigned limit;   /* alerts: how many of the latest, 1..REQUEST_LIMIT_MAX */
};

/* {"show": NAME, "follow": BOOL, "limit": N}; other keys are refused. -EINVAL. Sender: request_encode(). */
must_check int request_decode(struct bytes line, struct request *ret);
/* Writes the line, with its end, as text. Receiver: request_decode(). */
void request_encode(const struct request *, char *buf, size_t size);

#endif
