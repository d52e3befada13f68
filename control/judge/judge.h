/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on one case: a pure function over what was captured, extracted, emulated and remembered. */
#ifndef CONTROL_JUDGE_JUDGE_H
#define CONTROL_JUDGE_JUDGE_H

#include "control/extract/extract.h"
#include "control/judge/memory.h"
#include "control/judge/place.h"
#include "control/judge/readings.h"
#include "control/judge/reason.h"
#include "control/wire/report.h"

enum verdict { VERDICT_UNKNOWN, VERDICT_FAILURE, VERDICT_SUCCESS };
enum priority { PRIORITY_LOW, PRIORITY_MEDIUM, PRIORITY_HIGH };
const char *verdict_name(enum verdict);
const char *priority_name(enum priority);

/* The closed list is judge/reason.c: one row {name, verdict, sentence}. */

const char *reason_name(enum reason);
enum verdict reason_verdict(enum reason);
const char *reason_sentence(enum reason);   /* what it means, for people */
enum priority verdict_priority(enum verdict);

enum { EVIDENCE_MAX = 16, EVIDENCE_EXCERPT_MAX = 512, JUDGE_DETAIL_MAX = 512 };

struct evidence {
	unsigned code, trace;     /* indices: which code, which trace of its report */
	bool found;
	double bits;              /* after what was searched was taken off */
	char where[96];           /* "http.response_body", "http.response_header", "flow", "dns", "icmp" */
	uint64_t packet, time_ns; /* 0: none */
	uint64_t offset;          /* in where, after decoding */
	struct address near, peer; /* network evidence: who of the site was in contact, and the other end */
	uint8_t excerpt[EVIDENCE_EXCERPT_MAX];
	size_t excerpt_len;
};

struct judge_input {
	const struct case_record *record;
	const struct extraction *codes;
	const struct report *const *reports;   /* one per code; NULL: not emulated */
	const struct memory *memory;
	struct place_book *places;
	uint64_t known_until_ns;               /* nothing after it is known; at the end of a capture: its last packet */
	uint64_t window_ns;
	bool capture_over;                     /* what is still open stays open for ever */
	bool egress_visible;
	double success_bits;
	/*
	 * What an earlier judgement made of the same record and codes, or NULL there; what this one makes is left here, the
	 * caller's, for the next one: readings_free(). NULL: nothing is kept.
	 */
	struct readings **kept;
};

struct judgement {
	enum verdict verdict;
	enum reason reason;
	enum priority priority;
	bool in_company;                       /* quiet code, and the same client tried other code at the same place */
	bool final;                            /* false: a window is open, ask again when known_until_ns has moved */
	uint64_t ask_again_ns;                 /* when not final */
	char detail[JUDGE_DETAIL_MAX];
	const char *class_name;
	unsigned evidence_count;
	struct evidence evidence[EVIDENCE_MAX];
};

/*
 * Notes in the book of places which network traces this case would leave, so that a contact later than this request is
 * not taken as the evidence of an older one, and whether its code takes time: whose does not should be answered quickly. Call it for every case with reports before judging a case that ended
 * its request earlier; judge() calls it for its own case. Only record, codes, reports and places are read.
 */
void judge_announce(const struct judge_input *);

/*
 * Notes in the book of places what this server says in answer to an ordinary request, so that it is no evidence where an
 * attack gets it too; requests that hold anything like code are left alone. And looks in the answer for what earlier
 * attacks of the same sender leave in later responses. Records other than responses with a sample say nothing.
 */
void judge_note_answer(struct place_book *, const struct history *);

/*
 * The verdict on one case by what is known until known_until_ns. Pure but for the book of places, which learns from it:
 * judge cases in the order of their requests. Never fails. One thread.
 */
void judge(const struct judge_input *, struct judgement *ret);

#endif
