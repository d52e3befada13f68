/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Syslog lines from the spool to the collectors: UDP (RFC 5426) and TCP with octet counting (RFC 6587 3.4.1). Each
 * collector takes the spool at its own pace; a line counts as taken when the other side's kernel acknowledged it and
 * the connection lived on for a second. After a break all lines not yet taken are sent again: a collector may see a line
 * twice, never not at all. UDP has no acknowledgement: there taken means that no refusal came back for a second. Names are
 * looked up aside, all their addresses are tried in turn. Never blocks. One thread.
 */
#ifndef CONTROL_JOURNAL_SENDER_H
#define CONTROL_JOURNAL_SENDER_H

#include "config/settings.h"
#include "control/store/store.h"

struct sender;

/* settings and store stay borrowed. *ret is the caller's. -ENOMEM or the store's errors. */
must_check int sender_new(const struct settings *, struct store *, struct sender **ret);
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

struct sender_counts {
	uint64_t sent, taken, breaks;
	unsigned targets, connected;
};
void sender_count(const struct sender *, struct sender_counts *ret);

#endif
