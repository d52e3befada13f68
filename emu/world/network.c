/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Peers: what the guest reaches, what it sends them, and when they fall silent. */
#include "emu/world/network_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int network_new(struct world *w, struct network **ret)
{
	struct network *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return -ENOMEM;
	n->world = w;
	*ret = n;
	return 0;
}

void network_reset(struct network *n)
{
	n->talks = n->raw = false;
	while (n->peers != NULL)
		peer_close(n->peers);
	n->data_port = 0;
}

void network_free(struct network *n)
{
	if (n == NULL)
		return;
	network_reset(n);
	free(n);
}

struct peer *peer_new(struct network *n, uint8_t protocol, bool raw)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->network = n;
	p->protocol = protocol;
	p->raw = raw;
	p->last = &p->first;
	p->next = n->peers;
	n->peers = p;
	return p;
}

void peer_close(struct peer *p)
{
	if (p == NULL)
		return;
	for (struct peer **at = &p->network->peers; *at != NULL; at = &(*at)->next)
		if (*at == p) {
			*at = p->next;
			break;
		}
	while (p->first != NULL) {
		struct message *next = p->first->next;

		free(p->first);
		p->first = next;
	}
	free(p->heard);
	free(p);
}

struct bytes network_name(const struct network *n, const struct address *a)
{
	const struct run *run = &record_outcome(n->world->record)->run;

	for (unsigned i = 0; i < run->events_count; i++)
		if (run->events[i].kind == EVENT_DNS && address_equal(&run->events[i].address, a))
			return run->events[i].name;
	return (struct bytes){ 0 };
}

/* The far end as a question names it: by the name the guest knows it by, where it has one. */
static void name_end(const struct network *n, const struct address *a, uint16_t port, char *buf, size_t size)
{
	struct bytes name = network_name(n, a);
	char text[ADDRESS_TEXT];

	if (name.left != 0)
		snprintf(buf, size, "%.*s:%u", (int)name.left, (const char *)name.at, port);
	else
		snprintf(buf, size, a->family == 6 ? "[%s]:%u" : "%s:%u", address_format(a, text), port);
}

bool network_is_own(const struct network *n, const struct address *a)
{
	static const struct address loopback6 = { 6, { [15] = 1 } };
	const struct profile *f = &n->world->profile;

	if ((a->family == 4 && (a->raw[0] == 127 || a->raw[0] == 0)) || address_equal(a, &loopback6))
		return true;
	for (unsigned i = 0; i < f->addresses_count; i++)
		if (address_equal(a, &f->addresses[i]))
			return true;
	return false;
}

static bool own_port(const struct network *n, uint16_t port)
{
	const struct profile *f = &n->world->profile;

	for (unsigned i = 0; i < f->ports_count; i++)
		if (f->ports[i] == port)
			return true;
	return false;
}

bool network_serves(const struct network *n, const struct address *a, uint16_t port)
{
	return own_port(n, port) || (port == 53 && address_equal(a, &n->world->profile.resolver));
}

int peer_connect(struct peer *p, const struct address *a, uint16_t port)
{
	struct world *w = p->network->world;
	char subject[256];
	struct event *e;

	p->address = *a;
	p->port = port;
	if (p->protocol != TCP) {
		p->connected = true;
		return 0;
	}
	/* where a server sent the guest to is nothing that the attack's code says */
	if (port != 0 && port == p->network->data_port && address_equal(a, &p->network->data_address)) {
		p->talk = TALK_DATA;
		p->connected = true;
		return 0;
	}
	/* nor is which resolver it has */
	if ((port != 53 || !address_equal(a, &w->profile.resolver)) && (e = world_event(w, EVENT_CONNECT)) != NULL) {
		e->address = *a;
		e->port = port;
		e->protocol = p->protocol;
		e->name = network_name(p->network, a);
	}
	/* which services a server has of its own differs from one to the next, too */
	if (network_is_own(p->network, a) && !own_port(p->network, port))
		return -ECONNREFUSED;
	name_end(p->network, a, port, subject, sizeof(subject));
	if (!record_ask(w->record, QUESTION_NETWORK, subject, true))
		return -ECONNREFUSED;
	p->connected = true;
	talk_begin(p);
	return 0;
}

/* a documentation address: nobody's, and known as such in the event */
static const struct address visitor = { 4, { 198, 51, 100, 200 } };

struct peer *peer_attack(struct network *n)
{
	struct peer *p = peer_new(n, TCP, false);

	if (p == NULL)
		return NULL;
	p->address = visitor;
	p->port = (uint16_t)(32768 + world_random(n->world) % 28000);
	p->connected = p->attack = n->raw = true;
	return p;
}

struct peer *peer_visit(struct network *n, uint16_t port)
{
	struct peer *p = peer_new(n, TCP, false);
	struct event *e;

	if (p == NULL)
		return NULL;
	p->address = visitor;
	p->port = 40000;
	p->connected = true;
	if ((e = world_event(n->world, EVENT_ACCEPT)) != NULL) {
		e->address = visitor;
		e->port = port;
		e->protocol = TCP;
	}
	return p;
}

