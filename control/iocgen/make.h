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
	unsigned novelty;     /* letters of an unheard-of word that were asked for, so that harmless samples not seen keep the budget too */
	double held_out;      /* share of held-out harmless samples that matched */
};

/*
 * wanted: the samples to make them from; NULL: all that have a label. A sample without a family is of the family "". -ENOMEM.
 * *ret is freed by ioc_set_free(). The same samples give the same set.
 */
must_check int make_iocs(const struct corpus *, const bool *wanted, const struct make_options *, struct ioc_set **ret,
                         struct make_notes *notes);

#endif
