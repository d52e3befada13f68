/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a line of output comes from: what the run had asked, and been told, before it wrote it. */
#ifndef EMU_TRACE_ORIGIN_H
#define EMU_TRACE_ORIGIN_H

#include "emu/trace/observe.h"
#include "emu/trace/pattern.h"

/* The first question of this kind (subject NULL: any) that the row asked before it wrote up to end; NULL: none. */
const struct question *asked_until(const struct observation *, enum question_kind, const char *subject, uint32_t end);
/* Does the clock show in it? Digits and what differs may be a date, as soon as the clock was read. */
bool shows_clock(const struct observation *, const struct pattern *, uint32_t end);
/*
 * Does the line say what the server told of itself (struct fact)? So it does where it holds a record of that, or where
 * what the servers have in common in it (the pattern's literals) stands there too. The command's own words do not count
 * as long as no file it read has them.
 */
bool shows_fact(const struct observation *, const struct pattern *, struct bytes line, uint32_t end);

#endif
