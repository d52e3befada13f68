/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The triage object of a record: verdict, attack code, traces, evidence. */
#ifndef CONTROL_JOURNAL_TRIAGE_H
#define CONTROL_JOURNAL_TRIAGE_H

#include "control/journal/record.h"

#include <jansson.h>

/* The whole object, as a value. */
void triage_write(struct writer *, const struct record_facts *, enum record_form);
/* One trace as `emulate --json` and a record tell it. A new reference; NULL: no memory. */
json_t *trace_json(const struct trace *);

#endif
