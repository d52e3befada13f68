/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is it text? */
#ifndef CONTROL_WIRE_UTF8_H
#define CONTROL_WIRE_UTF8_H

#include "control/wire/bytes.h"

/* Bytes of the character that b begins with; 0 where it is no UTF-8 (RFC 3629: shortest form, no surrogates) or empty. Pure. */
size_t utf8_length(struct bytes b);

#endif
