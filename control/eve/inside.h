/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share. */
#ifndef CONTROL_EVE_INSIDE_H
#define CONTROL_EVE_INSIDE_H

#include "control/eve/eve.h"

/* The two ends of a flow, whichever is the client; VLANs and tunnels are not asked for. */
struct flow_ends {
	uint8_t protocol;
	struct {
		struct address address;
		uint16_t port;
	} end[2]; /* the lower one first */
};

struct eve {
	struct eve_alert *alerts;
	unsigned count, size;
	struct eve_place {
		struct flow_ends ends;
		unsigned alert;
	} *places; /* of the alerts with ports, by flow */
	unsigned places_count;
};

struct flow_ends flow_ends_of(const struct tuple *);
int flow_ends_compare(const struct flow_ends *, const struct flow_ends *);

#endif
