/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places of attack code (server, path, parameter, sink) and what they showed themselves to be; and which network
 * traces earlier and later cases of a server name, so that one contact is the evidence of one attack. Bounded: the
 * place unused for longest is forgotten. One thread.
 */
#ifndef CONTROL_JUDGE_PLACE_H
#define CONTROL_JUDGE_PLACE_H

#include "control/extract/extract.h"
#include "control/judge/later.h"
#include "control/judge/series.h"
#include "control/judge/site.h"
#include "control/wire/report.h"

enum {
	PLACES_MAX = 1024,
	PLACE_BODY_MAX = 64 << 10,  /* bytes of the last response that are kept to compare with */
	PLACE_FRAME_MAX = 32,       /* bytes before and after where a result stood */
	CLAIMS_MAX = 8192,
	LINES_MAX = 1 << 17,        /* ordinary lines remembered, of all servers; a newer one takes an older one's slot */
	SLEEPERS_MAX = 1 << 13,     /* transactions remembered whose code takes time; a newer one takes an older one's slot */
	NETS_MAX = 256,             /* neighbourhoods of sites; a newer one takes an older one's slot */
	CELLS_MAX = 128,            /* texts of cells that hold no results; a newer one takes the oldest one's slot */
	EDGES_MAX = 32,             /* what stood on one side of results; a newer one takes the oldest one's slot */
	PROBES_MAX = 16,            /* weak successes of one place that are added up */
};

/* A result seen with too few bits: what was looked for, and the text that stood there, as digests. */
struct probe {
	uint64_t pattern, text;
	double bits;
};

/* What stood on one side of results. */
struct edges {
	unsigned count;
	struct edge {
		uint8_t text[PLACE_FRAME_MAX];
		size_t len;
	} at[EDGES_MAX];
};

/* What one place showed so far. */
struct place {
	uint64_t key;
	bool runs_code;              /* a success was seen here */
	bool shows_results;          /* and its output stood in the response */
	unsigned probes_count;       /* different results that were seen here, weakly each */
	struct probe probes[PROBES_MAX];
	bool shows_lines;            /* and more than one line of it: not the first or last alone */
	uint16_t status_class;       /* of that response: 2 for 2xx */
	uint8_t before[PLACE_FRAME_MAX], after[PLACE_FRAME_MAX]; /* around the result; lengths beside them */
	size_t before_len, after_len;
	struct edges fronts, backs;  /* of all results here, the last one's among them */
	uint8_t echo_before[PLACE_FRAME_MAX], echo_after[PLACE_FRAME_MAX]; /* around a value that came back as it was */
	size_t echo_before_len, echo_after_len;
	bool echo_alone;             /* such a value was the whole body */
	bool result_first;           /* a result was the beginning of a body: one that is all of a body stands there, too */
	uint8_t cell_before[PLACE_FRAME_MAX], cell_after[PLACE_FRAME_MAX]; /* around a text of a row that a union made up (rows.c) */
	size_t cell_before_len, cell_after_len;
	unsigned cells_count;
	uint64_t cells[CELLS_MAX];   /* digests of what else stood in such cells */
	uint8_t *body;               /* the last whole response here */
	size_t body_len;
	uint64_t body_ns;            /* when it ended */
	struct series series;        /* the attempts here, to compare */
	uint8_t *result;             /* the last response that held a result */
	size_t result_len;
	size_t front, back;          /* bytes around results that they have in common */
	bool exact;                  /* these are known from what was shown, not from what differs */
	unsigned results;            /* different ones */
	uint64_t rest;               /* digest of the request that got them, but for the value */
};

struct place_book;

/* Whatever address of a site a case came to, its place is the same. sites: borrowed; NULL: each address is one. -ENOMEM. */
must_check int place_book_new(const struct sites *, struct place_book **ret);
void place_book_free(struct place_book *);
/* Forgets all places and claims (the next capture is a world of its own). */
void place_book_forget(struct place_book *);

/* The path of this code's place: without the value, where that stands in it; then it ends with a slash. Borrowed. */
struct bytes place_path(const struct case_record *, const struct attack_code *);

