/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture time as text. */
#ifndef CONTROL_JOURNAL_STAMP_H
#define CONTROL_JOURNAL_STAMP_H

#include "control/wire/compiler.h"

#include <stdint.h>

enum { STAMP_TEXT = 48 }; /* bytes, with the NUL */

/* ns since the epoch -> "2026-01-02T03:04:05.123456+0000", as EVE writes it. Returns buf. */
const char *stamp_eve(uint64_t ns, char buf[STAMP_TEXT]);
/* "2026-01-02T03:04:05.123456Z", as RFC 5424 wants it. Returns buf. */
const char *stamp_syslog(uint64_t ns, char buf[STAMP_TEXT]);

#endif
