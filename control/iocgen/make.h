/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a corpus to its IOCs. */
#ifndef CONTROL_IOCGEN_MAKE_H
#define CONTROL_IOCGEN_MAKE_H

#include "control/iocgen/corpus.h"
#include "control/iocgen/ioc.h"

struct make_options {
	double max_fpr;      /* share of harmless samples that may match, by the upper end of the interval */
	unsigned max_items;  /* a family */
	/* what is being done, and how much of it; or NULL */
	void (*progress)(void *to, const char *what, uint64_t done, uint64_t all);
	void *to;
};

/* What the result hangs on besides. */
struct make_notes {
	int64_t hits_allowed; /* harmless samples that might match; -1: there are too few to prove the budget, and none might */
	unsigned strictness; /* how strict the choice had to be, from 0, so that harmless samples not seen keep the budget too */
	double held_out;     /* share of held-out harmless samples that matched */
	double spent;        /* of hits_allowed, what the choice was given */
};

/* Ways to choose; all but the first are there to be measured beside it. */
enum make_method { METHOD_OURS, METHOD_LITERALS, METHOD_LIST, METHOD_GREEDY, METHOD_LOCAL_SEARCH, METHOD_COUNT };

/* Candidates of all families with what they match. */
struct making;

/*
 * wanted: the samples to make them from; NULL: all that have a label. A sample without a family is of the family "". corpus, wanted
 * (while this runs) and options are borrowed. -ENOMEM.
 */
must_check int making_new(const struct corpus *, const bool *wanted, const struct make_options *, struct making **ret);
/* *ret is freed by ioc_set_free(). The same samples give the same set; may be called again with another method. -ENOMEM. */
must_check int making_choose(struct making *, enum make_method, struct ioc_set **ret, struct make_notes *notes);
void making_free(struct making *);
const char *method_name(enum make_method);

#endif
