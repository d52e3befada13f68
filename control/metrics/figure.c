/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of figures. */
#include "control/metrics/figure.h"

#include <stddef.h>

#define COUNTER FIGURE_IS_COUNTER
#define GAUGE   FIGURE_IS_GAUGE

static const struct figure_row rows[FIGURE_COUNT] = {
	[FIGURE_WORKERS] = { "workers", "queue_workers", NULL, GAUGE, "emulation workers that live" },
	[FIGURE_WORKERS_IDLE] = { "workers_idle", "queue_workers_idle", NULL, GAUGE, "emulation workers without a job" },
	[FIGURE_WAITING] = { "waiting", "queue_waiting", NULL, GAUGE, "attack codes that wait for a worker" },
	[FIGURE_RUNNING] = { "running", "queue_running", NULL, GAUGE, "attack codes that workers run" },
	[FIGURE_CACHED] = { "cached", "queue_cached", NULL, GAUGE, "attack codes whose traces are in memory" },
	[FIGURE_CACHED_BYTES] = { "cached_bytes", "queue_cached_bytes", NULL, GAUGE, "memory of those traces" },
	[FIGURE_JOBS] = { "jobs", "queue_jobs", NULL, COUNTER, "attack codes given to workers" },
	[FIGURE_ANSWERS] = { "answers", "queue_answers", NULL, COUNTER, "answers of workers" },
	[FIGURE_CACHE_HITS] = { "cache_hits", "queue_cache_hits", NULL, COUNTER, "attack codes that need not be run again" },
	[FIGURE_REFUSED] = { "refused", "queue_refused", NULL, COUNTER, "attack codes not run: the queue was full" },
	[FIGURE_WORKERS_DIED] = { "workers_died", "queue_workers_died", NULL, COUNTER, "workers that died of a job" },
	[FIGURE_JOBS_LATE] = { "jobs_late", "queue_jobs_late", NULL, COUNTER, "attack codes not run: they waited longer than their window" },

	[FIGURE_CASES] = { "cases", "cases", NULL, COUNTER, "cases that came from the lanes" },
	[FIGURE_CASES_OPEN] = { "cases_open", "cases_open", NULL, GAUGE, "cases whose verdict is not final" },
	[FIGURE_CASES_OPEN_BYTES] = { "cases_open_bytes", "cases_open_bytes", NULL, GAUGE, "memory of open cases" },
	[FIGURE_CASES_QUIET] = { "cases_quiet", "cases_quiet", NULL, COUNTER, "cases in which there was nothing to judge" },
	[FIGURE_CASES_CLOSED_EARLY] = { "cases_closed_early", "cases_closed_early", NULL, COUNTER, "cases closed as they stood, for want of memory" },
	[FIGURE_SUCCESS] = { "success", "verdicts", "success", COUNTER, "final verdicts" },
	[FIGURE_FAILURE] = { "failure", "verdicts", "failure", COUNTER, "final verdicts" },
	[FIGURE_UNKNOWN] = { "unknown", "verdicts", "unknown", COUNTER, "final verdicts" },

	[FIGURE_HISTORY] = { "history", "history", NULL, COUNTER, "history records that came from the lanes" },
	[FIGURE_HISTORY_FORGOTTEN] = { "history_forgotten", "history_forgotten", NULL, COUNTER, "history records forgotten early, for want of memory" },
	[FIGURE_RECORDS_WAITING] = { "records_waiting", "records_waiting", NULL, GAUGE, "records of lanes that wait for their turn in time" },
	[FIGURE_RECORDS_LATE] = { "records_late", "records_late", NULL, COUNTER, "records of lanes that came after their turn" },

	[FIGURE_STORE_RECORDS] = { "store_records", "store_records", NULL, GAUGE, "verdicts in the store" },
	[FIGURE_STORE_BYTES] = { "store_bytes", "store_bytes", NULL, GAUGE, "size of what the store keeps" },
	[FIGURE_STORE_MAX_BYTES] = { "store_max_bytes", "store_max_bytes", NULL, GAUGE, "size that it may have" },
	[FIGURE_STORE_PRUNED] = { "store_pruned", "store_pruned", NULL, COUNTER, "verdicts removed to make room" },
	[FIGURE_STORE_EXPIRED] = { "store_expired", "store_expired", NULL, COUNTER, "verdicts removed because of their age" },
	[FIGURE_STORE_FAILED] = { "store_failed", "store_failed", NULL, COUNTER, "puts of a failed commit, tried again" },
	[FIGURE_VERDICTS_WAITING] = { "verdicts_waiting", "verdicts_waiting", NULL, GAUGE, "verdicts that wait for a store that takes nothing" },
	[FIGURE_VERDICTS_LOST] = { "verdicts_lost", "verdicts_lost", NULL, COUNTER, "verdicts that were never told, for want of memory" },

	[FIGURE_COLLECTORS] = { "collectors", "collectors", NULL, GAUGE, "syslog collectors in the config" },
	[FIGURE_COLLECTORS_CONNECTED] = { "collectors_connected", "collectors_connected", NULL, GAUGE, "collectors with a connection" },
	[FIGURE_LINES_SENT] = { "lines_sent", "lines_sent", NULL, COUNTER, "syslog lines sent" },
	[FIGURE_LINES_TAKEN] = { "lines_taken", "lines_taken", NULL, COUNTER, "syslog lines that a collector has taken" },
	[FIGURE_LINES_FILTERED] = { "lines_filtered", "lines_filtered", NULL, COUNTER, "syslog lines that a collector's filter kept from it" },
	[FIGURE_LINES_SPOOLED] = { "lines_spooled", "lines_spooled", NULL, GAUGE, "verdicts in the spool that some collector has not taken" },
	[FIGURE_SPOOL_BYTES] = { "spool_bytes", "spool_bytes", NULL, GAUGE, "size of the spool" },
	[FIGURE_SPOOL_MAX_BYTES] = { "spool_max_bytes", "spool_max_bytes", NULL, GAUGE, "size that it may have" },
	[FIGURE_LINES_LOST] = { "lines_lost", "lines_lost", NULL, COUNTER, "verdicts dropped from the full spool before all collectors had taken them" },
	[FIGURE_BREAKS] = { "breaks", "breaks", NULL, COUNTER, "connections to collectors that ended or never came" },
	[FIGURE_CERTIFICATES_REFUSED] = { "certificates_refused", "certificates_refused", NULL, COUNTER,
		"connections to collectors ended because of their certificate" },

	[FIGURE_BLOCKS] = { "blocks", "blocks", NULL, GAUGE, "blocks in force" },
	[FIGURE_BLOCKS_MAX] = { "blocks_max", "blocks_max", NULL, GAUGE, "blocks that may be in force at once" },
	[FIGURE_BLOCKS_FULL] = { "blocks_full", "blocks_full", NULL, COUNTER, "blocks not made: there was no room" },
	[FIGURE_BLOCKS_REFUSED] = { "blocks_refused", "blocks_refused", NULL, COUNTER, "successes that were not blocked, for a reason told on stderr" },
	[FIGURE_BLOCKS_UNSAVED] = { "blocks_unsaved", "blocks_unsaved", NULL, GAUGE, "1 while blocks are not yet in the store" },
};

const struct figure_row *figure_row(enum figure f)
{
	return &rows[f];
}
