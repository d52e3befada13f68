/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One collector: its place in the spool, its connection, and the lines under way. For sender.c only. */
#ifndef CONTROL_JOURNAL_COLLECTOR_H
#define CONTROL_JOURNAL_COLLECTOR_H

#include "control/journal/entry.h"
#include "control/journal/link.h"
#include "control/journal/lookup.h"
#include "control/journal/sender.h"
#include "control/store/store.h"

enum {
	COLLECTOR_WINDOW = 1 << 16,     /* lines sent and not yet taken */
	COLLECTOR_FRAME = 16 << 10,     /* bytes of one line with its octet count; also what one datagram may have */
};

struct sent_line {
	uint64_t number, end, at_ns; /* spool number; bytes written up to its end; when */
};

struct collector {
	const struct settings *settings;
	const struct syslog_target *to;
	struct store *store;
	char name[COLLECTOR_NAME_MAX];
	struct tls_credentials *credentials; /* NULL: no TLS */
	struct link link;
	struct lookup *lookup;       /* under way, or NULL */
	struct addrinfo *found, *next; /* its addresses; the one to try next, NULL: ask again */
	struct address peer;         /* the one tried last; family 0: none yet */
	bool proven;                 /* a line was taken over this connection */
	uint64_t retry_ns, backoff_ns;
	bool down;                   /* nothing was taken since the last break */
	char why[TLS_WHY_MAX];       /* it broke */
	bool told_down;              /* what the last news said, and when */
	char told_why[TLS_WHY_MAX];
	uint64_t told_ns, now_ns;
	/* spool numbers: all before is done with; taken by the collector or not meant for it; that is in the store */
	uint64_t sent, taken, noted;
	bool placed;                 /* it has a place: what lies before that of a new one was never meant for it */
	uint64_t looked, gap_end;    /* up to here what was filtered, and what was gone, is counted */
	struct sent_line *window;    /* COLLECTOR_WINDOW of them */
	size_t head, count;
	uint64_t paced_ns;           /* of UDP: when all that was sent would have gone out at an even pace */
	uint8_t frame[COLLECTOR_FRAME]; /* what the socket did not take whole */
	size_t frame_len, frame_off;
	uint64_t frame_number;
	struct collector_counts counts;
};

/* Uses the caller's storage. -errno: why, TLS_WHY_MAX bytes, is what to tell. */
must_check int collector_init(struct collector *, const struct settings *, const struct syslog_target *, struct store *, char *why);
void collector_fini(struct collector *);
/* Connects, sends, notices what was taken. 0 or the store's error. */
must_check int collector_step(struct collector *, uint64_t now_ns);

#endif
