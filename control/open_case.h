/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One case under judgement, and how it is prepared: decoded, its codes taken out, their traces asked for. */
#ifndef CONTROL_OPEN_CASE_H
#define CONTROL_OPEN_CASE_H

#include "control/eve/eve.h"
#include "control/extract/extract.h"
#include "control/intake/case_file.h"
#include "control/judge/judge.h"
#include "control/queue/queue.h"
#include "control/store/store.h"
#include "config/settings.h"

struct memory;
struct place_book;
struct known;
struct uploads;

/* One case. Readers look; the docket writes. */
struct open_case {
	struct case_id id;
	uint64_t time_ns, packet;             /* of the request: the order of cases */
	struct case_file *file;
	struct extraction *codes;
	struct traces *traces[EXTRACT_CODES_MAX]; /* held; NULL: the queue was full */
	const struct report *reports[EXTRACT_CODES_MAX];
	unsigned missing;                     /* traces not there yet */
	bool refused;                         /* some code found no place in the queue */
	bool foreign;                         /* another IDS raised it */
	bool cached;                          /* no code of it had to be run for this case */
	bool supplied;                        /* scripts that it asks for by name were looked for among earlier uploads */
	bool opened, announced;               /* its turn has come; its traces stand in the book of places */
	bool judged;
	uint32_t revision;                    /* told so far, 0: never */
	enum verdict told_verdict;
	enum reason told_reason;
	bool told_final;
	bool newly_success;                   /* being told: no earlier revision was one */
	uint64_t arrived_ns;                  /* CLOCK_MONOTONIC */
	/* the docket's; due_ns, heap_index and in_heap are due.c's */
	uint64_t due_ns;
	size_t heap_index;
	bool in_heap, touched;
	size_t cost;                          /* bytes */
	struct readings *readings;            /* for its next judgement, readings_cost bytes; NULL: none are kept */
	size_t readings_cost;
	struct open_case *bucket_next, *next, *previous, *wait_next, *wait_previous;
	struct judgement judgement;           /* the latest; last, for its evidence is never cleared */
};

/* What the docket works with; all borrowed. */
struct docket_tools {
	const struct settings *settings;
	bool replay;
	struct queue *queue;
	struct store *store;
	const struct sites *sites;
	struct memory *memory;
	struct place_book *places;
	struct uploads *uploads;
	struct known *known;                  /* values without code (control/extract); NULL: none are remembered */
	struct eve *eve;                      /* alerts of another IDS, or NULL */
	/*
	 * Called for each judgement to be told: live, a changed one; in replay, the final one only. c->revision counts
	 * it already. 0 or -errno (told on stderr by the callee).
	 */
	int (*tell)(void *context, const struct open_case *c);
	void *context;
};

/* What a trace's key hangs on besides language and code: version, this build, and the files of the profiles. */
void build_key(const struct settings *, uint8_t ret[TRACES_KEY_SIZE]);

/*
 * Decodes a case, extracts its codes, asks for their traces. *ret is the caller's; NULL where there is nothing to judge
 * (no attack code, and no rule but our own wide ones fired). -EBADMSG, -ENOMEM.
 */
must_check int open_case_new(const struct docket_tools *, const uint8_t build[TRACES_KEY_SIZE], struct bytes encoded,
                             uint64_t now_ns, struct open_case **ret);
/*
 * All earlier requests are known: adds the scripts that the case asks for by name, and asks for their traces, once. What
 * has no room is left out.
 */
void open_case_supply(const struct docket_tools *, const uint8_t build[TRACES_KEY_SIZE], struct open_case *);
void open_case_free(const struct docket_tools *, struct open_case *);
/* Are its traces there? */
bool open_case_ready(const struct open_case *);
/*
 * Its traces are there: what was taken for machine code and is none goes, what is some gets its processor's name. Before it
 * is judged.
 */
void open_case_settle(const struct docket_tools *, struct open_case *);
/*
 * Is there something to tell of? Not where nothing in it turned out to be code and nobody but our own wide rules asked.
 * May an application have seen this request? No, where the method is none that HTTP has (names are case-sensitive, RFC
 * 9110 9.1) and the server answered 400, not a request. With an operator's rule it counts as seen.
 */
bool open_case_reached(const struct open_case *);
/* These traces are ready now: takes note where the case waited for them. */
void open_case_answered(struct open_case *, const struct traces *);
/* The order of requests, as qsort() has it; no two cases of one capture are equal in it. */
int open_case_order(const struct open_case *, const struct open_case *);

#endif