/* The place of this code; NULL where nothing was learned of it yet. Borrowed until the next call on the book. */
struct place *place_book_find(struct place_book *, const struct case_record *, const struct attack_code *);
/* The same in two steps: its key hangs on the case and the code alone. */
uint64_t place_book_key(const struct place_book *, const struct case_record *, const struct attack_code *);
struct place *place_book_at(struct place_book *, uint64_t key);
/* The same, made when it is new; NULL only without memory. */
struct place *place_book_take(struct place_book *, const struct case_record *, const struct attack_code *);
/*
 * The next place after `after` (NULL: the first) that is the same as this code's, by path, parameter and sink, on another
 * server; NULL: none. An application runs on several servers, patched here and not there.
 */
const struct place *place_book_kin(const struct place_book *, const struct case_record *, const struct attack_code *,
                                   const struct place *after);
/*
 * Keeps the response that ended at end_ns to compare the next one with, unless a later one is kept (a case is judged
 * again when its window is over); longer ones than PLACE_BODY_MAX are not kept.
 */
void place_keep_body(struct place *, struct bytes body, uint64_t end_ns);

/*
 * Keeps a response that holds a result; longer ones than PLACE_BODY_MAX are not kept. rest: digest of the request but for
 * the value; results of another one are forgotten.
 */
void place_keep_result(struct place *, struct bytes body, uint64_t rest);
/* The same where it is known how many bytes stand around the result. */
void place_keep_shown(struct place *, struct bytes body, uint64_t rest, size_t front, size_t back);

/*
 * Notes what a trace's pattern, found here as this text with too few bits for a success, says. place_probes_bits() adds
 * up what others said: a probe counts only beside those that looked for something else and found something else, for a
 * page that always holds a word answers to every code that prints it.
 */
void place_note_probe(struct place *, struct bytes pattern, struct bytes text, double bits);
double place_probes_bits(const struct place *, struct bytes pattern, struct bytes text);

/* Is the body of this ordinary answer to be remembered, so that attacks at its place can be compared with it? Counts it. */
bool place_book_wants_sample(struct place_book *, const struct history *);

/* Compiled patterns of traces, kept whatever is forgotten. The book's. */
struct searches;
struct searches *place_book_searches(struct place_book *);

/* The texts awaited in later responses. The book's. */
struct later *place_book_later(struct place_book *);

/* Notes a line that this case's server gave though no code of the case prints it: it gives it anyway. */
void place_book_note_line(struct place_book *, const struct case_record *, struct bytes line);
/* Did this server give that line in answer to other code? */
bool place_book_knows_line(const struct place_book *, const struct case_record *, struct bytes line);

/*
 * Notes that this case's code would leave this network trace at the site, from lead_ns after the case's last request
 * packet on.
 * Noting it twice changes nothing but when its response ended, which an early sent case does not know.
 */
void place_book_claim(struct place_book *, const struct case_record *, const struct trace *, uint64_t lead_ns);
/*
 * Notes that a site was seen to call somebody because an attack told it to, and asks whether one in this site's
 * neighbourhood was: then what a server here sends out passes where we look.
 */
void place_book_note_egress(struct place_book *, const struct address *site);
bool place_book_egress_seen(const struct place_book *, const struct address *site);
/* Notes that this case's code may hold its response up. */
void place_book_note_sleeper(struct place_book *, const struct case_record *);
/* Was that noted of the transaction? */
bool place_book_sleeps(const struct place_book *, uint64_t flow_id, uint32_t tx_id);
/* Does another case, which may leave it from a moment in (after_ns, until_ns] on, name the same trace of the same site? */
bool place_book_claimed(const struct place_book *, const struct case_record *, const struct trace *,
                        uint64_t after_ns, uint64_t until_ns);
/*
 * Is another case, which may leave the trace from a moment up to at_ns but not long before it, still waiting for its answer at at_ns? What
 * the site does then may be its doing as well.
 */
bool place_book_contested(const struct place_book *, const struct case_record *, const struct trace *, uint64_t at_ns);
/*
 * How many other cases that name the trace may leave it from a moment in [after_ns, until_ns] on; *first_ns becomes the
 * earliest such moment where that is earlier.
 */
unsigned place_book_rivals(const struct place_book *, const struct case_record *, const struct trace *, uint64_t after_ns,
                           uint64_t until_ns, uint64_t *first_ns);
/* When the first case that names this trace may leave it; UINT64_MAX: none did. */
uint64_t place_book_first_claim_ns(const struct place_book *, const struct case_record *, const struct trace *);

#endif
