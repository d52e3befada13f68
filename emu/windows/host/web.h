/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Windows commands do on the network, through the recording network and its personas. */
#ifndef EMU_WINDOWS_HOST_WEB_H
#define EMU_WINDOWS_HOST_WEB_H

#include "emu/windows/host/host.h"

struct peer;

/* A name or an address to an address: a DNS event where it is a name. False: the resolver knows none. */
bool web_resolve(struct host *, const char *name, struct address *ret);
/* Any other question to the resolver (A 1, PTR 12, MX 15, TXT 16, AAAA 28): its event. */
bool web_ask(struct host *, const char *name, uint16_t type, struct address *ret);
/* A TCP connection. NULL: refused, or the name is not known. The network owns it. */
struct peer *web_connect(struct host *, const char *name, uint16_t port);

struct web_url {
	char scheme[16], host[256];
	uint16_t port;
	const char *target; /* from the slash on */
};
/* False: none of http, https, ftp. */
bool web_url(struct host *, const char *url, struct web_url *ret);
/*
 * Fetches: 0, -ENOENT (no such name, refused), -EINVAL (no URL). What comes back is the attacker's, in the heap.
 * TLS hides the request: then the wire shows the name and the connection alone, and so do the events. body: of a POST.
 */
must_check int web_fetch(struct host *, const char *method, const char *url, struct bytes body, struct bytes *ret);
/* `count` echo requests, a second apart; how many came back. */
unsigned web_ping(struct host *, const struct address *, unsigned count, unsigned bytes);
/* A file server is asked: what opening \\HOST\SHARE does. */
void web_share(struct host *, const char *unc);

#endif
