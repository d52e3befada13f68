/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All samples in memory: distinct artefacts once, each sample as the numbers of its own. */
#ifndef CONTROL_IOCGEN_CORPUS_H
#define CONTROL_IOCGEN_CORPUS_H

#include "control/iocgen/labels.h"
#include "control/iocgen/names.h"
#include "control/iocgen/sample.h"

/* Bounds, each with what it costs: 4 bytes an artefact of a sample, the text and 40 bytes a distinct one. */
enum { CORPUS_ARTEFACTS_MAX = 65536 /* of one sample */ };

struct corpus_sample {
	uint64_t first; /* in items */
	uint32_t count, name, family, source;
	int32_t day;
	enum label label;
	uint64_t digest; /* of all it is: the order of equal ones does not show */
};

/* What was read, and what was not kept, each by its reason. */
struct corpus_tally {
	uint64_t samples, malware, benign, unlabelled, artefacts, bad, empty_values, cut_values, over_sample, over_memory;
};

struct corpus {
	struct names values; /* a byte of kind, one of action class, then the normal form */
	struct names names, families, sources;
	uint32_t *items;
	uint64_t items_count, items_room;
	struct corpus_sample *samples;
	uint32_t samples_count, samples_room;
	const struct labels *labels; /* borrowed; or NULL */
	struct corpus_tally tally;
	/* the sample that is being read */
	struct corpus_sample now;
};

/* A sink that fills the corpus (zero: empty; labels set by the caller). Its functions: -ENOMEM. */
struct sample_sink corpus_sink(struct corpus *);
/*
 * Once all is read: samples by label (malware, benign, unknown), then family's name, then digest; values and families in an order of
 * their own text. What follows does not depend on the order of reading. -ENOMEM.
 */
must_check int corpus_settle(struct corpus *);
void corpus_fini(struct corpus *);

enum artefact_kind value_kind(struct bytes value);
enum action_class value_class(struct bytes value);
struct bytes value_text(struct bytes value);

#endif
