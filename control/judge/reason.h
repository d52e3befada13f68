/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The closed list of reasons: the one table is reason.c. */
#ifndef CONTROL_JUDGE_REASON_H
#define CONTROL_JUDGE_REASON_H

enum reason {
	/* success: where the trace was found */
	REASON_TRACE_IN_RESPONSE,
	REASON_SCRIPT_IN_RESPONSE,
	REASON_TRACE_IN_LATER_RESPONSE,
	REASON_TRACE_IN_LATER_FLOW,
	REASON_TRACE_ON_OWN_CONNECTION,
	REASON_TRACE_IN_DELAY,
	REASON_ANSWERS_FOLLOW,
	REASON_LOGGED_IN,
	/* failure: DESIGN.md, Judging, R1 to R5 */
	REASON_REFUSED,
	REASON_REJECTED,
	REASON_CAME_BACK_AS_DATA,
	REASON_OWN_TRACE_MISSING,
	REASON_SHOWN_TRACE_MISSING,
	REASON_FAILED_ALIKE,
	/* unknown */
	REASON_WINDOW_OPEN,
	REASON_RESPONSE_NOT_SEEN,
	REASON_RESPONSE_NOT_WHOLE,
	REASON_RESPONSE_NOT_DECODED,
	REASON_REQUEST_NOT_WHOLE,
	REASON_NOTHING_TO_SHOW,       /* emulation says a success would leave no trace */
	REASON_MAY_RUN_UNSEEN,        /* no trace found, and no positive reason why not */
	REASON_WEAK_TRACE,            /* found, but below the bits a success needs */
	REASON_EXPLAINED_BY_REQUEST,  /* found, but only as a copy of the request */
	REASON_LANGUAGE_NOT_EMULATED,
	REASON_EMULATION_STOPPED,
	REASON_QUEUE_LATE,
	REASON_QUEUE_FULL,
	REASON_NO_ATTACK_CODE,        /* an operator's rule fired, but no code came out */
	REASON_COUNT,
};

#endif
