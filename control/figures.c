/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures out of control's rooms. */
#include "control/figures.h"
#include "control/judge/memory.h"

uint64_t lanes_sum(const struct control *c, enum counter k)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < c->lanes; i++)
		sum += c->uptakes[i].counters.value[k];
	return sum;
}

uint64_t lane_flows_open(const struct uptake *u)
{
	const uint64_t *v = u->counters.value;

	return v[COUNTER_FLOWS] - v[COUNTER_FLOWS_CLOSED] - v[COUNTER_FLOWS_EXPIRED] - v[COUNTER_FLOWS_EVICTED];
}

uint64_t collector_waiting(const struct figures *f, const struct collector_counts *c)
{
	return f->spool_last > c->done && f->value[FIGURE_LINES_SPOOLED] > 0 ? f->spool_last - c->done : 0;
}

static void take_queue(struct control *c, uint64_t *v)
{
	struct queue_counts q;

	queue_count(c->queue, &q);
	v[FIGURE_WORKERS] = pool_living(c->pool);
	v[FIGURE_WORKERS_IDLE] = pool_idle(c->pool);
	v[FIGURE_WAITING] = q.waiting;
	v[FIGURE_RUNNING] = q.running;
	v[FIGURE_CACHED] = q.cached;
	v[FIGURE_CACHED_BYTES] = q.cached_bytes;
	v[FIGURE_JOBS] = q.jobs;
	v[FIGURE_ANSWERS] = q.answers;
	v[FIGURE_CACHE_HITS] = q.hits;
	v[FIGURE_REFUSED] = q.refused;
	v[FIGURE_WORKERS_DIED] = q.died;
	v[FIGURE_JOBS_LATE] = q.late;
}

static void take_cases(struct control *c, uint64_t *v)
{
	struct docket_counts d;

	docket_count(c->docket, &d);
	v[FIGURE_CASES] = d.cases;
	v[FIGURE_CASES_OPEN] = d.open;
	v[FIGURE_CASES_OPEN_BYTES] = d.open_bytes;
	v[FIGURE_CASES_QUIET] = d.quiet;
	v[FIGURE_CASES_CLOSED_EARLY] = d.closed_early;
	v[FIGURE_SUCCESS] = d.told[VERDICT_SUCCESS];
	v[FIGURE_FAILURE] = d.told[VERDICT_FAILURE];
	v[FIGURE_UNKNOWN] = d.told[VERDICT_UNKNOWN];
	v[FIGURE_HISTORY] = c->history_count;
	v[FIGURE_HISTORY_FORGOTTEN] = memory_lost(c->memory);
	v[FIGURE_RECORDS_WAITING] = merge_count(c->merge);
	v[FIGURE_RECORDS_LATE] = merge_late(c->merge);
}

static void take_store(struct control *c, struct figures *ret)
{
	struct store_counts s;
	uint64_t *v = ret->value;

	store_count(c->store, &s);
	ret->spool_last = s.spool_last;
	v[FIGURE_STORE_RECORDS] = s.records;
	v[FIGURE_STORE_BYTES] = s.bytes;
	v[FIGURE_STORE_MAX_BYTES] = s.max_bytes;
	v[FIGURE_STORE_PRUNED] = s.pruned;
	v[FIGURE_STORE_EXPIRED] = s.expired;
	v[FIGURE_STORE_FAILED] = s.lost;
	v[FIGURE_VERDICTS_WAITING] = publisher_unsettled(c->publisher);
	v[FIGURE_VERDICTS_LOST] = publisher_failed(c->publisher);
	v[FIGURE_LINES_SPOOLED] = s.spooled;
	v[FIGURE_SPOOL_BYTES] = s.spooled_bytes;
	v[FIGURE_SPOOL_MAX_BYTES] = (uint64_t)c->settings->spool_mb << 20;
	v[FIGURE_LINES_LOST] = s.spool_lost;
}

static void take_collectors(struct control *c, uint64_t *v)
{
	v[FIGURE_COLLECTORS] = sender_count(c->sender);
	for (unsigned i = 0; i < sender_count(c->sender); i++) {
		struct collector_counts one;

		sender_look(c->sender, i, &one);
		v[FIGURE_COLLECTORS_CONNECTED] += one.connected;
		v[FIGURE_LINES_SENT] += one.sent;
		v[FIGURE_LINES_TAKEN] += one.taken;
		v[FIGURE_LINES_FILTERED] += one.filtered;
		v[FIGURE_BREAKS] += one.breaks;
		v[FIGURE_CERTIFICATES_REFUSED] += one.refused;
	}
}

static void take_blocks(struct control *c, uint64_t *v)
{
	struct containment_counts b;

	if (c->blocks == NULL)
		return;
	containment_count(c->blocks, &b);
	v[FIGURE_BLOCKS] = b.blocks;
	v[FIGURE_BLOCKS_MAX] = b.max;
	v[FIGURE_BLOCKS_FULL] = b.full;
	v[FIGURE_BLOCKS_REFUSED] = c->blocks_refused;
	v[FIGURE_BLOCKS_UNSAVED] = containment_unsaved(c->blocks);
}

void figures_take(struct control *c, struct figures *ret)
{
	bool told; /* every verdict is in the store, or will be with the next commit */

	*ret = (struct figures){ .lost = 0 };
	take_queue(c, ret->value);
	take_cases(c, ret->value);
	take_store(c, ret);
	take_collectors(c, ret->value);
	take_blocks(c, ret->value);
	for (unsigned i = 0; i < c->lanes; i++)
		ret->lanes += c->uptakes[i].ring != NULL && c->uptakes[i].records > 0;
	for (enum counter k = 0; k < COUNTER_COUNT; k++)
		if (counter_row(k)->kind == COUNTER_KIND_LOSS)
			ret->lost += lanes_sum(c, k);
	told = ret->value[FIGURE_VERDICTS_LOST] == 0 && ret->value[FIGURE_VERDICTS_WAITING] == 0;
	ret->healthy = ret->lanes == c->lanes && !c->pool_gone && ret->value[FIGURE_WORKERS] > 0 && told &&
	               c->uptakes[0].counters.value[COUNTER_BYPASSED] == 0;
}
