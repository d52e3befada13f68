/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The traces of a report as records tell them, kept: a campaign's cases share few reports, and tell all of each. */
#ifndef CONTROL_JOURNAL_TOLD_H
#define CONTROL_JOURNAL_TOLD_H

#include "control/journal/writer.h"
#include "control/wire/report.h"

enum { TOLD_KEY_SIZE = 32 };

struct told_texts;

struct told_texts *told_new(void); /* NULL: no memory, and NULL keeps nothing. Freed by told_free(). */
void told_free(struct told_texts *);
/*
 * Writes the members of trace i of the report. key: what the report goes by, the same for equal reports only; NULL: it goes
 * by none. each: writes one trace's members where it is not kept.
 */
void told_write(struct told_texts *, const uint8_t *key, const struct report *, unsigned i, struct writer *,
                void (*each)(struct writer *, const struct trace *));

#endif
