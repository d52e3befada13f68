/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sample's behaviour log in the plain form: what its runs left, as artefacts that an endpoint would show. */
#ifndef CONTROL_CLI_BEHAVIOUR_H
#define CONTROL_CLI_BEHAVIOUR_H

#include "control/wire/report.h"

#include <jansson.h>

enum { ARTEFACTS_MAX = 1024 /* of one log; more are counted in "left" */ };

/*
 * {"sample", "label", "family", "date", "source", "artefacts": [{"kind", "action", "value"}], "left"}: of all runs of the
 * report together, each artefact once, in the order in which they were first left. A new reference; NULL: no memory.
 * code: what was run; its digest names the sample.
 */
json_t *behaviour_json(const struct report *, struct bytes code);
/* The artefacts of such a log, one a line. */
void behaviour_print(const json_t *log);

#endif
