/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the appliance tells about itself, one JSON line a thing. */
#include "control/loop.h"
#include "control/judge/memory.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes o. */
static void say(struct admin_client *to, json_t *o)
{
	char *text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);

	if (text != NULL)
		admin_say(to, text);
	free(text);
	json_decref(o);
}

static void say_none(struct admin_client *to, const char *why)
{
	say(to, json_pack("{s:s}", "error", why));
}

/* The latest, the oldest of them first. */
static void show_alerts(struct control *c, const struct request *q, struct admin_client *to)
{
	char **lines = calloc(q->limit, sizeof(*lines));
	uint64_t before = UINT64_MAX;
	unsigned count = 0;

	/* what is shown is told: a kill a moment later must not take it back; what cannot be committed is not shown */
	if (store_pending(c->store))
		publisher_settle(c->publisher, clock_ns());
	while (lines != NULL && count < q->limit) {
		struct store_record record;

		if (store_find_before(c->store, before, &record) < 0)
			break;
		before = record.sequence;
		lines[count] = strndup((const char *)record.json.at, record.json.left);
		if (lines[count] == NULL)
			break;
		count++;
	}
	while (count > 0) {
		admin_say(to, lines[--count]);
		free(lines[count]);
	}
	free(lines);
}

static void show_lanes(struct control *c, struct admin_client *to)
{
	for (unsigned i = 0; i < c->lanes; i++) {
		const struct uptake *u = &c->uptakes[i];
		json_t *o = json_pack("{s:i, s:b, s:I, s:I}", "lane", (int)i, "alive", u->ring != NULL, "records",
		                      (json_int_t)u->records, "records_refused", (json_int_t)u->bad);

		for (enum counter k = 0; k < COUNTER_COUNT; k++)
			json_object_set_new(o, counter_row(k)->name, json_integer((json_int_t)u->counters.value[k]));
		say(to, o);
	}
}

/* Flows of each lane: how they came and went, and those that were not followed. */
static void show_flows(struct control *c, struct admin_client *to)
{
	static const struct {
		const char *name;
		enum counter counter;
	} told[] = {
		{ "begun", COUNTER_FLOWS }, { "midstream", COUNTER_FLOWS_MIDSTREAM }, { "answered", COUNTER_FLOWS_ANSWERED },
		{ "refused", COUNTER_FLOWS_REFUSED }, { "closed", COUNTER_FLOWS_CLOSED }, { "expired", COUNTER_FLOWS_EXPIRED },
		{ "evicted", COUNTER_FLOWS_EVICTED }, { "no_room", DROP_FLOW_TABLE_FULL }, { "overload", DROP_OVERLOAD_NEW },
		{ "followed", COUNTER_SESSIONS }, { "not_followed", DROP_SESSIONS_FULL },
	};

	for (unsigned i = 0; i < c->lanes; i++) {
		const uint64_t *v = c->uptakes[i].counters.value;
		uint64_t over = v[COUNTER_FLOWS_CLOSED] + v[COUNTER_FLOWS_EXPIRED] + v[COUNTER_FLOWS_EVICTED];
		json_t *o = json_pack("{s:i, s:i, s:I}", "lane", (int)i, "room", (int)c->settings->flows, "open",
		                      (json_int_t)(v[COUNTER_FLOWS] - over));

		for (size_t k = 0; k < COUNT_OF(told); k++)
			json_object_set_new(o, told[k].name, json_integer((json_int_t)v[told[k].counter]));
		say(to, o);
	}
}

static void show_ports(struct control *c, struct admin_client *to)
{
	static const enum counter rows[] = { COUNTER_PACKETS, COUNTER_BYTES, DROP_PORT_MISSED, DROP_PORT_NO_MEMORY,
		                             DROP_PORT_ERRORS, DROP_LANE_QUEUE, COUNTER_FORWARDED, DROP_FORWARD_FULL,
		                             DROP_FORWARD_NOT_READY, DROP_FORWARD_BYPASSED, DROP_FORWARD_STALLED,
		                             DROP_FORWARD_OVERTAKEN, COUNTER_FORWARD_WAITED, COUNTER_STOPPED_BY_RULE, COUNTER_STOPPED_BY_BLOCK,
		                             COUNTER_REJECTED, COUNTER_BYPASSED, COUNTER_BYPASS_FALLS, DROP_OVERLOAD_NEW };

	for (unsigned i = 0; i < c->settings->ports_count; i++)
		say(to, json_pack("{s:s, s:s, s:s}", "port", c->settings->ports[i].name, "device",
		                  c->settings->ports[i].device, "pair", c->settings->ports[i].pair_index < 0 ? "" :
		                  c->settings->ports[c->settings->ports[i].pair_index].name));
	for (size_t k = 0; k < COUNT_OF(rows); k++) {
		uint64_t sum = 0;

		for (unsigned i = 0; i < c->lanes; i++)
			sum += c->uptakes[i].counters.value[rows[k]];
		say(to, json_pack("{s:s, s:I}", "counter", counter_row(rows[k])->name, "value", (json_int_t)sum));
	}
}

static void show_queue(struct control *c, struct admin_client *to)
{
	struct queue_counts q;

	queue_count(c->queue, &q);
	say(to, json_pack("{s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "workers",
	                  (int)pool_living(c->pool), "workers_idle", (int)pool_idle(c->pool), "waiting",
	                  (json_int_t)q.waiting, "running", (json_int_t)q.running, "cached", (json_int_t)q.cached,
	                  "cached_bytes", (json_int_t)q.cached_bytes, "jobs", (json_int_t)q.jobs, "answers",
	                  (json_int_t)q.answers, "cache_hits", (json_int_t)q.hits, "refused", (json_int_t)q.refused,
	                  "workers_died", (json_int_t)q.died, "jobs_late", (json_int_t)q.late));
}

