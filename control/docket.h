/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cases under judgement: from the ring to the final verdict. A case is prepared when it arrives (its codes taken
 * out and sent to emulation), opened in the order of packets, judged when its traces are there, and asked again until
 * its verdict is final.
 */
#ifndef CONTROL_DOCKET_H
#define CONTROL_DOCKET_H

#include "control/open_case.h"

struct docket;

struct docket_counts {
	uint64_t open, open_bytes;                 /* now */
	uint64_t cases, quiet, closed_early, judged, bad; /* since the start; quiet: no code, or no request, and no operator's rule */
	uint64_t told[3];                          /* final verdicts, by enum verdict */
};

must_check int docket_new(const struct docket_tools *, struct docket **ret);
void docket_free(struct docket *);

/*
 * A case came up a ring: decoded, its code extracted, traces asked for. *ret (the caller's: docket_open() takes it)
 * is NULL where there is nothing to judge. -EBADMSG, -ENOMEM.
 */
must_check int docket_prepare(struct docket *, struct bytes encoded, uint64_t now_ns, struct open_case **ret);
/* A prepared case that will not be opened: its capture was given up. */
void docket_drop(struct docket *, struct open_case *);
/* Emulation answered: the traces that cases wait for have moved on. */
void docket_answered(struct docket *, const struct traces *);

/*
 * All that comes before it was opened: what hangs on earlier cases is added to it. Again and again without harm; before
 * docket_open(), and before its traces are waited for.
 */
void docket_supply(struct docket *, struct open_case *c);
/* Its turn by packet time: takes c over. */
void docket_open(struct docket *, struct open_case *c);
/* When the next case wants to be asked, in capture time; UINT64_MAX: none. */
uint64_t docket_due_ns(const struct docket *);
/* Capture time has come to now: judges what is due at it, with nothing later known. */
void docket_ask(struct docket *, uint64_t now_ns);
/*
 * Live: something new happened at this address; its cases are asked at the next docket_look(). Keeps success from
 * waiting for the end of a window.
 */
void docket_touch(struct docket *, const struct address *);
/* Live, a few times a second: asks touched cases, and tells what has waited its ten seconds. */
void docket_look(struct docket *, uint64_t capture_ns, uint64_t now_ns);
/* The capture is over at end_ns: every case is judged for the last time, in order, and closed. */
void docket_close_all(struct docket *, uint64_t end_ns);

void docket_count(const struct docket *, struct docket_counts *ret);
/* Calls for every open case, the oldest request first, until it returns false. */
void docket_walk(const struct docket *, bool (*each)(void *context, const struct open_case *), void *context);

#endif
