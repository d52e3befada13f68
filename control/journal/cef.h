/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One verdict as an event of ArcSight's Common Event Format, version 0, in an RFC 5424 line. */
#ifndef CONTROL_JOURNAL_CEF_H
#define CONTROL_JOURNAL_CEF_H

#include "control/journal/record.h"
#include "control/journal/rfc5424.h"

/*
 * "CEF:0|Konseki|Konseki|version|rule|its message|severity|extension". Severity is 8, 5, 2 for high, medium, low, which
 * CEF calls by the same names. Values are cut at the length that CEF's dictionary gives their keys, some before, so
 * that the line fits a collector; what is not printable ASCII stands as \uXXXX or \xXX (text and bytes). Implementing
 * ArcSight Common Event Format, version 25. sink_done() tells whether it fitted: it does in LINE_MAX_BYTES.
 */
void cef_write(struct sink *, const struct line_facts *, const struct record_facts *);

#endif
