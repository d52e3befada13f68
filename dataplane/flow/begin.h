/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first packet of a flow: does it begin one, and who opened it? */
#ifndef DATAPLANE_FLOW_BEGIN_H
#define DATAPLANE_FLOW_BEGIN_H

#include "dataplane/flow/tcp.h"

struct flow_beginning {
	enum direction from;  /* the side that sent this packet */
	enum tcp_state state; /* TCP: where its life is */
	bool midstream;       /* it had begun before */
};

/*
 * False for what begins nothing: a TCP segment that neither opens nor carries data (the rest of a connection that is
 * over, or one whose data will come).
 */
bool flow_begins(const struct packet *, struct flow_beginning *ret);
bool icmp_is_echo(const struct packet *);        /* request or reply */
bool icmp_is_unreachable(const struct packet *);

#endif
