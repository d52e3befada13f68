/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What scripts without a mark of their language look like. */
#ifndef EMU_EVALUATE_LOOKS_H
#define EMU_EVALUATE_LOOKS_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

/*
 * LANGUAGE_PHP, LANGUAGE_PYTHON or LANGUAGE_PERL where the beginning is one that no shell command has and the end fits;
 * else LANGUAGE_AUTO.
 */
enum language looks_like(struct bytes code);

#endif
