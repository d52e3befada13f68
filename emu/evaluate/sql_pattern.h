/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value that a query shows, as literals and holes: what it is for every victim, and what only one of them has. */
#ifndef EMU_EVALUATE_SQL_PATTERN_H
#define EMU_EVALUATE_SQL_PATTERN_H

#include "emu/trace/pattern.h"

enum { SQL_PATTERN_SAMPLES = 4 /* by chance, words of the victim's begin alike in one of 17,000 */ };

/* What the samples have in common, byte by byte. The first is the reference: literals point into it. */
void sql_pattern(const struct bytes samples[SQL_PATTERN_SAMPLES], struct pattern *ret);

#endif
