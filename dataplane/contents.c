/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a flow to its session: opened late, so that scans and floods cost none. */
#include "dataplane/lane_parts.h"

enum { TCP = 6, UDP = 17 };

/* A SYN that nobody has answered, and bare acknowledgements of an unknown past, need no session. */
static bool says_something(const struct flow *f, const struct packet *p)
{
	if (p->payload_sent > 0)
		return true;
	return p->tuple.protocol == TCP && f->syn_seen && f->tcp != TCP_ASKED;
}

static bool is_syn(const struct packet *p)
{
	return tcp_event_of(p->tcp_flags) == TCP_SYN;
}

/* The session learns of the SYN that came before it was worth one. */
static void repeat_syn(struct lane *l, const struct flow *f)
{
	struct packet syn = {
		.time_ns = f->start_ns,
		.number = f->syn_packet,
		.tuple = f->client,
		.seq = f->syn_seq,
		.tcp_flags = FLAG_SYN,
	};

	session_packet(l->sessions, f->session, FROM_CLIENT, &syn);
}

/* Or of the SYN+ACK, which says where the client's bytes begin, long before they come by a tap that is behind. */
static void repeat_answer(struct lane *l, const struct flow *f)
{
	struct packet answer = {
		.time_ns = f->start_ns,
		.number = f->syn_packet,
		.tuple = tuple_reverse(&f->client),
		.ack = f->syn_seq + 1,
		.tcp_flags = FLAG_ACK,
	};

	session_packet(l->sessions, f->session, FROM_SERVER, &answer);
}

static bool open_session(struct lane *l, struct flow *f, const struct packet *p)
{
	f->session = session_open(l->sessions, &f->client, f->id, f->start_ns, f->midstream);
	f->contents = f->session == NULL ? FLOW_SESSION_REFUSED : FLOW_SESSION_OPEN;
	if (f->session != NULL && f->syn_seen && !is_syn(p))
		repeat_syn(l, f);
	else if (f->session != NULL && f->syn_answered && !f->syn_seen)
		repeat_answer(l, f);
	return f->session != NULL;
}

void contents_packet(struct lane *l, struct flow *f, enum direction from, const struct packet *p)
{
	if (p->tuple.protocol != TCP && p->tuple.protocol != UDP)
		return;
	if (f->contents == FLOW_SESSION_NONE && (!says_something(f, p) || !open_session(l, f, p)))
		return;
	if (f->contents == FLOW_SESSION_OPEN)
		session_packet(l->sessions, f->session, from, p);
}
