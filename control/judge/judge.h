/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on one case: a pure function over what was captured, extracted, emulated and remembered. */
#ifndef CONTROL_JUDGE_JUDGE_H
#define CONTROL_JUDGE_JUDGE_H

#include "control/extract/extract.h"
#include "control/judge/reason.h"
#include "control/wire/history.h"
#include "control/wire/report.h"

enum verdict { VERDICT_UNKNOWN, VERDICT_FAILURE, VERDICT_SUCCESS };
enum priority { PRIORITY_LOW, PRIORITY_MEDIUM, PRIORITY_HIGH };
const char *verdict_name(enum verdict);
const char *priority_name(enum priority);

/* The closed list is judge/reason.c: one row {name, verdict, sentence}. */

const char *reason_name(enum reason);

enum { EVIDENCE_MAX = 16, EVIDENCE_EXCERPT_MAX = 512, JUDGE_DETAIL_MAX = 512 };

struct evidence {
	unsigned code, trace;     /* indices: which code, which trace of its report */
	bool found;
	double bits;              /* after what was searched was taken off */
	char where[96];           /* "http.response_body", "http.response_header", "flow", "dns", "icmp" */
	uint64_t packet, time_ns; /* 0: none */
	uint64_t offset;          /* in where, after decoding */
	struct address peer;      /* network evidence: the other end */
	uint8_t excerpt[EVIDENCE_EXCERPT_MAX];
	size_t excerpt_len;
};

/*
 * What control remembers, asked by time: implemented by intake/memory (history) and judge/place (places).
 * next() lends records of kind by a site in [from_ns, to_ns], ascending, NULL at the end. Everything is ordered by
 * packet time; nothing after `known_until_ns` is known yet.
 */
struct memory;
struct place_book;

struct judge_input {
	const struct case_record *record;
	const struct extraction *codes;
	const struct report *const *reports;   /* one per code; NULL: not emulated, see outcomes */
	const struct memory *memory;
	struct place_book *places;
	uint64_t known_until_ns;               /* UINT64_MAX: the capture is over */
	uint64_t window_ns;
	bool capture_over;                     /* what is still open stays open for ever */
	bool egress_visible;
	double success_bits;
};

struct judgement {
	enum verdict verdict;
	enum reason reason;
	enum priority priority;
	bool final;                            /* false: a window is open, ask again when known_until_ns has moved */
	uint64_t ask_again_ns;                 /* when not final */
	char detail[JUDGE_DETAIL_MAX];
	const char *class_name;
	unsigned evidence_count;
	struct evidence evidence[EVIDENCE_MAX];
};

void judge(const struct judge_input *, struct judgement *ret);

#endif
