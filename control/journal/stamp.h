/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture time as text. */
#ifndef CONTROL_JOURNAL_STAMP_H
#define CONTROL_JOURNAL_STAMP_H

#include "control/wire/compiler.h"

#include <stdint.h>

enum { STAMP_TEXT = 48 }; /* bytes, with the NUL */

/* ns since the epoch -> "2026-01-02T03:04:05.123456Z" (RFC 3339; RFC 5424 takes it too). Returns buf. */
const char *stamp_utc(uint64_t ns, char buf[STAMP_TEXT]);

#endif
