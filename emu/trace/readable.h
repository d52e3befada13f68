/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is what a run printed text? The background model knows of nothing else. */
#ifndef EMU_TRACE_READABLE_H
#define EMU_TRACE_READABLE_H

#include "control/wire/bytes.h"

/* Bytes that stand in no text: control characters that move nothing, and what is no UTF-8. NUL is not counted. */
size_t unreadable_bytes(struct bytes);
/* Does a line of it come from a program, a picture or something packed? */
bool holds_binary(struct bytes output);
/* Of an output that holds binary: is the line a piece of that? */
bool is_binary_piece(struct bytes line);

#endif
