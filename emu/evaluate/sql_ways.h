/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One injected text in one dialect, evaluated with each seed's own values of the victim, and once turned round. */
#ifndef EMU_EVALUATE_SQL_WAYS_H
#define EMU_EVALUATE_SQL_WAYS_H

#include "emu/evaluate/sql_pattern.h"
#include "emu/sql/sql.h"
#include "emu/trace/observe.h"
#include "emu/trace/text.h"

enum {
	SQL_WAYS = SQL_PATTERN_SAMPLES + 1, /* of other seeds, and the last turned round */
	SQL_TURNED = SQL_PATTERN_SAMPLES,
};

struct sql_ways {
	enum language language;
	unsigned flavour;
	struct sql_outcome *outcome[SQL_WAYS];
	struct event *events[SQL_WAYS];
	uint32_t events_count[SQL_WAYS];
	uint64_t slept_ns[SQL_WAYS];
	struct bytes values[SQL_WAYS]; /* all that would be shown, a line each */
};

/* language: one of a dialect; flavour: which of its products. -ENOMEM. */
must_check int sql_ways_of(const struct job *, enum language, unsigned flavour, struct arena *, struct sql_ways *ret);
/* A row of each of its seeds by this name as server number `server`, and behind the plain ones the one turned round. */
void sql_ways_observe(const struct sql_ways *, struct bytes name, unsigned server, struct observations *);
void sql_ways_observe_turned(const struct sql_ways *, struct bytes name, unsigned server, struct observations *);
/* Is it a value that an answer or an error message shows? */
bool sql_is_shown(const struct sql_effect *);
/* sql_traces.c: the values that would be shown. -ENOMEM. */
must_check int sql_value_traces(const struct sql_ways *, const struct observations *, struct trace_list *);
/* sql_rows.c: the rows that the attack adds, cell by cell. -ENOMEM. */
must_check int sql_row_traces(const struct sql_ways *, const struct observations *, struct trace_list *);
/* Work that takes long, nobody knows how long: a delay of 0 that hangs on the victim. */
void sql_work_trace(const struct sql_ways *, const struct observations *, struct trace_list *);
/* What the attack made of the query's predicate, where all places of all these dialects agree. */
void sql_truth_trace(const struct sql_ways *, unsigned dialects, const struct observations *, struct trace_list *);
/* sql_errors.c: what the dialect's engine says if it refuses the text. -ENOMEM. */
must_check int sql_error_traces(enum language, struct bytes code, struct trace_list *);

#endif
