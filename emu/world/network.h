/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recording network: everything outside the emulated server is played by personas. A peer is the far side of one
 * socket. Nothing here reaches a real network.
 */
#ifndef EMU_WORLD_NETWORK_H
#define EMU_WORLD_NETWORK_H

#include "control/wire/address.h"

struct event;
struct world;
struct network;
struct peer;

must_check int network_new(struct world *, struct network **ret);
void network_free(struct network *);
void network_reset(struct network *); /* forgets all peers */

/* Protocols as IANA numbers them: 6, 17, 1, 58. raw: answers come with their IP header. */
struct peer *peer_new(struct network *, uint8_t protocol, bool raw); /* NULL: no memory */
void peer_close(struct peer *);
/*
 * A stream: 0, or -ECONNREFUSED where the persona says so, told as an event. A datagram peer only takes the address.
 */
must_check int peer_connect(struct peer *, const struct address *, uint16_t port);
/* A visitor comes to a listening socket of the guest. */
struct peer *peer_visit(struct network *, uint16_t port);
/*
 * The far end of the connection that the attack itself came over: its source port is the wire's to know, here one by
 * chance. What is sent to it goes out on the attack's own flow.
 */
struct peer *peer_attack(struct network *);
/* What the guest sends; to: of a datagram. Bytes taken, or -errno. */
int64_t peer_send(struct peer *, const struct address *to, uint16_t port, struct bytes);
/* A datagram that nobody takes: told, and no more. */
void peer_lose(struct peer *, const struct address *to, uint16_t port, struct bytes);
/* What comes back: bytes, 0 at the end of a stream, -EAGAIN: nothing yet. from may be NULL. peek: leaves it there. */
int64_t peer_receive(struct peer *, uint8_t *to, uint64_t len, bool peek, struct address *from, uint16_t *port);
bool peer_readable(const struct peer *);
bool peer_ended(const struct peer *); /* a stream of which no more comes */
uint64_t peer_arrived(const struct peer *); /* grows with each answer */
uint64_t peer_waiting(const struct peer *); /* bytes that could be received */
/* The guest sends no more. */
void peer_shut(struct peer *);
void peer_address(const struct peer *, struct address *ret, uint16_t *port);

/* Tells that the guest listens. */
void network_listen(struct network *, const struct address *, uint16_t port, uint8_t protocol);
/* Is this one of the server's own addresses? */
bool network_is_own(const struct network *, const struct address *);
/* Does the server itself listen there: a port of the profile, or its resolver? */
bool network_serves(const struct network *, const struct address *, uint16_t port);
/*
 * The name for which the resolver's persona made this address up, in this run; empty: the guest had it from elsewhere.
 * What goes to such an address would go to another one on the victim. Lives as long as the run.
 */
struct bytes network_name(const struct network *, const struct address *);
/* How far away the outside is: another seed, another distance, so that times and hops show as what differs. */
uint8_t network_hops(const struct world *);
void network_round_trip(struct world *); /* lets it pass */
/* A program runs in place of the attack's code: it is spoken to over the attack's own connection, if it listens there. */
void network_talk(struct network *);
/* All guest processes wait: silent streams end now. False where none was left. */
bool network_quiet(struct network *);

/* personas; a reply goes to the peer by peer_answer() */
void peer_answer(struct peer *, struct bytes);
void dns_answer(struct peer *, struct world *, struct bytes question);
/* An echo request, from a socket of this kind. */
struct ping {
	uint8_t protocol;
	bool raw; /* answers come with their IP header */
};
void tftp_answer(struct peer *, struct world *, struct bytes request);
void ping_answer(struct peer *, struct world *, const struct address *to, const struct ping *by, struct bytes request);
/* request: all that was sent so far; true once it was answered. */
bool http_answer(struct peer *, struct world *, struct bytes request, const struct address *, uint16_t port);

#endif
