/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A judgement on its way out: into the store with its syslog line, and in replay to the result lines. */
#ifndef CONTROL_PUBLISH_H
#define CONTROL_PUBLISH_H

#include "control/open_case.h"

struct publisher;

struct publisher_tools {
	const struct settings *settings;
	struct store *store;      /* NULL: there is none, verdicts are told only */
	bool replay;
	int results;              /* replay: result lines go here; -1: nowhere. Borrowed */
	/* live: each record as it was stored, once it is committed. May be NULL */
	void (*committed)(void *context, struct bytes json);
	void *context;
};

must_check int publisher_new(const struct publisher_tools *, struct publisher **ret);
void publisher_free(struct publisher *);
/*
 * The docket's tell(). Live, a verdict that the store does not take is kept and put again by publisher_settle(); those
 * beyond a bound of memory are lost, counted. -ENOMEM: not told.
 */
int publish(void *publisher, const struct open_case *);
/*
 * Live: commits what is pending (now_ns: CLOCK_MONOTONIC), and what was put may then be shown. When the store fails
 * everything put since the last commit is put again a second later. 0, -EAGAIN (waiting for that), the store's errors.
 */
int publisher_settle(struct publisher *, uint64_t now_ns);
/* How many verdicts wait for a store that failed. */
size_t publisher_unsettled(const struct publisher *);
/*
 * Replay: writes the result lines of the capture that ended, in order of (timestamp, flow, transaction), and a last line
 * {"capture": …} with its name, packets and error ("": none). -EPIPE where the reader is gone.
 */
must_check int publisher_end_capture(struct publisher *, struct bytes name, uint64_t packets, struct bytes error);
/* Replay: one more line, as it is. */
must_check int publisher_line(struct publisher *, const char *json);
uint64_t publisher_failed(const struct publisher *); /* verdicts that were never told: no memory to wait for the store */

#endif
