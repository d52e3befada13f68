/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules against the buffers of a transaction. Compiled once (matcher), scanned by every lane with scratch of its own.
 * A transaction (struct match_state) gathers which contents of which rules were seen, and match_verdicts() tells the
 * rules whose every condition holds.
 */
#ifndef DATAPLANE_MATCH_MATCH_H
#define DATAPLANE_MATCH_MATCH_H

#include "dataplane/packet.h"
#include "control/wire/case.h"

/* Where a rule's keyword looks; Suricata's sticky buffers. */
enum buffer {
	BUFFER_PAYLOAD,            /* no sticky buffer: the reassembled stream, or the datagram */
	BUFFER_HTTP_METHOD,
	BUFFER_HTTP_URI,           /* normalised: percent-decoded once, path resolved as Suricata does */
	BUFFER_HTTP_URI_RAW,
	BUFFER_HTTP_REQUEST_LINE,
	BUFFER_HTTP_HEADER,        /* normalised header block of its direction, without cookies */
	BUFFER_HTTP_HEADER_RAW,
	BUFFER_HTTP_COOKIE,
	BUFFER_HTTP_USER_AGENT,
	BUFFER_HTTP_HOST,          /* lower case, without the port */
	BUFFER_HTTP_HOST_RAW,
	BUFFER_HTTP_REFERER,
	BUFFER_HTTP_CONTENT_TYPE,
	BUFFER_HTTP_ACCEPT,
	BUFFER_HTTP_REQUEST_BODY,
	BUFFER_HTTP_STAT_CODE,
	BUFFER_HTTP_STAT_MSG,
	BUFFER_FILE_DATA,          /* response body */
	BUFFER_DNS_QUERY,
	BUFFER_COUNT,
};

struct rule_set;       /* config/rules/rule.h: parsed rules */
struct matcher;
struct match_scratch;  /* one lane's */

enum { MATCH_STATE_SIZE = 512 }; /* bytes of a transaction's memory; fixed, embedded by the transaction */
struct match_state {
	_Alignas(16) uint8_t raw[MATCH_STATE_SIZE];
};

/* Compiles rules with Hyperscan. Takes nothing over; rules may be freed after. -errno; why gets one line. */
must_check int matcher_new(const struct rule_set *, char *why, size_t why_size, struct matcher **ret);
void matcher_free(struct matcher *);
must_check int match_scratch_new(const struct matcher *, struct match_scratch **ret);
void match_scratch_free(struct match_scratch *);

/* A transaction (or a raw stream) begins. */
void match_begin(const struct matcher *, struct match_state *, const struct tuple *client, enum app_proto);
/*
 * One buffer of it, in one piece or in several (offset: where this piece begins in the buffer; last: no more follows).
 * A pattern may straddle pieces only within the matcher's carry (256 bytes, kept by the caller's stream for PAYLOAD
 * and bodies: pass the overlapping tail again with its offset).
 */
void match_scan(const struct matcher *, struct match_scratch *, struct match_state *, enum direction, enum buffer,
                struct bytes piece, uint64_t offset, bool last);
/*
 * The rules that hold now, most severe first, each told once per transaction: at most max, the count is returned;
 * *left gets how many more there were. direction: which side's data is complete enough to decide.
 */
unsigned match_verdicts(const struct matcher *, struct match_scratch *, struct match_state *, enum direction,
                        struct case_alert *ret, unsigned max, uint32_t *left);
/* Is any rule's fast pattern seen already? Then the transaction's bytes are worth keeping. */
bool match_suspect(const struct match_state *);

#endif
