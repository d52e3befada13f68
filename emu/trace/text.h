/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text traces: what outputs agree on, group by group of lines, and what each group hangs on. */
#ifndef EMU_TRACE_TEXT_H
#define EMU_TRACE_TEXT_H

#include "emu/trace/observe.h"

/* Traces gathered for a report. */
struct trace_list {
	struct arena *arena;
	unsigned count;
	struct trace traces[REPORT_TRACES_MAX];
};

/* A place for one more, zeroed; NULL when there are REPORT_TRACES_MAX. Its texts are to live in the arena. */
struct trace *trace_add(struct trace_list *);
/* Adds what the trace hangs on, once each, up to TRACE_DEPENDS_MAX. */
void trace_depends(struct trace *, const struct question *, struct arena *);
/* The names of the servers that the rows in support (bits) ran on, as struct trace holds them. */
struct bytes profiles_of(const struct observations *, uint64_t support, struct arena *);
/* Rows as bits: the plain ones; is this one in; does each server's plain row say the same for every seed? */
uint64_t plain_rows(const struct observations *);
bool row_in(uint64_t rows, unsigned row);
bool servers_agree(const struct observations *, uint64_t support);
/* Did more than one server run it? What a single one does says nothing about others: nothing must show then. */
bool servers_several(const struct observations *);

/* Traces of stdout, and of stderr: there an interpreter's complaint is TRACE_ERROR, and nothing must show. */
must_check int text_traces(const struct observations *, struct trace_list *);

#endif
