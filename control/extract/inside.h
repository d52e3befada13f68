/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding the encoded parts of a value. Pure. */
#ifndef CONTROL_EXTRACT_INSIDE_H
#define CONTROL_EXTRACT_INSIDE_H

#include "control/extract/decode.h"

extern const struct step decode_inside;     /* runs of base64 that are text (also UTF-16 of it), without what stands around them */

#endif
