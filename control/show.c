/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the appliance tells about itself, one JSON line a thing. */
#include "control/figures.h"

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
		json_t *o = json_pack("{s:i, s:i, s:I}", "lane", (int)i, "room", (int)c->settings->flows, "open",
		                      (json_int_t)lane_flows_open(&c->uptakes[i]));

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
	for (size_t k = 0; k < COUNT_OF(rows); k++)
		say(to, json_pack("{s:s, s:I}", "counter", counter_row(rows[k])->name, "value", (json_int_t)lanes_sum(c, rows[k])));
}

/* The figures from first to last, one object. */
static void say_figures(struct admin_client *to, const struct figures *f, enum figure first, enum figure last)
{
	json_t *o = json_object();

	for (enum figure i = first; i <= last; i++)
		json_object_set_new(o, figure_row(i)->key, json_integer((json_int_t)f->value[i]));
	say(to, o);
}

static void show_queue(struct control *c, struct admin_client *to)
{
	struct figures f;

	figures_take(c, &f);
	say_figures(to, &f, FIGURE_WORKERS, FIGURE_JOBS_LATE);
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

static void show_collectors(struct control *c, const struct figures *f, struct admin_client *to)
{
	for (unsigned i = 0; i < sender_count(c->sender); i++) {
		struct collector_counts one;

		sender_look(c->sender, i, &one);
		say(to, json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "collector", one.name, "format",
		                  one.cef ? "cef" : "json", "connected", one.connected, "sent", (json_int_t)one.sent, "taken",
		                  (json_int_t)one.taken, "filtered", (json_int_t)one.filtered, "waiting",
		                  (json_int_t)collector_waiting(f, &one), "lost", (json_int_t)one.lost, "breaks", (json_int_t)one.breaks,
		                  "certificates_refused", (json_int_t)one.refused));
	}
}

/* What was lost anywhere, and whether everything that should run does. */
static void show_health(struct control *c, struct admin_client *to)
{
	struct figures f;
	json_t *lost = json_object();

	figures_take(c, &f);
	for (enum counter k = 0; k < COUNTER_COUNT; k++)
		if (counter_row(k)->kind == COUNTER_KIND_LOSS && lanes_sum(c, k) > 0)
			json_object_set_new(lost, counter_row(k)->name, json_integer((json_int_t)lanes_sum(c, k)));
	say(to, json_pack("{s:b, s:i, s:i, s:I, s:o}", "healthy", f.healthy, "lanes", (int)f.lanes, "workers",
	                  (int)f.value[FIGURE_WORKERS], "lost", (json_int_t)f.lost, "losses", lost));
	say_figures(to, &f, FIGURE_CASES, FIGURE_UNKNOWN);
	say_figures(to, &f, FIGURE_HISTORY, FIGURE_RECORDS_LATE);
	say_figures(to, &f, FIGURE_STORE_RECORDS, FIGURE_VERDICTS_LOST);
	say_figures(to, &f, FIGURE_COLLECTORS, FIGURE_CERTIFICATES_REFUSED);
	show_collectors(c, &f, to);
	if (c->blocks != NULL)
		say_figures(to, &f, FIGURE_BLOCKS, FIGURE_BLOCKS_UNSAVED);
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
