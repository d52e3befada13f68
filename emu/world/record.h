/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run shows: its output, its events and the open-world questions it asked. */
#ifndef EMU_WORLD_RECORD_H
#define EMU_WORLD_RECORD_H

#include "emu/server/server.h"

struct record;

must_check int record_new(struct record **ret);
void record_free(struct record *);
/* Forgets the last run; twists are borrowed for the next. */
void record_begin(struct record *, const struct twist *, unsigned twists_count);

enum stream { STREAM_OUT, STREAM_ERR };
/* -ENOSPC where REPORT_OUTPUT_MAX is reached: what fits is kept. */
must_check int record_output(struct record *, enum stream, struct bytes);
uint64_t record_output_len(const struct record *); /* stdout's bytes so far */

/*
 * Adds an event; texts are copied. Returns it, to be filled further (data: record_more()), or NULL where the event is
 * counted in events_left only.
 */
struct event *record_event(struct record *, enum event_kind, uint64_t virtual_ns);
struct bytes record_keep(struct record *, struct bytes); /* a copy that lives as long as the run; empty without memory */
/* Adds bytes to an event's data and value: only the first EVENT_DATA_MAX are kept. */
enum { EVENT_DATA_MAX = 4096 };
void record_more(struct record *, struct event *, struct bytes);

/* A question is asked: what the run says unless a twist turns it round. Asked again, it answers the same. */
bool record_ask(struct record *, enum question_kind, const char *subject, bool answer);
/* Would a twist answer otherwise? Asks nothing. */
bool record_twisted(const struct record *, enum question_kind, const char *subject, bool answer);

/* The guest is told a fact of the server; the text is copied. */
void record_fact(struct record *, struct bytes text);
/* … and one of the names that no other server shares: its host's, its kernel's. */
void record_name(struct record *, struct bytes name);

/* The outcome with everything gathered; run's status fields are the caller's to set. */
struct outcome *record_outcome(struct record *);

#endif
