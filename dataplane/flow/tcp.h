/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a TCP connection as an onlooker sees it: a table of states. */
#ifndef DATAPLANE_FLOW_TCP_H
#define DATAPLANE_FLOW_TCP_H

#include "dataplane/packet.h"

enum tcp_state {
	TCP_ASKED,       /* SYN seen */
	TCP_ANSWERED,    /* SYN+ACK seen */
	TCP_OPEN,
	TCP_CLIENT_DONE, /* FIN of the client seen */
	TCP_SERVER_DONE, /* FIN of the server seen */
	TCP_DONE,        /* both */
	TCP_RESET,
	TCP_STATES,
};

enum tcp_event { TCP_SYN, TCP_SYN_ACK, TCP_DATA, TCP_FIN, TCP_RST, TCP_EVENTS };

enum tcp_act {
	TCP_GO_ON,
	TCP_TELL_ANSWERED, /* the server took the connection */
	TCP_TELL_REFUSED,  /* reset before any answer */
	TCP_ODD,           /* cannot be; counted */
	TCP_ASK_AGAIN,     /* a SYN on a living flow: remembered, in case the server answers it */
	TCP_BEGIN_AGAIN,   /* the old connection is over: this packet opens the next one */
};

struct tcp_row {
	enum tcp_state next;
	enum tcp_act act;
	const char *reason;
};

enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16 };

/* Flags as one event; RST wins over SYN, SYN over FIN, as in RFC 9293 3.10.7. */
enum tcp_event tcp_event_of(uint8_t flags);
/* Do the flags contradict each other (SYN+FIN, SYN+RST, FIN+RST, none at all)? */
bool tcp_flags_odd(uint8_t flags);
const struct tcp_row *tcp_next(enum tcp_state, enum direction, enum tcp_event);
/* Is nothing more expected, so that the flow is kept only for stragglers? */
bool tcp_over(enum tcp_state);

#endif
