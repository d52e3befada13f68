/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connection to a collector: UDP (RFC 5426), TCP with octet counting (RFC 6587 3.4.1) or TLS with the same (RFC
 * 5425 4.3). Never blocks; what a hostile other side can cost is bounded in memory and in time. One thread.
 */
#ifndef CONTROL_JOURNAL_LINK_H
#define CONTROL_JOURNAL_LINK_H

#include "control/journal/tls.h"

struct addrinfo;

enum link_state { LINK_NONE, LINK_CONNECTING, LINK_SHAKING, LINK_UP };

struct link {
	const struct tls_credentials *credentials; /* NULL: no TLS. Borrowed */
	enum syslog_transport transport;
	enum link_state state;
	int fd;
	struct tls *tls;
	uint64_t until_ns;       /* it must be up by then */
	uint64_t written;        /* bytes that the kernel took on this connection */
	uint32_t window_most;    /* the largest window that the other side offered */
	bool refused;            /* the last one ended because of the certificate */
	char why[TLS_WHY_MAX];   /* why the last one ended; "" where it did not */
};

/* Begins a connection; link_step() goes on with it. False: it ended at once, why says so. now_ns: CLOCK_MONOTONIC. */
must_check bool link_open(struct link *, const struct addrinfo *, uint64_t now_ns);
/* Goes on. False: it ended, why says so, and the caller closes it. LINK_UP in state: lines may be sent. */
must_check bool link_step(struct link *, uint64_t now_ns);
/* 1: all of it is with the kernel or in TLS's hands; 0: no room now, call again with the same; -errno: why says so. */
must_check int link_send(struct link *, const void *frame, size_t len, size_t *sent);
/* Of the written bytes, how many the other side's kernel has acknowledged; over UDP all. */
uint64_t link_acknowledged(const struct link *);
/* Does the other side take what it acknowledges? No: most of the room it had offered is full. */
bool link_reads(struct link *);
void link_close(struct link *);

#endif
