/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One verdict in the spool: its line in each form that a collector wants, and what filters ask. */
#ifndef CONTROL_JOURNAL_ENTRY_H
#define CONTROL_JOURNAL_ENTRY_H

#include "config/settings.h"
#include "control/journal/rfc5424.h"

enum { ENTRY_MAX = SYSLOG_FORMATS * LINE_MAX_BYTES + 256 /* bytes of an encoded one */ };

struct entry {
	bool bare;                 /* a line alone, as versions before filters spooled it: every filter lets it pass */
	uint8_t priority, verdict; /* enum priority, enum verdict */
	bool final;
	struct address src, dst;
	struct bytes class_name;   /* triage.class */
	struct bytes lines[SYSLOG_FORMATS]; /* empty: no collector wanted that form */
};

void entry_encode(struct sink *, const struct entry *);
/* Everything in *ret is borrowed from b. -EBADMSG. */
must_check int entry_decode(struct bytes b, struct entry *ret);
/* The line in this form, or in the other where that one was not made: a verdict in the wrong form is better than none. */
struct bytes entry_line(const struct entry *, enum syslog_format);
/* Does this collector get it? settings: for the sites that its filter names. */
bool entry_passes(const struct entry *, const struct settings *, const struct syslog_filter *);

#endif
