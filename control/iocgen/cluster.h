/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples of one make found by what they do: families where nobody has named them. */
#ifndef CONTROL_IOCGEN_CLUSTER_H
#define CONTROL_IOCGEN_CLUSTER_H

#include "control/iocgen/corpus.h"

enum { CLUSTER_NONE = UINT32_MAX };

/*
 * A sign is what a value looks like with its rare words as holes; those that three of the `wanted` samples share count, and that are
 * rarer among harmless ones. Signs that go together more often than chance would bring them are neighbours, and each takes the name that
 * most of its neighbours have (label propagation; Raghavan, Albert, Kumara, Physical Review E 76, 2007), in a fixed order. A sample is of
 * the cluster that most of its signs are of.
 *   wanted  which of the corpus's samples are to be put into clusters; borrowed. The harmless ones serve as the contrast.
 *   ret     one cluster a sample of the corpus, numbered from 0 by their first sample, or CLUSTER_NONE; has room for all samples
 * -ENOMEM. Deterministic; what it takes grows with the artefacts, the work of a sign being bounded.
 */
must_check int cluster_samples(const struct corpus *, const bool *wanted, uint32_t *ret, uint32_t *ret_count);

/* How well clusters meet families known otherwise. */
struct agreement {
	uint64_t samples, families, clusters, without; /* samples of known family; how many of them are in no cluster */
	double rand;   /* adjusted for chance: 1 the same, 0 as by chance (Hubert, Arabie, Journal of Classification 2, 1985) */
	double purity; /* share of the samples that are of the family which most of their cluster are of */
};

/* Over the samples that are `wanted` and have a family; each one without a cluster counts as a cluster of its own. -ENOMEM. */
must_check int cluster_agreement(const struct corpus *, const bool *wanted, const uint32_t *clusters, struct agreement *ret);

#endif
