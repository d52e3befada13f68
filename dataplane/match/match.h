/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules against the buffers of a transaction. Compiled once (matcher), scanned by every lane with scratch of its own.
 * Scanning pushes: each buffer passes through Hyperscan once, and struct match_state remembers whose fast pattern was
 * seen. Deciding pulls: match_verdicts() asks the transaction (struct match_source) for the few buffers that the
 * candidates' other conditions need, so a rule over several buffers and both directions is checked on all of them.
 */
#ifndef DATAPLANE_MATCH_MATCH_H
#define DATAPLANE_MATCH_MATCH_H

#include "config/rules/action.h"
#include "config/rules/buffer.h"
#include "dataplane/packet.h"
#include "control/wire/case.h"

struct rule_set;       /* config/rules/rule.h: parsed rules */
struct matcher;
struct match_scratch;  /* one lane's */

/* Bytes of a transaction's memory; fixed, embedded by the transaction. */
enum { MATCH_STATE_SIZE = 512 };
struct match_state {
	_Alignas(16) uint8_t raw[MATCH_STATE_SIZE];
};

/* A flow's flowbits, and what the rules that held want of it; embedded by the session; all zero when the flow begins. */
struct match_flow {
	uint64_t bits[8];
	enum rule_action action;
};

/*
 * Where match_verdicts() gets the transaction's buffers. buffer() lends all that is kept of one, from its offset 0;
 * false where the transaction has none (or not yet). The bytes stay as they are until match_verdicts() returns, which
 * asks for each at most once. whole: nothing of the buffer follows or was left out. time_ns: of the packet that completed
 * the request, for what is remembered for a time.
 */
struct match_source {
	bool (*buffer)(void *transaction, enum direction, enum buffer, struct bytes *ret, bool *whole);
	void *transaction;
	uint64_t time_ns;
};

/*
 * Compiles rules with Hyperscan, or takes what was compiled before from a folder (NULL: nothing is kept; compiled.h says when
 * one is trusted). Takes nothing over; rules may be freed after. -errno; why gets one line.
 */
must_check int matcher_new(const struct rule_set *, const char *compiled, char *why, size_t why_size, struct matcher **ret);
void matcher_free(struct matcher *);
must_check int match_scratch_new(const struct matcher *, struct match_scratch **ret);
void match_scratch_free(struct match_scratch *);

/* What a lane's matching did; nothing that was not looked at is without a number here. */
struct match_counts {
	uint64_t scanned;      /* bytes through Hyperscan */
	uint64_t candidates;   /* rules whose conditions were checked */
	uint64_t told;         /* rules that held */
	uint64_t state_full;   /* fast patterns seen that a transaction had no room to remember */
	uint64_t steps_ended;  /* rules left unchecked, or checked in part, at a bound of steps */
	uint64_t pcre_ended;   /* regular expressions that ended at rules.pcre_steps or at their stack */
	uint64_t cut;          /* names longer than what dotprefix looks at */
	uint64_t pairs_full;   /* xbits forgotten before their time for want of room */
};
/* Borrowed from scratch; the lane's own thread reads it. */
const struct match_counts *match_scratch_counts(const struct match_scratch *);

/* Another capture begins: what rules remember of pairs of hosts (xbits) is of another world. */
void match_forget(struct match_scratch *);

enum { MATCH_CARRY = 256 }; /* bytes before a piece that are to be passed with it again */

/* A transaction (or a raw stream) begins. */
void match_begin(const struct matcher *, struct match_state *, const struct tuple *client, enum app_proto);
/* Does any rule look into this buffer of that side? Else nobody needs to make it. */
bool match_looks(const struct matcher *, enum direction, enum buffer);
/*
 * One buffer of it, in one piece or, for PAYLOAD and bodies, in several (offset: where this piece begins in the
 * buffer; last: no more follows). A fast pattern may straddle pieces if each piece begins with the MATCH_CARRY bytes
 * before it (or as many as there are) again, with its offset: what was scanned already is not scanned twice. Cost:
 * one pass over the new bytes. Lane only: never blocks, never allocates.
 */
void match_scan(const struct matcher *, struct match_scratch *, struct match_state *, enum direction, enum buffer,
                struct bytes piece, uint64_t offset, bool last);
/*
 * The rules that hold now, most severe first, each told once per transaction: at most max, the count is returned;
 * *left gets how many more there were. direction: FROM_CLIENT decides the rules that need the request alone,
 * FROM_SERVER those that need the response (or both). Cheap when nothing new was scanned. May be called again when
 * more is kept. Lane only: never blocks, never allocates.
 */
unsigned match_verdicts(const struct matcher *, struct match_scratch *, struct match_state *, struct match_flow *,
                        const struct match_source *, enum direction, struct case_alert *ret, unsigned max,
                        uint32_t *left);
/*
 * Could a rule that stops packets hold by what was scanned since the last match_verdicts()? Then it must be called before
 * the packet may go on. Lane only.
 */
bool match_urgent(const struct matcher *, const struct match_state *);
/* Is any rule's fast pattern seen already? Then the transaction's bytes are worth keeping, and verdicts are due. */
bool match_suspect(const struct match_state *);

/* Inline: what of a packet is known before anything looks into it. */
struct match_gate {
	bool waits;              /* a rule that stops packets may be about it: it leaves after its lane's word only */
	enum rule_action action; /* of a rule that asks for addresses and ports alone */
};
/* ports: those of t are known (of a fragment they are not). Any thread: never blocks, never allocates. */
struct match_gate match_gate(const struct matcher *, const struct tuple *t, bool ports);
/* Does any rule stop packets? */
bool match_stops(const struct matcher *);

#endif
