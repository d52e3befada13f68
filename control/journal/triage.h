/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The triage object of a record: verdict, attack code, traces, evidence. */
#ifndef CONTROL_JOURNAL_TRIAGE_H
#define CONTROL_JOURNAL_TRIAGE_H

#include "control/journal/record.h"

#include <jansson.h>

/* A new reference, or NULL without memory. */
json_t *triage_json(const struct record_facts *, enum record_form);
/* One trace as `emulate --json` and a record tell it. A new reference. */
json_t *trace_json(const struct trace *);

#endif
