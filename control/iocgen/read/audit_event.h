/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event of Linux' audit system: the messages of one serial number, whatever form they came in, and what they mean. */
#ifndef CONTROL_IOCGEN_READ_AUDIT_EVENT_H
#define CONTROL_IOCGEN_READ_AUDIT_EVENT_H

#include "control/iocgen/read/forest.h"
#include "control/iocgen/read/record.h"

struct audit_event {
	char id[48];          /* "1626611363.720:348501"; "": not in use */
	uint64_t used;        /* when it was added to last, by a count */
	bool ran;             /* a program was started: an EXECVE message */
	struct record fields; /* of all its messages; a path's name and nametype stand one behind the other */
};

/*
 * Adds a message of raw form, `name=value name="value" …`, of the type ("SYSCALL", or "1300"). Values that the kernel wrote in hex
 * digits are undone. Messages that tell nothing of behaviour are let be.
 */
void audit_event_add(struct audit_event *, struct bytes type, struct bytes message);
/* Adds what the event means to the forest. As forest_add(). */
must_check int audit_event_take(struct audit_event *, struct forest *);

#endif
