/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A verdict's lines in the forms that collectors want, as one entry of the spool. */
#ifndef CONTROL_JOURNAL_LINES_H
#define CONTROL_JOURNAL_LINES_H

#include "control/journal/entry.h"
#include "control/journal/record.h"

struct line_maker {
	const char *host;       /* this machine's name; "" or NULL: none */
	bool forms[SYSLOG_FORMATS]; /* those to make */
	struct writer brief;    /* room for the short form of records; writer_fini() when done */
};

/* The forms that the collectors of these settings want; none where there are no collectors. */
void line_forms(const struct settings *, bool ret[SYSLOG_FORMATS]);
/*
 * Writes the entry (entry.h). json: the record whole; a line that cannot carry it has its short form, else a sentence.
 * -ENOMEM; -ENOSPC where to has less room than ENTRY_MAX.
 */
must_check int lines_write(struct line_maker *, const struct record_facts *, struct bytes json, struct sink *to);

#endif
