/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What control counts, taken from its rooms at one moment. */
#ifndef CONTROL_FIGURES_H
#define CONTROL_FIGURES_H

#include "control/loop.h"
#include "control/metrics/figure.h"

struct figures {
	uint64_t value[FIGURE_COUNT];
	uint64_t lost;      /* packets, cases and records that lanes lost, of all reasons */
	uint64_t spool_last;
	unsigned lanes;     /* that have said something: one that still opens its port has not */
	bool healthy;
};

void figures_take(struct control *, struct figures *ret);
/* All lanes' counter together. */
uint64_t lanes_sum(const struct control *, enum counter);
/* Flows of a lane that are open. */
uint64_t lane_flows_open(const struct uptake *);
/* Lines of the spool that this collector is not done with. */
uint64_t collector_waiting(const struct figures *, const struct collector_counts *);
/* The metrics page; its text is the caller's. -ENOMEM. */
must_check int figures_expose(struct control *, bool open_metrics, char **ret, size_t *len);

#endif
