/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The samples that IOCs are made from: families one after the other, then the harmless ones; and who has each value. */
#ifndef CONTROL_IOCGEN_VIEW_H
#define CONTROL_IOCGEN_VIEW_H

#include "control/iocgen/corpus.h"

struct view_family {
	uint32_t name;         /* in corpus->families */
	uint32_t first, count; /* of the view's samples */
};

/* A sample of the view is known by its place in `samples`: malware [0, malware), harmless [malware, count). */
struct view {
	const struct corpus *corpus; /* settled, borrowed */
	uint32_t *samples;           /* numbers in corpus->samples */
	uint32_t count, malware, families_count;
	struct view_family *families;
	uint64_t *posting;           /* of value v: holders[posting[v] .. posting[v + 1]) */
	uint32_t *holders;           /* places in `samples`, rising */
};

/* wanted: which of the corpus's samples, or NULL: all with a label. -ENOMEM. */
must_check int view_init(const struct corpus *, const bool *wanted, struct view *ret);
void view_fini(struct view *);
static inline uint32_t view_benign(const struct view *v)
{
	return v->count - v->malware;
}
static inline const struct corpus_sample *view_sample(const struct view *v, uint32_t place)
{
	return &v->corpus->samples[v->samples[place]];
}

#endif
