/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Charsets that a body says it has, and characters that are folded to others. Pure. */
#ifndef CONTROL_EXTRACT_CHARSET_H
#define CONTROL_EXTRACT_CHARSET_H

#include "control/extract/decode.h"

extern const struct step decode_alike;      /* fullwidth and other characters that look like one of ASCII */
extern const struct step decode_utf7;       /* +ADw- */

/*
 * The text in ASCII, what is beyond it as question marks: of UTF-7, UTF-16, UTF-32 and EBCDIC, by the charset's name. to has room for
 * in.left bytes. Returns how many it took; 0: a charset in which ASCII stands as it is, or an unknown one.
 */
size_t charset_undo(struct bytes charset, struct bytes in, uint8_t *to);

#endif
