/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The triage table: one row an alert, and one line below it that says why. */
#ifndef CONTROL_CLI_TABLE_H
#define CONTROL_CLI_TABLE_H

#include "control/wire/compiler.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct table;

/* width: columns of the whole (80 at least); colours: for a terminal. *ret is the caller's. -ENOMEM. */
must_check int table_new(unsigned width, bool colours, struct table **ret);
void table_free(struct table *);
/* One record (control/journal/record.h) as a row. -EINVAL where it is no record; -ENOMEM. */
must_check int table_add(struct table *, const json_t *record);
/* Header (the first time) and the rows added since the last call; columns are as wide as these rows need. */
void table_print(struct table *, FILE *to);

/* How wide a table on this file should be, and whether colours suit it (a terminal, and NO_COLOR is not set). */
unsigned table_width(FILE *);
bool table_colours(FILE *);

#endif