static void tell_sent(struct peer *p, const struct address *to, uint16_t port, struct bytes b)
{
	static const struct address nobody = { 0 };
	struct world *w = p->network->world;

	/* an event without an address is the attack's own connection's */
	if (p->attack) {
		to = &nobody;
		port = 0;
	}
	/* one event for each far end that this socket sends to without a pause */
	if (p->sent == NULL || !address_equal(&p->sent_to, to) || p->sent_port != port) {
		p->sent_to = *to;
		p->sent_port = port;
		if ((p->sent = world_event(w, EVENT_SEND)) == NULL)
			return;
		p->sent->address = *to;
		p->sent->port = port;
		p->sent->protocol = p->protocol;
		p->sent->name = network_name(p->network, to);
	}
	record_more(w->record, p->sent, b);
}

static int64_t send_datagram(struct peer *p, const struct address *to, uint16_t port, struct bytes b)
{
	struct world *w = p->network->world;

	if (to->family == 0)
		return -EDESTADDRREQ;
	if (p->protocol == ICMP || p->protocol == ICMP6) {
		p->address = *to;
		p->port = 0;
		ping_answer(p, w, to, &(struct ping){ p->protocol, p->raw }, b);
		return (int64_t)b.left;
	}
	if (port == 53 && address_equal(to, &w->profile.resolver)) {
		struct address kept = p->address;
		uint16_t kept_port = p->port;

		p->address = *to;
		p->port = port;
		dns_answer(p, w, b);
		p->address = kept;
		p->port = kept_port;
		return (int64_t)b.left;
	}
	tell_sent(p, to, port, b);
	/* a question to some other resolver is answered too: it is as much a trace */
	if (port == 53) {
		p->address = *to;
		p->port = port;
		dns_answer(p, w, b);
	} else if (port == 69) {
		p->address = *to;
		p->port = port;
		tftp_answer(p, w, b);
	}
	return (int64_t)b.left;
}

int64_t peer_send(struct peer *p, const struct address *to, uint16_t port, struct bytes b)
{
	if (p->protocol != TCP)
		return send_datagram(p, to != NULL ? to : &p->address, to != NULL ? port : p->port, b);
	if (!p->connected)
		return -ENOTCONN;
	if (p->shut)
		return -EPIPE;
	/* what the resolver is asked is told as a question */
	if (p->talk != TALK_NAMES || !address_equal(&p->address, &p->network->world->profile.resolver))
		tell_sent(p, &p->address, p->port, b);
	if (p->heard == NULL && (p->heard = malloc(HEARD_MAX)) == NULL)
		return -ENOMEM;
	if (p->heard_len + b.left <= HEARD_MAX && b.left != 0) {
		memcpy(p->heard + p->heard_len, b.at, b.left);
		p->heard_len += b.left;
		talk_hear(p);
	}
	return (int64_t)b.left;
}

void peer_lose(struct peer *p, const struct address *to, uint16_t port, struct bytes b)
{
	tell_sent(p, to, port, b);
}

void peer_answer(struct peer *p, struct bytes b)
{
	struct message *m;

	if (p->messages_count >= MESSAGES_MAX || (m = malloc(sizeof(*m) + b.left)) == NULL)
		return;
	*m = (struct message){ .from = p->address, .port = p->port, .len = b.left };
	if (b.left != 0)
		memcpy(m->at, b.at, b.left);
	*p->last = m;
	p->last = &m->next;
	p->messages_count++;
	p->arrived++;
}

int64_t peer_receive(struct peer *p, uint8_t *to, uint64_t len, bool peek, struct address *from, uint16_t *port)
{
	struct message *m = p->first;
	uint64_t n;

	if (m == NULL)
		return p->protocol == TCP && (p->ended || !p->connected) ? 0 : -EAGAIN;
	n = m->len - m->taken < len ? m->len - m->taken : len;
	if (n != 0)
		memcpy(to, m->at + m->taken, n);
	if (from != NULL) {
		*from = m->from;
		*port = m->port;
	}
	if (peek)
		return (int64_t)n;
	m->taken += n;
	/* what is left of a datagram is lost, of a stream it stays */
	if (p->protocol != TCP || m->taken == m->len) {
		p->first = m->next;
		if (p->first == NULL)
			p->last = &p->first;
		p->messages_count--;
		free(m);
	}
	return (int64_t)n;
}

bool peer_readable(const struct peer *p)
{
	return p->first != NULL || (p->protocol == TCP && p->ended);
}

bool peer_ended(const struct peer *p)
{
	return p->protocol == TCP && p->ended && p->first == NULL;
}

uint64_t peer_arrived(const struct peer *p)
{
	return p->arrived + p->ended;
}

uint64_t peer_waiting(const struct peer *p)
{
	return p->first != NULL ? p->first->len - p->first->taken : 0;
}

void peer_shut(struct peer *p)
{
	p->shut = true;
}

void peer_address(const struct peer *p, struct address *ret, uint16_t *port)
{
	*ret = p->address;
	*port = p->port;
}

void network_listen(struct network *n, const struct address *a, uint16_t port, uint8_t protocol)
{
	struct event *e = world_event(n->world, EVENT_LISTEN);

	if (e == NULL)
		return;
	e->address = *a;
	e->port = port;
	e->protocol = protocol;
}

void network_talk(struct network *n)
{
	n->talks = true;
}

bool network_quiet(struct network *n)
{
	bool any = false;

	for (struct peer *p = n->peers; p != NULL; p = p->next)
		if (p->protocol == TCP && p->connected && !p->ended) {
			/* raw code that waits, waits for more code: what that would do is not known. A program waits for a line */
			p->ended = (n->raw && !n->talks) || !talk_go_on(p);
			any = true;
		}
	return any;
}
