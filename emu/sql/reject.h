/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an engine would say if it refused a text before it ran any of it, quoting a piece of that very text. */
#ifndef EMU_SQL_REJECT_H
#define EMU_SQL_REJECT_H

#include "emu/sql/dialect.h"
#include "emu/trace/arena.h"

enum {
	REJECT_PIECES_MAX = 64,  /* of one message: places where the engine may have stopped reading */
	REJECT_PIECE_BYTES = 24, /* of each piece: engines cut what they quote */
	REJECTIONS_MAX = 16,
};

/* One message: before, one of the pieces, up to `gap` bytes of what the application had behind the text, after. */
struct sql_rejection {
	const char *before, *after;
	unsigned gap;             /* bytes between the piece and after */
	bool names;               /* the pieces are names: their database may stand before them */
	unsigned count;           /* 0: the message quotes nothing */
	struct bytes pieces[REJECT_PIECES_MAX];
};

/*
 * Fills ret and returns how many, -ENOMEM or -E2BIG. Messages that hang on what the statement means (no such function,
 * another number of columns) are there only where the text holds what they would name. Texts live in the arena.
 */
must_check int sql_rejections(enum sql_dialect, struct bytes fragment, struct arena *, struct sql_rejection ret[REJECTIONS_MAX]);

#endif
