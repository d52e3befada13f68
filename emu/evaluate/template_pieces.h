/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A long value that is written as a list of parts: each of them by itself, as some of them are the victim's own. */
#ifndef EMU_EVALUATE_TEMPLATE_PIECES_H
#define EMU_EVALUATE_TEMPLATE_PIECES_H

#include "emu/trace/text.h"

/*
 * The same rows with their outputs cut into lines where a list's elements are parted; learns traces of single ones and
 * appends those worth evidence to list. Nothing where no row has a long line. -ENOMEM.
 */
must_check int template_pieces(const struct observations *, struct trace_list *);

#endif
