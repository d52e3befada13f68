/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts of another IDS, as EVE JSON lines tell them, and the cases they belong to. */
#ifndef CONTROL_EVE_EVE_H
#define CONTROL_EVE_EVE_H

#include "config/load.h"
#include "control/wire/case.h"

enum {
	EVE_LINE_MAX = 1 << 20,    /* bytes of a line; payloads may stand in it */
	EVE_ALERTS_MAX = 1 << 16,  /* alerts of a file; further ones are refused, told */
};
/* The generator of the rules that eve_rules_write() makes; what they say is never shown. */
#define EVE_FLOW_GID UINT32_C(0xffffffff)

struct eve_alert {
	unsigned line;             /* of the file, from 1 */
	struct tuple tuple;        /* as it was told: src may be the server. protocol 0: neither TCP nor UDP */
	uint64_t time_ns;
	bool has_tx;               /* of HTTP only: other protocols' transactions are not ours */
	uint64_t tx_id;
	struct case_alert alert;   /* its text belongs to the eve */
	bool joined;               /* some case has it */
};

struct eve;

/*
 * Reads a file. Lines of other event types are passed over; a line that is no EVE record, or an alert without time, ends
 * or signature, is told and counted, the others are kept. *ret is the caller's. -errno where the file cannot be read.
 */
must_check int eve_open(const char *path, struct complaints *, struct eve **ret);
void eve_free(struct eve *);
unsigned eve_count(const struct eve *);
/* In the order of the file. Lent. */
const struct eve_alert *eve_at(const struct eve *, unsigned);

/* Rules for the dataplane: each transaction of an alert's flow becomes a case. 0 or -errno of the stream. */
must_check int eve_rules_write(const struct eve *, FILE *to);
/*
 * Puts the alerts of this case's transaction into c->alerts, whose text stays the eve's, and takes those of our rules out.
 * Of HTTP, the transaction that an alert names; else each that was under way at its time, or ended less than a fifth of
 * a second before. Returns how many are its.
 */
unsigned eve_join(struct eve *, struct case_record *c);

#endif
