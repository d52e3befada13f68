/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a record of the site must be to be a network trace: kind, side, far end, name, or what is asked for. */
#ifndef CONTROL_JUDGE_WANTED_H
#define CONTROL_JUDGE_WANTED_H

#include "control/judge/ruling.h"

enum { WANTED_ADDRESSES = 16 };

struct wanted {
	uint32_t kinds;
	enum memory_side side;
	const struct trace *trace;
	struct bytes name;                        /* of the far end, where the trace has no address */
	struct bytes target;                      /* fetch: what is asked for; empty where the connection must do */
	uint8_t name_memory[HISTORY_NAME_MAX];
	struct search *names;                     /* dns: a name with holes; owned */
	unsigned addresses_count;
	struct address addresses[WANTED_ADDRESSES];   /* that the site was told for it */
};

/* The trace and what the site was told for its name until now; borrows the trace. Freed by wanted_fini(). */
void wanted_init(const struct ruling *, const struct trace *, struct wanted *ret);
void wanted_fini(struct wanted *);
/* Is this record, of the wanted kinds, the trace? */
bool is_wanted(const struct wanted *, const struct history *);

/*
 * How long the code waits before it can leave this trace, by the sleeps that emulation saw before it; 0 where it does not
 * wait, or no run was sent. In ns of the guest.
 */
uint64_t trace_lead_ns(const struct report *, const struct trace *);

/*
 * The host of "host:port", "scheme://host:port/path" or "host", as far as it is fixed: empty where a pattern has a hole
 * in it. Written to `to`, at most size bytes.
 */
struct bytes trace_host(const struct trace *, uint8_t *to, size_t size);

/*
 * contest.c: did the site, until this contact, leave the trace once for each attack that may have left it, this one's own
 * just after it? Then one of the contacts is this one's, whichever. from_ns: when the code may leave it at the earliest.
 */
bool contact_for_each(const struct ruling *, unsigned code, const struct wanted *, const struct history *, uint64_t from_ns);
/*
 * The attack's sender called a port, said nothing but a line that reads as a command, and got text for it in which that word
 * is not said again: other services greet, complain or keep silent.
 */
bool finds_shell(const struct ruling *, const struct history *flow);

#endif
