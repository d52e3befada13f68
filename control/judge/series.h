/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attempts at one place, judged together: what each of them was answered, what it asked and what became of it. Two may
 * say together what none of them says alone. Bounded: the oldest gives way.
 */
#ifndef CONTROL_JUDGE_SERIES_H
#define CONTROL_JUDGE_SERIES_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

enum { SERIES_MAX = 128 }; /* attempts at one place; a tool that tries a place sends as many of one kind in a row */

enum series_end {
	END_OPEN,
	END_RAN,      /* a success of its own */
	END_NOT_RUN,  /* proven by its own missing trace: no other code's fate was asked for it */
};

enum series_truth { TRUTH_NONE, TRUTH_FALSE, TRUTH_TRUE, TRUTH_OPEN };

/* One code of one request. Digests are for equality only, 0 where there is none. */
struct attempt {
	uint64_t transaction;      /* which request, and which of its codes */
	uint64_t time_ns;          /* when the request was complete */
	uint64_t value;            /* what stood in the parameter */
	uint64_t base;             /* the harmless beginning of the value */
	uint64_t rest;             /* the request without it: other parameters may ask for another answer */
	uint64_t shape;            /* the same, every word and number as one */
	uint64_t answer;           /* status, where it leads to, and body without the copies of the value; 0: not whole */
	uint64_t around;           /* how the code breaks out of what it stands in */
	const char *class_name;    /* static */
	enum language language;
	uint16_t status;
	unsigned copies;           /* of the value in the answer */
	size_t copy_at, copy_len;  /* the first of them, in the body */
	uint64_t late_ns;          /* the answer was late by as long as the code sleeps: how long; 0: it was not */
	enum series_end end;
	enum series_truth truth;
	uint64_t client;           /* who asked */
	bool quiet;                /* ordinary requests hold the like of the code */
	unsigned leaves;           /* enum quoting: through which the value breaks out */
	unsigned broken;           /* those in which it leaves no statement that can be parsed */
	bool unreadable;           /* SQL that is part of no statement, whatever it stands in */
	bool plain;                /* commands that end well by themselves, wherever they run: nobody could complain of how they ended */
	bool waits;                /* the code sleeps, at least in one of its worlds */
	bool shown;                /* its text stood in the answer */
	double missing_bits;       /* of text that it should have shown, and showed none of */
	/* of log-ins only (login.c) */
	uint64_t leads;            /* where a redirect leads to, if not back */
	uint64_t sessions;         /* names of the cookies that it sets */
	bool carried;              /* the request brought cookies */
	bool form;                 /* the answer asks for a password */
	bool contact_missing;      /* it should have called somebody where that is seen, and did not until now */
};

struct series {
	unsigned count, next;
	struct attempt at[SERIES_MAX];
};

/* Takes the attempt in, or what is new of one that was noted before. How one ended stays, unless it ran after all. */
void series_note(struct series *, const struct attempt *);
/*
 * The next one after `after` (NULL: the first) whose other value, asked for in the same way, was answered just like this
 * one's; NULL: none.
 */
const struct attempt *series_alike(const struct series *, const struct attempt *, const struct attempt *after);

/* Did the same client try code of the same language here that no ordinary request holds? */
bool series_has_company(const struct series *, const struct attempt *);

/* How many results stood in answers to what was asked for in the same way. */
unsigned series_shown(const struct series *, const struct attempt *);

/*
 * Is the answer decided by the harmless beginning of the value alone? Whatever followed it, true, false or broken, had the
 * same answer, other beginnings had another, and no sleep that was tried here held an answer up.
 */
bool series_base_decides(const struct series *, const struct attempt *);

/*
 * Was that seen of other beginnings asked for in the same way, so that the quoting that this one leaves is not where the
 * value stands? There one of them could not have been parsed, or was false.
 */
bool series_takes_no_code(const struct series *, const struct attempt *);

/*
 * Bits by which the answers follow what the attempts ask, among those that break out like this one: how seldom truth and
 * answer would agree so well if they had nothing to do with each other, nor with the time. 0 where this one does not
 * follow, or where an error would have been answered the same way.
 */
double series_truth_bits(const struct series *, const struct attempt *);

/*
 * Do answers here follow what is asked by code that breaks out another way, while what is true and what is false have one
 * and the same answer, this one's, for code that breaks out this way?
 */
bool series_follows_others(const struct series *, const struct attempt *);

#endif