static void show_rules(struct control *c, struct admin_client *to)
{
	for (unsigned i = 0; i < c->settings->rules_count; i++)
		say(to, json_pack("{s:s}", "file", c->settings->rules[i]));
	say(to, json_pack("{s:I, s:I}", "rules_loaded",
	                  (json_int_t)c->uptakes[0].counters.value[COUNTER_RULES_LOADED], "rules_refused",
	                  (json_int_t)c->uptakes[0].counters.value[COUNTER_RULES_REFUSED]));
}

static void show_profiles(struct control *c, struct admin_client *to)
{
	if (c->profiles_count < 0)
		say_none(to, "the folder of profiles cannot be read");
	for (int i = 0; i < c->profiles_count; i++)
		say(to, json_pack("{s:s}", "profile", c->profiles[i]->d_name));
}

/* What was lost anywhere, and whether everything that should run does. */
static void show_health(struct control *c, struct admin_client *to)
{
	struct docket_counts d;
	struct store_counts s;
	struct sender_counts j;
	struct containment_counts b;
	uint64_t losses = 0;
	unsigned lanes = 0; /* that have said something: one that still opens its port has not */
	json_t *lost = json_object();
	bool told; /* every verdict is in the store, or will be with the next commit */

	for (unsigned i = 0; i < c->lanes; i++)
		lanes += c->uptakes[i].ring != NULL && c->uptakes[i].records > 0;
	docket_count(c->docket, &d);
	store_count(c->store, &s);
	sender_count(c->sender, &j);
	told = publisher_failed(c->publisher) == 0 && publisher_unsettled(c->publisher) == 0;
	for (enum counter k = 0; k < COUNTER_COUNT; k++) {
		uint64_t sum = 0;

		for (unsigned i = 0; i < c->lanes; i++)
			sum += c->uptakes[i].counters.value[k];
		if (counter_row(k)->kind != COUNTER_KIND_LOSS || sum == 0)
			continue;
		json_object_set_new(lost, counter_row(k)->name, json_integer((json_int_t)sum));
		losses += sum;
	}
	say(to, json_pack("{s:b, s:i, s:i, s:I, s:o}", "healthy",
	                  lanes == c->lanes && !c->pool_gone && pool_living(c->pool) > 0 && told &&
	                          c->uptakes[0].counters.value[COUNTER_BYPASSED] == 0, "lanes",
	                  (int)lanes, "workers", (int)pool_living(c->pool), "lost", (json_int_t)losses, "losses", lost));
	say(to, json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "cases", (json_int_t)d.cases, "cases_open",
	                  (json_int_t)d.open, "cases_open_bytes", (json_int_t)d.open_bytes, "cases_quiet",
	                  (json_int_t)d.quiet, "cases_closed_early", (json_int_t)d.closed_early, "success",
	                  (json_int_t)d.told[VERDICT_SUCCESS], "failure", (json_int_t)d.told[VERDICT_FAILURE],
	                  "unknown", (json_int_t)d.told[VERDICT_UNKNOWN]));
	say(to, json_pack("{s:I, s:I, s:I, s:I}", "history", (json_int_t)c->history_count, "history_forgotten",
	                  (json_int_t)memory_lost(c->memory), "records_waiting", (json_int_t)merge_count(c->merge),
	                  "records_late", (json_int_t)merge_late(c->merge)));
	say(to, json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "store_records", (json_int_t)s.records, "store_bytes",
	                  (json_int_t)s.bytes, "store_max_bytes", (json_int_t)s.max_bytes, "store_pruned",
	                  (json_int_t)s.pruned, "store_failed", (json_int_t)s.lost, "verdicts_waiting",
	                  (json_int_t)publisher_unsettled(c->publisher), "verdicts_lost",
	                  (json_int_t)publisher_failed(c->publisher)));
	say(to, json_pack("{s:i, s:i, s:I, s:I, s:I, s:I, s:I}", "collectors", (int)j.targets, "collectors_connected",
	                  (int)j.connected, "lines_sent", (json_int_t)j.sent, "lines_taken", (json_int_t)j.taken,
	                  "lines_spooled", (json_int_t)s.spooled, "lines_lost", (json_int_t)s.spool_lost, "breaks",
	                  (json_int_t)j.breaks));
	if (c->blocks == NULL)
		return;
	containment_count(c->blocks, &b);
	say(to, json_pack("{s:i, s:i, s:I, s:I, s:b}", "blocks", (int)b.blocks, "blocks_max", (int)b.max, "blocks_full", (json_int_t)b.full,
	                  "blocks_refused", (json_int_t)c->blocks_refused, "blocks_unsaved", containment_unsaved(c->blocks)));
}

void show_answer(void *control, const struct request *q, struct admin_client *to)
{
	struct control *c = control;

	if (q->kind != REQUEST_SHOW) {
		blocking_answer(c, q, to);
		return;
	}
	switch (q->show) {
	case SHOW_ALERTS:
		show_alerts(c, q, to);
		break;
	case SHOW_PORTS:
		show_ports(c, to);
		break;
	case SHOW_FLOWS:
		show_flows(c, to);
		break;
	case SHOW_LANES:
		show_lanes(c, to);
		break;
	case SHOW_QUEUE:
		show_queue(c, to);
		break;
	case SHOW_RULES:
		show_rules(c, to);
		break;
	case SHOW_PROFILES:
		show_profiles(c, to);
		break;
	case SHOW_HEALTH:
		show_health(c, to);
		break;
	default:
		say_none(to, "this version tells nothing of it");
		break;
	}
}
