/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Outputs side by side: a column for each line that some of them have, a row for each output. */
#ifndef EMU_TRACE_SHEET_H
#define EMU_TRACE_SHEET_H

#include "emu/trace/arena.h"
#include "emu/trace/observe.h"

enum {
	SHEET_LINES_MAX = 256,    /* lines of one output that are looked at */
	SHEET_COLUMNS_MAX = 384,
	SHEET_LINE_MAX = 1024,    /* bytes of a line that are looked at */
};

struct cell {
	struct bytes line;        /* at == NULL: the row does not have this line */
	uint32_t end;             /* offset in its output behind the line */
};

struct sheet {
	unsigned rows, columns;
	struct cell *cells;       /* [column * rows + row] */
};

/* outputs[rows], borrowed. Blank lines are left out. -ENOMEM. */
must_check int sheet_of(const struct bytes *outputs, unsigned rows, struct arena *, struct sheet *ret);
const struct cell *sheet_cell(const struct sheet *, unsigned column, unsigned row);
/* The rows that have this line, as bits. */
uint64_t sheet_support(const struct sheet *, unsigned column);

#endif
