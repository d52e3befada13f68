/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that an attack would leave in later responses of the server to its own sender: a stored page, an uploaded program
 * that is called, a file that a blind command wrote. Bounded: the oldest gives way. One thread.
 */
#ifndef CONTROL_JUDGE_LATER_H
#define CONTROL_JUDGE_LATER_H

#include "control/judge/reflect.h"
#include "control/wire/history.h"
#include "control/wire/report.h"

enum {
	LATER_MAX = 512,          /* texts awaited at one time */
	LATER_EXCERPT_MAX = 256,
};

/* One trace of one case, and where it was found. */
struct awaited {
	uint64_t flow_id;
	uint32_t tx_id;
	unsigned code, trace;
	struct tuple tuple;       /* of the case: src is the sender, dst the server */
	uint64_t from_ns, until_ns;
	uint8_t *pattern;         /* owned; NULL: an empty slot */
	size_t pattern_len;
	double searched;          /* bytes looked at so far */
	bool found, explained;    /* explained: found, but in a copy of the request that asked for it */
	uint64_t packet, time_ns;
	size_t offset, excerpt_len;
	uint8_t excerpt[LATER_EXCERPT_MAX];
};

struct later {
	size_t next;
	struct awaited at[LATER_MAX];
};

/* A response that may hold them. */
struct later_response {
	uint64_t flow_id;
	uint32_t tx_id;
	struct tuple tuple;       /* src: who asked */
	uint64_t time_ns, packet;
	struct bytes text;
	const struct reflection *reflection; /* of the request; NULL: none was made */
	struct bytes target;      /* what was asked for, where there is no reflection */
};

/* Frees what is awaited; the struct itself is the caller's. */
void later_forget(struct later *);
/* Awaits the trace of the case until a moment. Noting it twice changes nothing. Without memory it is not awaited. */
void later_await(struct later *, const struct case_record *, unsigned code, unsigned trace, struct bytes pattern, uint64_t until_ns);
/* Is anything awaited that this response may hold? */
bool later_awaits(const struct later *, const struct later_response *);
/* Looks for everything that is awaited of this server by who asked. */
void later_look(struct later *, const struct later_response *);
/* What became of it; NULL: it is not awaited. */
const struct awaited *later_find(const struct later *, const struct case_record *, unsigned code, unsigned trace);

#endif
