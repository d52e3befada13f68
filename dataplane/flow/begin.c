/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who opened a flow: by SYN where it was seen, else by what the packet says and by its ports. */
#include "dataplane/flow/begin.h"

enum { TCP = 6, ICMP = 1, WELL_KNOWN = 1024 };

bool icmp_is_echo(const struct packet *p)
{
	return p->tuple.protocol == ICMP ? p->icmp_type == 8 || p->icmp_type == 0
	                                 : p->icmp_type == 128 || p->icmp_type == 129;
}

bool icmp_is_unreachable(const struct packet *p)
{
	return p->tuple.protocol == ICMP ? p->icmp_type == 3 : p->icmp_type == 1;
}

/* Servers sit at well-known ports; between two others the lower one is the likelier server. */
static enum direction by_ports(const struct tuple *t)
{
	bool src_known = t->sport < WELL_KNOWN, dst_known = t->dport < WELL_KNOWN;

	if (src_known != dst_known)
		return dst_known ? FROM_CLIENT : FROM_SERVER;
	return t->sport >= t->dport ? FROM_CLIENT : FROM_SERVER;
}

/* Capital letters, then a blank, then a path or a URL: a request line. */
static bool looks_like_request(struct bytes b)
{
	size_t i = 0;

	while (i < b.left && i < 16 && b.at[i] >= 'A' && b.at[i] <= 'Z')
		i++;
	return i >= 3 && i + 1 < b.left && b.at[i] == ' ' && (b.at[i + 1] == '/' || b.at[i + 1] == 'h');
}

static enum direction by_content(const struct packet *p)
{
	if (bytes_starts_fold(p->payload, bytes_text("HTTP/1.")))
		return FROM_SERVER;
	if (looks_like_request(p->payload))
		return FROM_CLIENT;
	return by_ports(&p->tuple);
}

static bool tcp_begins(const struct packet *p, struct flow_beginning *ret)
{
	switch (tcp_event_of(p->tcp_flags)) {
	case TCP_SYN:
		*ret = (struct flow_beginning){ FROM_CLIENT, TCP_ASKED, false };
		return true;
	case TCP_SYN_ACK:
		*ret = (struct flow_beginning){ FROM_SERVER, TCP_ANSWERED, false };
		return true;
	case TCP_DATA:
	case TCP_FIN:
		*ret = (struct flow_beginning){ by_content(p), TCP_OPEN, true };
		return p->payload_sent > 0;
	default:
		return false;
	}
}

bool flow_begins(const struct packet *p, struct flow_beginning *ret)
{
	if (p->tuple.protocol == TCP)
		return tcp_begins(p, ret);
	if (p->tuple.protocol != 17) {
		/* an echo reply whose request was not captured */
		bool reply = p->icmp_type == 0 || p->icmp_type == 129;

		*ret = (struct flow_beginning){ reply ? FROM_SERVER : FROM_CLIENT, TCP_OPEN, reply };
		return true;
	}
	/* a datagram from a well-known port to a high one answers something that was not captured */
	ret->midstream = p->tuple.sport < WELL_KNOWN && p->tuple.dport >= WELL_KNOWN;
	ret->from = ret->midstream ? FROM_SERVER : FROM_CLIENT;
	ret->state = TCP_OPEN;
	return true;
}
