/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Syslog lines from the spool to the collectors, over UDP, TCP or TLS (link.h). Each collector takes the spool at its
 * own pace, the lines that its filter lets pass in the form that it wants; a line counts as taken when the other side's
 * kernel acknowledged it and the connection lived on for 5 s, and longer where the other side does not read. After a
 * break all lines not yet taken are sent again: a collector may see a line twice, never not at all. UDP has no
 * acknowledgement: there taken means that no refusal came back for a second. Names are looked up aside, all their
 * addresses are tried in turn. Never blocks. One thread.
 */
#ifndef CONTROL_JOURNAL_SENDER_H
#define CONTROL_JOURNAL_SENDER_H

#include "config/settings.h"
#include "control/store/store.h"

struct sender;

enum { COLLECTOR_NAME_MAX = 300, SENDER_WHY_MAX = 600 };

/*
 * settings and store stay borrowed. *ret is the caller's. -ENOMEM, the store's errors, -EINVAL for files of TLS that
 * cannot be used; why, SENDER_WHY_MAX bytes, says of which collector and what.
 */
must_check int sender_new(const struct settings *, struct store *, struct sender **ret, char *why);
void sender_free(struct sender *);
/*
 * Connects, sends what is committed, notes what was taken. Only call it when the store has nothing pending: a line of
 * an open transaction must not be sent. now_ns: CLOCK_MONOTONIC. 0 or the store's error.
 */
must_check int sender_step(struct sender *, uint64_t now_ns);
/* Lines lie in the spool that a collector has not taken yet. */
bool sender_busy(const struct sender *);

/*
 * What changed for a collector, as a sentence to log: why its lines wait, or that they go on. False: nothing new. Call
 * it until then after a step.
 */
bool sender_news(struct sender *, char *buf, size_t size);

/* One collector, since the start. */
struct collector_counts {
	const char *name;            /* "tls:host:port"; lent */
	bool cef, connected;
	struct address peer;         /* what its name meant when it was tried last; family 0: not tried yet */
	uint64_t done;               /* number of the last line in the spool that it is done with */
	uint64_t sent, taken;
	uint64_t filtered;           /* lines that its filter did not let pass */
	uint64_t lost;               /* the spool was full before it took them */
	uint64_t breaks;             /* connections that ended or never came */
	uint64_t refused;            /* of them, because its certificate is not the collector's */
};
unsigned sender_count(const struct sender *);
void sender_look(const struct sender *, unsigned i, struct collector_counts *ret);

#endif
