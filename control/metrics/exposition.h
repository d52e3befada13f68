/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics as text: Prometheus' format 0.0.4, or OpenMetrics 1.0, where a counter's family is named without "_total".
 * https://prometheus.io/docs/instrumenting/exposition_formats/, https://github.com/prometheus/OpenMetrics (v1.0.0)
 */
#ifndef CONTROL_METRICS_EXPOSITION_H
#define CONTROL_METRICS_EXPOSITION_H

#include "control/metrics/figure.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct exposition {
	FILE *to;
	bool open_metrics;
};

/* One family; its samples follow. name: without "konseki_" and "_total". help: one line, nothing to escape. */
void exposition_family(struct exposition *, const char *name, enum figure_kind, const char *help);
/* label: NULL for none; its value may hold any byte. */
void exposition_sample(struct exposition *, const char *name, enum figure_kind, const char *label, const char *value, uint64_t number);
/* The same of a number of nanoseconds, told in seconds. */
void exposition_seconds(struct exposition *, const char *name, enum figure_kind, const char *label, const char *value, uint64_t ns);
/* What ends the page. */
void exposition_end(struct exposition *);

#endif
