/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The metrics page: control's figures, then lanes, then collectors. */
#include "control/figures.h"
#include "control/metrics/exposition.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_one(struct exposition *e, const char *name, enum figure_kind kind, const char *help, uint64_t number)
{
	exposition_family(e, name, kind, help);
	exposition_sample(e, name, kind, NULL, NULL, number);
}

static void put_figures(struct exposition *e, const struct figures *f)
{
	for (enum figure i = 0; i < FIGURE_COUNT; i++) {
		const struct figure_row *row = figure_row(i);

		if (i == 0 || strcmp(row->metric, figure_row(i - 1)->metric) != 0)
			exposition_family(e, row->metric, row->kind, row->help);
		exposition_sample(e, row->metric, row->kind, row->verdict == NULL ? NULL : "verdict", row->verdict, f->value[i]);
	}
}

static enum figure_kind kind_of(enum counter k)
{
	return k == COUNTER_BYPASSED || k == COUNTER_RULES_LOADED || k == COUNTER_RULES_REFUSED ? FIGURE_IS_GAUGE : FIGURE_IS_COUNTER;
}

static void put_lane_family(struct exposition *e, const struct control *c, const char *name, enum figure_kind kind, const char *help,
                            uint64_t (*of)(const struct control *, const struct uptake *))
{
	char lane[16];

	exposition_family(e, name, kind, help);
	for (unsigned i = 0; i < c->lanes; i++) {
		snprintf(lane, sizeof(lane), "%u", i);
		exposition_sample(e, name, kind, "lane", lane, of(c, &c->uptakes[i]));
	}
}

static uint64_t lane_alive(const struct control *c, const struct uptake *u)
{
	return u->ring != NULL;
}

static uint64_t lane_records(const struct control *c, const struct uptake *u)
{
	return u->records;
}

static uint64_t lane_refused(const struct control *c, const struct uptake *u)
{
	return u->bad;
}

static uint64_t lane_room(const struct control *c, const struct uptake *u)
{
	return c->settings->flows;
}

static uint64_t lane_open(const struct control *c, const struct uptake *u)
{
	return lane_flows_open(u);
}

static void put_lanes(struct exposition *e, const struct control *c)
{
	char name[96], lane[16];

	put_lane_family(e, c, "lane_alive", FIGURE_IS_GAUGE, "1 while control reads what the lane says", lane_alive);
	put_lane_family(e, c, "lane_records", FIGURE_IS_COUNTER, "records that control took from the lane", lane_records);
	put_lane_family(e, c, "lane_records_refused", FIGURE_IS_COUNTER, "records of the lane that could not be read", lane_refused);
	put_lane_family(e, c, "lane_flows_room", FIGURE_IS_GAUGE, "flows that the lane has room for", lane_room);
	put_lane_family(e, c, "lane_flows_open", FIGURE_IS_GAUGE, "flows that the lane follows now", lane_open);
	for (enum counter k = 0; k < COUNTER_COUNT; k++) {
		bool time = k == COUNTER_CPU_NS;

		snprintf(name, sizeof(name), "lane_%s", time ? "cpu_seconds" : counter_row(k)->name);
		exposition_family(e, name, kind_of(k), time ? "processor time of the lane's thread" : counter_row(k)->help);
		for (unsigned i = 0; i < c->lanes; i++) {
			snprintf(lane, sizeof(lane), "%u", i);
			if (time)
				exposition_seconds(e, name, kind_of(k), "lane", lane, c->uptakes[i].counters.value[k]);
			else
				exposition_sample(e, name, kind_of(k), "lane", lane, c->uptakes[i].counters.value[k]);
		}
	}
}

static void put_collectors(struct exposition *e, const struct control *c, const struct figures *f)
{
	static const struct {
		const char *name, *help;
		enum figure_kind kind;
	} rows[] = {
		{ "collector_connected", "1 while there is a connection to the collector", FIGURE_IS_GAUGE },
		{ "collector_waiting", "verdicts in the spool that the collector has not taken", FIGURE_IS_GAUGE },
		{ "collector_sent", "lines sent to the collector", FIGURE_IS_COUNTER },
		{ "collector_taken", "lines that the collector has taken", FIGURE_IS_COUNTER },
		{ "collector_filtered", "lines that the collector's filter kept from it", FIGURE_IS_COUNTER },
		{ "collector_lost", "verdicts dropped from the full spool before the collector had taken them", FIGURE_IS_COUNTER },
		{ "collector_breaks", "connections to the collector that ended or never came", FIGURE_IS_COUNTER },
		{ "collector_certificates_refused", "connections to the collector ended because of its certificate", FIGURE_IS_COUNTER },
	};

	for (size_t row = 0; row < COUNT_OF(rows) && sender_count(c->sender) > 0; row++) {
		exposition_family(e, rows[row].name, rows[row].kind, rows[row].help);
		for (unsigned i = 0; i < sender_count(c->sender); i++) {
			struct collector_counts one;

			sender_look(c->sender, i, &one);
			const uint64_t values[COUNT_OF(rows)] = { one.connected, collector_waiting(f, &one), one.sent, one.taken,
				                                  one.filtered, one.lost, one.breaks, one.refused };
			exposition_sample(e, rows[row].name, rows[row].kind, "collector", one.name, values[row]);
		}
	}
}

int figures_expose(struct control *c, bool open_metrics, char **ret, size_t *len)
{
	struct exposition e = { .open_metrics = open_metrics };
	struct figures f;
	bool failed;

	*ret = NULL;
	if ((e.to = open_memstream(ret, len)) == NULL)
		return -ENOMEM;
	figures_take(c, &f);
	exposition_family(&e, "build_info", FIGURE_IS_GAUGE, "always 1, with the version that runs");
	exposition_sample(&e, "build_info", FIGURE_IS_GAUGE, "version", KONSEKI_VERSION, 1);
	put_one(&e, "healthy", FIGURE_IS_GAUGE, "1 while everything runs and no verdict waits or is lost", f.healthy);
	put_one(&e, "lanes", FIGURE_IS_GAUGE, "lanes that have said something", f.lanes);
	put_one(&e, "lost", FIGURE_IS_COUNTER, "packets, cases and records that lanes lost, of all reasons", f.lost);
	put_figures(&e, &f);
	put_lanes(&e, c);
	put_collectors(&e, c, &f);
	exposition_end(&e);
	failed = ferror(e.to) != 0;
	return fclose(e.to) != 0 || failed ? -ENOMEM : 0;
}
