/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The closed list of reasons, verdicts and priorities: the one table of them. */
#include "control/judge/judge.h"

struct reason_row {
	const char *name;
	enum verdict verdict;
	const char *sentence;
};

static const struct reason_row rows[REASON_COUNT] = {
	[REASON_TRACE_IN_RESPONSE] = { "trace-in-response", VERDICT_SUCCESS,
		"the response holds what the code prints when it runs" },
	[REASON_SCRIPT_IN_RESPONSE] = { "script-in-response", VERDICT_SUCCESS,
		"a browser that shows the response runs the script that the request brought" },
	[REASON_TRACE_IN_LATER_RESPONSE] = { "trace-in-later-response", VERDICT_SUCCESS,
		"a later response holds what the code prints when it runs" },
	[REASON_TRACE_IN_LATER_FLOW] = { "trace-in-later-flow", VERDICT_SUCCESS,
		"the server then did on the network what the code does when it runs" },
	[REASON_TRACE_ON_OWN_CONNECTION] = { "trace-on-own-connection", VERDICT_SUCCESS,
		"the attack's own connection carries what the code sends when it runs" },
	[REASON_TRACE_IN_DELAY] = { "trace-in-delay", VERDICT_SUCCESS,
		"the response came later by as long as the code waits" },
	[REASON_ANSWERS_FOLLOW] = { "answers-follow", VERDICT_SUCCESS,
		"what is true is answered one way here and what is false another, request after request" },
	[REASON_LOGGED_IN] = { "logged-in", VERDICT_SUCCESS,
		"what the code asks of the log-in is true, and the answer is unlike those of log-ins that failed here" },
	[REASON_REFUSED] = { "refused", VERDICT_FAILURE,
		"the response is what this server answers to what does not exist or is not allowed" },
	[REASON_REJECTED] = { "rejected", VERDICT_FAILURE,
		"the response holds the error with which the interpreter rejects the code, or the code stands where none runs it" },
	[REASON_CAME_BACK_AS_DATA] = { "came-back-as-data", VERDICT_FAILURE,
		"the code stands unevaluated where its value would stand" },
	[REASON_OWN_TRACE_MISSING] = { "own-trace-missing", VERDICT_FAILURE,
		"what the code sends by itself whenever it runs did not come, and would have been seen here" },
	[REASON_SHOWN_TRACE_MISSING] = { "shown-trace-missing", VERDICT_FAILURE,
		"this place shows results, and what the code prints whenever it runs is not there" },
	[REASON_FAILED_ALIKE] = { "failed-alike", VERDICT_FAILURE,
		"other code that breaks out here the same way did not run, and this one was answered just like it" },
	[REASON_WINDOW_OPEN] = { "window-open", VERDICT_UNKNOWN,
		"traces may still come: the time to watch for them is not over" },
	[REASON_RESPONSE_NOT_SEEN] = { "response-not-seen", VERDICT_UNKNOWN, "no response was captured" },
	[REASON_RESPONSE_NOT_WHOLE] = { "response-not-whole", VERDICT_UNKNOWN,
		"part of the response was not captured or not kept" },
	[REASON_RESPONSE_NOT_DECODED] = { "response-not-decoded", VERDICT_UNKNOWN,
		"the response is encoded in a way that could not be undone" },
	[REASON_REQUEST_NOT_WHOLE] = { "request-not-whole", VERDICT_UNKNOWN,
		"part of the request was not captured or not kept" },
	[REASON_NOTHING_TO_SHOW] = { "nothing-to-show", VERDICT_UNKNOWN,
		"the code leaves no trace on the network when it runs" },
	[REASON_MAY_RUN_UNSEEN] = { "may-run-unseen", VERDICT_UNKNOWN,
		"no trace was found, but the code may run here without showing one" },
	[REASON_WEAK_TRACE] = { "weak-trace", VERDICT_UNKNOWN,
		"a trace was found that other text or traffic may hold too" },
	[REASON_EXPLAINED_BY_REQUEST] = { "explained", VERDICT_UNKNOWN,
		"a trace was found, but the request or this server's ordinary traffic explains it" },
	[REASON_LANGUAGE_NOT_EMULATED] = { "language-not-emulated", VERDICT_UNKNOWN,
		"there is no emulated server for this language" },
	[REASON_EMULATION_STOPPED] = { "emulation-stopped", VERDICT_UNKNOWN,
		"the emulation stopped before the code had ended" },
	[REASON_QUEUE_LATE] = { "queue-late", VERDICT_UNKNOWN,
		"the code waited for an emulated server longer than the case's window" },
	[REASON_QUEUE_FULL] = { "queue-full", VERDICT_UNKNOWN, "the emulation queue had no room for this code" },
	[REASON_NO_ATTACK_CODE] = { "no-attack-code", VERDICT_UNKNOWN, "no attack code was found in the request" },
};

const char *reason_name(enum reason r)
{
	return (unsigned)r < REASON_COUNT ? rows[r].name : "?";
}

enum verdict reason_verdict(enum reason r)
{
	return rows[r].verdict;
}

const char *reason_sentence(enum reason r)
{
	return rows[r].sentence;
}

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = {
		[VERDICT_UNKNOWN] = "unknown", [VERDICT_FAILURE] = "failure", [VERDICT_SUCCESS] = "success",
	};

	return (unsigned)v < COUNT_OF(names) ? names[v] : "?";
}

const char *priority_name(enum priority p)
{
	static const char *const names[] = {
		[PRIORITY_LOW] = "low", [PRIORITY_MEDIUM] = "medium", [PRIORITY_HIGH] = "high",
	};

	return (unsigned)p < COUNT_OF(names) ? names[p] : "?";
}

enum priority verdict_priority(enum verdict v)
{
	static const enum priority priorities[] = {
		[VERDICT_UNKNOWN] = PRIORITY_MEDIUM, [VERDICT_FAILURE] = PRIORITY_LOW, [VERDICT_SUCCESS] = PRIORITY_HIGH,
	};

	return priorities[v];
}
