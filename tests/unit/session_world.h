/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions by themselves: packets go in, the records of the ring come out, copied so that they stay. */
#ifndef TESTS_UNIT_SESSION_WORLD_H
#define TESTS_UNIT_SESSION_WORLD_H

#include "control/wire/history.h"
#include "dataplane/counters.h"
#include "dataplane/session/session.h"
#include "config/settings.h"
#include "tests/unit/matcher_fake.h"

enum { WORLD_CASES = 512, WORLD_HISTORY = 4096 };

struct told_case {
	struct case_record record;
	struct segment_mark marks[PART_COUNT * CASE_SEGMENTS_MAX];
	uint8_t *raw;
};

struct told_history {
	struct history record;
	uint8_t *raw;
};

/* One client and one server that talk over one flow at a time. */
struct world {
	struct settings settings;
	struct matcher matcher;
	struct counters counters;
	struct ring *up, *down;
	struct sessions *sessions;
	struct session *session;
	struct tuple client;
	uint32_t next_seq[2];
	uint64_t packets, now_ns;
	size_t cases_count, history_count;
	struct told_case cases[WORLD_CASES];
	struct told_history history[WORLD_HISTORY];
};

/* word fires rule sid 1 when it stands in that buffer; NULL: no rules. Further rules may be set before world_open(). */
struct world *world_new(enum direction, enum buffer, const char *word, bool wait);
void world_free(struct world *);
/* A flow with its handshake. */
void world_open(struct world *);
/* Only so much of it, or SYN+ACK before a SYN that world_syn_late() brings behind `len` bytes that the client sent meanwhile. */
void world_handshake(struct world *, bool syn, bool syn_later);
void world_syn_late(struct world *, size_t len);
void world_close(struct world *, enum session_end);
/* One segment of that side, in order, 1 ms after the one before; flags besides ACK. */
void world_send(struct world *, enum direction, const void *bytes, size_t len);
void world_say(struct world *, enum direction, const char *text);
void world_fin(struct world *, enum direction);
/* So many bytes of that side are never captured. */
void world_lose(struct world *, enum direction, size_t len);
/* Takes what is on the ring. */
void world_read(struct world *);
/* Forgets what was told so far. */
void world_forget(struct world *);
/* The n-th history record of that kind, or NULL. */
const struct history *world_history(const struct world *, enum history_kind, size_t n);

#endif
