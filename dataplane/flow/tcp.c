/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of TCP states: for each state and direction what each kind of segment means. */
#include "dataplane/flow/tcp.h"

#define CLIENT FROM_CLIENT
#define SERVER FROM_SERVER

static const struct tcp_row rows[TCP_STATES][2][TCP_EVENTS] = {
	[TCP_ASKED][CLIENT] = {
		[TCP_SYN] = { TCP_ASKED, TCP_ASK_AGAIN, "sent again, or a new try from the same port" },
		[TCP_SYN_ACK] = { TCP_ASKED, TCP_ODD, "the asking side does not answer itself" },
		[TCP_DATA] = { TCP_OPEN, TCP_GO_ON, "it would not go on without an answer: we do not see that side" },
		[TCP_FIN] = { TCP_CLIENT_DONE, TCP_GO_ON, "as data; the answer is out of our sight" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "a half-open scan ends its try" },
	},
	[TCP_ASKED][SERVER] = {
		[TCP_SYN] = { TCP_ANSWERED, TCP_TELL_ANSWERED, "simultaneous open, RFC 9293 3.5" },
		[TCP_SYN_ACK] = { TCP_ANSWERED, TCP_TELL_ANSWERED, "the server takes the connection" },
		[TCP_DATA] = { TCP_OPEN, TCP_TELL_ANSWERED, "its SYN+ACK was not captured" },
		[TCP_FIN] = { TCP_SERVER_DONE, TCP_TELL_ANSWERED, "its SYN+ACK was not captured" },
		[TCP_RST] = { TCP_RESET, TCP_TELL_REFUSED, "nobody listens there" },
	},
	[TCP_ANSWERED][CLIENT] = {
		[TCP_SYN] = { TCP_ANSWERED, TCP_ASK_AGAIN, "our SYN+ACK was late, or a new try" },
		[TCP_SYN_ACK] = { TCP_OPEN, TCP_GO_ON, "second half of a simultaneous open" },
		[TCP_DATA] = { TCP_OPEN, TCP_GO_ON, "the handshake is complete" },
		[TCP_FIN] = { TCP_CLIENT_DONE, TCP_GO_ON, "opened and closed at once" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "a half-open scan ends its try" },
	},
	[TCP_ANSWERED][SERVER] = {
		[TCP_SYN] = { TCP_ANSWERED, TCP_ODD, "it has answered already" },
		[TCP_SYN_ACK] = { TCP_ANSWERED, TCP_GO_ON, "sent again: the client's ACK was lost" },
		[TCP_DATA] = { TCP_OPEN, TCP_GO_ON, "the client's ACK was not captured" },
		[TCP_FIN] = { TCP_SERVER_DONE, TCP_GO_ON, "the server closes without a word" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "taken and then given up" },
	},
	[TCP_OPEN][CLIENT] = {
		[TCP_SYN] = { TCP_OPEN, TCP_ASK_AGAIN, "a new connection only if the server says so, RFC 5961 4" },
		[TCP_SYN_ACK] = { TCP_OPEN, TCP_ODD, "the handshake is long over" },
		[TCP_DATA] = { TCP_OPEN, TCP_GO_ON, "data or its acknowledgement" },
		[TCP_FIN] = { TCP_CLIENT_DONE, TCP_GO_ON, "the client has said all" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "the client gives up" },
	},
	[TCP_OPEN][SERVER] = {
		[TCP_SYN] = { TCP_OPEN, TCP_ODD, "the handshake is long over" },
		[TCP_SYN_ACK] = { TCP_OPEN, TCP_GO_ON, "late or again; begins anew if it answers a new SYN" },
		[TCP_DATA] = { TCP_OPEN, TCP_GO_ON, "data or its acknowledgement" },
		[TCP_FIN] = { TCP_SERVER_DONE, TCP_GO_ON, "the server has said all" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "the server gives up" },
	},
	[TCP_CLIENT_DONE][CLIENT] = {
		[TCP_SYN] = { TCP_CLIENT_DONE, TCP_ASK_AGAIN, "the port is used again before the server has closed" },
		[TCP_SYN_ACK] = { TCP_CLIENT_DONE, TCP_ODD, "the handshake is long over" },
		[TCP_DATA] = { TCP_CLIENT_DONE, TCP_GO_ON, "acknowledgements, and what was lost before the FIN" },
		[TCP_FIN] = { TCP_CLIENT_DONE, TCP_GO_ON, "sent again" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "it no longer reads" },
	},
	[TCP_CLIENT_DONE][SERVER] = {
		[TCP_SYN] = { TCP_CLIENT_DONE, TCP_ODD, "the handshake is long over" },
		[TCP_SYN_ACK] = { TCP_CLIENT_DONE, TCP_GO_ON, "late or again" },
		[TCP_DATA] = { TCP_CLIENT_DONE, TCP_GO_ON, "the answer may still come, RFC 9293 3.6" },
		[TCP_FIN] = { TCP_DONE, TCP_GO_ON, "both have said all" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "the server gives up" },
	},
	[TCP_SERVER_DONE][CLIENT] = {
		[TCP_SYN] = { TCP_SERVER_DONE, TCP_ASK_AGAIN, "the port is used again before the old end" },
		[TCP_SYN_ACK] = { TCP_SERVER_DONE, TCP_ODD, "the handshake is long over" },
		[TCP_DATA] = { TCP_SERVER_DONE, TCP_GO_ON, "the client may go on" },
		[TCP_FIN] = { TCP_DONE, TCP_GO_ON, "both have said all" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "the client gives up" },
	},
	[TCP_SERVER_DONE][SERVER] = {
		[TCP_SYN] = { TCP_SERVER_DONE, TCP_ODD, "the handshake is long over" },
		[TCP_SYN_ACK] = { TCP_SERVER_DONE, TCP_GO_ON, "late or again" },
		[TCP_DATA] = { TCP_SERVER_DONE, TCP_GO_ON, "acknowledgements, and what was lost before the FIN" },
		[TCP_FIN] = { TCP_SERVER_DONE, TCP_GO_ON, "sent again" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "it no longer reads" },
	},
	[TCP_DONE][CLIENT] = {
		[TCP_SYN] = { TCP_ASKED, TCP_BEGIN_AGAIN, "the port is used again" },
		[TCP_SYN_ACK] = { TCP_DONE, TCP_ODD, "nothing to answer" },
		[TCP_DATA] = { TCP_DONE, TCP_GO_ON, "a straggler" },
		[TCP_FIN] = { TCP_DONE, TCP_GO_ON, "sent again" },
		[TCP_RST] = { TCP_DONE, TCP_GO_ON, "it no longer reads; all was said" },
	},
	[TCP_DONE][SERVER] = {
		[TCP_SYN] = { TCP_ASKED, TCP_BEGIN_AGAIN, "the server opens one of its own from the same port" },
		[TCP_SYN_ACK] = { TCP_ANSWERED, TCP_BEGIN_AGAIN, "the SYN of the next connection was not captured" },
		[TCP_DATA] = { TCP_DONE, TCP_GO_ON, "a straggler" },
		[TCP_FIN] = { TCP_DONE, TCP_GO_ON, "sent again" },
		[TCP_RST] = { TCP_DONE, TCP_GO_ON, "it no longer reads; all was said" },
	},
	[TCP_RESET][CLIENT] = {
		[TCP_SYN] = { TCP_ASKED, TCP_BEGIN_AGAIN, "another try" },
		[TCP_SYN_ACK] = { TCP_RESET, TCP_ODD, "nothing to answer" },
		[TCP_DATA] = { TCP_RESET, TCP_GO_ON, "a straggler, or the reset was forged: the contents decide" },
		[TCP_FIN] = { TCP_RESET, TCP_GO_ON, "a straggler" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "sent again" },
	},
	[TCP_RESET][SERVER] = {
		[TCP_SYN] = { TCP_ASKED, TCP_BEGIN_AGAIN, "the server opens one of its own from the same port" },
		[TCP_SYN_ACK] = { TCP_RESET, TCP_GO_ON, "a straggler" },
		[TCP_DATA] = { TCP_RESET, TCP_GO_ON, "a straggler, or the reset was forged: the contents decide" },
		[TCP_FIN] = { TCP_RESET, TCP_GO_ON, "a straggler" },
		[TCP_RST] = { TCP_RESET, TCP_GO_ON, "sent again" },
	},
};

enum tcp_event tcp_event_of(uint8_t flags)
{
	if (flags & FLAG_RST)
		return TCP_RST;
	if (flags & FLAG_SYN)
		return flags & FLAG_ACK ? TCP_SYN_ACK : TCP_SYN;
	return flags & FLAG_FIN ? TCP_FIN : TCP_DATA;
}

bool tcp_flags_odd(uint8_t flags)
{
	uint8_t control = flags & (FLAG_FIN | FLAG_SYN | FLAG_RST);

	return (control & (control - 1)) != 0 || (flags & (FLAG_FIN | FLAG_SYN | FLAG_RST | FLAG_ACK)) == 0;
}

const struct tcp_row *tcp_next(enum tcp_state state, enum direction from, enum tcp_event event)
{
	return &rows[state][from][event];
}

bool tcp_over(enum tcp_state state)
{
	return state == TCP_DONE || state == TCP_RESET;
}
