/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of logs as text that people and programs can take. */
#ifndef CONTROL_IOCGEN_SHOWN_H
#define CONTROL_IOCGEN_SHOWN_H

#include "control/wire/bytes.h"

#include <stdio.h>

/* A JSON string with its quotes: UTF-8 as it is, other bytes as \xNN in letters. The stream keeps its error. */
void shown_json(FILE *to, struct bytes text);

/* One line of it between quotes that the caller writes: `quote` is doubled, control characters are spaces. */
void shown_quoted(FILE *to, struct bytes text, char quote);

#endif
