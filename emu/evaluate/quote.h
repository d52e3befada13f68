/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value as a word of the language that an interpreter is given it in. */
#ifndef EMU_EVALUATE_QUOTE_H
#define EMU_EVALUATE_QUOTE_H

#include "control/wire/bytes.h"

void quote_text(struct sink *, const char *text);
/* One word of a shell's. */
void quote_shell(struct sink *, struct bytes);
/* A string of PHP's. */
void quote_php(struct sink *, struct bytes);

#endif
