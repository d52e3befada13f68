/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log of audit events as it is read: the events that are open, and the forest that they go to. */
#ifndef CONTROL_IOCGEN_READ_AUDIT_H
#define CONTROL_IOCGEN_READ_AUDIT_H

#include "control/iocgen/read/audit_event.h"

enum { AUDIT_OPEN = 16 /* events at once: messages of several mix only where several processors send them */ };

struct audit {
	const struct read_given *given;
	const struct sample_sink *sink;
	struct forest *forest;
	struct audit_event events[AUDIT_OPEN];
	uint64_t count;          /* messages */
	int error;
};

/* Takes one line of auditd, "node=… type=SYSCALL msg=audit(1626611363.720:348501): arch=…"; false: it is none. Errors wait in the log. */
bool audit_line(struct audit *, struct bytes line);
/* Tells the forest what an event means, and closes it. */
void audit_close(struct audit *, struct audit_event *);
/* The day of the events by seconds since 1970 as text: a number, and anything behind it. */
void audit_day(struct audit *, struct bytes seconds);
/* Events as JSON, until the end of the stream; errors as readers return them. */
must_check int audit_read_json(struct audit *, FILE *from);

#endif
