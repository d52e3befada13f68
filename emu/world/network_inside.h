/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Peers as the files of emu/world that speak for them see them. */
#ifndef EMU_WORLD_NETWORK_INSIDE_H
#define EMU_WORLD_NETWORK_INSIDE_H

#include "emu/world/network.h"
#include "emu/world/world.h"

enum { HEARD_MAX = 64 << 10, MESSAGES_MAX = 256, TCP = 6, ICMP = 1, ICMP6 = 58 };

/* Who a stream's far end is. */
enum talk {
	TALK_UNKNOWN, /* whoever answers what it hears: a web server, or a person at a keyboard */
	TALK_FILES,   /* an FTP server */
	TALK_DATA,    /* its second connection */
	TALK_MAIL,
	TALK_NAMES,   /* DNS over TCP */
};

/* What waits to be received: a datagram, or a piece of a stream. */
struct message {
	struct message *next;
	struct address from;
	uint16_t port;
	size_t len, taken;
	uint8_t at[];
};

struct peer {
	struct peer *next;
	struct network *network;
	uint8_t protocol;
	enum talk talk;
	unsigned turns;              /* of a dialogue: lines said so far */
	size_t understood;           /* bytes of heard that were answered */
	char folder[256];            /* of an FTP server: where the guest is; "" or ended by a slash */
	bool raw, connected, ended, shut, answered, attack;
	struct address address;
	uint16_t port;
	struct event *sent;          /* the event of what this socket sends */
	struct address sent_to;
	uint16_t sent_port;
	unsigned messages_count;
	uint64_t arrived;
	struct message *first, **last;
	size_t heard_len;
	uint8_t *heard;              /* a stream's first HEARD_MAX bytes */
};

struct network {
	struct world *world;
	struct peer *peers;
	bool raw;                    /* an attack's raw code runs */
	bool talks;                  /* no more: a program has come in its place, and may wait for a line */
	struct address data_address; /* where a file transfer's second connection is expected; port 0: none is */
	uint16_t data_port;
};

/* talk.c: a connection begins; more was heard; nobody does anything. The last: false where nothing is left to say. */
void talk_begin(struct peer *);
void talk_hear(struct peer *);
bool talk_go_on(struct peer *);

/* http.c: the text of a file or script that the attacker's server gives for a URL; its length. */
int http_script(const struct world *, const char *url, char *to, size_t size);

#endif
