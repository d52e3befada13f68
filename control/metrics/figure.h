/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the appliance counts besides its lanes, one row each in figure.c: shared by `konseki show` and the metrics. */
#ifndef CONTROL_METRICS_FIGURE_H
#define CONTROL_METRICS_FIGURE_H

#include "control/wire/compiler.h"

/* In the order in which they are told; those of one line of `show` stand together. */
enum figure {
	/* show queue */
	FIGURE_WORKERS, FIGURE_WORKERS_IDLE, FIGURE_WAITING, FIGURE_RUNNING, FIGURE_CACHED, FIGURE_CACHED_BYTES, FIGURE_JOBS,
	FIGURE_ANSWERS, FIGURE_CACHE_HITS, FIGURE_REFUSED, FIGURE_WORKERS_DIED, FIGURE_JOBS_LATE,
	/* show health: cases */
	FIGURE_CASES, FIGURE_CASES_OPEN, FIGURE_CASES_OPEN_BYTES, FIGURE_CASES_QUIET, FIGURE_CASES_CLOSED_EARLY, FIGURE_SUCCESS,
	FIGURE_FAILURE, FIGURE_UNKNOWN,
	/* history */
	FIGURE_HISTORY, FIGURE_HISTORY_FORGOTTEN, FIGURE_RECORDS_WAITING, FIGURE_RECORDS_LATE,
	/* store */
	FIGURE_STORE_RECORDS, FIGURE_STORE_BYTES, FIGURE_STORE_MAX_BYTES, FIGURE_STORE_PRUNED, FIGURE_STORE_EXPIRED, FIGURE_STORE_FAILED,
	FIGURE_VERDICTS_WAITING, FIGURE_VERDICTS_LOST,
	/* syslog, all collectors */
	FIGURE_COLLECTORS, FIGURE_COLLECTORS_CONNECTED, FIGURE_LINES_SENT, FIGURE_LINES_TAKEN, FIGURE_LINES_FILTERED,
	FIGURE_LINES_SPOOLED, FIGURE_SPOOL_BYTES, FIGURE_SPOOL_MAX_BYTES, FIGURE_LINES_LOST, FIGURE_BREAKS, FIGURE_CERTIFICATES_REFUSED,
	/* containment */
	FIGURE_BLOCKS, FIGURE_BLOCKS_MAX, FIGURE_BLOCKS_FULL, FIGURE_BLOCKS_REFUSED, FIGURE_BLOCKS_UNSAVED,
	FIGURE_COUNT,
};

enum figure_kind { FIGURE_IS_COUNTER, FIGURE_IS_GAUGE };

struct figure_row {
	const char *key;    /* in JSON */
	const char *metric; /* without "konseki_" and "_total" */
	const char *verdict;/* of a family by verdict: its label's value; NULL */
	enum figure_kind kind;
	const char *help;   /* one sentence without a full stop */
};

/* Never NULL for a valid figure. */
const struct figure_row *figure_row(enum figure);

#endif
