/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JavaServer pages. Pure. */
#ifndef EMU_EXPRESSION_JSP_H
#define EMU_EXPRESSION_JSP_H

#include "emu/trace/arena.h"

/* Does the text hold a page's code? */
bool java_is_page(struct bytes text);
/* *ret: Java that prints what the page shows; lives in the arena. 0, -ENOMEM, -E2BIG. */
must_check int java_of_page(struct bytes text, struct arena *, struct bytes *ret);

#endif
